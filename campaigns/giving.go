package campaigns

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// insert enters the gift as pending and reports whether it is new: another call with the same form may have been first.
func (g Gift) insert(ctx context.Context, tx *sqlx.Tx, by ledger.Actor, at time.Time) (Donation, bool, error) {
	fund, version, err := g.destination(ctx, tx)
	if err != nil {
		return Donation{}, false, err
	}
	donor, err := ensureDonor(ctx, tx, g.OrganisationID, g.Donor, at)
	if err != nil {
		return Donation{}, false, err
	}
	g.Donor = donor
	g.complete()
	actor, err := ledger.ActorID(ctx, tx, g.OrganisationID, by)
	if err != nil {
		return Donation{}, false, err
	}
	hash := sha256.Sum256([]byte(g.Token))
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, use_id, donor_id, channel, amount,
		       counts_as, counted, display, display_name, message, given_on, terms_version, terms_at, receipt_wanted, token_hash,
		       entered_by, entered_at, told_by, key, wish, language)
		VALUES ($1, nullif($2::bigint, 0), nullif($3::smallint, 0), $4, nullif($5::bigint, 0), nullif($6::bigint, 0), $7, $8,
		       $9, $10, $11, $12, $13, $14, nullif($15, ''), $16, $17, $18, $19, $20, $21, $22, $23, $24)
		    ON CONFLICT ON CONSTRAINT donation_key DO NOTHING
		RETURNING id`, g.OrganisationID, g.CampaignID, version, fund, g.UseID, donor.ID, g.Channel, g.Amount,
		g.CountsAs, g.Counted, g.Display, g.shownAs(), g.Message, g.GivenOn, g.TermsVersion,
		sql.NullTime{Time: at, Valid: g.TermsVersion != ""}, g.ReceiptWanted, hash[:], actor, at, g.ToldBy, g.Key, g.Wish, g.Language)
	if errors.Is(err, sql.ErrNoRows) {
		d, err := donationOfForm(ctx, tx, g.OrganisationID, g.Key)
		return d, false, err
	}
	if ledger.ConstraintName(err) == "donation_use_fkey" {
		return Donation{}, false, ledger.Invalid{"use": "donate.use_unknown"}
	}
	if err != nil {
		return Donation{}, false, fmt.Errorf("donation: %w", ledger.Classify(err))
	}
	d, err := FindDonation(ctx, tx, g.OrganisationID, id)
	return d, true, err
}

// destination finds the fund the gift goes to and the plan it is given for. ErrClosed on a day the campaign does not collect, and for
// an online gift once it was stopped, or while its promise stands on paper alone.
func (g Gift) destination(ctx context.Context, tx *sqlx.Tx) (fundID int64, version int, err error) {
	if g.CampaignID == 0 {
		general, err := ledger.FindGeneralFund(ctx, tx, g.OrganisationID)
		return general.ID, 0, err
	}
	c, err := Find(ctx, tx, g.OrganisationID, g.CampaignID)
	if err != nil {
		return 0, 0, err
	}
	if !c.Public() || (c.Status == Stopped && g.Channel.Online()) {
		return 0, 0, fmt.Errorf("campaign %d: %w", c.ID, ErrClosed)
	}
	fund, err := ledger.FindFund(ctx, tx, g.OrganisationID, c.FundID)
	if err != nil {
		return 0, 0, err
	}
	if !Collects(fund, g.GivenOn) {
		return 0, 0, fmt.Errorf("campaign %d on %s: %w", c.ID, g.GivenOn, ErrClosed)
	}
	if version, err = VersionOn(ctx, tx, g.OrganisationID, c.ID, g.GivenOn); err != nil || !g.Channel.Online() {
		return fund.ID, version, err
	}
	p, err := FindPlan(ctx, tx, g.OrganisationID, c.ID, version)
	if err == nil && p.OnPaper() {
		err = fmt.Errorf("campaign %d stands on paper: %w", c.ID, ErrClosed)
	}
	return fund.ID, version, err
}

// Collects reports whether a campaign's fund takes gifts given on a day.
func Collects(f ledger.Fund, on ledger.Date) bool {
	return !f.CollectsFrom.IsZero() && !on.Before(f.CollectsFrom) && (f.CollectsUntil.IsZero() || !on.After(f.CollectsUntil))
}

// complete fills in what the form leaves to us. Nobody is invented: a gift without a donor counts households or companies
// where staff counted them, and else only itself.
func (g *Gift) complete() {
	if g.Counted == 0 {
		g.Counted = 1
	}
	if g.CountsAs == "" {
		g.CountsAs = CountsAs(g.Donor.Kind)
	}
	if g.Donor.ID == 0 && (g.CountsAs == "" || g.CountsAs == CountsPerson) {
		g.CountsAs = CountsNameless
	}
	if g.Display == "" {
		g.Display = Anonymous
	}
	if g.ReceiptWanted == "" {
		g.ReceiptWanted = "none"
	}
	if g.Language == "" {
		g.Language = Japanese
	}
}

// shownAs is the name the public sees.
func (g Gift) shownAs() string {
	switch g.Display {
	case FullName:
		return g.Donor.Name
	case Initials:
		return initials(g.Donor.Name, g.Donor.Kana)
	}
	return ""
}

// initials gives the first letter of each word, of the reading where one is known: 「や・は」, 「A・M」. A letter keeps the marks
// that follow it.
func initials(name, kana string) string {
	words := strings.FieldsFunc(name, unicode.IsSpace)
	if kana != "" {
		words = strings.FieldsFunc(kana, unicode.IsSpace)
	}
	letters := make([]string, 0, len(words))
	for _, w := range words {
		end := len(w)
		for i, r := range w {
			if i > 0 && !unicode.Is(unicode.M, r) {
				end = i
				break
			}
		}
		letters = append(letters, w[:end])
	}
	return strings.Join(letters, "・")
}

func donationOfForm(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string) (Donation, error) {
	return getDonation(ctx, q, selectDonation+` WHERE organisation_id = $1 AND key = $2`, organisationID, key)
}

// markPaid turns a gift paid; ErrPaid if it was. charge is empty for money in hand.
func markPaid(ctx context.Context, tx *sqlx.Tx, d *Donation, on ledger.Date, charge string) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE donation
		   SET status = 'paid', paid_on = $3, charge_ref = $4
		 WHERE organisation_id = $1 AND id = $2 AND status <> 'paid'`, d.OrganisationID, d.ID, on, charge)
	if err != nil {
		return fmt.Errorf("donation %d: %w", d.ID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("donation %d: %w", d.ID, ErrPaid))
	}
	d.Status, d.PaidOn, d.ChargeRef = Paid, on, charge
	return nil
}

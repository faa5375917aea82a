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

// Limits of one online gift in yen. The lower one keeps card testers away; konbini's own are 200 and 300,000.
const (
	OnlineMinimum  ledger.Yen = 500
	OnlineMaximum  ledger.Yen = 1_000_000
	KonbiniMaximum ledger.Yen = 300_000
)

// Gift is what a giver, or somebody of the group for him, fills in.
type Gift struct {
	OrganisationID int64
	CampaignID     int64 // 0: an unasked gift into the general fund, by staff alone
	UseID          int64 // the use he names, or 0: the uses are filled in their priority
	Donor          Donor
	Channel        Channel
	Amount         ledger.Yen
	CountsAs       CountsAs
	Counted        int
	Display        Display
	Message        string
	GivenOn        ledger.Date
	TermsVersion   string // agreed to; needed online
	ReceiptWanted  string // none, mail, paper
	ToldBy         string // 代理入力: who told it and how
	Token          string // secret of the private link
	Key            string // of the form
}

// Give enters an online gift that is still to be paid and returns it; the same form sent twice gives the same gift. Invalid says
// what to mend, ErrClosed that the campaign takes none today.
func Give(ctx context.Context, tx *sqlx.Tx, g Gift, at time.Time) (Donation, error) {
	if d, err := donationOfForm(ctx, tx, g.OrganisationID, g.Key); !errors.Is(err, ErrNotFound) {
		return d, err
	}
	g.GivenOn = ledger.DateOf(at)
	bad := ledger.Invalid{}
	bad.Need(g.Channel.Online(), "channel", "donate.channel_missing")
	bad.Need(g.Amount > 0, "amount", "donate.amount_missing")
	bad.Need(g.Amount >= OnlineMinimum, "amount", "donate.amount_too_small")
	bad.Need(g.Amount <= OnlineMaximum, "amount", "donate.amount_too_large")
	bad.Need(g.Channel != Konbini || g.Amount <= KonbiniMaximum, "amount", "donate.amount_konbini")
	bad.Need(g.TermsVersion != "", "terms", "donate.terms_missing")
	bad.Need(g.Channel != Konbini || g.Donor.Mail != "", "mail", "donate.mail_for_voucher")
	g.check(bad)
	if err := bad.Err(); err != nil {
		return Donation{}, err
	}
	if g.CampaignID == 0 {
		return Donation{}, ErrNotFound
	}
	return g.insert(ctx, tx, ledger.ByDonor(), at)
}

// Enter enters a gift whose money somebody of the group has in hand, or sees in the bank, and books it into the place the
// channel leads to: cash into the box, a transfer into the bank. It is paid at once.
func Enter(ctx context.Context, tx *sqlx.Tx, g Gift, place int, by ledger.Actor, at time.Time) (Donation, error) {
	if d, err := donationOfForm(ctx, tx, g.OrganisationID, g.Key); !errors.Is(err, ErrNotFound) {
		return d, err
	}
	bad := ledger.Invalid{}
	bad.Need(g.Channel != "" && !g.Channel.Online(), "channel", "donate.channel_missing")
	bad.Need(g.Amount > 0, "amount", "donate.amount_missing")
	bad.Need(g.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(!g.GivenOn.IsZero(), "given_on", "gift.day_missing")
	bad.Need(!g.GivenOn.After(ledger.DateOf(at)), "given_on", "income.day_in_future")
	bad.Need(place >= 1000 && place <= 1999, "place", "income.place_missing")
	bad.Need(g.Counted >= 1 && g.Counted <= 100_000, "counted", "gift.counted_range")
	g.check(bad)
	if err := bad.Err(); err != nil {
		return Donation{}, err
	}
	d, err := g.insert(ctx, tx, by, at)
	if err != nil {
		return d, err
	}
	if err = markPaid(ctx, tx, &d, g.GivenOn); err != nil {
		return d, err
	}
	_, err = ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: g.OrganisationID, Kind: ledger.GiftReceived, Source: fmt.Sprintf("donation:%d", d.ID), On: g.GivenOn,
		By: by, At: at, DonationID: d.ID,
		Entries: []ledger.Entry{
			{Account: place, FundID: d.FundID, Amount: d.Amount},
			{Account: ledger.Gifts, FundID: d.FundID, Amount: -d.Amount},
		},
	})
	return d, err
}

// check looks at what every gift has.
func (g Gift) check(bad ledger.Invalid) {
	long := func(text, field string, limit int) { bad.Need(len([]rune(text)) <= limit, field, "field.too_long") }
	long(g.Donor.Name, "name", 100)
	long(g.Donor.Kana, "kana", 100)
	long(g.Donor.Mail, "mail", 200)
	long(g.Donor.Address, "address", 300)
	long(g.Message, "message", 400)
	long(g.ToldBy, "told_by", 200)
	bad.Need(g.Donor.Mail == "" || MailFits(g.Donor.Mail), "mail", "donate.mail_shape")
	bad.Need(g.Display == Anonymous || g.Display == "" || g.Donor.Name != "", "name", "donate.name_for_display")
	bad.Need(g.ReceiptWanted != "mail" || g.Donor.Mail != "", "mail", "donate.mail_for_receipt")
	bad.Need(g.ReceiptWanted == "none" || g.ReceiptWanted == "" || g.Donor.Name != "", "name", "donate.name_for_receipt")
	bad.Need(g.ReceiptWanted != "paper" || g.Donor.Address != "", "address", "donate.address_for_receipt")
	bad.Need(g.Key != "" && g.Token != "", "key", "form.expired")
}

// MailFits reports whether a text has the shape of a mail address. Only a mail sent there proves more.
func MailFits(mail string) bool {
	local, domain, found := strings.Cut(mail, "@")
	return found && local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(mail, " <>,;:\"\r\n\t") &&
		!strings.Contains(domain, "@") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

func (g Gift) insert(ctx context.Context, tx *sqlx.Tx, by ledger.Actor, at time.Time) (Donation, error) {
	var c Campaign
	fund, err := g.fund(ctx, tx, &c)
	if err != nil {
		return Donation{}, err
	}
	donor, err := ensureDonor(ctx, tx, g.OrganisationID, g.Donor, at)
	if err != nil {
		return Donation{}, err
	}
	g.settleCount(donor)
	actor, err := ledger.ActorID(ctx, tx, g.OrganisationID, by)
	if err != nil {
		return Donation{}, err
	}
	hash := sha256.Sum256([]byte(g.Token))
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, use_id, donor_id, channel, amount,
		       counts_as, counted, display, display_name, message, given_on, terms_version, terms_at, receipt_wanted, token_hash,
		       entered_by, entered_at, told_by, key)
		VALUES ($1, nullif($2::bigint, 0), nullif($3::smallint, 0), $4, nullif($5::bigint, 0), nullif($6::bigint, 0), $7, $8,
		       $9, $10, $11, $12, $13, $14, nullif($15, ''), $16, $17, $18, $19, $20, $21, $22)
		RETURNING id`, g.OrganisationID, g.CampaignID, c.Version, fund, g.UseID, donor, g.Channel, g.Amount,
		g.CountsAs, g.Counted, g.Display, g.shownAs(), g.Message, g.GivenOn, g.TermsVersion,
		sql.NullTime{Time: at, Valid: g.TermsVersion != ""}, g.ReceiptWanted, hash[:], actor, at, g.ToldBy, g.Key)
	if err != nil {
		return Donation{}, fmt.Errorf("donation: %w", ledger.Classify(err))
	}
	return FindDonation(ctx, tx, g.OrganisationID, id)
}

// fund finds where the gift belongs and refuses one outside the days of collecting.
func (g Gift) fund(ctx context.Context, tx *sqlx.Tx, c *Campaign) (int64, error) {
	if g.CampaignID == 0 {
		general, err := ledger.FindGeneralFund(ctx, tx, g.OrganisationID)
		return general.ID, err
	}
	var err error
	if *c, err = Find(ctx, tx, g.OrganisationID, g.CampaignID); err != nil {
		return 0, err
	}
	if !c.Public() {
		return 0, fmt.Errorf("campaign %d: %w", c.ID, ErrClosed)
	}
	fund, err := ledger.FindFund(ctx, tx, g.OrganisationID, c.FundID)
	if err != nil {
		return 0, err
	}
	if !Collects(fund, g.GivenOn) {
		return 0, fmt.Errorf("campaign %d on %s: %w", c.ID, g.GivenOn, ErrClosed)
	}
	return fund.ID, nil
}

// Collects reports whether a campaign's fund takes gifts given on a day.
func Collects(f ledger.Fund, on ledger.Date) bool {
	return !f.CollectsFrom.IsZero() && !on.Before(f.CollectsFrom) && (f.CollectsUntil.IsZero() || !on.After(f.CollectsUntil))
}

func (g *Gift) settleCount(donor int64) {
	if g.Counted == 0 {
		g.Counted = 1
	}
	if g.CountsAs == "" {
		g.CountsAs = CountsNameless
		if donor > 0 {
			g.CountsAs = CountsPerson
		}
	}
	if g.Display == "" {
		g.Display = Anonymous
	}
	if g.ReceiptWanted == "" {
		g.ReceiptWanted = "none"
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

// initials gives the first letter of each word, of the reading where one is known: 「や・は」, "A. M.".
func initials(name, kana string) string {
	words := strings.FieldsFunc(name, unicode.IsSpace)
	if kana != "" {
		words = strings.FieldsFunc(kana, unicode.IsSpace)
	}
	letters := make([]string, 0, len(words))
	for _, w := range words {
		letters = append(letters, string([]rune(w)[:1]))
	}
	return strings.Join(letters, "・")
}

func donationOfForm(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string) (Donation, error) {
	return getDonation(ctx, q, selectDonation+` WHERE organisation_id = $1 AND key = $2`, organisationID, key)
}

func markPaid(ctx context.Context, tx *sqlx.Tx, d *Donation, on ledger.Date) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE donation
		   SET status = 'paid', paid_on = $3
		 WHERE organisation_id = $1 AND id = $2 AND status <> 'paid'`, d.OrganisationID, d.ID, on)
	if err != nil {
		return fmt.Errorf("donation %d: %w", d.ID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("donation %d: %w", d.ID, ledger.ErrPostedBefore))
	}
	d.Status, d.PaidOn = Paid, on
	return nil
}

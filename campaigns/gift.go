package campaigns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
	CountsAs       CountsAs // empty: as the donor's kind says, or nameless
	Counted        int      // households behind an envelope list and the like; 1 for a giver
	Display        Display
	Message        string
	Wish           string // of an unasked gift: what its giver wished it to be for, as it was told; for the group alone
	GivenOn        ledger.Date
	TermsVersion   string   // agreed to; needed online
	ReceiptWanted  string   // none, mail, paper
	ToldBy         string   // 代理入力: who told it and how
	Token          string   // secret of the private link
	Key            string   // of the form
	Language       Language // of the page it was given on; empty is Japanese
}

// Give enters an online gift that is still to be paid and returns it; the same form sent twice gives the same gift. Invalid says
// what to mend, ErrClosed that the campaign takes none today.
func Give(ctx context.Context, tx *sqlx.Tx, g Gift, at time.Time) (Donation, error) {
	if d, err := donationOfForm(ctx, tx, g.OrganisationID, g.Key); !errors.Is(err, ErrNotFound) {
		return d, err
	}
	g.GivenOn, g.Donor.ID, g.Counted, g.ToldBy = ledger.DateOf(at), 0, 1, ""
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
	if known, err := knownTerms(ctx, tx, g.TermsVersion); err != nil {
		return Donation{}, err
	} else if !known {
		return Donation{}, ledger.Invalid{"terms": "donate.terms_missing"}
	}
	if g.CampaignID == 0 {
		return Donation{}, ErrNotFound
	}
	d, _, err := g.insert(ctx, tx, ledger.ByDonor(), at)
	return d, err
}

// Enter enters a gift whose money somebody of the group has in hand, or sees in the bank, and books it into the place the
// channel leads to: cash into the box, a transfer into the bank, what was unclear out of 照合待ち. It is paid at once. The same
// form sent twice gives the same gift. Invalid says what to mend, ErrClosed that the campaign took none on the day it was given.
func Enter(ctx context.Context, tx *sqlx.Tx, g Gift, place int, by ledger.Actor, at time.Time) (Donation, error) {
	if d, err := donationOfForm(ctx, tx, g.OrganisationID, g.Key); !errors.Is(err, ErrNotFound) {
		return d, err
	}
	bad := ledger.Invalid{}
	bad.Need(g.Channel.known() && !g.Channel.Online(), "channel", "donate.channel_missing")
	bad.Need(g.Amount > 0, "amount", "donate.amount_missing")
	bad.Need(g.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(!g.GivenOn.IsZero(), "given_on", "gift.day_missing")
	bad.Need(!g.GivenOn.After(ledger.DateOf(at)), "given_on", "income.day_in_future")
	bad.Need(g.Counted >= 1 && g.Counted <= 100_000, "counted", "gift.counted_range")
	g.check(bad)
	if err := needPlace(ctx, tx, g.OrganisationID, place, bad); err != nil {
		return Donation{}, err
	}
	d, made, err := g.insert(ctx, tx, by, at)
	if err != nil || !made {
		return d, err
	}
	if err = markPaid(ctx, tx, &d, g.GivenOn, ""); err != nil {
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

// needPlace adds to bad unless the account is one where the group itself holds yen, or 照合待ち, and returns bad.
func needPlace(ctx context.Context, q sqlx.QueryerContext, organisationID int64, place int, bad ledger.Invalid) error {
	var ok bool
	err := sqlx.GetContext(ctx, q, &ok, `
		SELECT EXISTS (SELECT FROM account
		                WHERE organisation_id = $1 AND code = $2 AND closed_on IS NULL AND (place OR code = $3) AND code NOT IN ($4, $5))`,
		organisationID, place, ledger.Unclear, ledger.StripeBalance, ledger.InTransit)
	if err != nil {
		return fmt.Errorf("account %d: %w", place, err)
	}
	bad.Need(ok, "place", "income.place_missing")
	return bad.Err()
}

// check looks at what every gift has.
func (g Gift) check(bad ledger.Invalid) {
	text := func(text, field string, limit int) {
		bad.Need(utf8.RuneCountInString(text) <= limit, field, "field.too_long")
		bad.Need(printable(text), field, "field.characters")
	}
	text(g.Donor.Name, "name", 100)
	text(g.Donor.Kana, "kana", 100)
	text(g.Donor.Mail, "mail", 200)
	text(g.Donor.PostalCode, "postal_code", 20)
	text(g.Donor.Address, "address", 300)
	text(g.Donor.Phone, "phone", 40)
	text(lines.Replace(g.Message), "message", 400)
	text(lines.Replace(g.Wish), "wish", 400)
	text(g.ToldBy, "told_by", 200)
	known := func(value, field string, values ...string) {
		for _, v := range values {
			if v == value {
				return
			}
		}
		bad.Need(value == "", field, "field.unknown")
	}
	known(g.Donor.Kind, "kind", "person", "household", "company")
	known(string(g.CountsAs), "counts_as", "person", "household", "company", "nameless")
	known(string(g.Display), "display", "anonymous", "initials", "name")
	known(g.ReceiptWanted, "receipt_wanted", "none", "mail", "paper")
	bad.Need(g.Donor.Mail == "" || MailFits(g.Donor.Mail), "mail", "donate.mail_shape")
	if g.Donor.ID == 0 {
		bad.Need(g.Display == Anonymous || g.Display == "" || g.Donor.Name != "", "name", "donate.name_for_display")
		bad.Need(g.ReceiptWanted != "mail" || g.Donor.Mail != "", "mail", "donate.mail_for_receipt")
		bad.Need(g.ReceiptWanted == "none" || g.ReceiptWanted == "" || g.Donor.Name != "", "name", "donate.name_for_receipt")
		bad.Need(g.ReceiptWanted != "paper" || g.Donor.Address != "", "address", "donate.address_for_receipt")
	}
	bad.Need(g.Key != "" && g.Token != "", "key", "form.expired")
}

// printable reports whether a text is something a person can have typed on one line. Characters are never changed.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// MailFits reports whether a text has the shape of a mail address. Only a mail sent there proves more.
func MailFits(mail string) bool {
	local, domain, found := strings.Cut(mail, "@")
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>()[],;:"\`, r) }
	return found && local != "" && strings.Contains(domain, ".") && !strings.Contains(domain, "..") && !strings.Contains(domain, "@") &&
		!strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.ContainsFunc(mail, odd)
}

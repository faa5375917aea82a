package campaigns

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// InKind is 現物寄付: goods given and used, at a fair price. They count towards no target in yen and are shown apart.
type InKind struct {
	OrganisationID int64
	FundID         int64
	UseID          int64 // the use they serve, or 0
	InitiativeID   int64
	Account        int // what was saved by them: 5240 for rice
	Worth          ledger.Yen
	From           string // private; empty is nameless
	What           string // 「米 10kg」, with how the price was found
	On             ledger.Date
	Key            string // of the form
}

// ReceiveInKind books goods given and used: the expense they spare and the gift they are, and no yen. It returns the transaction's id;
// ledger.ErrPostedBefore for the same form. Invalid names what is missing.
func ReceiveInKind(ctx context.Context, tx *sqlx.Tx, k InKind, by ledger.Actor, at time.Time) (int64, error) {
	bad := ledger.Invalid{}
	bad.Need(k.FundID > 0, "fund", "income.fund_missing")
	bad.Need(k.InitiativeID > 0, "initiative", "expense.line_initiative")
	bad.Need(k.Account >= 5000 && k.Account <= 5999, "account", "expense.line_account")
	bad.Need(k.Worth >= 1, "amount", "income.amount_missing")
	bad.Need(k.Worth <= 999_999_999, "amount", "amount.too_large")
	bad.Need(k.What != "", "what", "expense.what_missing")
	bad.Need(utf8.RuneCountInString(k.What) <= 500, "what", "field.too_long")
	bad.Need(utf8.RuneCountInString(k.From) <= 200, "from", "field.too_long")
	bad.Need(!k.On.IsZero(), "on", "income.day_missing")
	bad.Need(!k.On.After(ledger.DateOf(at)), "on", "income.day_in_future")
	bad.Need(k.Key != "", "key", "form.expired")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	var giver int64
	if k.From != "" {
		var err error
		if giver, err = ledger.Counterparty(ctx, tx, k.OrganisationID, k.From); err != nil {
			return 0, err
		}
	}
	return ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: k.OrganisationID, Kind: ledger.GiftInKind, Source: "in_kind:" + k.Key, On: k.On, By: by, At: at, Memo: k.What,
		Entries: []ledger.Entry{
			{Account: k.Account, FundID: k.FundID, Segment: ledger.Program, InitiativeID: k.InitiativeID, UseID: k.UseID, CounterpartyID: giver, Amount: k.Worth},
			{Account: ledger.GiftsInKind, FundID: k.FundID, CounterpartyID: giver, Amount: -k.Worth},
		},
	})
}

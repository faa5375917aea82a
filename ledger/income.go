package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Received is money in that is no gift: 利用料, 協賛, 助成金, 会費 and the like. Gifts are booked with their donation.
type Received struct {
	OrganisationID int64
	On             Date
	Account        int // 4110–4520 without gifts and what is valued in yen but is no money (4220–4240)
	Place          int // where the yen lie: cash box, bank
	FundID         int64
	InitiativeID   int64 // 0 where it serves no single one
	From           string
	What           string // private
	Amount         Yen
	Key            string // of the form: a double click is one booking
}

// Receive books money in and returns the transaction's id. The same form sent twice gives ErrPostedBefore and changes
// nothing. Invalid names what is missing.
func Receive(ctx context.Context, tx *sqlx.Tx, r Received, by Actor, at time.Time) (int64, error) {
	bad := Invalid{}
	bad.Need(!r.On.IsZero(), "on", "income.day_missing")
	bad.Need(!r.On.After(DateOf(at)), "on", "income.day_in_future")
	bad.Need(r.Account >= 4000 && r.Account <= 4999 && r.Account/100 != Gifts/100, "account", "income.account_missing")
	bad.Need(r.Place != 0, "place", "income.place_missing")
	bad.Need(r.FundID > 0, "fund", "income.fund_missing")
	bad.Need(r.Amount >= 1, "amount", "income.amount_missing")
	bad.Need(r.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(len([]rune(r.From)) <= 200, "from", "field.too_long")
	bad.Need(len([]rune(r.What)) <= 500, "what", "field.too_long")
	bad.Need(r.Key != "", "key", "form.expired")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	places, err := findPlaces(ctx, tx, r.OrganisationID, r.Place)
	if err != nil {
		return 0, err
	}
	if _, ok := places[r.Place]; !ok {
		return 0, Invalid{"place": "income.place_missing"}
	}
	var payer int64
	if r.From != "" {
		if payer, err = Counterparty(ctx, tx, r.OrganisationID, r.From); err != nil {
			return 0, err
		}
	}
	return Post(ctx, tx, Transaction{
		OrganisationID: r.OrganisationID, Kind: OtherIncome, Source: "income:" + r.Key, On: r.On, By: by, At: at, Memo: r.What,
		Entries: []Entry{
			{Account: r.Place, FundID: r.FundID, CounterpartyID: payer, Amount: r.Amount},
			{Account: r.Account, FundID: r.FundID, InitiativeID: r.InitiativeID, CounterpartyID: payer, Amount: -r.Amount},
		},
	})
}

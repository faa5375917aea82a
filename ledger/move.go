package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Moved is money going from one place of the group to another: a deposit, a withdrawal.
type Moved struct {
	OrganisationID int64
	On             Date
	From, To       int // accounts that are places
	Amount         Yen
	What           string
	Key            string
}

// Move books money going between places and returns the transaction's id: in the general fund alone, or in the fund that
// one of the places is bound to (別口座); an account over all funds says where yen are, and a fund does not care.
// ErrPostedBefore for the same form. Between two funds' own accounts it is Invalid: transfer first.
func Move(ctx context.Context, tx *sqlx.Tx, m Moved, by Actor, at time.Time) (int64, error) {
	bad := Invalid{}
	bad.Need(!m.On.IsZero(), "on", "income.day_missing")
	bad.Need(!m.On.After(DateOf(at)), "on", "income.day_in_future")
	places, err := findPlaces(ctx, tx, m.OrganisationID, m.From, m.To)
	if err != nil {
		return 0, err
	}
	from, ok := places[m.From]
	bad.Need(ok, "from", "move.from_missing")
	to, ok := places[m.To]
	bad.Need(ok, "to", "move.to_missing")
	bad.Need(from == 0 || to == 0 || from == to, "to", "move.two_funds")
	bad.Need(m.From != m.To, "to", "move.same_place")
	bad.Need(m.Amount >= 1, "amount", "income.amount_missing")
	bad.Need(m.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(m.Key != "", "key", "form.expired")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	fund := max(from, to)
	if fund == 0 {
		general, err := FindGeneralFund(ctx, tx, m.OrganisationID)
		if err != nil {
			return 0, err
		}
		fund = general.ID
	}
	return Post(ctx, tx, Transaction{
		OrganisationID: m.OrganisationID, Kind: PlaceMovement, Source: "movement:" + m.Key, On: m.On, By: by, At: at, Memo: m.What,
		Entries: []Entry{
			{Account: m.To, FundID: fund, Amount: m.Amount},
			{Account: m.From, FundID: fund, Amount: -m.Amount},
		},
	})
}

// Transferred is money going from one fund's claim to another's.
type Transferred struct {
	OrganisationID int64
	On             Date
	From, To       int64 // funds
	FromUse        int64 // the use of the giving fund it fulfils, or 0
	InitiativeID   int64 // of that use
	Amount         Yen
	Reason         string
	Key            string
}

// Transfer moves yen between funds by a pair on 3200 and returns the transaction's id; 「一般から補う」 is one. The yen
// stay where they are.
func Transfer(ctx context.Context, tx *sqlx.Tx, m Transferred, by Actor, at time.Time) (int64, error) {
	bad := Invalid{}
	bad.Need(!m.On.IsZero(), "on", "income.day_missing")
	bad.Need(!m.On.After(DateOf(at)), "on", "income.day_in_future")
	bad.Need(m.From > 0 && m.To > 0 && m.From != m.To, "to", "transfer.funds")
	bad.Need(m.Amount >= 1, "amount", "income.amount_missing")
	bad.Need(m.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(m.Reason != "", "reason", "reverse.reason_missing")
	bad.Need(m.Key != "", "key", "form.expired")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	place, err := anyPlace(ctx, tx, m.OrganisationID)
	if err != nil {
		return 0, err
	}
	return Post(ctx, tx, Transaction{
		OrganisationID: m.OrganisationID, Kind: BetweenFunds, Source: "transfer:" + m.Key, On: m.On, By: by, At: at, Memo: m.Reason,
		Entries: []Entry{
			{Account: FundTransfer, FundID: m.From, UseID: m.FromUse, InitiativeID: m.InitiativeID, Amount: m.Amount},
			{Account: place, FundID: m.From, Amount: -m.Amount},
			{Account: place, FundID: m.To, Amount: m.Amount},
			{Account: FundTransfer, FundID: m.To, Amount: -m.Amount},
		},
	})
}

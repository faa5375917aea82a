package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The daily checks, by the name a problem has.
const (
	CheckSum     = "sum"     // everything in the book adds up to nothing
	CheckBalance = "balance" // Stripe未入金 is what Stripe says is in the account, but for what was apart when it was connected
	CheckTransit = "transit" // 入金待ち is what Stripe sent to the bank and nobody has matched there
	CheckBooked  = "booked"  // every line of the statement is in the book, once
	CheckUnclear = "unclear" // nothing is in 照合待ち
	CheckKey     = "key"     // Stripe takes the key
	CheckReached = "reached" // the statement was read not long ago
)

// unreadFor is how long the statement may go unread before people are told: Stripe is hardly ever away for a day.
const unreadFor = 48 * time.Hour

// checked is what a check compares; they have to be the same.
type checked struct {
	name       string
	book, want ledger.Yen
}

// Check compares the book with Stripe, after a sweep. What does not agree becomes a problem that people see until it does, and so does it when nothing could be compared because
// Stripe does not take the key or was not reached for two days. A difference may be a payment of this very moment, so it is looked at twice.
func (t *Till) Check(ctx context.Context, organisationID int64) error {
	a, err := t.account(ctx, organisationID)
	if errors.Is(err, ErrNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	if err = t.checkAccount(ctx, organisationID, a); err != nil {
		return errors.Join(err, t.unchecked(ctx, organisationID, a, err))
	}
	return errors.Join(t.solve(ctx, t.DB, organisationID, CheckFailed, CheckKey), t.solve(ctx, t.DB, organisationID, CheckFailed, CheckReached))
}

// unchecked tells people that the checks did not take place, where that will not pass by itself or has lasted.
func (t *Till) unchecked(ctx context.Context, organisationID int64, a account, failed error) error {
	read := a.since.Time
	if a.swept.Valid {
		read = a.swept.Time
	}
	aside := Problem{OrganisationID: organisationID, Kind: CheckFailed, Ref: CheckReached}
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(failed, stripepay.ErrKey):
		aside.Ref = CheckKey
	case t.Now().Sub(read) < unreadFor:
		return nil
	}
	return t.putAside(ctx, t.DB, aside)
}

func (t *Till) checkAccount(ctx context.Context, organisationID int64, a account) (err error) {
	var found []checked
	for range 2 {
		if err = t.Sweep(ctx, organisationID); err != nil {
			return err
		}
		if found, err = t.compare(ctx, organisationID, a); err != nil {
			return err
		}
		if agree(found) {
			break
		}
	}
	for _, c := range found {
		if c.book == c.want {
			err = t.solve(ctx, t.DB, organisationID, CheckFailed, c.name)
		} else {
			err = t.putAside(ctx, t.DB, Problem{OrganisationID: organisationID, Kind: CheckFailed, Ref: c.name, Amount: c.book - c.want,
				Detail: fmt.Sprintf("%d, should be %d", int64(c.book), int64(c.want))})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func agree(all []checked) bool {
	for _, c := range all {
		if c.book != c.want {
			return false
		}
	}
	return true
}

func (t *Till) compare(ctx context.Context, organisationID int64, a account) ([]checked, error) {
	book, err := t.balances(ctx, organisationID)
	if err != nil {
		return nil, err
	}
	apart, err := t.apart(ctx, organisationID, a.Account)
	if err != nil {
		return nil, err
	}
	missing, err := t.missing(ctx, organisationID, a)
	if err != nil {
		return nil, err
	}
	return []checked{
		{CheckSum, book.Sum, 0}, {CheckBalance, apart.Stripe, a.balance}, {CheckTransit, apart.Transit, a.transit}, {CheckBooked, missing, 0}, {CheckUnclear, book.Unclear, 0},
	}, nil
}

// balances are what the book holds in all, and in the places that have to do with Stripe.
type balances struct {
	Sum     ledger.Yen `db:"sum"`
	Stripe  ledger.Yen `db:"stripe"`
	Transit ledger.Yen `db:"transit"` // by payouts alone: what was matched at the bank is left out
	Unclear ledger.Yen `db:"unclear"`
}

func (t *Till) balances(ctx context.Context, organisationID int64) (balances, error) {
	var book balances
	err := t.DB.GetContext(ctx, &book, `
		SELECT coalesce(sum(e.amount), 0)::bigint AS sum,
		       coalesce(sum(e.amount) FILTER (WHERE e.account = $2), 0)::bigint AS stripe,
		       coalesce(sum(e.amount) FILTER (WHERE e.account = $3 AND t.kind = 'payout'), 0)::bigint AS transit,
		       coalesce(sum(e.amount) FILTER (WHERE e.account = $4), 0)::bigint AS unclear
		  FROM entry e
		  JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
		 WHERE e.organisation_id = $1`, organisationID, ledger.StripeBalance, ledger.InTransit, ledger.Unclear)
	if err != nil {
		return book, fmt.Errorf("check of organisation %d: %w", organisationID, err)
	}
	return book, nil
}

// apart is by how much the book is ahead of the account: 未入金 of what is in it, 入金待ち of what it sent to the bank.
func (t *Till) apart(ctx context.Context, organisationID int64, a *stripepay.Account) (balances, error) {
	book, err := t.balances(ctx, organisationID)
	if err != nil {
		return book, err
	}
	balance, err := a.Balance(ctx)
	if err != nil {
		return book, err
	}
	sent, err := a.PaidOut(ctx)
	book.Stripe -= balance
	book.Transit -= sent
	return book, err
}

// checkBack is how far back every line is looked for in the book.
const checkBack = 35 * 24 * time.Hour

// missing is how many lines with money in them the book lacks. That none is there twice is a key of the book.
func (t *Till) missing(ctx context.Context, organisationID int64, a account) (ledger.Yen, error) {
	var lines []stripepay.Line
	err := a.Statement(ctx, a.from(t.Now().Add(-checkBack)), func(line stripepay.Line) error {
		if line.Problem != nil || line.Movement.Gross != 0 || line.Movement.Cost != 0 {
			lines = append(lines, line)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	known, err := t.booked(ctx, organisationID, lines)
	return ledger.Yen(len(lines) - len(known)), err
}

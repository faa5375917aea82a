package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lookBack is how far behind the last sweep the statement is read again: lines are dated up to days before they appear.
const lookBack = 72 * time.Hour

// firstLook is how far back the very first sweep reads.
const firstLook = 30 * 24 * time.Hour

// Sweep looks at every payment page that waits and reads the account's statement since the last sweep, so that nothing depends on a webhook
// having come, however long the program stood still. It may run at any time and any number of times. What cannot be settled is put aside; an
// error means that something could not be reached, and that the next sweep looks as far back again.
func (t *Till) Sweep(ctx context.Context, organisationID int64) error {
	a, err := t.account(ctx, organisationID)
	if errors.Is(err, ErrNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	began := t.Now()
	since := began.Add(-firstLook)
	if a.swept.Valid {
		since = a.swept.Time.Add(-lookBack)
	}
	err = errors.Join(
		t.sweepPages(ctx, organisationID, a),
		t.bookSince(ctx, organisationID, a, since),
		t.followDisputes(ctx, organisationID, a),
		t.sendRefunds(ctx, organisationID),
	)
	if err != nil {
		return err
	}
	_, err = t.DB.ExecContext(ctx, `
		UPDATE stripe_account
		   SET swept_until = greatest(swept_until, $2)
		 WHERE organisation_id = $1`, organisationID, began)
	if err != nil {
		return fmt.Errorf("sweep of organisation %d: %w", organisationID, err)
	}
	return nil
}

func (t *Till) sweepPages(ctx context.Context, organisationID int64, a account) error {
	first := t.endPages(ctx, organisationID, a)
	refs, err := campaigns.WaitingAttempts(ctx, t.DB, organisationID)
	if err != nil {
		return errors.Join(first, err)
	}
	for _, ref := range refs {
		err := t.followPage(ctx, organisationID, a, ref)
		if err != nil && first == nil {
			first = fmt.Errorf("checkout %s: %w", ref, err)
		}
	}
	ended := ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		_, err := campaigns.EndUnanswered(ctx, tx, organisationID, t.Now())
		return err
	})
	return errors.Join(first, ended)
}

// bookSince books every line of the statement since an instant, each in a transaction of its own. A line booked before changes nothing; one the book
// refuses is put aside and tried again until it is booked, and one that fails otherwise holds up none of the others but what
// comes back of the same gift.
func (t *Till) bookSince(ctx context.Context, organisationID int64, a account, since time.Time) error {
	aside, err := t.oldestAside(ctx, organisationID)
	if err != nil {
		return err
	}
	if aside.Valid && aside.Time.Before(since) {
		since = aside.Time
	}
	var lines []stripepay.Line
	if err = a.Statement(ctx, a.from(since), func(line stripepay.Line) error {
		lines = append(lines, line)
		return nil
	}); err != nil {
		return err
	}
	known, err := t.booked(ctx, organisationID, lines)
	if err != nil {
		return err
	}
	var first error
	failed := map[int64]bool{} // gifts one of whose lines has to be tried again: what comes back of a gift that is not booked yet would be nobody's
	for _, line := range lines {
		gift := line.Movement.DonationID
		if known["stripe:"+line.Movement.Ref] || (failed[gift] && line.Movement.Kind != campaigns.MovementCharge) {
			continue
		}
		aside, err := t.bookLine(ctx, organisationID, line)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed[gift] = failed[gift] || (gift != 0 && (aside || err != nil))
		if err != nil && first == nil {
			first = fmt.Errorf("movement %s: %w", line.Movement.Ref, err)
		}
	}
	return first
}

// oldestAside is how far back lines are that were put aside. A person who has seen such a line has not booked it: it is tried on.
func (t *Till) oldestAside(ctx context.Context, organisationID int64) (sql.NullTime, error) {
	var oldest sql.NullTime
	err := t.DB.GetContext(ctx, &oldest, `
		SELECT min(first_at) - $2 * interval '1 second'
		  FROM payment_problem
		 WHERE organisation_id = $1 AND kind = 'line' AND (solved_at IS NULL OR seen)`, organisationID, int64((lookBack+firstLook)/time.Second))
	if err != nil {
		return oldest, fmt.Errorf("problems of organisation %d: %w", organisationID, err)
	}
	return oldest, nil
}

// booked says which lines are in the book.
func (t *Till) booked(ctx context.Context, organisationID int64, lines []stripepay.Line) (map[string]bool, error) {
	sources := make([]string, len(lines))
	for i, line := range lines {
		sources[i] = "stripe:" + line.Movement.Ref
	}
	var found []string
	err := t.DB.SelectContext(ctx, &found, `
		SELECT source
		  FROM transaction
		 WHERE organisation_id = $1 AND source = ANY ($2)`, organisationID, pq.Array(sources))
	if err != nil {
		return nil, fmt.Errorf("statement of organisation %d: %w", organisationID, err)
	}
	known := map[string]bool{}
	for _, source := range found {
		known[source] = true
	}
	return known, nil
}

// bookLine books one line, or puts it aside; only an error that may pass comes back.
func (t *Till) bookLine(ctx context.Context, organisationID int64, line stripepay.Line) (aside bool, err error) {
	m, err := line.Movement, line.Problem
	if err == nil {
		err = ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
			settled, err := campaigns.SettleMovement(ctx, tx, organisationID, m, t.Now())
			if err != nil {
				return err
			}
			return t.follow(ctx, tx, organisationID, m, settled, campaigns.CheckoutState{})
		})
	}
	if err == nil || passing(ctx, err) {
		return false, err
	}
	kind := NotBooked
	if errors.Is(err, stripepay.ErrCurrency) {
		kind = NotYen
	}
	return true, t.putAside(ctx, t.DB, Problem{OrganisationID: organisationID, Kind: kind, Ref: m.Ref, DonationID: m.DonationID, Amount: m.Gross, Detail: codeOf(err)})
}

// follow does what comes after a line was booked: letters, the receipt, and a note to whoever has to look. That the line or its page was put aside before is solved.
func (t *Till) follow(ctx context.Context, tx *sqlx.Tx, organisationID int64, m campaigns.Movement, settled campaigns.Settled, state campaigns.CheckoutState) error {
	for _, ref := range []string{m.Ref, state.Ref} {
		if err := t.solve(ctx, tx, organisationID, NotBooked, ref); err != nil {
			return err
		}
	}
	if settled.NowUnclear {
		return t.unclear(ctx, tx, organisationID, m)
	}
	if settled.Donation.ID == 0 {
		return nil
	}
	switch m.Kind {
	case campaigns.MovementCharge:
		return t.tell(ctx, tx, settled, state)
	case campaigns.MovementRefund:
		return errors.Join(t.fitReceipt(ctx, tx, organisationID, settled.Donation.ID), t.refundBooked(ctx, tx, settled.Donation, m.SourceRef))
	case campaigns.MovementRefundFailure:
		return t.refundCameBack(ctx, tx, organisationID, settled.Donation, m)
	}
	return nil
}

package stripe

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Tick lets time do its work: payment pages close, vouchers run out, money becomes available and goes to the bank, refunds nobody
// answered fail. It returns how many objects changed; one that cannot be changed does not hold up the others. Call it in a loop; any number of replicas may.
func (s *Server) Tick(ctx context.Context) (changed int, err error) {
	var due []struct {
		Organisation int64  `db:"organisation_id"`
		ID           string `db:"id"`
	}
	err = s.db.SelectContext(ctx, &due, `
		SELECT organisation_id, id
		FROM practice.stripe_object
		WHERE due_at <= $1
		ORDER BY due_at, position`, s.clock.Now().Truncate(time.Second))
	if err != nil {
		return 0, fmt.Errorf("practice tick: %w", err)
	}
	var failed []error
	for _, d := range due {
		did := false
		err := s.write(ctx, d.Organisation, func(a *account) (err error) {
			did, err = a.turn(ctx, d.ID)
			return err
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("practice tick of %s: %w", d.ID, err))
		} else if did {
			changed++
		}
	}
	paidOut, err := s.payOut(ctx)
	return changed + paidOut, errors.Join(append(failed, err)...)
}

// turn changes one object if it is still due now that the account is locked.
func (a *account) turn(ctx context.Context, id string) (bool, error) {
	var row struct {
		Kind string `db:"kind"`
		Body string `db:"body"`
	}
	err := a.tx.GetContext(ctx, &row, `
		SELECT kind, body
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND id = $2 AND due_at <= $3`, a.organisation, id, a.now)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	}
	switch body := []byte(row.Body); row.Kind {
	case "checkout.session":
		return true, turn(body, func(o session) error { _, err := a.expireOpen(ctx, o); return err })
	case "payment_intent":
		return true, turn(body, func(pi intent) error { return a.expireVoucher(ctx, pi) })
	case "balance_transaction":
		return true, turn(body, func(m movement) error { m.Status = "available"; return a.save(ctx, m, never) })
	case "payout":
		return true, turn(body, func(po payout) error { return a.arrive(ctx, po) })
	case "dispute":
		return true, turn(body, func(d dispute) error { return a.loseDispute(ctx, d) })
	case "charge":
		return true, turn(body, func(paid charge) error { return a.objectLate(ctx, paid) })
	case "refund":
		return true, turn(body, func(back refund) error { return a.endRefund(ctx, back) })
	}
	return false, fmt.Errorf("%s is due, but time does not change it: %w", row.Kind, errInside)
}

func turn[T any](body []byte, change func(T) error) error {
	var o T
	if err := json.Unmarshal(body, &o); err != nil {
		return err
	}
	return change(o)
}

package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Ask lets an operator ask for reading and writes to the representatives. site is the address that letters lead to. Invalid when the
// purpose is missing or too long, ledger.ErrNotFound when the person is no operator, ErrAsked when he waits for an answer already.
func Ask(ctx context.Context, tx *sqlx.Tx, organisationID, personID int64, purpose, site string, at time.Time) error {
	purpose, err := fitPurpose(purpose)
	if err != nil {
		return err
	}
	if err = isOperator(ctx, tx, personID, at); err != nil {
		return err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO access_grant (organisation_id, person_id, status, purpose, asked_at)
		VALUES ($1, $2, 'asked', $3, $4)
		    ON CONFLICT (organisation_id, person_id) WHERE status = 'asked' DO NOTHING
		RETURNING id`, organisationID, personID, purpose, at)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrAsked
	}
	if err != nil {
		return fmt.Errorf("access grant: %w", ledger.Classify(err))
	}
	g, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	return tellRepresentatives(ctx, tx, g, site, at)
}

// Give grants reading unasked, from today until a day. Invalid and ledger.ErrNotFound as Ask and Allow.
func Give(ctx context.Context, tx *sqlx.Tx, organisationID, personID int64, purpose string, until ledger.Date, by ledger.Actor, at time.Time) error {
	purpose, err := fitPurpose(purpose)
	var bad, more ledger.Invalid
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	if errors.As(fitUntil(until, at), &more) {
		bad = join(bad, more)
	}
	if len(bad) > 0 {
		return bad
	}
	if err = isOperator(ctx, tx, personID, at); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO access_grant (organisation_id, person_id, status, purpose, asked_at, decided_by, decided_at, from_on, until_on)
		VALUES ($1, $2, 'granted', $3, $4, $5, $4, $6, $7)
		RETURNING id`, organisationID, personID, purpose, at, actor, ledger.DateOf(at), until)
	if err != nil {
		return fmt.Errorf("access grant: %w", ledger.Classify(err))
	}
	return tellOperator(ctx, tx, organisationID, id, at)
}

// Allow grants what was asked, from today until a day. Invalid when the day is past or too far, ledger.ErrDecided when it was decided
// before, ledger.ErrNotFound when there is no such request.
func Allow(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, until ledger.Date, by ledger.Actor, at time.Time) error {
	if err := fitUntil(until, at); err != nil {
		return err
	}
	return decide(ctx, tx, organisationID, id, by, at, `
		UPDATE access_grant
		   SET status = 'granted', decided_by = $3, decided_at = $4, from_on = $5, until_on = $6
		 WHERE organisation_id = $1 AND id = $2 AND status = 'asked'`, ledger.DateOf(at), until)
}

// Refuse says no to what was asked; errors as Allow.
func Refuse(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) error {
	return decide(ctx, tx, organisationID, id, by, at, `
		UPDATE access_grant
		   SET status = 'refused', decided_by = $3, decided_at = $4
		 WHERE organisation_id = $1 AND id = $2 AND status = 'asked'`)
}

// End ends what was granted, at once. ledger.ErrDecided when it was ended before or never granted, ledger.ErrNotFound as Allow.
func End(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) error {
	return decide(ctx, tx, organisationID, id, by, at, `
		UPDATE access_grant
		   SET ended_by = $3, ended_at = $4
		 WHERE organisation_id = $1 AND id = $2 AND status = 'granted' AND ended_at IS NULL`)
}

// decide carries out a step, whose WHERE is its guard, and tells the operator.
func decide(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time, step string, more ...any) error {
	if _, err := Find(ctx, tx, organisationID, id); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, step, append([]any{organisationID, id, actor, at}, more...)...)
	if err != nil {
		return fmt.Errorf("access grant %d: %w", id, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ledger.ErrDecided, err)
	}
	return tellOperator(ctx, tx, organisationID, id, at)
}

func fitPurpose(purpose string) (string, error) {
	purpose = strings.TrimSpace(purpose)
	bad := ledger.Invalid{}
	bad.Need(purpose != "", "purpose", "access.purpose_missing")
	bad.Need(len([]rune(purpose)) <= 500, "purpose", "field.too_long")
	return purpose, bad.Err()
}

func fitUntil(until ledger.Date, at time.Time) error {
	bad, today := ledger.Invalid{}, ledger.DateOf(at)
	bad.Need(!until.IsZero(), "until", "access.until_missing")
	bad.Need(!until.Before(today), "until", "access.until_past")
	bad.Need(until.Sub(today) < MostDays, "until", "access.until_far")
	return bad.Err()
}

func join(a, b ledger.Invalid) ledger.Invalid {
	all := ledger.Invalid{}
	for _, bad := range []ledger.Invalid{a, b} {
		for field, key := range bad {
			all.Need(false, field, key)
		}
	}
	return all
}

func isOperator(ctx context.Context, tx *sqlx.Tx, personID int64, at time.Time) error {
	all, err := Operators(ctx, tx, ledger.DateOf(at))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(p ledger.Person) bool { return p.ID == personID }) {
		return ledger.ErrNotFound
	}
	return nil
}

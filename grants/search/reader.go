package search

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Readers returns the persons who keep searches and want letters of them, by id.
func Readers(ctx context.Context, q sqlx.QueryerContext) ([]int64, error) {
	var ids []int64
	err := sqlx.SelectContext(ctx, q, &ids, `
		SELECT DISTINCT s.person_id
		  FROM grant_search s
		 WHERE NOT EXISTS (SELECT FROM person_quiet q WHERE q.person_id = s.person_id AND q.kind = 'grants')
		 ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("readers of searches: %w", err)
	}
	return ids, nil
}

// Rooms returns what a person keeps searches for and belongs to on the day, by id of the organisation: his membership in each.
func Rooms(ctx context.Context, q sqlx.QueryerContext, personID int64, on ledger.Date) ([]ledger.Membership, error) {
	var ids []int64
	err := sqlx.SelectContext(ctx, q, &ids, `
		SELECT DISTINCT organisation_id
		  FROM grant_search
		 WHERE person_id = $1
		 ORDER BY 1`, personID)
	if err != nil {
		return nil, fmt.Errorf("searches of person %d: %w", personID, err)
	}
	var rooms []ledger.Membership
	for _, id := range ids {
		members, err := ledger.Members(ctx, q, id, on)
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(members, func(m ledger.Membership) bool { return m.PersonID == personID }); at >= 0 {
			rooms = append(rooms, members[at])
		}
	}
	return rooms, nil
}

// Stop ends the letters of a person's searches; the searches stay. Twice is once.
func Stop(ctx context.Context, tx *sqlx.Tx, personID int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO person_quiet (person_id, kind, since)
		VALUES ($1, 'grants', $2)
		    ON CONFLICT ON CONSTRAINT person_quiet_pkey DO NOTHING`, personID, at)
	if err != nil {
		return fmt.Errorf("letters of person %d: %w", personID, ledger.Classify(err))
	}
	return nil
}

// Resume lets the letters come again. What was found meanwhile comes with the next.
func Resume(ctx context.Context, tx *sqlx.Tx, personID int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM person_quiet
		 WHERE person_id = $1 AND kind = 'grants'`, personID)
	if err != nil {
		return fmt.Errorf("letters of person %d: %w", personID, err)
	}
	return nil
}

// Quiet reports whether a person has stopped the letters.
func Quiet(ctx context.Context, q sqlx.QueryerContext, personID int64) (bool, error) {
	var quiet bool
	err := sqlx.GetContext(ctx, q, &quiet, `SELECT EXISTS (SELECT FROM person_quiet WHERE person_id = $1 AND kind = 'grants')`, personID)
	if err != nil {
		return false, fmt.Errorf("letters of person %d: %w", personID, err)
	}
	return quiet, nil
}

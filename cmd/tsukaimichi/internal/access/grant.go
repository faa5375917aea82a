package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MostDays is how many days a grant has at most, the first and the last included.
const MostDays = 14

// ErrAsked says that the operator waits for an answer of this organisation already.
var ErrAsked = errors.New("access: asked already")

// Status is where a grant stands; that it ended, or that its days are over, is seen from its days.
type Status string

// The statuses.
const (
	Asked   Status = "asked"
	Granted Status = "granted"
	Refused Status = "refused"
)

// Grant is what an operator may read of an organisation, or asks to.
type Grant struct {
	OrganisationID int64       `db:"organisation_id"`
	ID             int64       `db:"id"`
	PersonID       int64       `db:"person_id"` // the operator
	Name           string      `db:"name"`      // his
	Status         Status      `db:"status"`
	Purpose        string      `db:"purpose"`
	AskedAt        time.Time   `db:"asked_at"`
	DecidedBy      string      `db:"decided_by"`
	DecidedAt      time.Time   `db:"decided_at"` // zero while asked
	FromOn         ledger.Date `db:"from_on"`
	UntilOn        ledger.Date `db:"until_on"` // the last day
	EndedBy        string      `db:"ended_by"`
	EndedAt        time.Time   `db:"ended_at"` // zero unless the representative ended it before its day
}

// Stands reports whether the operator may read on the day.
func (g Grant) Stands(on ledger.Date) bool {
	return g.Status == Granted && g.EndedAt.IsZero() && !on.Before(g.FromOn) && !on.After(g.UntilOn)
}

const selectGrant = `
	SELECT g.organisation_id, g.id, g.person_id, p.name, g.status, g.purpose, g.asked_at,
	       coalesce(d.name, '') AS decided_by, coalesce(g.decided_at, '0001-01-01 00:00:00Z') AS decided_at,
	       g.from_on, g.until_on,
	       coalesce(e.name, '') AS ended_by, coalesce(g.ended_at, '0001-01-01 00:00:00Z') AS ended_at
	  FROM access_grant g
	  JOIN person p ON p.id = g.person_id
	  LEFT JOIN actor d ON d.organisation_id = g.organisation_id AND d.id = g.decided_by
	  LEFT JOIN actor e ON e.organisation_id = g.organisation_id AND e.id = g.ended_by`

// Find returns a grant, or ledger.ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Grant, error) {
	return one(ctx, q, selectGrant+`
	 WHERE g.organisation_id = $1 AND g.id = $2`, organisationID, id)
}

// Standing returns the grant by which the person may read on the day, that with the latest end; ledger.ErrNotFound if there is none.
func Standing(ctx context.Context, q sqlx.QueryerContext, organisationID, personID int64, on ledger.Date) (Grant, error) {
	return one(ctx, q, selectGrant+`
	 WHERE g.organisation_id = $1 AND g.person_id = $2 AND g.status = 'granted' AND g.ended_at IS NULL
	   AND g.from_on <= $3 AND g.until_on >= $3
	 ORDER BY g.until_on DESC
	 LIMIT 1`, organisationID, personID, on)
}

func one(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Grant, error) {
	var g Grant
	err := sqlx.GetContext(ctx, q, &g, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return g, ledger.ErrNotFound
	}
	if err != nil {
		return g, fmt.Errorf("access grant: %w", err)
	}
	return g, nil
}

// listed is how many grants a list has at most.
const listed = 100

// Grants returns the grants of an organisation, the newest first, at most a hundred.
func Grants(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Grant, error) {
	return list(ctx, q, selectGrant+`
	 WHERE g.organisation_id = $1
	 ORDER BY g.asked_at DESC, g.id DESC
	 LIMIT $2`, organisationID, listed)
}

// Open returns the grants of an organisation that wait for an answer or stand on the day, the oldest first.
func Open(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) ([]Grant, error) {
	return list(ctx, q, selectGrant+`
	 WHERE g.organisation_id = $1
	   AND (g.status = 'asked' OR (g.status = 'granted' AND g.ended_at IS NULL AND g.until_on >= $2))
	 ORDER BY g.asked_at, g.id`, organisationID, on)
}

// Of returns the grants of an operator in all organisations, the newest first, at most a hundred.
func Of(ctx context.Context, q sqlx.QueryerContext, personID int64) ([]Grant, error) {
	return list(ctx, q, selectGrant+`
	 WHERE g.person_id = $1
	 ORDER BY g.asked_at DESC, g.id DESC
	 LIMIT $2`, personID, listed)
}

func list(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Grant, error) {
	var all []Grant
	if err := sqlx.SelectContext(ctx, q, &all, query, args...); err != nil {
		return nil, fmt.Errorf("access grants: %w", err)
	}
	return all, nil
}

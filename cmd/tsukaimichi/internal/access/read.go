package access

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Opened is a row of the log.
type Opened struct {
	ID        int64     `db:"id"`
	At        time.Time `db:"at"`
	Who       string    `db:"who"` // member, operator, command
	PersonID  int64     `db:"person_id"`
	Name      string    `db:"name"` // of the person; empty for a command
	What      What      `db:"what"`
	Route     string    `db:"route"`
	SubjectID int64     `db:"subject_id"`
}

// Filter narrows the log. Its zero value narrows nothing.
type Filter struct {
	PersonID int64
	Month    ledger.Date // any day of it
}

// span is the time of the month, from until before.
func (f Filter) span() (from, before time.Time) {
	if f.Month.IsZero() {
		return time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	first := ledger.NewDate(f.Month.Year(), f.Month.Month(), 1)
	return first.Midnight(), ledger.NewDate(first.Year(), first.Month()+1, 1).Midnight()
}

// Place is where a page of the log begins: after that row. The zero Place is the newest.
type Place struct {
	At time.Time
	ID int64
}

// Openings returns at most n rows after a place, the newest first. Its two forms are two statements, so that each follows its own index however old
// the log is.
func Openings(ctx context.Context, q sqlx.QueryerContext, organisationID int64, f Filter, after Place, n int) ([]Opened, error) {
	from, before := f.span()
	if after.At.IsZero() {
		after = Place{before, 0}
	}
	const columns = `
		SELECT a.id, a.at, a.who, coalesce(a.person_id, 0) AS person_id, coalesce(p.name, '') AS name, a.what, a.route, a.subject_id
		  FROM access a
		  LEFT JOIN person p ON p.id = a.person_id
		 WHERE a.organisation_id = $1 AND a.at >= $2 AND a.at < $3 AND (a.at, a.id) < ($4, $5)`
	const newest = `
		 ORDER BY a.at DESC, a.id DESC
		 LIMIT $6`
	var opened []Opened
	var err error
	if f.PersonID != 0 {
		err = sqlx.SelectContext(ctx, q, &opened, columns+` AND a.person_id = $7`+newest, organisationID, from, before, after.At, after.ID, n, f.PersonID)
	} else {
		err = sqlx.SelectContext(ctx, q, &opened, columns+newest, organisationID, from, before, after.At, after.ID, n)
	}
	if err != nil {
		return nil, fmt.Errorf("access log: %w", err)
	}
	return opened, nil
}

// People returns who stands in the log, by name. It jumps from person to person and never reads the log itself.
func People(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]ledger.Person, error) {
	var people []ledger.Person
	err := sqlx.SelectContext(ctx, q, &people, `
		WITH RECURSIVE seen AS (
		  SELECT min(a.person_id) AS person_id
		    FROM access a
		   WHERE a.organisation_id = $1
		   UNION ALL
		  SELECT (SELECT min(a.person_id)
		            FROM access a
		           WHERE a.organisation_id = $1 AND a.person_id > s.person_id)
		    FROM seen s
		   WHERE s.person_id IS NOT NULL)
		SELECT p.id, p.name, p.mail, p.created_at
		  FROM seen s
		  JOIN person p ON p.id = s.person_id
		 ORDER BY p.name, p.id`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("access log: %w", err)
	}
	return people, nil
}

// Since returns the instant of the oldest row; zero if there is none.
func Since(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (time.Time, error) {
	var at time.Time
	err := sqlx.GetContext(ctx, q, &at, `SELECT coalesce(min(at), '0001-01-01 00:00:00Z') FROM access WHERE organisation_id = $1`, organisationID)
	if err != nil {
		return at, fmt.Errorf("access log: %w", err)
	}
	return at, nil
}

// Purged says that rows were taken out.
type Purged struct {
	At       time.Time `db:"at"`
	NewestAt time.Time `db:"newest_at"`
	Rows     int64     `db:"rows"`
}

// LastPurged returns what was taken out last; a zero Rows if nothing ever was.
func LastPurged(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Purged, error) {
	var all []Purged
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT at, newest_at, rows
		  FROM access_purge
		 WHERE organisation_id = $1
		 ORDER BY at DESC, id DESC
		 LIMIT 1`, organisationID)
	if err != nil {
		return Purged{}, fmt.Errorf("access log: %w", err)
	}
	if len(all) == 0 {
		return Purged{}, nil
	}
	return all[0], nil
}

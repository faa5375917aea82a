package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Saved is a query that a member keeps for a group.
type Saved struct {
	OrganisationID int64
	ID             int64
	PersonID       int64
	Name           string
	Query          Query
	WorksheetID    int64 // the plan that calls have to suit; 0: none
	SavedAt        time.Time
}

var (
	// ErrNoSearch says that the person keeps no such search for the organisation.
	ErrNoSearch = errors.New("search: no such search")
	// ErrMany says that the person keeps as many searches as anybody may.
	ErrMany = errors.New("search: too many searches")
)

// mostSaved is how many searches a person keeps for an organisation.
const mostSaved = 20

// Save keeps a search and returns its id. found are the calls that meet it now: they are no news. It needs a name and a query that looks for something;
// ledger.Invalid otherwise, ErrMany above twenty.
func Save(ctx context.Context, tx *sqlx.Tx, s Saved, found []catalogue.Opportunity, at time.Time) (int64, error) {
	bad := s.Query.check()
	s.Name = named(s.Name, bad)
	bad.Need(!s.Query.Empty(), "", "search.nothing")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	body, err := json.Marshal(s.Query)
	if err != nil {
		return 0, err
	}
	kept, err := List(ctx, tx, s.OrganisationID, s.PersonID)
	if err != nil {
		return 0, err
	}
	if len(kept) >= mostSaved {
		return 0, ErrMany
	}
	err = tx.GetContext(ctx, &s.ID, `
		INSERT INTO grant_search (organisation_id, person_id, name, query, worksheet_id, saved_at)
		VALUES ($1, $2, $3, $4, nullif($5::bigint, 0), $6)
		RETURNING id`, s.OrganisationID, s.PersonID, s.Name, string(body), s.WorksheetID, at)
	if err != nil {
		return 0, fmt.Errorf("search: %w", ledger.Classify(err))
	}
	for _, o := range found {
		if err = s.write(ctx, tx, News{Opportunity: o}, ledger.Date{}); err != nil {
			return 0, err
		}
	}
	return s.ID, nil
}

// named is a name without the space around it; what is wrong with it goes to bad.
func named(name string, bad ledger.Invalid) string {
	name = strings.TrimSpace(name)
	bad.Need(name != "" && len([]rune(name)) <= 60, "name", "search.name")
	return name
}

// Rename gives a search another name. ErrNoSearch when it is not the person's.
func Rename(ctx context.Context, tx *sqlx.Tx, organisationID, personID, id int64, name string) error {
	bad := ledger.Invalid{}
	if name = named(name, bad); len(bad) > 0 {
		return bad
	}
	return one(id, func() (int64, error) {
		return affected(tx.ExecContext(ctx, `
			UPDATE grant_search
			   SET name = $4
			 WHERE organisation_id = $1 AND person_id = $2 AND id = $3`, organisationID, personID, id, name))
	})
}

// Delete takes a search away, with what it has found. ErrNoSearch when it is not the person's.
func Delete(ctx context.Context, tx *sqlx.Tx, organisationID, personID, id int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM grant_search_found f
		 WHERE f.organisation_id = $1 AND f.search_id = $3
		   AND EXISTS (SELECT FROM grant_search s WHERE s.organisation_id = f.organisation_id AND s.id = f.search_id AND s.person_id = $2)`, organisationID, personID, id)
	if err != nil {
		return fmt.Errorf("search %d: %w", id, err)
	}
	return one(id, func() (int64, error) {
		return affected(tx.ExecContext(ctx, `
			DELETE FROM grant_search
			 WHERE organisation_id = $1 AND person_id = $2 AND id = $3`, organisationID, personID, id))
	})
}

// one says ErrNoSearch when nothing was changed.
func one(id int64, change func() (int64, error)) error {
	n, err := change()
	if err == nil && n == 0 {
		err = ErrNoSearch
	}
	if err != nil {
		return fmt.Errorf("search %d: %w", id, err)
	}
	return nil
}

// List returns the searches a person keeps for an organisation, the oldest first.
func List(ctx context.Context, q sqlx.QueryerContext, organisationID, personID int64) ([]Saved, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT organisation_id, id, person_id, name, query, coalesce(worksheet_id, 0), saved_at
		  FROM grant_search
		 WHERE organisation_id = $1 AND person_id = $2
		 ORDER BY id`, organisationID, personID)
	if err != nil {
		return nil, fmt.Errorf("searches: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []Saved
	for rows.Next() {
		var s Saved
		var body []byte
		if err = rows.Scan(&s.OrganisationID, &s.ID, &s.PersonID, &s.Name, &body, &s.WorksheetID, &s.SavedAt); err != nil {
			return nil, fmt.Errorf("searches: %w", err)
		}
		if err = json.Unmarshal(body, &s.Query); err != nil {
			return nil, fmt.Errorf("search %d: %w", s.ID, err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

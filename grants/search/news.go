package search

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// News is a call that a search has not found in this version before.
type News struct {
	catalogue.Opportunity
	Changed []string    // fields that differ from what was found before, as catalogue.Diff names them; none: the call is new
	FoundOn ledger.Date // the day it was told; zero: not yet
}

// News returns what is new to the search among the calls that meet it, in their order. It changes nothing.
func (s Saved) News(ctx context.Context, q sqlx.QueryerContext, found []catalogue.Opportunity) ([]News, error) {
	known, err := s.known(ctx, q)
	if err != nil {
		return nil, err
	}
	var news []News
	for _, o := range found {
		before, was := known[o.ID]
		if was && before >= o.Version {
			continue
		}
		n := News{Opportunity: o}
		if was {
			if n.Changed, err = changes(ctx, q, o.ID, before); err != nil {
				return nil, err
			}
			if len(n.Changed) == 0 { // looked over, or opened: nothing that it says
				continue
			}
		}
		news = append(news, n)
	}
	return news, nil
}

// known are the newest versions the search has found, by call.
func (s Saved) known(ctx context.Context, q sqlx.QueryerContext) (map[int64]int, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT opportunity_id, max(version)
		  FROM grant_search_found
		 WHERE organisation_id = $1 AND search_id = $2
		 GROUP BY opportunity_id`, s.OrganisationID, s.ID)
	if err != nil {
		return nil, fmt.Errorf("search %d: %w", s.ID, err)
	}
	defer func() { _ = rows.Close() }()
	known := map[int64]int{}
	for rows.Next() {
		var id int64
		var version int
		if err = rows.Scan(&id, &version); err != nil {
			return nil, fmt.Errorf("search %d: %w", s.ID, err)
		}
		known[id] = version
	}
	return known, rows.Err()
}

// changes are the fields of a call that changed after a version.
func changes(ctx context.Context, q sqlx.QueryerContext, opportunityID int64, after int) ([]string, error) {
	var fields []string
	err := sqlx.SelectContext(ctx, q, &fields, `
		SELECT DISTINCT unnest(changed)
		  FROM opportunity_version
		 WHERE opportunity_id = $1 AND version > $2
		 ORDER BY 1`, opportunityID, after)
	if err != nil {
		return nil, fmt.Errorf("opportunity %d: %w", opportunityID, err)
	}
	return fields, nil
}

// Tell writes down that news were told on a day. Telling the same again changes nothing.
func (s Saved) Tell(ctx context.Context, tx *sqlx.Tx, news []News, on ledger.Date) error {
	for _, n := range news {
		if err := s.write(ctx, tx, n, on); err != nil {
			return err
		}
	}
	return nil
}

func (s Saved) write(ctx context.Context, tx *sqlx.Tx, n News, on ledger.Date) error {
	changed := n.Changed
	if changed == nil {
		changed = []string{}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO grant_search_found (organisation_id, search_id, opportunity_id, version, changed, found_on)
		VALUES ($1, $2, $3, $4, $5, $6)
		    ON CONFLICT ON CONSTRAINT grant_search_found_pkey DO NOTHING`, s.OrganisationID, s.ID, n.ID, n.Version, pq.Array(changed), on)
	if err != nil {
		return fmt.Errorf("search %d: %w", s.ID, ledger.Classify(err))
	}
	return nil
}

// Told returns what the search told last, the newest day first, at most so many.
func (s Saved) Told(ctx context.Context, q sqlx.QueryerContext, most int) ([]News, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT opportunity_id, version, changed, found_on
		  FROM grant_search_found
		 WHERE organisation_id = $1 AND search_id = $2 AND found_on IS NOT NULL
		 ORDER BY found_on DESC, opportunity_id
		 LIMIT $3`, s.OrganisationID, s.ID, most)
	if err != nil {
		return nil, fmt.Errorf("search %d: %w", s.ID, err)
	}
	told, err := scanTold(rows)
	if err != nil {
		return nil, fmt.Errorf("search %d: %w", s.ID, err)
	}
	for i, n := range told {
		if told[i].Opportunity, err = catalogue.Find(ctx, q, n.ID); err != nil {
			return nil, err
		}
	}
	return told, nil
}

func scanTold(rows *sqlx.Rows) ([]News, error) {
	defer func() { _ = rows.Close() }()
	var told []News
	for rows.Next() {
		var n News
		if err := rows.Scan(&n.ID, &n.Version, pq.Array(&n.Changed), &n.FoundOn); err != nil {
			return nil, err
		}
		told = append(told, n)
	}
	return told, rows.Err()
}

func affected(done sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, ledger.Classify(err)
	}
	return done.RowsAffected()
}

// Words are the changed fields in the order in which a call lists them.
func (n News) Words(name func(field string) string) []string {
	words := make([]string, 0, len(n.Changed))
	for _, field := range n.Changed {
		if word := name(field); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

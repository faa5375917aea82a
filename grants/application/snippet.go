package application

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Snippet is a text that was written well once, to be used again under its common key.
type Snippet struct {
	ID    int64  `db:"id"`
	Key   string `db:"key"`
	Title string `db:"title"`
	Text  string `db:"text"`
	Used  int    `db:"used"`
}

// KeepSnippet keeps a text for other drafts and returns its id. It needs a key, a title and a text; ledger.Invalid otherwise.
func KeepSnippet(ctx context.Context, tx *sqlx.Tx, organisationID int64, s Snippet, by ledger.Actor, at time.Time) (int64, error) {
	bad := ledger.Invalid{}
	if s.Title = strings.TrimSpace(s.Title); s.Title == "" || len([]rune(s.Title)) > 60 {
		bad["title"] = "snippet.title"
	}
	if strings.TrimSpace(s.Text) == "" || len([]rune(s.Text)) > 4_000 {
		bad["text"] = "snippet.text"
	}
	if s.Key == "" || len(s.Key) > 60 {
		bad["key"] = "snippet.key"
	}
	if len(bad) > 0 {
		return 0, bad
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO snippet (organisation_id, key, title, text, written_at, written_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, organisationID, s.Key, s.Title, s.Text, at, actor)
	if err != nil {
		return 0, fmt.Errorf("snippet: %w", ledger.Classify(err))
	}
	return id, nil
}

// Fitting returns the snippets of a key that fit a limit: the longest that fits first, for it says most. Without a limit all fit.
func Fitting(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string, l *limit.Limit) ([]Snippet, error) {
	var all []Snippet
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT id, key, title, text, used
		  FROM snippet
		 WHERE organisation_id = $1 AND key = $2 AND retired_at IS NULL
		 ORDER BY length(text) DESC, used DESC, id DESC
		 LIMIT 100`, organisationID, key)
	if err != nil {
		return nil, fmt.Errorf("snippets: %w", err)
	}
	fitting := all[:0]
	for _, s := range all {
		if l == nil || l.Count(s.Text).Left >= 0 {
			fitting = append(fitting, s)
		}
	}
	return fitting, nil
}

// UseSnippet counts a use and returns the text.
func UseSnippet(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) (Snippet, error) {
	var s []Snippet
	err := tx.SelectContext(ctx, &s, `
		UPDATE snippet
		   SET used = used + 1, used_at = $3
		 WHERE organisation_id = $1 AND id = $2 AND retired_at IS NULL
		RETURNING id, key, title, text, used`, organisationID, id, at)
	if err != nil {
		return Snippet{}, fmt.Errorf("snippet %d: %w", id, err)
	}
	if len(s) == 0 {
		return Snippet{}, fmt.Errorf("snippet %d: %w", id, ErrNoDraft)
	}
	return s[0], nil
}

// RetireSnippet takes a text out of the library; drafts that used it keep it.
func RetireSnippet(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE snippet
		   SET retired_at = $3
		 WHERE organisation_id = $1 AND id = $2 AND retired_at IS NULL`, organisationID, id, at)
	if err != nil {
		return fmt.Errorf("snippet %d: %w", id, err)
	}
	return nil
}

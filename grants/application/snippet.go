package application

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Snippet is a text that was written well once, to be used again under its common key.
type Snippet struct {
	ID     int64          `db:"id"`
	Key    string         `db:"key"`
	Title  string         `db:"title"`
	Text   string         `db:"text"`
	Tags   pq.StringArray `db:"tags"`
	SaidOn ledger.Date    `db:"said_on"` // the day its facts are of; zero when nobody said
	Used   int            `db:"used"`
	By     string         `db:"by"`
}

// fits says what is wrong with a text to keep. Answers of persons are never kept for others.
func (s *Snippet) fits() error {
	bad := ledger.Invalid{}
	if s.Title = strings.TrimSpace(s.Title); s.Title == "" || len([]rune(s.Title)) > 60 {
		bad["title"] = "snippet.title"
	}
	if strings.TrimSpace(s.Text) == "" || len([]rune(s.Text)) > 4_000 {
		bad["text"] = "snippet.text"
	}
	if k, known := template.CommonKeyOf(s.Key); s.Key == "" || len(s.Key) > 60 || (known && k.Personal) {
		bad["key"] = "snippet.key"
	}
	if len(s.Tags) > 10 || slices.ContainsFunc(s.Tags, func(tag string) bool { return len([]rune(tag)) > 20 }) {
		bad["tags"] = "snippet.tags"
	}
	if s.Tags == nil {
		s.Tags = pq.StringArray{}
	}
	return bad.Err()
}

// KeepSnippet keeps a text for other drafts and returns its id. It needs a key, a title and a text; ledger.Invalid otherwise.
func KeepSnippet(ctx context.Context, tx *sqlx.Tx, organisationID int64, s Snippet, by ledger.Actor, at time.Time) (int64, error) {
	if err := s.fits(); err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO snippet (organisation_id, key, title, text, tags, said_on, written_at, written_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, organisationID, s.Key, s.Title, s.Text, s.Tags, s.SaidOn, at, actor)
	if err != nil {
		return 0, fmt.Errorf("snippet: %w", ledger.Classify(err))
	}
	return id, nil
}

// EditSnippet gives a kept text other words; drafts that used it keep theirs. It needs what KeepSnippet needs; ErrNoDraft when there is none.
func EditSnippet(ctx context.Context, tx *sqlx.Tx, organisationID int64, s Snippet, by ledger.Actor, at time.Time) error {
	if err := s.fits(); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	n, err := count(tx.ExecContext(ctx, `
		UPDATE snippet
		   SET key = $3, title = $4, text = $5, tags = $6, said_on = $7, written_at = $8, written_by = $9
		 WHERE organisation_id = $1 AND id = $2 AND retired_at IS NULL`, organisationID, s.ID, s.Key, s.Title, s.Text, s.Tags, s.SaidOn, at, actor))
	if err == nil && n == 0 {
		err = ErrNoDraft
	}
	if err != nil {
		return fmt.Errorf("snippet %d: %w", s.ID, err)
	}
	return nil
}

const selectSnippet = `
	SELECT s.id, s.key, s.title, s.text, s.tags, s.said_on, s.used, a.name AS by
	  FROM snippet s
	  JOIN actor a ON a.organisation_id = s.organisation_id AND a.id = s.written_by
	 WHERE s.organisation_id = $1 AND s.retired_at IS NULL`

// Snippets returns the organisation's library, by question, the most used first.
func Snippets(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Snippet, error) {
	var all []Snippet
	err := sqlx.SelectContext(ctx, q, &all, selectSnippet+`
	 ORDER BY s.key, s.used DESC, s.id DESC
	 LIMIT 500`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("snippets: %w", err)
	}
	return all, nil
}

// FindSnippet returns a text of the library; ErrNoDraft when there is none.
func FindSnippet(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Snippet, error) {
	var all []Snippet
	err := sqlx.SelectContext(ctx, q, &all, selectSnippet+` AND s.id = $2`, organisationID, id)
	if err == nil && len(all) == 0 {
		err = ErrNoDraft
	}
	if err != nil {
		return Snippet{}, fmt.Errorf("snippet %d: %w", id, err)
	}
	return all[0], nil
}

// Fitting returns the snippets of a key that fit a limit: the longest that fits first, for it says most. Without a limit all fit.
func Fitting(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string, l *limit.Limit) ([]Snippet, error) {
	var all []Snippet
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT id, key, title, text, tags, said_on, used
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
		RETURNING id, key, title, text, tags, said_on, used`, organisationID, id, at)
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

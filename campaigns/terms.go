package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Terms is 贈与契約の文: what a giver agrees to online, in the version he saw.
type Terms struct {
	Version string `db:"version"`
	Text    string `db:"text"`
	Hash    []byte `db:"hash"` // SHA-256 of the text
}

func knownTerms(ctx context.Context, q sqlx.QueryerContext, version string) (bool, error) {
	var known bool
	err := sqlx.GetContext(ctx, q, &known, `SELECT EXISTS (SELECT FROM gift_terms WHERE version = $1)`, version)
	if err != nil {
		return false, fmt.Errorf("gift terms: %w", err)
	}
	return known, nil
}

// CurrentTerms returns the terms new gifts are given under.
func CurrentTerms(ctx context.Context, q sqlx.QueryerContext) (Terms, error) {
	var t Terms
	err := sqlx.GetContext(ctx, q, &t, `SELECT version, text, hash FROM gift_terms ORDER BY version DESC LIMIT 1`)
	if err != nil {
		return t, fmt.Errorf("gift terms: %w", err)
	}
	return t, nil
}

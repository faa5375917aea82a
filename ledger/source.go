package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// freeSource returns the source under which something that stands once can be booked: "opening", or "opening:2" when that
// was reversed, and so on. ErrPostedBefore when it stands. Two at once get the same source, and Post lets one through.
func freeSource(ctx context.Context, q sqlx.QueryerContext, organisationID int64, base string) (string, error) {
	source := base
	for n := 2; ; n++ {
		var gone bool
		err := sqlx.GetContext(ctx, q, &gone, `
			SELECT EXISTS (SELECT FROM transaction r WHERE r.organisation_id = t.organisation_id AND r.reverses = t.id)
			  FROM transaction t
			 WHERE t.organisation_id = $1 AND t.source = $2`, organisationID, source)
		if errors.Is(err, sql.ErrNoRows) {
			return source, nil
		}
		if err != nil {
			return "", fmt.Errorf("post %s: %w", source, err)
		}
		if !gone {
			return "", fmt.Errorf("post %s: %w", source, ErrPostedBefore)
		}
		source = fmt.Sprintf("%s:%d", base, n)
	}
}

package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// EraseEvents empties what the payment service told where one of the texts stands in it, a reference, a mail address, a name: it holds what people
// typed there. The rows stay, so that the same event is not taken in twice; what is still waiting is followed by asking the service anew, as always.
func EraseEvents(ctx context.Context, tx *sqlx.Tx, organisationID int64, texts ...string) error {
	told := make([]string, 0, len(texts))
	for _, text := range texts {
		if text != "" {
			told = append(told, text)
		}
	}
	if len(told) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE stripe_event
		   SET payload = '{}'
		 WHERE organisation_id = $1
		   AND EXISTS (SELECT FROM unnest($2::text[]) AS said (text) WHERE position(said.text IN stripe_event.payload) > 0)`, organisationID, pq.Array(told))
	if err != nil {
		return fmt.Errorf("events of erased gifts: %w", err)
	}
	return nil
}

package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Tally is what givers were asked about and what they said: as many, and as many yen. What nobody could be asked about is kept.
type Tally struct {
	Asked    int        `db:"asked"`
	Answered int        `db:"answered"`
	Keep     int        `db:"keep"` // silence counts as it was said to
	Move     int        `db:"move"`
	Return   int        `db:"return"`
	Unspent  ledger.Yen `db:"unspent"`  // of the touched uses
	Kept     ledger.Yen `db:"kept"`     // stays, with what nobody could be asked about
	Moved    ledger.Yen `db:"moved"`    // to another use or the general fund
	Returned ledger.Yen `db:"returned"` // goes back
}

// CountAnswers counts the answers to a change as they are now.
func CountAnswers(ctx context.Context, q sqlx.QueryerContext, c Change) (Tally, error) {
	var t Tally
	err := sqlx.GetContext(ctx, q, &t, `
		SELECT count(*)::int AS asked,
		       count(*) FILTER (WHERE told <> '')::int AS answered,
		       count(*) FILTER (WHERE choice = 'keep')::int AS keep,
		       count(*) FILTER (WHERE choice = 'move')::int AS move,
		       count(*) FILTER (WHERE choice = 'return')::int AS return,
		       coalesce(sum(amount) FILTER (WHERE choice = 'move'), 0)::bigint AS moved,
		       coalesce(sum(amount) FILTER (WHERE choice = 'return'), 0)::bigint AS returned
		  FROM change_ask
		 WHERE organisation_id = $1 AND change_id = $2`, c.OrganisationID, c.ID)
	if err != nil {
		return t, fmt.Errorf("answers to change %d: %w", c.ID, err)
	}
	t.Unspent = c.Unspent
	t.Kept = t.Unspent - t.Moved - t.Returned
	return t, nil
}

// Telling reports whether the answers may be told apart in public: no group of them is so small that a neighbour could be guessed.
func (t Tally) Telling() bool {
	for _, n := range []int{t.Keep, t.Move, t.Return} {
		if Few(n) {
			return false
		}
	}
	return t.Asked > 0
}

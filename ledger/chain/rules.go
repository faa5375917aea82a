package chain

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// closing is the act of closing every day up to one.
type closing struct {
	UntilOn  ledger.Date `db:"until_on"`
	ClosedAt time.Time   `db:"closed_at"`
}

func closingsOf(ctx context.Context, tx *sqlx.Tx, organisationID int64) ([]closing, error) {
	var all []closing
	err := tx.SelectContext(ctx, &all, `
		SELECT until_on, closed_at
		  FROM period
		 WHERE organisation_id = $1`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("periods: %w", err)
	}
	return all, nil
}

// tolerated is how far the clocks of two machines may be apart: a posting that had begun before a closing may say a later instant.
const tolerated = time.Minute

// transfers is the account of money moving between funds.
const transfers = 3200

// faults are the rules of the book that a transaction breaks by itself.
func (p *posted) faults(closings []closing) []string {
	var found []string
	if int64(len(p.Entries)) != p.EntryCount {
		found = append(found, fmt.Sprintf("has %d entries of %d", len(p.Entries), p.EntryCount))
	}
	var between ledger.Yen
	funds := make(map[int64]ledger.Yen, 2)
	for i := range p.Entries {
		e := &p.Entries[i]
		funds[e.FundID] += e.Amount
		if e.Account == transfers {
			between += e.Amount
		}
		if e.Number != int64(i+1) || e.BookedOn != p.BookedOn {
			found = append(found, fmt.Sprintf("has an entry %d on %s in place %d on %s", e.Number, e.BookedOn, i+1, p.BookedOn))
		}
	}
	for fund, sum := range funds {
		if sum != 0 {
			found = append(found, fmt.Sprintf("does not sum to zero in fund %d", fund))
		}
	}
	if between != 0 {
		found = append(found, "moves money between funds that does not arrive")
	}
	for _, c := range closings {
		if !c.UntilOn.Before(p.BookedOn) && p.PostedAt.After(c.ClosedAt.Add(tolerated)) {
			found = append(found, fmt.Sprintf("was posted into the days closed until %s", c.UntilOn))
			break
		}
	}
	return found
}

package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// OpenBook books the opening balances of an organisation: what lies where on the first day and what is owed, all in the
// general fund except the parts given for other funds. ErrPostedBefore when that was done; a mistake is reversed, and then
// the book is opened anew.
func OpenBook(ctx context.Context, tx *sqlx.Tx, organisationID int64, on Date, places []Entry, by Actor, at time.Time) (int64, error) {
	source, err := freeSource(ctx, tx, organisationID, "opening")
	if err != nil {
		return 0, err
	}
	perFund := map[int64]Yen{}
	var order []int64
	for _, p := range places {
		if _, seen := perFund[p.FundID]; !seen {
			order = append(order, p.FundID)
		}
		sum, err := perFund[p.FundID].Add(p.Amount)
		if err != nil {
			return 0, fmt.Errorf("opening of organisation %d: %w", organisationID, err)
		}
		perFund[p.FundID] = sum
	}
	entries := append([]Entry{}, places...)
	for _, fund := range order {
		if perFund[fund] != 0 {
			entries = append(entries, Entry{Account: Opening, FundID: fund, Amount: -perFund[fund]})
		}
	}
	return Post(ctx, tx, Transaction{
		OrganisationID: organisationID, Kind: OpeningBalance, Source: source, On: on, By: by, At: at, Entries: entries,
	})
}

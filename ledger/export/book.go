package export

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Transaction is a transaction with its entries and every name that stands in it. Zero and empty mean none.
type Transaction struct {
	ID        int64       `json:"id"`
	Sequence  int64       `json:"sequence"` // in the log; 0 while not sealed
	Kind      string      `json:"kind"`
	Source    string      `json:"source"`
	BookedOn  ledger.Date `json:"booked_on"`
	BelongsOn ledger.Date `json:"belongs_on"`
	PostedAt  time.Time   `json:"posted_at"`
	By        string      `json:"by"`
	Memo      string      `json:"memo"`
	Reason    string      `json:"reason"`
	Reverses  int64       `json:"reverses"`
	Entries   []Entry     `json:"entries"`
}

// Entry is one line of it.
type Entry struct {
	Number       int          `json:"number"`
	Account      int          `json:"account"`
	AccountName  string       `json:"account_name"`
	Class        ledger.Class `json:"class"`
	FundID       int64        `json:"fund_id"`
	Fund         string       `json:"fund"`
	Segment      string       `json:"segment"`
	InitiativeID int64        `json:"initiative_id"`
	Initiative   string       `json:"initiative"`
	UseID        int64        `json:"use_id"`
	Use          string       `json:"use"`
	Counterparty string       `json:"counterparty"`
	Amount       ledger.Yen   `json:"amount"` // debit +
}

//go:embed query/lines.sql
var linesSQL string

// Book reads the book of an organisation, transaction by transaction. It ends at the first error.
func Book(ctx context.Context, q sqlx.QueryerContext, organisationID int64) iter.Seq2[Transaction, error] {
	return func(yield func(Transaction, error) bool) {
		rows, err := q.QueryContext(ctx, linesSQL, organisationID)
		if err != nil {
			yield(Transaction{}, fmt.Errorf("export: %w", err))
			return
		}
		defer rows.Close()
		var open Transaction
		for rows.Next() {
			var t Transaction
			var e Entry
			if err = rows.Scan(&t.ID, &t.Sequence, &t.Kind, &t.Source, &t.BookedOn, &t.BelongsOn, &t.PostedAt, &t.By, &t.Memo, &t.Reason, &t.Reverses,
				&e.Number, &e.Account, &e.AccountName, &e.Class, &e.FundID, &e.Fund, &e.Segment, &e.InitiativeID, &e.Initiative, &e.UseID, &e.Use,
				&e.Counterparty, &e.Amount); err != nil {
				yield(Transaction{}, fmt.Errorf("export: %w", err))
				return
			}
			if t.ID != open.ID {
				if open.ID != 0 && !yield(open, nil) {
					return
				}
				t.PostedAt = t.PostedAt.In(ledger.Tokyo)
				open = t
			}
			open.Entries = append(open.Entries, e)
		}
		if err = rows.Err(); err != nil {
			yield(Transaction{}, fmt.Errorf("export: %w", err))
			return
		}
		if open.ID != 0 {
			yield(open, nil)
		}
	}
}

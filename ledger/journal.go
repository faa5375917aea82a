package ledger

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// JournalLine is one transaction as the journal shows it.
type JournalLine struct {
	ID        int64           `db:"id"`
	Kind      TransactionKind `db:"kind"`
	BookedOn  Date            `db:"booked_on"`
	BelongsOn Date            `db:"belongs_on"`
	PostedAt  time.Time       `db:"posted_at"`
	By        string          `db:"by_name"`
	Memo      string          `db:"memo"`
	Payee     string          `db:"payee"`
	Reason    string          `db:"reason"`
	Reverses  int64           `db:"reverses"`
	Reversed  bool            `db:"reversed"`
	ExpenseID int64           `db:"expense_id"`
	Donation  int64           `db:"donation_id"`
	Unchecked bool            `db:"unchecked"`
	In        Yen             `db:"money_in"`  // into places of the group, over all funds
	Out       Yen             `db:"money_out"` // out of them; a movement has both, a transfer between funds neither
	Entries   []JournalEntry  `db:"-"`
}

// JournalEntry is one line of a transaction with the names it carries.
type JournalEntry struct {
	TransactionID int64  `db:"transaction_id"`
	Account       int    `db:"account"`
	AccountName   string `db:"account_name"`
	Plain         string `db:"plain"`
	Fund          string `db:"fund"`
	Initiative    string `db:"initiative"`
	Use           string `db:"use"`
	Segment       string `db:"segment"`
	Amount        Yen    `db:"amount"`
}

//go:embed query/journal.sql
var journalSQL string

//go:embed query/journal_entries.sql
var journalEntriesSQL string

// Journal returns up to limit transactions that fit the filter, the newest first, after a place. A page without a filter costs
// the same however old the book is; one with a rare filter may look at the whole book of the organisation.
func Journal(ctx context.Context, q sqlx.QueryerContext, organisationID int64, f JournalFilter, after JournalPlace, limit int) ([]JournalLine, error) {
	query, args := f.query(organisationID, after, limit)
	var lines []JournalLine
	if err := sqlx.SelectContext(ctx, q, &lines, query, args...); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return lines, journalEntries(ctx, q, organisationID, lines)
}

// FindJournalLine returns one transaction as the journal shows it, or ErrNotFound.
func FindJournalLine(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (JournalLine, error) {
	var on Date
	var at time.Time
	err := q.QueryRowxContext(ctx, `
		SELECT booked_on, posted_at
		  FROM transaction
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id).Scan(&on, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return JournalLine{}, ErrNotFound
	}
	if err != nil {
		return JournalLine{}, fmt.Errorf("transaction %d: %w", id, err)
	}
	justAbove := JournalPlace{On: on, At: at, ID: id + 1}
	lines, err := Journal(ctx, q, organisationID, JournalFilter{}, justAbove, 1)
	if err != nil {
		return JournalLine{}, err
	}
	if len(lines) == 0 || lines[0].ID != id {
		return JournalLine{}, ErrNotFound
	}
	return lines[0], nil
}

func journalEntries(ctx context.Context, q sqlx.QueryerContext, organisationID int64, lines []JournalLine) error {
	if len(lines) == 0 {
		return nil
	}
	ids := make([]int64, len(lines))
	at := make(map[int64]int, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
		at[l.ID] = i
	}
	var entries []JournalEntry
	if err := sqlx.SelectContext(ctx, q, &entries, journalEntriesSQL, organisationID, pq.Array(ids)); err != nil {
		return fmt.Errorf("journal entries: %w", err)
	}
	for _, e := range entries {
		line := &lines[at[e.TransactionID]]
		line.Entries = append(line.Entries, e)
	}
	return nil
}

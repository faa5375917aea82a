package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Transaction is 取引: a set of entries posted together. It is never changed; it can be reversed once.
type Transaction struct {
	OrganisationID int64
	Kind           TransactionKind
	Source         string    // what it books, unique in the organisation: "stripe:txn_…", "expense:12"
	On             Date      // the true day of the event
	By             Actor     //
	At             time.Time // the instant of posting
	Memo           string    // private, may be empty
	Reverses       int64     // 0 unless Kind is Reversal
	Reason         string    // needed by a reversal
	DonationID     int64     // 0 where no donation is concerned
	RefundID       int64     // 0 where no refund is concerned
	Entries        []Entry   // two at least
}

// Entry is 仕訳明細: one line of a transaction. Zero ids mean none.
type Entry struct {
	Account        int
	FundID         int64
	Segment        Segment // needed by expense accounts
	InitiativeID   int64   // needed by the program segment
	UseID          int64   // of the entry's own fund
	CounterpartyID int64
	Amount         Yen // debit +, credit −
}

// Segment splits expenses as Japanese statements do.
type Segment string

// Program is 事業費, Administration 管理費.
const (
	Program        Segment = "program"
	Administration Segment = "admin"
)

// TransactionKind says what happened.
type TransactionKind string

// The kinds of transaction.
const (
	OpeningBalance TransactionKind = "opening"
	GiftReceived   TransactionKind = "donation"
	GiftRefunded   TransactionKind = "refund"
	RefundFailed   TransactionKind = "refund_failure"
	Dispute        TransactionKind = "dispute"
	Payout         TransactionKind = "payout"
	PlaceMovement  TransactionKind = "movement"
	ExpensePaid    TransactionKind = "expense"
	Repayment      TransactionKind = "repayment"
	OtherIncome    TransactionKind = "income"
	BetweenFunds   TransactionKind = "transfer"
	GiftInKind     TransactionKind = "in_kind"
	Grant          TransactionKind = "grant"
	Cost           TransactionKind = "cost"
	NotClear       TransactionKind = "unclear"
	Reversal       TransactionKind = "reversal"
)

// postSQL asks the one function by which the program posts.
const postSQL = `SELECT post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`

// Post writes a transaction and its entries, and lets it wait to be sealed, in one statement of the caller's database transaction
// and returns its id. It is booked on its day, or on the first open day when that period is closed.
//
// ErrPostedBefore means that the source is booked already and nothing was written; the caller's transaction goes on.
// Every other error has spoilt the caller's transaction; Classify's sentinels say which rule refused it.
func Post(ctx context.Context, tx *sqlx.Tx, t Transaction) (int64, error) {
	arguments := postArguments(t)
	for range 2 {
		var id sql.NullInt64
		if err := tx.QueryRowxContext(ctx, postSQL, arguments...).Scan(&id); err != nil {
			return 0, fmt.Errorf("post %s: %w", t.Source, Classify(err))
		}
		if id.Valid {
			return id.Int64, nil
		}
		// Nothing was written: the actor is new here, or the source is not.
		known, err := posted(ctx, tx, t.OrganisationID, t.Source)
		if err != nil {
			return 0, err
		}
		if known {
			return 0, fmt.Errorf("post %s: %w", t.Source, ErrPostedBefore)
		}
		if _, err = ActorID(ctx, tx, t.OrganisationID, t.By); err != nil {
			return 0, err
		}
	}
	known, err := posted(ctx, tx, t.OrganisationID, t.Source) // booked by another between our two looks
	switch {
	case err != nil:
		return 0, err
	case known:
		return 0, fmt.Errorf("post %s: %w", t.Source, ErrPostedBefore)
	}
	return 0, fmt.Errorf("post %s: organisation %d has no log: %w", t.Source, t.OrganisationID, ErrNoSuchRow)
}

func postArguments(t Transaction) []any {
	n := len(t.Entries)
	accounts, funds, initiatives := make([]int64, n), make([]int64, n), make([]int64, n)
	uses, counterparties, amounts := make([]int64, n), make([]int64, n), make([]int64, n)
	segments := make([]string, n)
	for i, e := range t.Entries {
		accounts[i], funds[i], initiatives[i] = int64(e.Account), e.FundID, e.InitiativeID
		uses[i], counterparties[i], amounts[i] = e.UseID, e.CounterpartyID, int64(e.Amount)
		segments[i] = string(e.Segment)
	}
	return []any{
		t.OrganisationID, t.Kind, t.Source, t.On, n, t.By.key(), t.At, t.Reverses, t.Reason, t.DonationID, t.RefundID,
		pq.Array(accounts), pq.Array(funds), pq.Array(named(segments)), pq.Array(named(initiatives)), pq.Array(named(uses)),
		pq.Array(named(counterparties)), pq.Array(amounts), t.Memo,
	}
}

// named is what entries name, or nothing where none names any: reading an array costs more than filling up with NULL.
func named[T comparable](of []T) []T {
	var none T
	if slices.ContainsFunc(of, func(x T) bool { return x != none }) {
		return of
	}
	return []T{}
}

func posted(ctx context.Context, q sqlx.QueryerContext, organisationID int64, source string) (bool, error) {
	var known bool
	err := sqlx.GetContext(ctx, q, &known, `
		SELECT EXISTS (SELECT FROM transaction WHERE organisation_id = $1 AND source = $2)`, organisationID, source)
	if err != nil {
		return false, fmt.Errorf("post %s: %w", source, err)
	}
	return known, nil
}

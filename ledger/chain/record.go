package chain

import (
	"database/sql"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// transactionKind is the kind of record that a posted transaction leaves; see ledger.RecordKind for the others.
const transactionKind = "transaction"

// record is everything the log holds of one act: every column of its rows, NULL kept apart from zero.
type record struct {
	ID        int64
	Kind      string
	SubjectID int64
	Content   string
	At        time.Time // whole microseconds, UTC
	Unwritten bool      // a transaction's that waits: the sealer writes its row
	Posted    *posted   // of a transaction, else nil
}

// posted is a transaction with all that hangs on it.
type posted struct {
	Kind       string
	Source     string
	BookedOn   ledger.Date
	BelongsOn  ledger.Date
	EntryCount int64
	Actor      actor
	PostedAt   time.Time
	Reverses   sql.NullInt64
	Reason     string
	DonationID sql.NullInt64
	RefundID   sql.NullInt64
	Memo       sql.NullString
	Entries    []entry
	Papers     []paper // those there were when it was sealed
}

// actor is who did it, with the name at that time.
type actor struct {
	ID        int64
	Kind      string
	SubjectID int64
	Name      string
}

// entry is one line, with the name of the counterparty.
type entry struct {
	Number         int64
	Account        int64
	FundID         int64
	Segment        sql.NullString
	InitiativeID   sql.NullInt64
	UseID          sql.NullInt64
	CounterpartyID sql.NullInt64
	Counterparty   sql.NullString
	Amount         ledger.Yen
	BookedOn       ledger.Date
}

// paper is a piece of evidence, by the hash of its bytes.
type paper struct {
	ID       int64
	FileHash string // 32 bytes
}

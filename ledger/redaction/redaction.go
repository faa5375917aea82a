package redaction

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FileKind is how the store calls copies.
const FileKind = "redacted"

// MaxBoxes is how many places of one picture can be painted over.
const MaxBoxes = 50

// Status is where a copy stands.
type Status string

// The statuses. An approved copy is public.
const (
	Prepared  Status = "prepared"
	Approved  Status = "approved"
	Refused   Status = "refused"
	Withdrawn Status = "withdrawn"
)

// Redaction is a copy of a paper.
type Redaction struct {
	OrganisationID int64     `db:"organisation_id"`
	ID             int64     `db:"id"`
	EvidenceID     int64     `db:"evidence_id"`
	ExpenseID      int64     `db:"expense_id"` // of the paper; 0 where it is of another transaction
	What           string    `db:"what"`       // the expense, in the group's words: private
	Status         Status    `db:"status"`
	Boxes          int       `db:"boxes"`     // how many places were painted over
	FileHash       []byte    `db:"file_hash"` // SHA-256
	Size           int64     `db:"size"`      // bytes
	PreparedBy     string    `db:"prepared_by"`
	PreparedPerson int64     `db:"prepared_person_id"`
	PreparedAt     time.Time `db:"prepared_at"`
	DecidedBy      string    `db:"decided_by"`
	DecidedAt      time.Time `db:"decided_at"` // zero while nobody has
	WithdrawnBy    string    `db:"withdrawn_by"`
	WithdrawnAt    time.Time `db:"withdrawn_at"` // zero unless it was
	Reason         string    `db:"reason"`       // of the refusal or of withdrawing
}

// Stands reports whether the picture is still there to be looked at.
func (r Redaction) Stands() bool { return r.Status == Prepared || r.Status == Approved }

const selectRedaction = `
	SELECT x.organisation_id, x.id, x.evidence_id, coalesce(v.expense_id, 0) AS expense_id, coalesce(e.what, '') AS what, x.status, x.boxes, x.file_hash, x.size,
	       p.name AS prepared_by, x.prepared_person_id, x.prepared_at,
	       coalesce(d.name, '') AS decided_by, coalesce(x.decided_at, '0001-01-01 00:00:00Z') AS decided_at,
	       coalesce(w.name, '') AS withdrawn_by, coalesce(x.withdrawn_at, '0001-01-01 00:00:00Z') AS withdrawn_at, x.reason
	  FROM redaction x
	  JOIN evidence v ON v.organisation_id = x.organisation_id AND v.id = x.evidence_id
	  LEFT JOIN expense e ON e.organisation_id = v.organisation_id AND e.id = v.expense_id
	  JOIN actor p ON p.organisation_id = x.organisation_id AND p.id = x.prepared_by
	  LEFT JOIN actor d ON d.organisation_id = x.organisation_id AND d.id = x.decided_by
	  LEFT JOIN actor w ON w.organisation_id = x.organisation_id AND w.id = x.withdrawn_by
	 WHERE x.organisation_id = $1`

// Find returns a copy, or ledger.ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Redaction, error) {
	var r Redaction
	err := sqlx.GetContext(ctx, q, &r, selectRedaction+` AND x.id = $2`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ledger.ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("redaction %d: %w", id, err)
	}
	return r, nil
}

// OfExpense returns the copies of an expense's papers, the oldest first.
func OfExpense(ctx context.Context, q sqlx.QueryerContext, organisationID, expenseID int64) ([]Redaction, error) {
	return list(ctx, q, selectRedaction+` AND v.expense_id = $2
	 ORDER BY x.prepared_at, x.id`, organisationID, expenseID)
}

// Waiting returns the copies that somebody else has to look at, the oldest first, at most a hundred.
func Waiting(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Redaction, error) {
	return list(ctx, q, selectRedaction+` AND x.status = 'prepared'
	 ORDER BY x.prepared_at, x.id
	 LIMIT 100`, organisationID)
}

func list(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Redaction, error) {
	var all []Redaction
	if err := sqlx.SelectContext(ctx, q, &all, query, args...); err != nil {
		return nil, fmt.Errorf("redactions: %w", err)
	}
	return all, nil
}

// Shown is a public copy beside the record of its paper. Nothing of it is personal.
type Shown struct {
	Record   int64  `db:"record"` // in the log
	FileHash []byte `db:"file_hash"`
}

// Public returns the public copies of papers that are booked in a fund, by record.
func Public(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64) ([]Shown, error) {
	var all []Shown
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT coalesce(r.id, b.transaction_id) AS record, x.file_hash
		  FROM redaction x
		  JOIN evidence v ON v.organisation_id = x.organisation_id AND v.id = x.evidence_id AND v.erased_at IS NULL
		  LEFT JOIN expense e ON e.organisation_id = v.organisation_id AND e.id = v.expense_id
		 CROSS JOIN LATERAL (SELECT coalesce(v.transaction_id, e.transaction_id) AS transaction_id) AS b
		  LEFT JOIN log_record r ON r.organisation_id = x.organisation_id AND r.kind = 'transaction' AND r.subject_id = b.transaction_id
		 WHERE x.organisation_id = $1 AND x.status = 'approved'
		   AND EXISTS (SELECT FROM entry t WHERE t.organisation_id = x.organisation_id AND t.transaction_id = b.transaction_id AND t.fund_id = $2)
		 ORDER BY record, x.prepared_at, x.id`, organisationID, fundID)
	if err != nil {
		return nil, fmt.Errorf("public copies of fund %d: %w", fundID, err)
	}
	return all, nil
}

// IsPublic reports whether the bytes with a hash are those of a public copy.
func IsPublic(ctx context.Context, q sqlx.QueryerContext, organisationID int64, hash []byte) (bool, error) {
	var is bool
	err := sqlx.GetContext(ctx, q, &is, `
		SELECT EXISTS (
		       SELECT FROM redaction x
		         JOIN evidence v ON v.organisation_id = x.organisation_id AND v.id = x.evidence_id AND v.erased_at IS NULL
		        WHERE x.organisation_id = $1 AND x.file_hash = $2 AND x.status = 'approved')`, organisationID, hash)
	if err != nil {
		return false, fmt.Errorf("redaction: %w", err)
	}
	return is, nil
}

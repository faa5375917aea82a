package redaction

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MaxReason is the most characters of a reason.
const MaxReason = 500

// Prepare keeps a painted copy of a paper for another person to look at, and returns its id. ledger.ErrNotFound if there is no such paper, or it is erased;
// ledger.ErrNoPerson when it is not a person, for then nobody could be another; Invalid for too many boxes.
func Prepare(ctx context.Context, tx *sqlx.Tx, r Redaction, by ledger.Actor, at time.Time) (int64, error) {
	if by.Kind != ledger.KindPerson {
		return 0, fmt.Errorf("redaction: %w", ledger.ErrNoPerson)
	}
	if r.Boxes > MaxBoxes {
		return 0, ledger.Invalid{"boxes": "redaction.too_many"}
	}
	v, err := ledger.FindEvidence(ctx, tx, r.OrganisationID, r.EvidenceID)
	if err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, r.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &r.ID, `
		INSERT INTO redaction (organisation_id, evidence_id, status, boxes, file_hash, size, prepared_by, prepared_person_id, prepared_at)
		VALUES ($1, $2, 'prepared', $3, $4, $5, $6, $7, $8)
		RETURNING id`, r.OrganisationID, r.EvidenceID, r.Boxes, r.FileHash, r.Size, actor, by.SubjectID, at)
	if err != nil {
		return 0, fmt.Errorf("redaction: %w", ledger.Classify(err))
	}
	return r.ID, note(ctx, tx, v, Prepared, by, at, "")
}

// Approve makes a copy public. ledger.ErrSamePerson for whoever prepared it, ledger.ErrDecided if it does not wait any more, ledger.ErrNotFound if there is none.
func Approve(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) error {
	return decide(ctx, tx, organisationID, id, Approved, by, at, "")
}

// Refuse keeps a copy from becoming public, for a reason: Invalid without one. Errors as Approve.
func Refuse(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) error {
	reason, err := fitReason(reason)
	if err != nil {
		return err
	}
	return decide(ctx, tx, organisationID, id, Refused, by, at, reason)
}

func decide(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, to Status, by ledger.Actor, at time.Time, reason string) error {
	if by.Kind != ledger.KindPerson {
		return fmt.Errorf("redaction %d: %w", id, ledger.ErrNoPerson)
	}
	r, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	if r.PreparedPerson == by.SubjectID {
		return fmt.Errorf("redaction %d: %w", id, ledger.ErrSamePerson)
	}
	err = step(ctx, tx, r, to, by, at, reason, `
		UPDATE redaction
		   SET status = $4, decided_by = $3, decided_person_id = $7, decided_at = $5, reason = $6
		 WHERE organisation_id = $1 AND id = $2 AND status = 'prepared'`, by.SubjectID)
	if err != nil || to != Refused {
		return err
	}
	return ledger.DropFile(ctx, tx, organisationID, FileKind, r.FileHash, at)
}

// Withdraw takes a copy back, public or not: its bytes go, its hash and the reason stay. Invalid without a reason; ledger.ErrDecided if it was refused or
// withdrawn before, ledger.ErrNotFound if there is none.
func Withdraw(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) error {
	reason, err := fitReason(reason)
	if err != nil {
		return err
	}
	r, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	return withdraw(ctx, tx, r, reason, by, at)
}

func withdraw(ctx context.Context, tx *sqlx.Tx, r Redaction, reason string, by ledger.Actor, at time.Time) error {
	err := step(ctx, tx, r, Withdrawn, by, at, reason, `
		UPDATE redaction
		   SET status = $4, withdrawn_by = $3, withdrawn_at = $5, reason = $6
		 WHERE organisation_id = $1 AND id = $2 AND status IN ('prepared', 'approved')`)
	if err != nil {
		return err
	}
	return ledger.DropFile(ctx, tx, r.OrganisationID, FileKind, r.FileHash, at)
}

// Erase takes back all copies of papers whose own bytes go.
func Erase(ctx context.Context, tx *sqlx.Tx, organisationID int64, evidenceIDs []int64, by ledger.Actor, at time.Time) error {
	for _, evidence := range evidenceIDs {
		copies, err := list(ctx, tx, selectRedaction+` AND x.evidence_id = $2 AND x.status IN ('prepared', 'approved')`, organisationID, evidence)
		if err != nil {
			return err
		}
		for _, r := range copies {
			if err = withdraw(ctx, tx, r, "もとの書類を消したため", by, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// step carries out a change, whose WHERE is its guard, and notes it. The statement takes organisation, id, actor, status, instant and reason, and what more
// is given.
func step(ctx context.Context, tx *sqlx.Tx, r Redaction, to Status, by ledger.Actor, at time.Time, reason, statement string, more ...any) error {
	actor, err := ledger.ActorID(ctx, tx, r.OrganisationID, by)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, statement, append([]any{r.OrganisationID, r.ID, actor, to, at, reason}, more...)...)
	if err != nil {
		return fmt.Errorf("redaction %d: %w", r.ID, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("redaction %d: %w", r.ID, ledger.ErrDecided), err)
	}
	return note(ctx, tx, ledger.Evidence{OrganisationID: r.OrganisationID, ID: r.EvidenceID, ExpenseID: r.ExpenseID}, to, by, at, reason)
}

// note keeps a step in the history of the expense, or of the paper where it is of none.
func note(ctx context.Context, tx *sqlx.Tx, v ledger.Evidence, to Status, by ledger.Actor, at time.Time, reason string) error {
	subject, id := "expense", v.ExpenseID
	if id == 0 {
		subject, id = "evidence", v.ID
	}
	return ledger.Note(ctx, tx, v.OrganisationID, subject, id, "copy_"+string(to), by, at, reason)
}

func fitReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	bad := ledger.Invalid{}
	bad.Need(reason != "", "reason", "redaction.reason_missing")
	bad.Need(utf8.RuneCountInString(reason) <= MaxReason, "reason", "field.too_long")
	return reason, bad.Err()
}

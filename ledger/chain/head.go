package chain

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ErrNoLog says that an organisation has no log, which every organisation has from its founding.
var ErrNoLog = errors.New("chain: no such log")

// ErrNotSealed says that a record has no number yet.
var ErrNotSealed = errors.New("chain: not sealed yet")

// Head is the end of an organisation's log: how many records are sealed, and the chain over all of them.
type Head struct {
	Sequence int64
	Hash     Hash
}

// FindHead returns the head of an organisation's log, or ErrNoLog.
func FindHead(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Head, error) {
	var h Head
	err := scanHead(q.QueryRowxContext(ctx, `
		SELECT sequence, hash
		  FROM log_heads
		 WHERE organisation_id = $1`, organisationID), organisationID, &h)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoLog
	}
	if err != nil {
		return h, fmt.Errorf("log of organisation %d: %w", organisationID, err)
	}
	return h, nil
}

func scanHead(row *sqlx.Row, organisationID int64, h *Head) error {
	var hash []byte
	if err := row.Scan(&h.Sequence, &hash); err != nil {
		return err
	}
	return h.fill(organisationID, hash)
}

// fill takes the hash as it is kept: an empty one before the first record.
func (h *Head) fill(organisationID int64, hash []byte) error {
	h.Hash = beginning(organisationID)
	if h.Sequence == 0 && len(hash) == 0 {
		return nil
	}
	if len(hash) != len(h.Hash) {
		return fmt.Errorf("the head of the log has a hash of %d bytes", len(hash))
	}
	copy(h.Hash[:], hash)
	return nil
}

// Sealed is a record's place in the log: what anyone may see of it besides its public part.
type Sealed struct {
	Sequence int64
	Private  Hash // digest of the private part
	Hash     Hash
}

// FindSealed returns where in the log the record of a subject stands ("transaction", 12), or ErrNotSealed.
func FindSealed(ctx context.Context, q sqlx.QueryerContext, organisationID int64, kind string, subjectID int64) (Sealed, error) {
	var s Sealed
	var private, hash []byte
	err := q.QueryRowxContext(ctx, `
		SELECT s.sequence, s.private, s.hash
		  FROM log_record r
		  JOIN seal s ON s.organisation_id = r.organisation_id AND s.record_id = r.id
		 WHERE r.organisation_id = $1 AND r.kind = $2 AND r.subject_id = $3`, organisationID, kind, subjectID).Scan(&s.Sequence, &private, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotSealed
	}
	if err != nil {
		return s, fmt.Errorf("%s %d: %w", kind, subjectID, err)
	}
	copy(s.Private[:], private)
	copy(s.Hash[:], hash)
	return s, nil
}

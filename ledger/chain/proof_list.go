package chain

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Signed is a checkpoint with the instant it was signed.
type Signed struct {
	Checkpoint
	At time.Time
}

// Checkpoints returns what was signed of an organisation's log, the newest first, at most limit.
func Checkpoints(ctx context.Context, q sqlx.QueryerContext, organisationID int64, limit int) ([]Signed, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT size, root, note, signed_at
		  FROM checkpoint
		 WHERE organisation_id = $1
		 ORDER BY size DESC
		 LIMIT $2`, organisationID, limit)
	if err != nil {
		return nil, fmt.Errorf("checkpoints of organisation %d: %w", organisationID, err)
	}
	var all []Signed
	err = each(rows.Rows, func() error {
		s, err := scanSigned(rows)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("checkpoints of organisation %d: %w", organisationID, err)
	}
	return all, nil
}

// FindCheckpoint returns what was signed when the log was so long, or ErrNoCheckpoint: nothing was signed just then.
func FindCheckpoint(ctx context.Context, q sqlx.QueryerContext, organisationID, size int64) (Signed, error) {
	s, err := scanSigned(q.QueryRowxContext(ctx, `
		SELECT size, root, note, signed_at
		  FROM checkpoint
		 WHERE organisation_id = $1 AND size = $2`, organisationID, size))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCheckpoint
	}
	if err != nil {
		return s, fmt.Errorf("checkpoint %d of organisation %d: %w", size, organisationID, err)
	}
	return s, nil
}

func scanSigned(row interface{ Scan(...any) error }) (s Signed, err error) {
	var root []byte
	if err = row.Scan(&s.Size, &root, &s.Note, &s.At); err != nil {
		return s, err
	}
	copy(s.Root[:], root)
	_, err = fmt.Sscanln(s.Note, &s.Origin)
	return s, err
}

// Hashes returns the hashes of an organisation's records from one sequence on, at most limit: what anyone needs to grow the tree himself.
func Hashes(ctx context.Context, q sqlx.QueryerContext, organisationID, from int64, limit int) ([]Hash, error) {
	var raw [][]byte
	err := sqlx.SelectContext(ctx, q, &raw, `
		SELECT hash
		  FROM seal
		 WHERE organisation_id = $1 AND sequence >= $2
		 ORDER BY sequence
		 LIMIT $3`, organisationID, from, limit)
	if err != nil {
		return nil, fmt.Errorf("hashes of organisation %d: %w", organisationID, err)
	}
	hashes := make([]Hash, len(raw))
	for i, h := range raw {
		copy(hashes[i][:], h)
	}
	return hashes, nil
}

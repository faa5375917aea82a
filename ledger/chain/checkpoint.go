package chain

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrNoCheckpoint says that nothing of a log was signed yet.
var ErrNoCheckpoint = errors.New("chain: no checkpoint yet")

// Keep takes a signed note away from the database. It may be called with the same note again.
type Keep func(ctx context.Context, organisationID int64, note []byte) error

// Sign signs the log of an organisation as it is now, has the note kept, and returns the checkpoint. It reads only what was sealed
// since the last one. ErrNoCheckpoint for an empty log; where nothing is new the last one is returned and nothing is kept.
func Sign(ctx context.Context, db *sqlx.DB, organisationID int64, origin string, key ed25519.PrivateKey, at time.Time, keep Keep) (Checkpoint, error) {
	wrapped := func(err error) error { return fmt.Errorf("checkpoint of organisation %d: %w", organisationID, err) }
	c, grown, err := draw(ctx, db, organisationID, origin, key)
	if err != nil {
		return Checkpoint{}, wrapped(err)
	}
	if grown == nil {
		return c, nil
	}
	if err = keep(ctx, organisationID, []byte(c.Note)); err != nil {
		return Checkpoint{}, wrapped(err)
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO checkpoint (organisation_id, size, root, tree, note, signed_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		    ON CONFLICT ON CONSTRAINT checkpoint_pkey DO NOTHING`, organisationID, c.Size, c.Root[:], grown.encode(), c.Note, at)
	if err != nil {
		return Checkpoint{}, wrapped(err)
	}
	return c, nil
}

// Draw signs the log of an organisation as q sees it and keeps nothing: for a copy of the whole database, which carries a checkpoint of its
// own end. origin is what the last checkpoint named, or, before the first, the one given. ErrNoCheckpoint for an empty log.
func Draw(ctx context.Context, q sqlx.QueryerContext, organisationID int64, origin string, key ed25519.PrivateKey) (Checkpoint, error) {
	last, _, err := latest(ctx, q, organisationID)
	if err == nil {
		origin = last.Origin
	} else if !errors.Is(err, ErrNoCheckpoint) {
		return Checkpoint{}, fmt.Errorf("checkpoint of organisation %d: %w", organisationID, err)
	}
	c, _, err := draw(ctx, q, organisationID, origin, key)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of organisation %d: %w", organisationID, err)
	}
	c.Note = c.sign(key) // the last one may be of an older key
	return c, nil
}

// draw signs what is sealed, reading only what came since the last checkpoint. Where nothing came it returns that one, and no tree.
func draw(ctx context.Context, q sqlx.QueryerContext, organisationID int64, origin string, key ed25519.PrivateKey) (Checkpoint, *tree, error) {
	last, grown, err := latest(ctx, q, organisationID)
	if err != nil && !errors.Is(err, ErrNoCheckpoint) {
		return Checkpoint{}, nil, err
	}
	head, err := FindHead(ctx, q, organisationID)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	if head.Sequence == 0 {
		return Checkpoint{}, nil, ErrNoCheckpoint
	}
	if head.Sequence == last.Size && last.Origin == origin {
		return last, nil, nil
	}
	if err = eachHash(ctx, q, organisationID, grown.size, head.Sequence, grown.add); err != nil {
		return Checkpoint{}, nil, err
	}
	c := Checkpoint{Origin: origin, Size: grown.size, Root: grown.root()}
	c.Note = c.sign(key)
	return c, &grown, nil
}

// LatestCheckpoint returns what was last signed of an organisation's log, or ErrNoCheckpoint.
func LatestCheckpoint(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Checkpoint, error) {
	c, _, err := latest(ctx, q, organisationID)
	if err != nil {
		return c, fmt.Errorf("checkpoint of organisation %d: %w", organisationID, err)
	}
	return c, nil
}

func latest(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (c Checkpoint, grown tree, err error) {
	var root, subtrees []byte
	err = q.QueryRowxContext(ctx, `
		SELECT size, root, tree, note
		  FROM checkpoint
		 WHERE organisation_id = $1
		 ORDER BY size DESC
		 LIMIT 1`, organisationID).Scan(&c.Size, &root, &subtrees, &c.Note)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCheckpoint
	}
	if err != nil {
		return c, grown, err
	}
	copy(c.Root[:], root)
	if _, err = fmt.Sscanln(c.Note, &c.Origin); err != nil {
		return c, grown, ErrNote
	}
	grown, err = decodeTree(c.Size, subtrees)
	return c, grown, err
}

package chain

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrNotCovered says that no checkpoint has been signed for a record yet.
var ErrNotCovered = errors.New("chain: no checkpoint covers it yet")

// furthest is how many records a proof reads to lead to the newest checkpoint; where that is further away, a proof leads to the first
// one that covers its records. Reading them takes about a tenth of a second.
const furthest = 50_000

// Subject names a record by what it is of: "receipt", 12.
type Subject struct {
	Kind ledger.RecordKind
	ID   int64
}

// Prove proves that the records of subjects of an organisation stand in its log, and opens their private parts unless those were closed:
// who may read them is asked before. printed is what a paper said of the log, 0 and a zero root for none. ErrNotSealed and ErrNotCovered ask for
// patience: sealing takes a second, a checkpoint ten minutes.
//
// tx only reads; REPEATABLE READ keeps it from a sealer at work. What it costs depends on what was recorded since, not on how old the log is.
func Prove(ctx context.Context, tx *sqlx.Tx, organisationID int64, key ed25519.PublicKey, printed Printed, subjects ...Subject) (Proof, error) {
	p := Proof{Format: ProofFormat}
	fail := func(err error) (Proof, error) {
		return p, fmt.Errorf("proof of organisation %d: %w", organisationID, err)
	}
	records, err := findRecords(ctx, tx, organisationID, subjects)
	if err != nil {
		return fail(err)
	}
	first, last := records[0].Sequence, records[0].Sequence
	for _, r := range records {
		first, last = min(first, r.Sequence), max(last, r.Sequence)
	}
	c, err := covering(ctx, tx, organisationID, last)
	if err != nil {
		return fail(err)
	}
	known, err := wasSigned(ctx, tx, organisationID, printed)
	if err != nil {
		return fail(err)
	}
	if known {
		first = min(first, printed.Size+1)
	}
	kept, err := keptBefore(ctx, tx, organisationID, first)
	if err != nil {
		return fail(err)
	}
	s := newStretch(kept)
	if err = eachHash(ctx, tx, organisationID, kept.size, c.Size, s.add); err != nil {
		return fail(err)
	}
	for i := range records {
		records[i].Path = s.inclusion(records[i].Sequence - 1)
	}
	p.Key, p.Checkpoint, p.Records = VerifierKey(c.Origin, key), c.Note, records
	if known {
		printed.Path = s.consistency(printed.Size)
		p.Printed = &printed
	}
	if _, err = p.Check(key); err != nil { // a log that was changed gives no proof
		return fail(err)
	}
	return p, nil
}

// covering is the checkpoint a proof leads to: the newest, or the first that covers the record where the newest is too far away.
func covering(ctx context.Context, q sqlx.QueryerContext, organisationID, sequence int64) (c Checkpoint, err error) {
	for _, query := range []string{`
		SELECT size, root, note
		  FROM checkpoint
		 WHERE organisation_id = $1 AND size >= $2 AND size <= $2 + $3::bigint
		 ORDER BY size DESC
		 LIMIT 1`, `
		SELECT size, root, note
		  FROM checkpoint
		 WHERE organisation_id = $1 AND size > $2 + $3::bigint
		 ORDER BY size
		 LIMIT 1`,
	} {
		var root []byte
		err = q.QueryRowxContext(ctx, query, organisationID, sequence, furthest).Scan(&c.Size, &root, &c.Note)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return c, err
		}
		copy(c.Root[:], root)
		_, err = fmt.Sscanln(c.Note, &c.Origin)
		return c, err
	}
	return c, ErrNotCovered
}

// wasSigned reports whether what a paper printed was a checkpoint of this log.
func wasSigned(ctx context.Context, q sqlx.QueryerContext, organisationID int64, printed Printed) (known bool, err error) {
	err = sqlx.GetContext(ctx, q, &known, `
		SELECT EXISTS (SELECT FROM checkpoint WHERE organisation_id = $1 AND size = $2 AND root = $3)`, organisationID, printed.Size, printed.Root[:])
	return known, err
}

// keptBefore is the latest tree that was kept before a record.
func keptBefore(ctx context.Context, q sqlx.QueryerContext, organisationID, sequence int64) (tree, error) {
	var size int64
	var subtrees []byte
	err := q.QueryRowxContext(ctx, `
		SELECT size, tree
		  FROM checkpoint
		 WHERE organisation_id = $1 AND size < $2
		 ORDER BY size DESC
		 LIMIT 1`, organisationID, sequence).Scan(&size, &subtrees)
	if errors.Is(err, sql.ErrNoRows) {
		return tree{}, nil
	}
	if err != nil {
		return tree{}, err
	}
	return decodeTree(size, subtrees)
}

// findRecords returns the records of subjects as they stand in the log, in the order of the subjects.
func findRecords(ctx context.Context, tx *sqlx.Tx, organisationID int64, subjects []Subject) ([]ProvenRecord, error) {
	records := make([]ProvenRecord, 0, len(subjects))
	for _, subject := range subjects {
		r, err := findRecord(ctx, tx, organisationID, subject)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", subject.Kind, subject.ID, err)
		}
		records = append(records, r)
	}
	if len(records) == 0 {
		return nil, ErrNotSealed
	}
	return records, nil
}

func findRecord(ctx context.Context, tx *sqlx.Tx, organisationID int64, subject Subject) (ProvenRecord, error) {
	var r ProvenRecord
	var id int64
	var private, hash, salt []byte
	var papers pq.Int64Array
	err := tx.QueryRowxContext(ctx, `
		SELECT s.sequence, s.record_id, s.private, s.hash, x.salt, x.evidence
		  FROM log_record r
		  JOIN seal s ON s.organisation_id = r.organisation_id AND s.record_id = r.id
		  LEFT JOIN salt x ON x.organisation_id = r.organisation_id AND x.record_id = r.id
		 WHERE r.organisation_id = $1 AND r.kind = $2 AND r.subject_id = $3`, organisationID, subject.Kind, subject.ID).
		Scan(&r.Sequence, &id, &private, &hash, &salt, &papers)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotSealed
	}
	if err != nil {
		return r, err
	}
	copy(r.Digest[:], private)
	copy(r.Hash[:], hash)
	found, err := load(ctx, tx.QueryContext, recordsSQL, organisationID, []int64{id}, true)
	if err != nil {
		return r, err
	}
	x := found[id]
	x.asSealed(papers)
	r.Public = x.public().Encode()
	if salt != nil {
		r.Salt, r.Private = salt, encodePrivate(*x)
	}
	return r, nil
}

// atATime is how many seals are read together where hashes alone are wanted.
const atATime = 10_000

// eachHash tells add the sealed hashes from one size of the log to another.
func eachHash(ctx context.Context, q sqlx.QueryerContext, organisationID, from, to int64, add func(Hash)) error {
	for from < to {
		var hashes [][]byte
		upTo := min(to, from+atATime)
		err := sqlx.SelectContext(ctx, q, &hashes, `
			SELECT hash
			  FROM seal
			 WHERE organisation_id = $1 AND sequence > $2 AND sequence <= $3
			 ORDER BY sequence`, organisationID, from, upTo)
		if err != nil {
			return err
		}
		if int64(len(hashes)) != upTo-from {
			return fmt.Errorf("the log has a gap after %d", from)
		}
		for _, h := range hashes {
			add(Hash(h))
		}
		from = upTo
	}
	return nil
}

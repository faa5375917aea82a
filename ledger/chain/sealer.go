package chain

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// usualBatch is how many records one transaction seals: some hundredths of a second of work.
const usualBatch = 1000

// longest is how long a sealing transaction may take before it is given up.
const longest = 5 * time.Second

// Sealer seals what was recorded. Any number may work at the same time, in any number of processes: each organisation is sealed by one of them
// at a time, and the others pass it by.
type Sealer struct {
	DB    *sqlx.DB
	Batch int // records in one transaction; 0 is a thousand
}

// SealAll seals every organisation that has something unsealed, and returns how many records it sealed. An organisation that
// cannot be sealed does not hold up the others; the first such error is returned.
func (s *Sealer) SealAll(ctx context.Context) (int, error) {
	var organisations []int64
	if err := s.DB.SelectContext(ctx, &organisations, `SELECT DISTINCT organisation_id FROM unsealed`); err != nil {
		return 0, fmt.Errorf("unsealed: %w", err)
	}
	sealed := 0
	var first error
	for _, id := range organisations {
		n, err := s.Seal(ctx, id)
		sealed += n
		if err != nil && first == nil {
			first = err
		}
	}
	return sealed, first
}

// Seal seals what an organisation has unsealed now, batch by batch, and returns how many records those were. It returns early
// where another sealer is at work.
func (s *Sealer) Seal(ctx context.Context, organisationID int64) (int, error) {
	batch := s.Batch
	if batch <= 0 {
		batch = usualBatch
	}
	for sealed := 0; ; {
		n, err := s.once(ctx, organisationID, batch)
		sealed += n
		if err != nil {
			return sealed, fmt.Errorf("seal organisation %d: %w", organisationID, err)
		}
		if n < batch {
			return sealed, nil
		}
	}
}

func (s *Sealer) once(ctx context.Context, organisationID int64, batch int) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	err = ledger.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		n = 0
		before, mine, err := takeHead(ctx, tx, organisationID)
		if err != nil || !mine {
			return err
		}
		var ids []int64
		// The order of the queue only says which come into this batch; what is numbered when is said below.
		if err = tx.SelectContext(ctx, &ids, `
			SELECT record_id
			  FROM unsealed
			 WHERE organisation_id = $1
			 ORDER BY record_id
			 LIMIT $2`, organisationID, batch); err != nil || len(ids) == 0 {
			return err
		}
		found, err := load(ctx, tx, organisationID, ids, true)
		if err != nil {
			return err
		}
		if len(found) != len(ids) {
			return fmt.Errorf("%d of %d queued records exist", len(found), len(ids))
		}
		if err = write(ctx, tx, organisationID, before, inOrder(found)); err != nil {
			return err
		}
		n = len(ids)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// takeHead locks the head of the log; mine is false when another sealer holds it.
func takeHead(ctx context.Context, tx *sqlx.Tx, organisationID int64) (h Head, mine bool, err error) {
	err = scanHead(tx.QueryRowxContext(ctx, `
		SELECT sequence, hash
		  FROM log_heads
		 WHERE organisation_id = $1
		   FOR UPDATE SKIP LOCKED`, organisationID), organisationID, &h)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil, err
}

// inOrder sorts a batch as it is numbered: by the instant recorded, and by id where that is the same.
func inOrder(found map[int64]*record) []*record {
	batch := make([]*record, 0, len(found))
	for _, x := range found {
		batch = append(batch, x)
	}
	slices.SortFunc(batch, func(a, b *record) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return int(min(max(a.ID-b.ID, -1), 1))
	})
	return batch
}

//go:embed query/seal.sql
var sealSQL string

// write numbers the batch from the head on, hashes it and keeps everything in one statement.
func write(ctx context.Context, tx *sqlx.Tx, organisationID int64, head Head, batch []*record) error {
	n := len(batch)
	ids, papers := make([]int64, n), make([]string, n)
	private, hashes, links, salts := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	random := make([]byte, n*saltBytes)
	rand.Read(random)
	var sums rollup
	last := head.Hash
	for i, x := range batch {
		salt := random[i*saltBytes : (i+1)*saltBytes : (i+1)*saltBytes]
		digest := PrivateDigest(salt, encodePrivate(*x))
		hash := RecordHash(x.public().Encode(), digest)
		last = Link(last, hash)
		ids[i], papers[i], salts[i] = x.ID, x.paperIDs(), salt
		private[i], hashes[i], links[i] = digest[:], hash[:], slices.Clone(last[:])
		sums.add(x)
	}
	arguments := []any{
		organisationID, pq.Array(ids), head.Sequence, pq.Array(private), pq.Array(hashes), pq.Array(links),
		pq.Array(salts), pq.Array(papers), last[:],
	}
	var taken int
	if err := tx.GetContext(ctx, &taken, sealSQL, append(arguments, sums.columns()...)...); err != nil {
		return err
	}
	if taken != n {
		return fmt.Errorf("%d of %d queued records were still there", taken, n)
	}
	return nil
}

// paperIDs lists the papers as an array of PostgreSQL; empty for none.
func (x *record) paperIDs() string {
	if x.Posted == nil || len(x.Posted.Papers) == 0 {
		return ""
	}
	var b strings.Builder
	for i, p := range x.Posted.Papers {
		fmt.Fprintf(&b, "%c%d", "{,"[min(i, 1)], p.ID)
	}
	return b.String() + "}"
}

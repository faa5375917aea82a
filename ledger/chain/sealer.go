package chain

import (
	"context"
	"crypto/rand"
	_ "embed"
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
// at a time, and the others pass it by. Small batches cost little else than planning where connections do not remember statements.
type Sealer struct {
	DB       *sqlx.DB
	Batch    int // records in one transaction; 0 is a thousand
	Patience int // calls of SealAll that a short queue may wait while much is posted; 0 is none
	Abreast  int // organisations that SealAll seals at a time, each on a connection of its own; 0 is one

	waits waits
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
		ask := tx.QueryContext
		before, mine, err := takeHead(ctx, ask, organisationID)
		if err != nil || !mine {
			return err
		}
		ids, err := queued(ctx, ask, organisationID, batch)
		if err != nil || len(ids) == 0 {
			return err
		}
		found, err := load(ctx, ask, waitingSQL, organisationID, ids, true)
		if err != nil {
			return err
		}
		if len(found) != len(ids) {
			return fmt.Errorf("%d of %d queued records exist", len(found), len(ids))
		}
		for id, x := range found {
			if x.Unwritten && x.Posted == nil {
				return fmt.Errorf("record %d waits and does not exist", id)
			}
		}
		if err = write(ctx, ask, organisationID, before, inOrder(found)); err != nil {
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

// takeHead locks the head of the log; mine is false when another sealer holds it. A plan that was made while the book was
// empty is kept with its statement, so plans that read whole tables are left out for this transaction.
func takeHead(ctx context.Context, ask asker, organisationID int64) (h Head, mine bool, err error) {
	rows, err := ask(ctx, `
		SELECT sequence, hash, set_config('enable_seqscan', 'off', true) || set_config('enable_hashjoin', 'off', true)
		  FROM log_heads
		 WHERE organisation_id = $1
		   FOR UPDATE SKIP LOCKED`, organisationID)
	if err != nil {
		return h, false, err
	}
	err = each(rows, func() error {
		var hash []byte
		var off string
		if err := rows.Scan(&h.Sequence, &hash, &off); err != nil {
			return err
		}
		mine = true
		return h.fill(organisationID, hash)
	})
	return h, mine, err
}

// queued returns what comes into the next batch. The order of the queue says nothing else; what is numbered when is said by inOrder.
func queued(ctx context.Context, ask asker, organisationID int64, batch int) ([]int64, error) {
	rows, err := ask(ctx, `
		SELECT record_id
		  FROM unsealed
		 WHERE organisation_id = $1
		 ORDER BY record_id
		 LIMIT $2`, organisationID, batch)
	if err != nil {
		return nil, err
	}
	var ids []int64
	err = each(rows, func() error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
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
func write(ctx context.Context, ask asker, organisationID int64, head Head, batch []*record) error {
	n := len(batch)
	ids, papers := make([]int64, n), make([]string, n)
	private, hashes, links, salts := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	random := make([]byte, n*saltBytes)
	rand.Read(random)
	var sums rollup
	last := head.Hash
	var unwritten []int64
	for i, x := range batch {
		if x.Unwritten {
			unwritten = append(unwritten, x.ID)
		}
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
		pq.Array(salts), pq.Array(papers), last[:], pq.Array(unwritten),
	}
	taken := 0
	rows, err := ask(ctx, sealSQL, append(arguments, sums.columns()...)...)
	if err != nil {
		return err
	}
	if err = each(rows, func() error { return rows.Scan(&taken) }); err != nil {
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

package chain

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// sealed is a row of the log with what opens it.
type sealed struct {
	sequence, recordID   int64
	private, hash, chain Hash
	salt                 []byte // nil when the private part was closed
	papers               pq.Int64Array
}

// batch is a stretch of the log, or the error that ended it.
type batch struct {
	seals   []sealed
	records map[int64]*record
	err     error
}

// streamed is how many records are read together.
const streamed = 4000

// stream reads the log in order. While one batch is looked at, the next is read; tx must not be used meanwhile.
func stream(ctx context.Context, tx *sqlx.Tx, organisationID int64) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		ctx, cancel := context.WithCancel(ctx)
		batches := make(chan batch)
		go func() {
			defer close(batches)
			for after := int64(0); ; {
				b := readBatch(ctx, tx, organisationID, after)
				if b.err == nil && len(b.seals) == 0 {
					return
				}
				select {
				case batches <- b:
				case <-ctx.Done():
					return
				}
				if b.err != nil {
					return
				}
				after = b.seals[len(b.seals)-1].sequence
			}
		}()
		defer func() { // tx is the caller's again only when the reader has ended
			cancel()
			for range batches {
			}
		}()
		for b := range batches {
			if !yield(b) {
				return
			}
		}
	}
}

// byKeys makes the server look up every row of a batch by its key, or lets it choose again. It believes otherwise that reading a
// whole table once is cheaper than four thousand look-ups, which is true of one batch and ruinous for all of them.
func byKeys(ctx context.Context, tx *sqlx.Tx, always bool) error {
	choose := "on"
	if always {
		choose = "off"
	}
	_, err := tx.ExecContext(ctx, `
		SELECT set_config(name, $1, true)
		  FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS name`, choose)
	return err
}

func readBatch(ctx context.Context, tx *sqlx.Tx, organisationID, after int64) batch {
	rows, err := tx.QueryContext(ctx, `
		SELECT s.sequence, s.record_id, s.private, s.hash, s.chain, x.salt, x.evidence
		  FROM (SELECT sequence, record_id, private, hash, chain
		          FROM seal
		         WHERE organisation_id = $1 AND sequence > $2
		         ORDER BY sequence
		         LIMIT $3) AS s
		  LEFT JOIN salt x ON x.organisation_id = $1 AND x.record_id = s.record_id
		 ORDER BY s.sequence`, organisationID, after, streamed)
	if err != nil {
		return batch{err: fmt.Errorf("seals: %w", err)}
	}
	b := batch{seals: make([]sealed, 0, streamed)}
	ids, papers := make([]int64, 0, streamed), false
	b.err = each(rows, func() error {
		var s sealed
		var private, hash, chain sql.RawBytes
		if err := rows.Scan(&s.sequence, &s.recordID, &private, &hash, &chain, &s.salt, &s.papers); err != nil {
			return err
		}
		copy(s.private[:], private)
		copy(s.hash[:], hash)
		copy(s.chain[:], chain)
		b.seals, ids = append(b.seals, s), append(ids, s.recordID)
		papers = papers || len(s.papers) > 0
		return nil
	})
	if b.err == nil && len(ids) > 0 {
		b.records, b.err = load(ctx, tx.QueryContext, recordsSQL, organisationID, ids, papers)
	}
	return b
}

// asSealed leaves out papers that were added later, and reports whether all that were sealed are there.
func (x *record) asSealed(papers []int64) bool {
	if x.Posted == nil {
		return len(papers) == 0
	}
	var kept []paper
	for _, p := range x.Posted.Papers {
		if slices.Contains(papers, p.ID) {
			kept = append(kept, p)
		}
	}
	x.Posted.Papers = kept
	return len(kept) == len(papers)
}

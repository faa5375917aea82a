package chain

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// examiner walks along the log and recomputes it.
type examiner struct {
	organisationID int64
	head           Head // as kept
	closings       []closing
	checkpoints    []Checkpoint // still ahead, by size
	finding        Finding
	grown          tree
	sums           rollup
	broken         bool // a gap makes roots beyond it meaningless
}

func begin(ctx context.Context, tx *sqlx.Tx, organisationID int64, x Examination) (*examiner, error) {
	head, err := FindHead(ctx, tx, organisationID)
	if err != nil {
		return nil, err
	}
	e := &examiner{organisationID: organisationID, head: head, finding: Finding{Head: Head{Hash: beginning(organisationID)}}}
	if e.closings, err = closingsOf(ctx, tx, organisationID); err != nil {
		return nil, err
	}
	kept, err := keptCheckpoints(ctx, tx, organisationID)
	if err != nil {
		return nil, err
	}
	e.checkpoints = append(kept, x.Checkpoints...)
	slices.SortFunc(e.checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return e, nil
}

func (e *examiner) fault(sequence, recordID int64, format string, args ...any) {
	if len(e.finding.Faults) < mostFaults {
		e.finding.Faults = append(e.finding.Faults, Fault{Sequence: sequence, RecordID: recordID, What: fmt.Sprintf(format, args...)})
	}
}

// look examines the next row of the log; x is nil when its record is gone.
func (e *examiner) look(s *sealed, x *record) {
	if next := e.finding.Head.Sequence + 1; s.sequence != next {
		e.fault(next, 0, "is missing; the log goes on with %d", s.sequence)
		e.broken = true
	}
	e.finding.Records++
	if Link(e.finding.Head.Hash, s.hash) != s.chain {
		e.fault(s.sequence, s.recordID, "the chain does not lead here from the record before")
	}
	e.finding.Head = Head{Sequence: s.sequence, Hash: s.chain} // so that what follows is judged by itself
	e.grown.add(s.hash)
	e.meet()
	switch {
	case x == nil:
		e.fault(s.sequence, s.recordID, "the record is gone")
		return
	case (x.Kind == transactionKind) != (x.Posted != nil):
		e.fault(s.sequence, s.recordID, "its transaction is gone")
		return
	}
	if !x.asSealed(s.papers) {
		e.fault(s.sequence, s.recordID, "a paper is gone")
	}
	if RecordHash(x.public().Encode(), s.private) != s.hash {
		e.fault(s.sequence, s.recordID, "the public part or its hash is not what was sealed")
	}
	if s.salt == nil {
		e.finding.Closed++
	} else if PrivateDigest(s.salt, encodePrivate(*x)) != s.private {
		e.fault(s.sequence, s.recordID, "a column, the salt or the digest is not what was sealed")
	}
	if x.Posted != nil {
		for _, what := range x.Posted.faults(e.closings) {
			e.fault(s.sequence, s.recordID, "transaction %d %s", x.SubjectID, what)
		}
		e.sums.add(x)
	}
}

// meet compares the tree with the checkpoints of this size.
func (e *examiner) meet() {
	for len(e.checkpoints) > 0 && e.checkpoints[0].Size <= e.grown.size {
		c := e.checkpoints[0]
		e.checkpoints = e.checkpoints[1:]
		if c.Size == e.grown.size && !e.broken && e.grown.root() != c.Root {
			e.fault(c.Size, 0, "what stands up to here is not what the checkpoint of %d records was signed for", c.Size)
		}
	}
}

func keptCheckpoints(ctx context.Context, tx *sqlx.Tx, organisationID int64) ([]Checkpoint, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT size, root
		  FROM checkpoint
		 WHERE organisation_id = $1`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("checkpoints: %w", err)
	}
	var all []Checkpoint
	err = each(rows, func() error {
		var c Checkpoint
		var root []byte
		if err := rows.Scan(&c.Size, &root); err != nil {
			return err
		}
		copy(c.Root[:], root)
		all = append(all, c)
		return nil
	})
	return all, err
}

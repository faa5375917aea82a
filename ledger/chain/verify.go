package chain

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Fault is something that does not fit, by the first place in the log that shows it.
type Fault struct {
	Sequence int64 // 0 where it concerns no single record
	RecordID int64 // likewise
	What     string
}

// String names the fault for an operator.
func (f Fault) String() string {
	switch {
	case f.Sequence != 0 && f.RecordID != 0:
		return fmt.Sprintf("sequence %d, record %d: %s", f.Sequence, f.RecordID, f.What)
	case f.Sequence != 0:
		return fmt.Sprintf("sequence %d: %s", f.Sequence, f.What)
	case f.RecordID != 0:
		return fmt.Sprintf("record %d: %s", f.RecordID, f.What)
	}
	return f.What
}

// mostFaults is how many faults are told of one log.
const mostFaults = 100

// Examination says what else Verify is to look at, and whom to tell how far it is.
type Examination struct {
	Checkpoints []Checkpoint          // whose signatures the caller has checked
	Progress    func(done, all int64) // called after each batch; may be nil
}

// Finding is what Verify saw.
type Finding struct {
	Records  int64 // sealed and looked at
	Closed   int64 // of these, how many have a private part that was closed for good: their public part was checked
	Unsealed int64 // waiting for a number
	Head     Head  // as recomputed
	Root     Hash  // of the tree over all records
	Faults   []Fault
}

// Verify recomputes the log of an organisation from its rows, whatever the database let through: numbers without gaps, both parts of
// every record against its hash, the chain against the head, the tree against every checkpoint, each transaction's own rules,
// and the roll-up against the entries. It reads the log once in order and holds no more than a batch and the roll-up.
//
// tx must be REPEATABLE READ or stricter while sealers are at work; Verify only reads. Faults are in the Finding; an error means
// that it could not look.
func Verify(ctx context.Context, tx *sqlx.Tx, organisationID int64, x Examination) (Finding, error) {
	e, err := begin(ctx, tx, organisationID, x)
	if err != nil {
		return Finding{}, fmt.Errorf("verify organisation %d: %w", organisationID, err)
	}
	if err = byKeys(ctx, tx, true); err != nil {
		return Finding{}, fmt.Errorf("verify organisation %d: %w", organisationID, err)
	}
	for batch := range stream(ctx, tx, organisationID) {
		if batch.err != nil {
			return e.finding, fmt.Errorf("verify organisation %d: %w", organisationID, batch.err)
		}
		for i := range batch.seals {
			e.look(&batch.seals[i], batch.records[batch.seals[i].recordID])
		}
		if x.Progress != nil {
			x.Progress(e.finding.Records, max(e.head.Sequence, e.finding.Records))
		}
	}
	if err = byKeys(ctx, tx, false); err == nil {
		err = e.end(ctx, tx)
	}
	if err != nil {
		return e.finding, fmt.Errorf("verify organisation %d: %w", organisationID, err)
	}
	return e.finding, nil
}

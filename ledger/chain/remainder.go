package chain

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// end looks at what only shows when the whole log was read: its end, what is not in it, and the roll-up.
func (e *examiner) end(ctx context.Context, tx *sqlx.Tx) error {
	f := &e.finding
	f.Root = e.grown.root()
	switch {
	case f.Head.Sequence < e.head.Sequence:
		e.fault(f.Head.Sequence+1, 0, "is missing with everything after; the log went on to %d", e.head.Sequence)
	case f.Head != e.head:
		e.fault(f.Head.Sequence, 0, "is not where the head of the log says that it ends (%d, %s)", e.head.Sequence, e.head.Hash.Fingerprint())
	}
	for _, c := range e.checkpoints {
		if c.Size > f.Head.Sequence {
			e.fault(f.Head.Sequence+1, 0, "is missing: a checkpoint was signed for %d records", c.Size)
			break
		}
	}
	if err := e.compareRollup(ctx, tx); err != nil {
		return err
	}
	if err := e.outside(ctx, tx); err != nil {
		return err
	}
	if err := e.unrecorded(ctx, tx); err != nil {
		return err
	}
	err := tx.GetContext(ctx, &f.Unsealed, `SELECT count(*) FROM unsealed WHERE organisation_id = $1`, e.organisationID)
	if err != nil {
		return fmt.Errorf("unsealed: %w", err)
	}
	return nil
}

// outside finds records and transactions that neither have a number nor wait for one, and those that have one and wait.
func (e *examiner) outside(ctx context.Context, tx *sqlx.Tx) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT r.id, 'is neither sealed nor waiting to be' AS what
		  FROM log_record r
		 WHERE r.organisation_id = $1
		   AND NOT EXISTS (SELECT FROM seal s WHERE s.organisation_id = r.organisation_id AND s.record_id = r.id)
		   AND NOT EXISTS (SELECT FROM unsealed u WHERE u.organisation_id = r.organisation_id AND u.record_id = r.id)
		UNION ALL
		SELECT t.id, 'is a transaction and neither sealed nor waiting to be'
		  FROM transaction t
		 WHERE t.organisation_id = $1
		   AND NOT EXISTS (SELECT FROM log_record r WHERE r.organisation_id = t.organisation_id AND r.kind = 'transaction' AND r.subject_id = t.id)
		   AND NOT EXISTS (SELECT FROM unsealed u WHERE u.organisation_id = t.organisation_id AND u.record_id = t.id)
		UNION ALL
		SELECT u.record_id, 'waits to be sealed and is sealed'
		  FROM unsealed u
		  JOIN seal s ON s.organisation_id = u.organisation_id AND s.record_id = u.record_id
		 WHERE u.organisation_id = $1
		UNION ALL
		SELECT w.id, 'waits to be sealed and does not exist'
		  FROM waiting w
		 WHERE w.organisation_id = $1 AND w.recorded_at IS NULL
		   AND NOT EXISTS (SELECT FROM transaction t WHERE t.organisation_id = w.organisation_id AND t.id = w.subject_id)
		UNION ALL
		SELECT x.record_id, 'has a salt and is not sealed'
		  FROM salt x
		 WHERE x.organisation_id = $1
		   AND NOT EXISTS (SELECT FROM seal s WHERE s.organisation_id = x.organisation_id AND s.record_id = x.record_id)
		 LIMIT 100`, e.organisationID)
	if err != nil {
		return fmt.Errorf("records outside the log: %w", err)
	}
	err = each(rows, func() error {
		var id int64
		var what string
		if err := rows.Scan(&id, &what); err != nil {
			return err
		}
		e.fault(0, id, "%s", what)
		return nil
	})
	if err != nil {
		return fmt.Errorf("records outside the log: %w", err)
	}
	return nil
}

// unrecorded finds private parts that were closed without a record of it.
func (e *examiner) unrecorded(ctx context.Context, tx *sqlx.Tx) error {
	if e.finding.Closed == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT s.sequence, s.record_id
		  FROM seal s
		 WHERE s.organisation_id = $1
		   AND NOT EXISTS (SELECT FROM salt x WHERE x.organisation_id = s.organisation_id AND x.record_id = s.record_id)
		   AND NOT EXISTS (SELECT FROM log_record r WHERE r.organisation_id = s.organisation_id AND r.kind = $2 AND r.subject_id = s.record_id)
		 ORDER BY s.sequence
		 LIMIT 100`, e.organisationID, ErasureRecord)
	if err != nil {
		return fmt.Errorf("closed records: %w", err)
	}
	err = each(rows, func() error {
		var sequence, id int64
		if err := rows.Scan(&sequence, &id); err != nil {
			return err
		}
		e.fault(sequence, id, "the salt is gone and no erasure was recorded")
		return nil
	})
	if err != nil {
		return fmt.Errorf("closed records: %w", err)
	}
	return nil
}

// compareRollup takes every row of the roll-up out of what the entries came to; nothing may be left on either side.
func (e *examiner) compareRollup(ctx context.Context, tx *sqlx.Tx) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT fund_id, account, use_id, initiative_id, segment, month, amount, entries
		  FROM rollup
		 WHERE organisation_id = $1`, e.organisationID)
	if err != nil {
		return fmt.Errorf("roll-up: %w", err)
	}
	err = each(rows, func() error {
		var k rollupKey
		var has rollupSum
		if err := rows.Scan(&k.FundID, &k.Account, &k.UseID, &k.InitiativeID, &k.Segment, &k.Month, &has.Amount, &has.Entries); err != nil {
			return err
		}
		if want := e.sums.sums[k]; has != want {
			e.fault(0, 0, "roll-up %s says %s in %d entries; the entries are %s in %d", k, ledger.Yen(has.Amount), has.Entries, ledger.Yen(want.Amount), want.Entries)
		}
		delete(e.sums.sums, k)
		return nil
	})
	if err != nil {
		return fmt.Errorf("roll-up: %w", err)
	}
	for k, want := range e.sums.sums {
		e.fault(0, 0, "roll-up %s is missing; the entries are %s in %d", k, ledger.Yen(want.Amount), want.Entries)
	}
	return nil
}

// String names a row of the roll-up for an operator.
func (k rollupKey) String() string {
	return fmt.Sprintf("%s of fund %d, account %d, use %d, initiative %d, segment %q", k.Month.String()[:7], k.FundID, k.Account, k.UseID, k.InitiativeID, k.Segment)
}

package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// age adds the transactions of ten years before to other funds of the campaign's organisation, two entries each, through the same
// guards as any other.
func (c *call) age(ctx context.Context, transactions int) error {
	var fund, actor int64
	err := ledger.InTx(ctx, c.db, func(tx *sqlx.Tx) (err error) {
		fund, err = ledger.OpenFund(ctx, tx, ledger.Fund{OrganisationID: c.organisation, Name: "これまでの十年", Kind: ledger.SeparateFund})
		if err != nil {
			return err
		}
		actor, err = ledger.ActorID(ctx, tx, c.organisation, c.treasurer)
		return err
	})
	if err != nil {
		return fmt.Errorf("ten years: %w", err)
	}
	const batch = 5_000 // a guard looks at what one statement brings
	for from := 0; from < transactions; from += batch {
		count := min(batch, transactions-from)
		_, err = c.db.ExecContext(ctx, `
			WITH header AS (
			  INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at)
			  SELECT $1, 'income', 'bench:' || n, $3::date - n % 3650, $3::date - n % 3650, 2, $4, $5::timestamptz
			    FROM generate_series($6::int, $6::int + $7::int - 1) AS n
			  RETURNING id, booked_on
			), lines AS (
			  INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, initiative_id, amount, booked_on)
			  SELECT $1, header.id, line.number, line.account, $2, line.initiative_id, line.amount, header.booked_on
			    FROM header,
			         (VALUES (1, 1110, NULL::bigint, 500), (2, 4411, $8::bigint, -500)) AS line (number, account, initiative_id, amount)
			)
			INSERT INTO unsealed (organisation_id, record_id)
			SELECT $1, id
			  FROM header`,
			c.organisation, fund, ledger.DateOf(c.ago(40)), actor, c.ago(40), from, count, c.initiative)
		if err != nil {
			return fmt.Errorf("ten years: %w", err)
		}
	}
	return nil
}

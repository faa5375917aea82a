package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// prepareRaw makes the two tables that stand beside ours, with the same columns and a primary key each, and the statement that
// fills them.
func (p *posting) prepareRaw(ctx context.Context, d *database) error {
	_, err := d.owner.ExecContext(ctx, `
		CREATE TABLE raw_transaction (
		  LIKE transaction INCLUDING IDENTITY INCLUDING DEFAULTS,
		  CONSTRAINT raw_transaction_pkey PRIMARY KEY (organisation_id, id));
		CREATE TABLE raw_entry (
		  LIKE entry,
		  CONSTRAINT raw_entry_pkey PRIMARY KEY (organisation_id, transaction_id, number));
		GRANT SELECT, INSERT ON raw_transaction, raw_entry TO `+appRole)
	if err != nil {
		return fmt.Errorf("raw tables: %w", err)
	}
	p.raw, err = p.db.PreparexContext(ctx, `
		WITH header AS (
		  INSERT INTO raw_transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at)
		  VALUES ($1, $2, $3, $4, $4, 2, 1, $5)
		  RETURNING id)
		INSERT INTO raw_entry (organisation_id, transaction_id, number, account, fund_id, initiative_id, amount, booked_on)
		SELECT $1, header.id, line.number, line.account, line.fund_id, nullif(line.initiative_id, 0), line.amount, $4
		  FROM header,
		       unnest($6::int[], $7::bigint[], $8::bigint[], $9::bigint[]) WITH ORDINALITY
		         AS line (account, fund_id, initiative_id, amount, number)`)
	return err
}

// rawArguments are the rows of the same transaction.
func rawArguments(t ledger.Transaction) []any {
	n := len(t.Entries)
	accounts, funds, initiatives, amounts := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, e := range t.Entries {
		accounts[i], funds[i], initiatives[i], amounts[i] = int64(e.Account), e.FundID, e.InitiativeID, int64(e.Amount)
	}
	return []any{t.OrganisationID, t.Kind, t.Source, t.On, t.At, pq.Array(accounts), pq.Array(funds), pq.Array(initiatives), pq.Array(amounts)}
}

func (p *posting) insertAlone(ctx context.Context, client, turn int) error {
	_, err := p.raw.ExecContext(ctx, rawArguments(p.transaction(p.spread(client, turn)))...)
	return err
}

func (p *posting) insertInTx(ctx context.Context, client, turn int) error {
	return ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		_, err := tx.StmtxContext(ctx, p.raw).ExecContext(ctx, rawArguments(p.transaction(p.spread(client, turn)))...)
		return err
	})
}

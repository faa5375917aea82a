package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// bookYears is over how many years a large book is spread, whatever its size.
const bookYears = 10

// bookEnds is the last day of a large book.
var bookEnds = ledger.NewDate(2026, time.November, 20)

// fillAtOnce is how many transactions go into a large book by one statement.
const fillAtOnce = 5000

// largeBook is one organisation with many transactions in some funds, on five accounts, over ten years.
type largeBook struct {
	db           *sqlx.DB
	organisation int64
	actor        int64
	funds        []int64
	size         int64
}

func foundLargeBook(ctx context.Context, db *sqlx.DB, funds int, at time.Time) (*largeBook, error) {
	b := &largeBook{db: db}
	err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) (err error) {
		b.organisation, err = ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
			Name: "練習 大きな帳簿", Kind: "volunteer", Slug: "practice-large", CreatedAt: at,
		})
		if err != nil {
			return err
		}
		if b.actor, err = ledger.ActorID(ctx, tx, b.organisation, ledger.BySystem("bench")); err != nil {
			return err
		}
		for i := range funds {
			id, err := ledger.OpenFund(ctx, tx, ledger.Fund{OrganisationID: b.organisation, Name: fmt.Sprintf("別途 %d", i), Kind: ledger.SeparateFund})
			if err != nil {
				return err
			}
			b.funds = append(b.funds, id)
		}
		return nil
	})
	return b, err
}

// grow posts until the book has size transactions, past Post for speed but not past the guards, and seals them.
func (b *largeBook) grow(ctx context.Context, size int64) error {
	for b.size < size {
		n := min(size-b.size, fillAtOnce)
		err := ledger.InTx(ctx, b.db, func(tx *sqlx.Tx) error { return b.fill(ctx, tx, n) })
		if err != nil {
			return fmt.Errorf("large book: %w", err)
		}
		b.size += n
	}
	_, err := (&chain.Sealer{DB: b.db}).Seal(ctx, b.organisation)
	if err == nil {
		_, err = b.db.ExecContext(ctx, `SELECT count(*) FROM entry WHERE organisation_id = $1`, b.organisation) // sets the hint bits
	}
	return err
}

// growWaiting grows the book and leaves the last transactions unsealed.
func (b *largeBook) growWaiting(ctx context.Context, size, waiting int64) error {
	if err := b.grow(ctx, size-waiting); err != nil {
		return err
	}
	err := ledger.InTx(ctx, b.db, func(tx *sqlx.Tx) error { return b.fill(ctx, tx, waiting) })
	b.size += waiting
	return err
}

func (b *largeBook) fill(ctx context.Context, tx *sqlx.Tx, n int64) error {
	_, err := tx.ExecContext(ctx, `
		WITH header AS (
		  INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at)
		  SELECT $1, 'income', 'fill:' || g, day, day, 2, $2, day + interval '12 hours'
		    FROM generate_series($3::bigint, $4::bigint) AS g,
		         LATERAL (SELECT $5::date - (g * 7919 % $6)::int AS day) AS d
		  RETURNING id, booked_on
		), queue AS (
		  INSERT INTO unsealed (organisation_id, record_id)
		  SELECT $1, id FROM header
		)
		INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, amount, booked_on)
		SELECT $1, h.id, l.number, CASE l.number WHEN 1 THEN (ARRAY[1110, 1120])[1 + h.id % 2] ELSE (ARRAY[4411, 4412, 4110])[1 + h.id % 3] END,
		       ($7::bigint[])[1 + h.id % cardinality($7::bigint[])], CASE l.number WHEN 1 THEN 1 ELSE -1 END * (100 + h.id % 900), h.booked_on
		  FROM header h,
		       (VALUES (1), (2)) AS l (number)`,
		b.organisation, b.actor, b.size+1, b.size+n, bookEnds, bookYears*365, array(b.funds))
	return err
}

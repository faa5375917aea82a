package archive

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// left are the tables that are not copied: what was true of one moment alone, and what the migrations write themselves.
var left = []string{
	"public.session", "public.sign_in", "public.ceremony", // whoever was signed out stays so
	"public.goose_db_version",
}

// queue is the one table of River's that is copied: work that was promised in the transaction of its change.
const queue = "river.river_job"

// seeded are the tables in which the migrations leave rows.
var seeded = []string{"public.gift_terms", "practice.clock", "public.goose_db_version"}

// allTables returns every table of our three schemas with the columns that can be written. River's own bookkeeping is not among them, nor what a crash
// may empty: counts of tries.
func allTables(ctx context.Context, q sqlx.QueryerContext) ([]Table, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT n.nspname,
		       c.relname,
		       array_agg(a.attname ORDER BY a.attnum)::text[]
		  FROM pg_catalog.pg_class c
		  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		 WHERE c.relkind = 'r' AND c.relpersistence = 'p'
		   AND (n.nspname IN ('public', 'practice') OR n.nspname || '.' || c.relname = 'river.river_job')
		 GROUP BY 1, 2
		 ORDER BY 1 DESC, 2`)
	if err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	defer rows.Close()
	var all []Table
	for rows.Next() {
		var t Table
		if err = rows.Scan(&t.Schema, &t.Name, pq.Array(&t.Columns)); err != nil {
			return nil, fmt.Errorf("tables: %w", err)
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// copied are the tables of an archive.
func copied(ctx context.Context, q sqlx.QueryerContext) ([]Table, error) {
	all, err := allTables(ctx, q)
	return slices.DeleteFunc(all, func(t Table) bool { return slices.Contains(left, t.String()) }), err
}

// quoted is the table's name in SQL.
func (t Table) quoted() string {
	return pq.QuoteIdentifier(t.Schema) + "." + pq.QuoteIdentifier(t.Name)
}

// sameShape reports whether both lists have the same tables.
func sameShape(a, b []Table) bool {
	return slices.EqualFunc(a, b, func(x, y Table) bool { return x.String() == y.String() && slices.Equal(x.Columns, y.Columns) })
}

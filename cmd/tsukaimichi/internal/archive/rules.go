package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// errRules says that the tables would not have had the rules back that they had; nothing was committed.
var errRules = errors.New("archive: the rules of the tables are not what they were")

// rules are the triggers and foreign keys of the tables being loaded, as they stood.
type rules struct {
	all         string // every rule of our schemas, to compare
	triggers    []trigger
	foreignKeys []foreignKey
}

type trigger struct {
	Schema  string `db:"nspname"`
	Table   string `db:"relname"`
	Name    string `db:"tgname"`
	Enabled string `db:"tgenabled"` // O: always but for replication, A: always, R: for replication, D: never
}

type foreignKey struct {
	Schema     string `db:"nspname"`
	Table      string `db:"relname"`
	Name       string `db:"conname"`
	Definition string `db:"definition"`
}

func tableOf(schema, name string) string { return Table{Schema: schema, Name: name}.quoted() }

// suspend switches the rules off for tx alone, which holds every table so that nobody meets it without them. Triggers that are ENABLE ALWAYS
// fire whatever the session says, so the owner switches them off by name; foreign keys are PostgreSQL's own triggers, which only a
// superuser could, so they are taken away. A rollback brings all of them back.
func suspend(ctx context.Context, tx *sqlx.Tx, tables []Table) (rules, error) {
	var r rules
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.quoted()
	}
	_, err := tx.ExecContext(ctx, `LOCK TABLE `+strings.Join(names, ", ")+` IN ACCESS EXCLUSIVE MODE`)
	if err == nil {
		err = r.read(ctx, tx, tables)
	}
	if err != nil {
		return r, fmt.Errorf("rules: %w", err)
	}
	for _, t := range tables {
		if _, err = tx.ExecContext(ctx, `ALTER TABLE `+t.quoted()+` DISABLE TRIGGER USER`); err != nil {
			return r, fmt.Errorf("rules of %s: %w", t, err)
		}
	}
	for _, k := range r.foreignKeys {
		if _, err = tx.ExecContext(ctx, `ALTER TABLE `+tableOf(k.Schema, k.Table)+` DROP CONSTRAINT `+pq.QuoteIdentifier(k.Name)); err != nil {
			return r, fmt.Errorf("foreign key %s: %w", k.Name, err)
		}
	}
	return r, nil
}

func (r *rules) read(ctx context.Context, tx *sqlx.Tx, tables []Table) (err error) {
	if r.all, err = everyRule(ctx, tx); err != nil {
		return err
	}
	loading := make([]string, len(tables))
	for i, t := range tables {
		loading[i] = t.String()
	}
	err = tx.SelectContext(ctx, &r.triggers, `
		SELECT n.nspname, c.relname, t.tgname, t.tgenabled::text AS tgenabled
		  FROM pg_catalog.pg_trigger t
		  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
		  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		 WHERE NOT t.tgisinternal AND n.nspname || '.' || c.relname = ANY ($1)
		 ORDER BY 1, 2, 3`, pq.Array(loading))
	if err != nil {
		return err
	}
	return tx.SelectContext(ctx, &r.foreignKeys, `
		SELECT n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid) AS definition
		  FROM pg_catalog.pg_constraint k
		  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
		  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		 WHERE k.contype = 'f' AND n.nspname || '.' || c.relname = ANY ($1)
		 ORDER BY 1, 2, 3`, pq.Array(loading))
}

// everyRule writes down every trigger and constraint of our schemas: what it says, and whether it is in force.
func everyRule(ctx context.Context, tx *sqlx.Tx) (string, error) {
	var all string
	err := tx.GetContext(ctx, &all, `
		SELECT string_agg(rule, E'\n' ORDER BY rule COLLATE "C")
		  FROM (
		       SELECT concat_ws(' ', n.nspname, c.relname, t.tgname, t.tgenabled, pg_catalog.pg_get_triggerdef(t.oid)) AS rule
		         FROM pg_catalog.pg_trigger t
		         JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
		         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		        WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'practice', 'river')
		        UNION ALL
		       SELECT concat_ws(' ', n.nspname, c.relname, k.conname, k.convalidated, pg_catalog.pg_get_constraintdef(k.oid))
		         FROM pg_catalog.pg_constraint k
		         JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
		         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		        WHERE n.nspname IN ('public', 'practice', 'river')
		       ) AS x`)
	return all, err
}

// enabling is what brings a trigger back to how it stood.
var enabling = map[string]string{"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}

// reinstate puts every rule back; a foreign key looks at each row that was loaded, and so does what guards would have. errRules if any rule differs from what it was.
func (r rules) reinstate(ctx context.Context, tx *sqlx.Tx) error {
	for _, k := range r.foreignKeys {
		_, err := tx.ExecContext(ctx, `ALTER TABLE `+tableOf(k.Schema, k.Table)+` ADD CONSTRAINT `+pq.QuoteIdentifier(k.Name)+` `+k.Definition)
		if err != nil {
			return fmt.Errorf("foreign key %s: %w", k.Name, err)
		}
	}
	for _, t := range r.triggers {
		_, err := tx.ExecContext(ctx, `ALTER TABLE `+tableOf(t.Schema, t.Table)+` `+enabling[t.Enabled]+` TRIGGER `+pq.QuoteIdentifier(t.Name))
		if err != nil {
			return fmt.Errorf("trigger %s: %w", t.Name, err)
		}
	}
	all, err := everyRule(ctx, tx)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	if all != r.all {
		return errRules
	}
	return guarded(ctx, tx)
}

// guarded asks what the guards of the book would have said, had they been on: a guard looks only at what is posted. In a backup of a release
// that cannot say it, the tables themselves keep those rules.
func guarded(ctx context.Context, tx *sqlx.Tx) error {
	var asks bool
	if err := tx.GetContext(ctx, &asks, `SELECT to_regprocedure('public.broken_rules()') IS NOT NULL`); err != nil {
		return fmt.Errorf("rules of the book: %w", err)
	}
	if !asks {
		return nil
	}
	var broken []struct {
		OrganisationID int64  `db:"organisation_id"`
		TransactionID  int64  `db:"transaction_id"`
		Rule           string `db:"rule"`
	}
	if err := tx.SelectContext(ctx, &broken, `SELECT organisation_id, transaction_id, rule FROM public.broken_rules() LIMIT 1`); err != nil {
		return fmt.Errorf("rules of the book: %w", err)
	}
	for _, b := range broken {
		return fmt.Errorf("transaction %d of organisation %d breaks %s", b.TransactionID, b.OrganisationID, b.Rule)
	}
	return nil
}

package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// The tables of the ledger whose rows never change, and those whose rows stay under their keys.
var (
	frozen = []string{"transaction", "entry", "actor", "period", "log_record", "history", "expense_line", "repayment", "slug"}
	kept   = []string{"organisation", "person", "membership", "initiative", "fund", "use", "account", "counterparty", "expense", "evidence", "memo", "log_heads"}
)

// tablesWith returns the tables that have a trigger named after them with the suffix.
func tablesWith(t *testing.T, db *sqlx.DB, suffix string) []string {
	t.Helper()
	var names []string
	if err := db.Select(&names, `
		SELECT c.relname
		  FROM pg_trigger g
		  JOIN pg_class c ON c.oid = g.tgrelid
		 WHERE g.tgname = c.relname || $1
		 ORDER BY 1`, suffix); err != nil {
		t.Fatal(err)
	}
	return names
}

// columns returns the columns of a table, or of its primary key alone.
func columns(t *testing.T, db *sqlx.DB, table string, keyOnly bool) []string {
	t.Helper()
	var names []string
	if err := db.Select(&names, `
		SELECT a.attname
		  FROM pg_attribute a
		 WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
		   AND (NOT $2 OR EXISTS (
		         SELECT FROM pg_index i
		          WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)))`, table, keyOnly); err != nil {
		t.Fatal(err)
	}
	return names
}

// refused runs a statement by itself and reports unless it is refused as wanted.
func refused(t *testing.T, as *sqlx.DB, role, statement string, want error) {
	t.Helper()
	if _, err := as.Exec(statement); !errors.Is(ledger.Classify(err), want) {
		t.Errorf("%s: %s: got %v; want %v", role, statement, err, want)
	}
}

func TestFrozenRowsNeverChange(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tables := tablesWith(t, db.Owner, "_frozen")
	for _, table := range frozen {
		if !slices.Contains(tables, table) {
			t.Errorf("table %s is not frozen", table)
		}
	}
	for _, table := range tables {
		for _, column := range columns(t, db.Owner, table, false) {
			update := fmt.Sprintf(`UPDATE %s SET %s = %[2]s`, table, column)
			refused(t, db.App, "app", update, ledger.ErrNoRight)
			refused(t, db.Owner, "owner", update, ledger.ErrFrozen)
		}
		for _, statement := range []string{`DELETE FROM ` + table, `TRUNCATE ` + table + ` CASCADE`} {
			refused(t, db.App, "app", statement, ledger.ErrNoRight)
			if statement != `DELETE FROM access` { // has a keeping time: what is past it may go
				refused(t, db.Owner, "owner", statement, ledger.ErrFrozen)
			}
		}
	}
}

func TestKeptRowsStayUnderTheirKeys(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tables := tablesWith(t, db.Owner, "_kept")
	for _, table := range kept {
		if !slices.Contains(tables, table) {
			t.Errorf("table %s is not kept", table)
			continue
		}
		for _, column := range columns(t, db.Owner, table, true) {
			update := fmt.Sprintf(`UPDATE %s SET %s = %[2]s`, table, column)
			refused(t, db.App, "app", update, ledger.ErrFrozen)
			refused(t, db.Owner, "owner", update, ledger.ErrFrozen)
		}
		refused(t, db.App, "app", `DELETE FROM `+table, ledger.ErrNoRight)
		refused(t, db.Owner, "owner", `DELETE FROM `+table, ledger.ErrFrozen)
	}
	for _, table := range tables {
		refused(t, db.App, "app", `TRUNCATE `+table+` CASCADE`, ledger.ErrNoRight)
		refused(t, db.Owner, "owner", `TRUNCATE `+table+` CASCADE`, ledger.ErrFrozen)
	}
}

func TestInsertDoesNotChangeByTheBackDoor(t *testing.T) {
	t.Parallel()
	check(t, []refusal{
		{name: "actor renamed by ON CONFLICT", want: ledger.ErrFrozen, write: func(r *rows) {
			r.actor()
			_, r.err = r.tx.Exec(`
				INSERT INTO actor (organisation_id, kind, subject_id, name)
				SELECT organisation_id, kind, subject_id, name FROM actor WHERE organisation_id = $1
				    ON CONFLICT ON CONSTRAINT actor_key DO UPDATE SET name = 'somebody else'`, r.book.ID)
			if errors.Is(ledger.Classify(r.err), ledger.ErrNoRight) {
				r.err = fmt.Errorf("%w: %w", ledger.ErrFrozen, r.err) // the program's role has not even the right
			}
		}},
	})
}

func TestNoRightReachesPastTheGuards(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, statement := range []string{
		`ALTER TABLE entry DISABLE TRIGGER ALL`,
		`ALTER TABLE entry DISABLE TRIGGER entry_guard`,
		`ALTER TABLE entry DISABLE TRIGGER USER`,
		`ALTER TABLE transaction DROP CONSTRAINT transaction_reverses_fkey`,
		`ALTER TABLE entry OWNER TO CURRENT_USER`,
		`DROP TRIGGER entry_guard ON entry`,
		`DROP TABLE entry`,
		`DROP FUNCTION entry_guard() CASCADE`,
		`CREATE TABLE anything (id bigint)`,
		`CREATE TABLE public.anything (id bigint)`,
		`CREATE SCHEMA anything`,
		`CREATE FUNCTION anything() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
		`CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
		`CREATE TRIGGER anything BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
		`CREATE RULE anything AS ON INSERT TO entry DO INSTEAD NOTHING`,
		`SET ROLE ` + pgtest.OwnerRole,
		`SET session_replication_role = replica`,
		`SELECT set_config('session_replication_role', 'replica', false)`,
		`SELECT freeze('unsealed')`,
		`SELECT keep('unsealed')`,
		`SELECT fix('unsealed', 'record_id')`,
		`INSERT INTO operator (person_id, since_on) VALUES (1, '2026-11-24')`,
	} {
		refused(t, db.App, "app", statement, ledger.ErrNoRight)
	}
	refused(t, db.Owner, "owner", `SET session_replication_role = replica`, ledger.ErrNoRight)
}

func TestGuardsFireForASuperuserWhoSwitchesTriggersOff(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var idle []string
	if err := db.Super.Select(&idle, `
		SELECT c.relname || '.' || g.tgname
		  FROM pg_trigger g
		  JOIN pg_class c ON c.oid = g.tgrelid
		  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
		 WHERE NOT g.tgisinternal AND g.tgenabled <> 'A'`); err != nil {
		t.Fatal(err)
	}
	if len(idle) > 0 {
		t.Errorf("not ENABLE ALWAYS: %v", idle)
	}
	for name, c := range map[string]struct {
		want  error
		write func(r *rows)
	}{
		"unbalanced": {ledger.ErrUnbalanced, func(r *rows) {
			lines := r.sale()
			lines[0].Amount = 499
			r.post(lines)
		}},
		"header without entries": {ledger.ErrIncomplete, func(r *rows) { r.header() }},
		"entries without header": {ledger.ErrNoSuchRow, func(r *rows) { r.lines(987_654_321, r.sale()...) }},
		"update":                 {ledger.ErrFrozen, func(r *rows) { r.exec(`UPDATE entry SET amount = 1`) }},
		"delete":                 {ledger.ErrFrozen, func(r *rows) { r.exec(`DELETE FROM transaction`) }},
		"truncate":               {ledger.ErrFrozen, func(r *rows) { r.exec(`TRUNCATE transaction CASCADE`) }},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: TRUNCATE locks every table
			book := ledgertest.NewBook(t, db.App)
			err := write(t, db.Super, book, func(r *rows) {
				r.exec(`SET LOCAL session_replication_role = replica`)
				c.write(r)
			})
			if !errors.Is(err, c.want) {
				t.Errorf("got %v; want %v", err, c.want)
			}
		})
	}
}

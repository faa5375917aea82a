package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// upgraded is a database as the release before made it, without rows, and before is called before it is migrated to this one.
func upgraded(t *testing.T, before func(db *pgtest.DB)) *pgtest.DB {
	t.Helper()
	db := pgtest.Empty(t)
	err := migrations.ApplyUpTo(t.Context(), db.Owner, pgtest.WebRole, previousSchema)
	if err == nil {
		err = jobs.Migrate(t.Context(), db.Owner)
	}
	if err != nil {
		t.Fatal(err)
	}
	before(db)
	if err = migrations.Apply(t.Context(), db.Owner, pgtest.WebRole); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestStatementsOfTheReleaseBeforeStillRun: testdata/upgrade holds what that release asks of its database, written down while its tests
// called every page. While it still runs beside this one, each has to be understood and allowed, before the migrations and after them.
func TestStatementsOfTheReleaseBeforeStillRun(t *testing.T) {
	t.Parallel()
	statements := previousStatements(t)
	if len(statements) < 200 {
		t.Fatalf("%d statements", len(statements))
	}
	try := func(db *pgtest.DB) {
		session, err := db.App.Connx(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		for _, statement := range statements {
			if err := explain(t.Context(), session, statement); err != nil {
				t.Errorf("%v: %s", err, statement)
			}
		}
	}
	try(upgraded(t, try))
}

func previousStatements(t *testing.T) (all []string) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "upgrade", fmt.Sprintf("%04d.statements.ndjson", previousSchema)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var statement string
		if err := json.Unmarshal(lines.Bytes(), &statement); err != nil {
			t.Fatal(err)
		}
		all = append(all, statement)
	}
	if err = lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// explain has a statement understood, planned, and its rights checked, without running it.
func explain(ctx context.Context, session *sqlx.Conn, statement string) error {
	if _, err := session.ExecContext(ctx, `DEALLOCATE ALL`); err != nil {
		return err
	}
	if _, err := session.ExecContext(ctx, `PREPARE tried AS `+statement); err != nil {
		return err
	}
	var arguments int
	err := session.GetContext(ctx, &arguments, `
		SELECT cardinality(parameter_types)
		  FROM pg_prepared_statements
		 WHERE name = 'tried'`)
	if err != nil {
		return err
	}
	call := `EXPLAIN EXECUTE tried`
	if arguments > 0 {
		call += `(` + strings.TrimSuffix(strings.Repeat("NULL, ", arguments), ", ") + `)`
	}
	_, err = session.ExecContext(ctx, call)
	return err
}

// column is a column as a program that does not know of later migrations meets it.
type column struct {
	Name     string `db:"name"`
	Type     string `db:"type"`
	Required bool   `db:"required"` // whoever inserts has to give it
}

func columnsOf(t *testing.T, db *sqlx.DB) map[string]column {
	t.Helper()
	var rows []column
	err := db.SelectContext(t.Context(), &rows, `
		SELECT a.attrelid::regclass || '.' || a.attname AS name,
		       format_type(a.atttypid, a.atttypmod) AS type,
		       a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
		  FROM pg_attribute a
		  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'practice'::regnamespace)
		 WHERE a.attnum > 0 AND NOT a.attisdropped`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]column{}
	for _, c := range rows {
		all[c.Name] = c
	}
	return all
}

// TestMigrationsLeaveTheReleaseBeforeItsColumns: none is gone, of another type, or has to be given where it had not.
func TestMigrationsLeaveTheReleaseBeforeItsColumns(t *testing.T) {
	t.Parallel()
	var before map[string]column
	db := upgraded(t, func(db *pgtest.DB) { before = columnsOf(t, db.Super) })
	after := columnsOf(t, db.Super)
	tables := map[string]bool{}
	for name, was := range before {
		table, _, _ := strings.Cut(name, ".")
		tables[table] = true
		if is, there := after[name]; !there || is.Type != was.Type || (is.Required && !was.Required) {
			t.Errorf("%s was %+v, is %+v (there: %v)", name, was, is, there)
		}
	}
	for name, is := range after {
		table, _, _ := strings.Cut(name, ".")
		if _, old := before[name]; !old && tables[table] && is.Required {
			t.Errorf("%s is new and has to be given, which the release before cannot", name)
		}
	}
}

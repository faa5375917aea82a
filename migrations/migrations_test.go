//go:build unix

package migrations_test

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// files makes migrations out of names and statements.
func files(statements map[string]string) fs.FS {
	made := fstest.MapFS{}
	for name, text := range statements {
		made[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text + ";\n")}
	}
	return made
}

func apply(t *testing.T, db *pgtest.DB, statements map[string]string) error {
	t.Helper()
	return migrations.ApplyFiles(t.Context(), files(statements), db.Owner, pgtest.WebRole)
}

func hasTable(t *testing.T, db *sqlx.DB, name string) bool {
	t.Helper()
	var there bool
	if err := db.GetContext(t.Context(), &there, `SELECT to_regclass($1) IS NOT NULL`, name); err != nil {
		t.Fatal(err)
	}
	return there
}

func TestApplyingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	for range 2 {
		if err := migrations.Apply(t.Context(), db.Owner, pgtest.WebRole); err != nil {
			t.Fatal(err)
		}
		if pending, err := migrations.Pending(t.Context(), db.App); err != nil || pending {
			t.Errorf("pending %v, %v", pending, err)
		}
	}
}

func TestManyAtOnceApplyEachFileOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	made := files(map[string]string{
		"0001_one.sql": `CREATE TABLE one (said text); INSERT INTO one VALUES ('once')`,
		"0002_two.sql": `SELECT pg_sleep(0.2); INSERT INTO one VALUES ('and again once')`,
	})
	var replicas sync.WaitGroup
	for range 4 {
		replicas.Go(func() {
			if err := migrations.ApplyFiles(t.Context(), made, db.Owner, pgtest.WebRole); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	var rows int
	if err := db.Owner.GetContext(t.Context(), &rows, `SELECT count(*) FROM one`); err != nil || rows != 2 {
		t.Errorf("got %d rows, %v, want 2", rows, err)
	}
}

// TestManyAtOnceGrantTheVersionTable: as replicas that start together do, with nothing left to apply.
func TestManyAtOnceGrantTheVersionTable(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	made := files(map[string]string{"0001_one.sql": `SELECT 1`})
	for range 5 {
		var replicas sync.WaitGroup
		for range 8 {
			replicas.Go(func() {
				if err := migrations.ApplyFiles(t.Context(), made, db.Owner, pgtest.WebRole); err != nil {
					t.Error(err)
				}
			})
		}
		replicas.Wait()
		if pending, err := migrations.PendingFiles(t.Context(), made, db.App); err != nil || pending {
			t.Errorf("pending %v, %v", pending, err)
		}
		if _, err := db.Owner.ExecContext(t.Context(), `REVOKE SELECT ON goose_db_version FROM `+migrations.AppRole); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMigrationGivesWayToWhoReads lets both wait for each other, the reader first: it is who would find the deadlock and lose its page.
func TestMigrationGivesWayToWhoReads(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if _, err := db.Super.ExecContext(t.Context(), `ALTER DATABASE `+db.Name+` SET deadlock_timeout = '5s'`); err != nil {
		t.Fatal(err)
	}
	statements := map[string]string{"0001_tables.sql": `CREATE TABLE one (); CREATE TABLE two (); GRANT SELECT ON one, two TO ` + migrations.AppRole}
	if err := apply(t, db, statements); err != nil {
		t.Fatal(err)
	}
	reader := db.App.MustBegin()
	defer reader.Rollback()
	if _, err := reader.ExecContext(t.Context(), `SELECT FROM two`); err != nil {
		t.Fatal(err)
	}
	statements["0002_column.sql"] = `ALTER TABLE one ADD COLUMN n int; SELECT pg_sleep(0.1); ALTER TABLE two ADD COLUMN n int`
	migrated := make(chan error, 1)
	go func() { migrated <- apply(t, db, statements) }()
	for begun := false; !begun; time.Sleep(time.Millisecond) {
		if err := db.Super.GetContext(t.Context(), &begun, `
			SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'one'::regclass AND mode = 'AccessExclusiveLock' AND granted)`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := reader.ExecContext(t.Context(), `SELECT FROM one`); err != nil {
		t.Errorf("the reader lost: %v", err)
	}
	if err := reader.Commit(); err != nil {
		t.Error(err)
	}
	if err := <-migrated; err != nil {
		t.Error(err)
	}
	if _, err := db.Owner.ExecContext(t.Context(), `SELECT n FROM one UNION ALL SELECT n FROM two`); err != nil {
		t.Error(err)
	}
}

func TestFailedFileLeavesNothingAndCanBeMended(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	statements := map[string]string{
		"0001_one.sql": `CREATE TABLE one (said text)`,
		"0002_two.sql": `CREATE TABLE two (said text); SELECT 1 / 0`,
	}
	if err := apply(t, db, statements); !errors.Is(err, migrations.ErrNotMigrated) {
		t.Errorf("got %v, want ErrNotMigrated", err)
	}
	if !hasTable(t, db.Owner, "one") || hasTable(t, db.Owner, "two") {
		t.Error("want the first file whole and nothing of the second")
	}
	statements["0002_two.sql"] = `CREATE TABLE two (said text)`
	if err := apply(t, db, statements); err != nil {
		t.Error(err)
	}
	if !hasTable(t, db.Owner, "two") {
		t.Error("the mended file was not applied")
	}
}

func TestFileThatComesLateIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if err := apply(t, db, map[string]string{"0001_one.sql": `SELECT 1`, "0003_three.sql": `SELECT 3`}); err != nil {
		t.Fatal(err)
	}
	late := map[string]string{"0001_one.sql": `SELECT 1`, "0002_two.sql": `SELECT 2`, "0003_three.sql": `SELECT 3`}
	if err := apply(t, db, late); !errors.Is(err, migrations.ErrNotMigrated) {
		t.Errorf("got %v, want ErrNotMigrated", err)
	}
}

func TestPendingComparesFilesWithTheDatabase(t *testing.T) {
	t.Parallel()
	one := map[string]string{"0001_one.sql": `SELECT 1`}
	two := map[string]string{"0001_one.sql": `SELECT 1`, "0002_two.sql": `SELECT 2`}
	for name, c := range map[string]struct {
		applied, mine map[string]string
		want          bool
	}{
		"same":                {two, two, false},
		"older database":      {one, two, true},
		"database of a newer": {two, one, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Empty(t)
			if err := apply(t, db, c.applied); err != nil {
				t.Fatal(err)
			}
			if got, err := migrations.PendingFiles(t.Context(), files(c.mine), db.App); err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestFilesHaveFourDigitsAndGoForwardOnly(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^\d{4}_[a-z_]+\.sql$`)
	names, err := fs.Glob(migrations.FS, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !form.MatchString(name) {
			t.Errorf("%s: want four digits, a name, .sql", name)
		}
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "+goose Down") {
			t.Errorf("%s: goes back", name)
		}
	}
}

func TestFingerprintFollowsContentAndName(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for what, tree := range map[string]fs.FS{
		"one":          fstest.MapFS{"a": {Data: []byte("x")}},
		"other text":   fstest.MapFS{"a": {Data: []byte("y")}},
		"other name":   fstest.MapFS{"b": {Data: []byte("x")}},
		"one more":     fstest.MapFS{"a": {Data: []byte("x")}, "b": {}},
		"moved border": fstest.MapFS{"ax": {}},
	} {
		name := migrations.Name(tree)
		if other, there := seen[name]; there {
			t.Errorf("%s and %s have one fingerprint", what, other)
		}
		seen[name] = what
	}
	first, again := migrations.Name(fstest.MapFS{"a": {Data: []byte("x")}}), migrations.Name(fstest.MapFS{"a": {Data: []byte("x")}})
	if first != again {
		t.Error("the same has two fingerprints")
	}
}

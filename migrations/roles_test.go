//go:build unix

package migrations_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestOwnerIsRefusedAsTheProgramsRole(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if err := migrations.Apply(t.Context(), db.Owner, pgtest.OwnerRole); !errors.Is(err, migrations.ErrSameRole) {
		t.Errorf("Apply: got %v, want ErrSameRole", err)
	}
	err := migrations.Prepare(t.Context(), db.Super, "another", pgtest.OwnerRole, pgtest.OwnerRole)
	if !errors.Is(err, migrations.ErrSameRole) {
		t.Errorf("Prepare: got %v, want ErrSameRole", err)
	}
}

func TestUnknownRoleIsNamed(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if err := migrations.Apply(t.Context(), db.Owner, "nobody here"); err == nil {
		t.Error("a role that does not exist was admitted")
	}
}

// What the program may do at all: read everything, and never more than rows. A table without a grant is a table forgotten.
func TestProgramMayReadEveryTableAndAlterNone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var tables []struct {
		Name    string
		Reads   bool
		Exceeds bool
	}
	err := db.Super.SelectContext(t.Context(), &tables, `
		SELECT c.relname AS name,
		       has_table_privilege('tsukaimichi_app', c.oid, 'SELECT')
		       OR has_any_column_privilege('tsukaimichi_app', c.oid, 'SELECT') AS reads,
		       has_table_privilege('tsukaimichi_app', c.oid, 'TRUNCATE, REFERENCES, TRIGGER') AS exceeds
		FROM pg_class AS c
		WHERE c.relnamespace = 'public'::regnamespace
		  AND c.relkind IN ('r', 'p', 'v', 'm')
		ORDER BY c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if !table.Reads {
			t.Errorf("%s: the program may not read it", table.Name)
		}
		if table.Exceeds {
			t.Errorf("%s: the program may truncate it, refer to it or put triggers on it", table.Name)
		}
	}
	if len(tables) < 2 {
		t.Errorf("only %d tables", len(tables))
	}
}

// newServer is a server where no role of ours exists yet; roles belong to a whole server.
func newServer(t *testing.T) *embpg.Server {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // the server may run as another account
		t.Fatal(err)
	}
	s, err := embpg.Start(t.Context(), embpg.Options{Dir: filepath.Join(dir, "server"), Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

func connect(t *testing.T, dsn string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestNewServerNeedsPrepareOrAnOwnerWhoMakesRoles(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	super := connect(t, s.DSN("", ""))
	for _, statement := range []string{
		`CREATE ROLE plain LOGIN`, `CREATE ROLE maker LOGIN CREATEROLE`, `CREATE ROLE web LOGIN`,
		`CREATE DATABASE of_plain OWNER plain`, `CREATE DATABASE of_maker OWNER maker`,
	} {
		if _, err := super.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	plain := connect(t, s.DSN("of_plain", "plain"))
	if err := migrations.Apply(t.Context(), plain, "web"); !errors.Is(err, migrations.ErrRoles) {
		t.Errorf("plain owner: got %v, want ErrRoles", err)
	}
	if err := migrations.Apply(t.Context(), connect(t, s.DSN("of_maker", "maker")), "web"); err != nil {
		t.Errorf("owner who makes roles: %v", err)
	}
	if pending, err := migrations.Pending(t.Context(), connect(t, s.DSN("of_maker", "web"))); err != nil || pending {
		t.Errorf("pending %v, %v", pending, err)
	}
	// The roles are there now: a plain owner is enough.
	if err := migrations.Apply(t.Context(), plain, "web"); err != nil {
		t.Errorf("plain owner, roles there: %v", err)
	}
}

func TestPrepareMakesWhatApplyNeeds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	super := connect(t, s.DSN("", ""))
	var installers sync.WaitGroup
	for _, database := range []string{"one", "two", "three"} {
		installers.Go(func() {
			for range 2 { // a second time changes nothing
				if err := migrations.Prepare(t.Context(), super, database, "the owner", "the program"); err != nil {
					t.Error(err)
				}
				if err := migrations.Apply(t.Context(), connect(t, s.DSN(database, "the owner")), "the program"); err != nil {
					t.Error(err)
				}
			}
			if pending, err := migrations.Pending(t.Context(), connect(t, s.DSN(database, "the program"))); err != nil || pending {
				t.Errorf("%s: pending %v, %v", database, pending, err)
			}
		})
	}
	installers.Wait()
}

//go:build unix

package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// part makes the test binary a process that has a database and waits to be killed.
const part = "PGTEST_TEST_PART"

func TestDatabaseIsMigratedAndOnesOwn(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := New(t)
			if pending, err := migrations.Pending(t.Context(), db.App); err != nil || pending {
				t.Errorf("pending %v, %v", pending, err)
			}
			if _, err := db.Owner.ExecContext(t.Context(), `CREATE TABLE mine AS SELECT 1 AS one`); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRolesAreThoseOfProduction(t *testing.T) {
	t.Parallel()
	db := New(t)
	var user struct {
		Name       string
		Super      bool
		Member     bool
		OwnsTables bool `db:"owns_tables"`
	}
	const asked = `
		SELECT current_user AS name,
		       rolsuper AS super,
		       pg_has_role('tsukaimichi_app', 'MEMBER') AS member,
		       EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owns_tables
		FROM pg_roles
		WHERE rolname = current_user`
	if err := db.App.GetContext(t.Context(), &user, asked); err != nil {
		t.Fatal(err)
	}
	if user.Name != WebRole || user.Super || !user.Member || user.OwnsTables {
		t.Errorf("App is %+v", user)
	}
	if err := db.Owner.GetContext(t.Context(), &user, asked); err != nil {
		t.Fatal(err)
	}
	if user.Name != OwnerRole || user.Super || user.Member || !user.OwnsTables {
		t.Errorf("Owner is %+v", user)
	}
	_, err := db.App.ExecContext(t.Context(), `CREATE TABLE mine (one integer)`)
	var pe *pq.Error
	if !errors.As(err, &pe) || pe.Code != "42501" {
		t.Errorf("App makes a table: got %v, want insufficient_privilege", err)
	}
}

func TestEmptyDatabaseLacksEveryMigration(t *testing.T) {
	t.Parallel()
	db := Empty(t)
	for name, asker := range map[string]string{"app": db.AppDSN, "owner": db.OwnerDSN} {
		if pending, err := migrations.Pending(t.Context(), open(t, asker)); err != nil || !pending {
			t.Errorf("%s: pending %v, %v", name, pending, err)
		}
	}
}

func TestDatabaseIsGoneAfterItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("inner", func(t *testing.T) { name = New(t).Name })
	if exists(t, name) {
		t.Errorf("%s is left", name)
	}
}

func TestDatabaseOfAKilledProcessIsDropped(t *testing.T) {
	t.Parallel()
	process := exec.Command(os.Args[0], "-test.run=^TestPlayVictim$")
	process.Env = append(os.Environ(), part+"=victim")
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err = process.Start(); err != nil {
		t.Fatal(err)
	}
	var name string
	if _, err = fmt.Fscanf(output, "database %s\n", &name); err != nil {
		t.Fatal(err)
	}
	s := connected(t)
	if err = s.prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !exists(t, name) {
		t.Fatalf("%s of a living process was dropped", name)
	}
	if err = process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()
	for range 3000 { // a minute: its sessions end a moment later
		if err = s.prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !exists(t, name) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s of a killed process is left", name)
}

// TestPlayVictim is the other process of TestDatabaseOfAKilledProcessIsDropped.
func TestPlayVictim(t *testing.T) {
	if os.Getenv(part) != "victim" {
		return
	}
	fmt.Printf("database %s\n", New(t).Name)
	select {}
}

func TestProcessesAtOnceEachGetDatabases(t *testing.T) {
	t.Parallel()
	var running []*exec.Cmd
	for range 4 {
		process := exec.Command(os.Args[0], "-test.run=^TestDatabaseIsMigratedAndOnesOwn$")
		process.Stderr, process.Stdout = os.Stderr, os.Stderr
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, process)
	}
	for _, process := range running {
		if err := process.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestTemplateIsNamedAfterWhatItHolds(t *testing.T) {
	before := ExtraName
	defer func() { ExtraName = before }()
	plain := templateName()
	ExtraName = before + "more"
	if more := templateName(); more == plain || !strings.HasPrefix(more, templatePrefix()) {
		t.Errorf("got %s with an extra, %s without", more, plain)
	}
}

func exists(t *testing.T, name string) bool {
	t.Helper()
	var there bool
	err := connected(t).super.GetContext(t.Context(), &there, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name)
	if err != nil {
		t.Fatal(err)
	}
	return there
}

func BenchmarkNew(b *testing.B) {
	s := connected(b)
	for b.Loop() {
		name := s.newName()
		if err := s.copyDatabase(b.Context(), name, s.template); err != nil {
			b.Fatal(err)
		}
		if err := s.drop(b.Context(), name); err != nil {
			b.Fatal(err)
		}
	}
}

//go:build unix

package pgtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The login roles of every test database.
const (
	OwnerRole = "tsukaimichi_owner" // owns the database and its tables; no superuser
	WebRole   = "tsukaimichi_web"   // the running program's: a member of migrations.AppRole
)

// DB is one test's database. Its connections are opened when first used and closed with the test.
type DB struct {
	Name  string
	App   *sqlx.DB // as WebRole, which is what the program under test gets
	Owner *sqlx.DB // as OwnerRole, which migrates
	Super *sqlx.DB // as a superuser, to look behind the scenes or to break things

	AppDSN, OwnerDSN string // for what connects by itself, such as the program's own start
}

// New returns a migrated database that nobody else uses and that is dropped with the test. A machine without PostgreSQL
// fails the test and says what to install.
func New(t testing.TB) *DB {
	t.Helper()
	s := connected(t)
	return s.create(t, s.template)
}

// Empty returns a database that was never migrated, for tests of migrating itself. The roles are there.
func Empty(t testing.TB) *DB {
	t.Helper()
	return connected(t).create(t, "template0")
}

func (s *server) create(t testing.TB, template string) *DB {
	t.Helper()
	name := s.newName()
	if err := s.copyDatabase(t.Context(), name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	db := &DB{Name: name, AppDSN: s.shared.DSN(name, WebRole), OwnerDSN: s.shared.DSN(name, OwnerRole)}
	db.App = open(t, db.AppDSN)
	db.Owner = open(t, db.OwnerDSN)
	db.Super = open(t, s.shared.DSN(name, ""))
	return db
}

func (s *server) newName() string { return fmt.Sprintf("test_%s_%d", s.mark, s.copies.Add(1)) }

func open(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(40) // several test processes share the server's 300
	db.SetMaxIdleConns(8)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// copyDatabase copies files rather than writing them through the log, which is several times faster on a server
// without fsync.
func (s *server) copyDatabase(ctx context.Context, name, template string) error {
	_, err := s.super.ExecContext(ctx, `
		CREATE DATABASE `+pq.QuoteIdentifier(name)+`
		OWNER `+OwnerRole+`
		TEMPLATE `+pq.QuoteIdentifier(template)+`
		STRATEGY FILE_COPY`)
	if err != nil {
		return fmt.Errorf("database %s of %s: %w", name, template, err)
	}
	return nil
}

func (s *server) drop(ctx context.Context, name string) error {
	if _, err := s.super.ExecContext(ctx, `DROP DATABASE IF EXISTS `+pq.QuoteIdentifier(name)+` WITH (FORCE)`); err != nil {
		return fmt.Errorf("database %s: %w", name, err)
	}
	return nil
}

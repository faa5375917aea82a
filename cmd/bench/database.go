package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver "postgres"

	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// The database of a run and its roles, as in production: one owns, another works.
const (
	databaseName = "bench"
	ownerRole    = "tsukaimichi_owner"
	appRole      = "tsukaimichi_web"
)

// database is a private server with a migrated database.
type database struct {
	server  *embpg.Server
	dir     string
	owner   *sqlx.DB
	app     *sqlx.DB
	version string // of PostgreSQL
}

// openDatabase starts a durable server in a temporary directory and migrates a database as its owner. connections bounds how many
// the program's role opens.
func openDatabase(ctx context.Context, connections int) (_ *database, err error) {
	d := &database{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.dir, err = os.MkdirTemp("", "tsukaimichi-bench-"); err != nil {
		return nil, err
	}
	if err = os.Chmod(d.dir, 0o755); err != nil { // the server may run as another account
		return nil, err
	}
	d.server, err = embpg.Start(ctx, embpg.Options{Dir: filepath.Join(d.dir, "postgres"), Settings: map[string]string{
		"shared_buffers": "512MB", "max_wal_size": "8GB", "checkpoint_timeout": "15min", // no checkpoint in the middle of a round
	}})
	if err != nil {
		return nil, err
	}
	if err = d.migrate(ctx); err != nil {
		return nil, err
	}
	if d.app, err = prepared.Open(d.server.DSN(databaseName, appRole)); err != nil {
		return nil, err
	}
	d.app.SetMaxOpenConns(connections)
	d.app.SetMaxIdleConns(connections)
	d.version, err = postgresVersion(ctx, d.app)
	return d, err
}

func (d *database) migrate(ctx context.Context) error {
	super, err := sqlx.Open("postgres", d.server.DSN("", ""))
	if err != nil {
		return err
	}
	defer super.Close()
	if err = migrations.Prepare(ctx, super, databaseName, ownerRole, appRole); err != nil {
		return err
	}
	if d.owner, err = sqlx.Open("postgres", d.server.DSN(databaseName, ownerRole)); err != nil {
		return err
	}
	return migrations.Apply(ctx, d.owner, appRole)
}

// change commits something, as far as anyone can tell: a transaction with a number of its own.
func (d *database) change(ctx context.Context) error {
	_, err := d.app.ExecContext(ctx, `SELECT pg_current_xact_id()`)
	return err
}

// close stops the server and removes everything.
func (d *database) close() error {
	var errs []error
	for _, db := range []*sqlx.DB{d.app, d.owner} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if d.server != nil {
		errs = append(errs, d.server.Stop(context.Background()))
	}
	if d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}

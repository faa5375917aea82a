package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
)

// Schema is where River's tables lie, apart from the program's own.
const Schema = "river"

// Version names what Migrate leaves behind; a template database made with it is as good as another with the same.
const Version = "river v0.51.1, grants 1"

// migrating is the advisory lock that lets one program migrate at a time.
const migrating = 7_103_001

// Migrate brings River's tables up to date, as the owner of the database, and lets the program's role use them. It
// runs after the migrations, which make that role; running it again changes nothing. It needs two connections.
func Migrate(ctx context.Context, owner *sqlx.DB) (err error) {
	conn, err := owner.Connx(ctx)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrating); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	defer func() {
		_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrating)
		err = errors.Join(err, unlocked)
	}()
	if _, err := conn.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS river`); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	migrator, err := rivermigrate.New(riverdatabasesql.New(owner.DB), &rivermigrate.Config{
		Schema: Schema, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	_, err = conn.ExecContext(ctx, `
		GRANT USAGE ON SCHEMA river TO tsukaimichi_app;
		GRANT SELECT, INSERT, UPDATE, DELETE ON river.river_job, river.river_leader, river.river_queue, river.river_notification
		   TO tsukaimichi_app;
		GRANT USAGE ON SEQUENCE river.river_job_id_seq, river.river_notification_id_seq TO tsukaimichi_app;`)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

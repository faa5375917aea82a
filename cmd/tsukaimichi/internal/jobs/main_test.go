package jobs_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func init() {
	pgtest.Extra, pgtest.ExtraName = jobs.Migrate, jobs.Version
}

func newClient(t *testing.T, db *sqlx.DB, kinds ...jobs.Kind) *jobs.Client {
	t.Helper()
	c, err := jobs.New(db, slog.New(slog.DiscardHandler), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func enqueue(t *testing.T, db *sqlx.DB, c *jobs.Client, kind string, organisationID, id int64) {
	t.Helper()
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		return c.Enqueue(context.Background(), tx, kind, organisationID, id)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func drain(t *testing.T, c *jobs.Client) {
	t.Helper()
	if err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

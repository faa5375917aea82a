//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// server is this process's hold on the shared server, for as long as the process lives.
type server struct {
	shared   *embpg.Shared
	super    *sqlx.DB
	presence *sqlx.Conn // a session that is never closed: while it is there, this process is alive
	mark     string     // what the names of this process's databases begin with
	template string
	copies   atomic.Int64
}

// processName is the name of the sessions by which processes show that they are alive, and processMark what tells one such
// session s from all others, before it and after.
const (
	processName = "pgtest process"
	processMark = `s.pid || '_' || (extract(epoch FROM s.backend_start) * 1000000)::bigint`
)

// Server returns the shared server, for what needs more than a database of its own: another database, another role. It is not
// the test's to stop.
func Server(t testing.TB) *embpg.Shared {
	t.Helper()
	return connected(t).shared
}

func connected(t testing.TB) *server {
	t.Helper()
	s, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// connect joins the shared server once per process and sees to the template.
var connect = sync.OnceValues(func() (*server, error) {
	ctx := context.Background() // longer than any one test
	dir, err := serverDir()
	if err != nil {
		return nil, err
	}
	shared, err := embpg.StartShared(ctx, embpg.Options{Dir: dir}, keeper(dir))
	if err != nil {
		return nil, fmt.Errorf("test server in %s: %w", dir, err)
	}
	s := &server{shared: shared, template: templateName()}
	if err = s.join(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("test server in %s: %w", dir, err), shared.Release())
	}
	return s, nil
})

func (s *server) join(ctx context.Context) error {
	var err error
	if s.super, err = sqlx.Open("postgres", s.shared.DSN("", "")); err != nil {
		return err
	}
	s.super.SetMaxOpenConns(8)
	s.super.SetMaxIdleConns(4)
	if s.presence, err = s.super.Connx(ctx); err != nil {
		return err
	}
	if _, err = s.presence.ExecContext(ctx, `SET application_name = '`+processName+`'`); err != nil {
		return err
	}
	err = s.presence.GetContext(ctx, &s.mark, `
		SELECT `+processMark+`
		FROM pg_stat_activity AS s
		WHERE s.pid = pg_backend_pid()`)
	if err != nil {
		return err
	}
	return s.prepare(ctx)
}

package prepared

import (
	"context"
	"database/sql/driver"
	"errors"
)

// session is all that database/sql asks of a lib/pq connection.
type session interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// errBusy says that the rows of another query are still being read on this connection.
var errBusy = errors.New("prepared: the rows of a query before have not been read to their end or closed")

// conn is a connection that remembers statements. database/sql calls it from one goroutine at a time.
type conn struct {
	session
	known *statements
	busy  bool // rows of a remembered statement are open
	spent bool // a query was called off; its cancellation could yet hit the next one
}

func newConn(s session) *conn { return &conn{session: s, known: newStatements(s)} }

// QueryContext runs a query by its prepared statement.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.busy {
		return nil, errBusy
	}
	if len(args) == 0 {
		return c.session.QueryContext(ctx, query, args)
	}
	s, err := c.known.of(ctx, query)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(ctx, args)
	c.spent = c.spent || ctx.Err() != nil
	if stale(err) {
		return again(err, c.known.forget(query), func() (driver.Rows, error) { return c.session.QueryContext(ctx, query, args) })
	}
	if err != nil {
		return nil, err
	}
	full, ok := found.(resultSet)
	if !ok {
		return found, nil
	}
	c.busy = true
	return &rows{resultSet: full, conn: c, ctx: ctx}, nil
}

// ExecContext runs a statement that gives no rows by its prepared statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.busy {
		return nil, errBusy
	}
	if len(args) == 0 {
		return c.session.ExecContext(ctx, query, args)
	}
	s, err := c.known.of(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	c.spent = c.spent || ctx.Err() != nil
	if stale(err) {
		return again(err, c.known.forget(query), func() (driver.Result, error) { return c.session.ExecContext(ctx, query, args) })
	}
	return result, err
}

// PrepareContext prepares a statement for a caller who keeps it himself.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.busy {
		return nil, errBusy
	}
	return c.session.PrepareContext(ctx, query)
}

// BeginTx begins a database transaction.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.busy {
		return nil, errBusy
	}
	return c.session.BeginTx(ctx, opts)
}

// IsValid reports whether the connection may be used again.
func (c *conn) IsValid() bool { return !c.spent && c.session.IsValid() }

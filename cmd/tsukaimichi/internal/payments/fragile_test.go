package payments_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// errTorn is what a statement gets when its connection is torn: carried out or not, nobody can say.
var errTorn = errors.New("the connection to the database was torn")

// fragile opens a database whose connections are torn when fails says so: half of the time before a statement is carried out, half of the time after.
func fragile(t testing.TB, dsn string, fails func() bool) *sqlx.DB {
	t.Helper()
	c, err := prepared.Connector(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db := sqlx.NewDb(sql.OpenDB(tearing{c, fails}), "postgres")
	db.SetMaxIdleConns(8)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

type tearing struct {
	driver.Connector
	fails func() bool
}

func (c tearing) Connect(ctx context.Context) (driver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &torn{session: plain.(session), fails: c.fails}, nil
}

// session is what we ask of a connection to tear.
type session interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.SessionResetter
	driver.Validator
}

type torn struct {
	session
	fails func() bool
	over  bool
}

// tear ends the connection if it is time to, and reports whether it did.
func (c *torn) tear() bool {
	if !c.over && !c.fails() {
		return false
	}
	c.over = true
	_ = c.session.Close()
	return true
}

func (c *torn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.tear() {
		return nil, errTorn
	}
	return c.session.QueryContext(ctx, query, args)
}

func (c *torn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.tear() {
		return nil, errTorn
	}
	result, err := c.session.ExecContext(ctx, query, args)
	if err == nil && c.tear() {
		return nil, errTorn
	}
	return result, err
}

func (c *torn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if c.tear() {
		return nil, errTorn
	}
	tx, err := c.session.BeginTx(ctx, options)
	return &tornTx{tx, c}, err
}

func (c *torn) IsValid() bool { return !c.over && c.session.IsValid() }

func (c *torn) Close() error {
	if c.over {
		return nil
	}
	return c.session.Close()
}

type tornTx struct {
	driver.Tx
	conn *torn
}

// Commit may be torn before or after: after, the work is done and its doer does not know.
func (t *tornTx) Commit() error {
	if t.conn.tear() {
		return errTorn
	}
	err := t.Tx.Commit()
	if err == nil && t.conn.tear() {
		return errTorn
	}
	return err
}

func (t *tornTx) Rollback() error {
	if t.conn.over {
		return nil
	}
	return t.Tx.Rollback()
}

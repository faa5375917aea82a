package prepared

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Open returns the database of a lib/pq connection string. Like sqlx.Open it connects only when first used; the error tells of a
// string that cannot be understood.
func Open(dsn string) (*sqlx.DB, error) {
	c, err := Connector(dsn)
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(sql.OpenDB(c), "postgres"), nil
}

// Connector makes the same connections for who wants to stand between them and database/sql.
func Connector(dsn string) (driver.Connector, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return connector{c}, nil
}

// connector makes connections that remember.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := plain.(session)
	if !ok {
		_ = plain.Close() // the other error is the one to report
		return nil, fmt.Errorf("prepared: %T lacks what database/sql may ask of it", plain)
	}
	return newConn(full), nil
}

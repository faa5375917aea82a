package prepared

import (
	"context"
	"database/sql/driver"
)

// resultSet is what lib/pq's rows can tell.
type resultSet interface {
	driver.Rows
	driver.RowsNextResultSet
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// rows keep their connection busy until they are closed: the answers to another query would mix with theirs.
type rows struct {
	resultSet
	conn *conn
	ctx  context.Context
}

func (r *rows) Close() error {
	err := r.resultSet.Close()
	r.conn.busy = false
	r.conn.spent = r.conn.spent || r.ctx.Err() != nil
	return err
}

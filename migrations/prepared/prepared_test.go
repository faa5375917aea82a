package prepared_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// open returns a database of its own through one connection.
func open(t *testing.T) *sqlx.DB {
	t.Helper()
	return openIn(t, pgtest.Empty(t))
}

func openIn(t *testing.T, in *pgtest.DB) *sqlx.DB {
	t.Helper()
	db, err := prepared.Open(in.OwnerDSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	return db
}

func count(t *testing.T, db *sqlx.DB) int {
	t.Helper()
	var n int
	if err := db.Get(&n, `SELECT count(*) FROM pg_prepared_statements`); err != nil {
		t.Fatal(err)
	}
	return n
}

func must(t *testing.T, db sqlx.Execer, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

func TestStatementIsPreparedOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	for i := range 3 {
		var got int
		if err := db.Get(&got, `SELECT $1::int + 1`, i); err != nil || got != i+1 {
			t.Fatalf("got %d, %v, want %d", got, err, i+1)
		}
	}
	if got := count(t, db); got != 1 {
		t.Errorf("got %d prepared statements, want 1", got)
	}
}

func TestStatementIsPreparedOnceOverTransactions(t *testing.T) {
	t.Parallel()
	db := open(t)
	must(t, db, `CREATE TABLE n (n int NOT NULL)`)
	for i := range 3 {
		tx := db.MustBegin()
		must(t, tx, `INSERT INTO n (n) VALUES ($1)`, i)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if got := count(t, db); got != 1 {
		t.Errorf("got %d prepared statements, want 1", got)
	}
}

func TestConnectionForgetsWhatItHasNotMetForLongest(t *testing.T) {
	t.Parallel()
	db := open(t)
	for i := range 250 {
		must(t, db, fmt.Sprintf(`SELECT $1::int + %d`, i), 1)
	}
	if got := count(t, db); got != 200 {
		t.Errorf("got %d prepared statements, want 200", got)
	}
	must(t, db, `SELECT $1::int + 0`, 1)
}

func TestStatementMayChangeUnderTheProgram(t *testing.T) {
	t.Parallel()
	db := open(t)
	must(t, db, `CREATE TABLE n (n int NOT NULL)`)
	must(t, db, `INSERT INTO n (n) VALUES ($1)`, 7)
	const asked = `SELECT n FROM n WHERE n > $1`
	for _, change := range []string{`SELECT 1`, `ALTER TABLE n ALTER COLUMN n TYPE bigint`, `DEALLOCATE ALL`} {
		must(t, db, change)
		for range 2 {
			var got int
			if err := db.Get(&got, asked, 1); err != nil || got != 7 {
				t.Errorf("after %s: got %d, %v, want 7", change, got, err)
			}
		}
	}
}

func TestStaleStatementInTransactionSaysWhy(t *testing.T) {
	t.Parallel()
	db := open(t)
	must(t, db, `SELECT $1::int`, 1)
	must(t, db, `DEALLOCATE ALL`)
	tx := db.MustBegin()
	_, err := tx.Exec(`SELECT $1::int`, 1)
	var pe *pq.Error
	if !errors.As(err, &pe) || pe.Code != "26000" {
		t.Errorf("got %v, want the statement that does not exist", err)
	}
	if err = tx.Rollback(); err != nil {
		t.Error(err)
	}
	must(t, db, `SELECT $1::int`, 1)
}

func TestErrorsAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, test := range []struct{ statement, want string }{
		{`SELECT $1::int / 0`, "22012"},
		{`SELECT nothing FROM nowhere WHERE n = $1`, "42P01"},
	} {
		var pe *pq.Error
		if _, err := db.Exec(test.statement, 1); !errors.As(err, &pe) || string(pe.Code) != test.want {
			t.Errorf("%s: got %v, want %s", test.statement, err, test.want)
		}
	}
	must(t, db, `SELECT $1::int`, 1) // the connection is still good
}

func TestOpenRowsKeepTheConnection(t *testing.T) {
	t.Parallel()
	db := open(t)
	tx := db.MustBegin()
	rows, err := tx.Queryx(`SELECT generate_series(1, $1::int)`, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = tx.Exec(`SELECT $1::int`, 1); err == nil {
		t.Error("another statement ran between the rows")
	}
	if err = rows.Close(); err != nil {
		t.Error(err)
	}
	must(t, tx, `SELECT $1::int`, 1)
	if err = tx.Commit(); err != nil {
		t.Error(err)
	}
}

func TestCalledOffQueryLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	in := pgtest.Empty(t)
	db := openIn(t, in)
	for range 5 {
		ctx, callOff := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := db.ExecContext(ctx, `SELECT pg_sleep($1)`, 30)
			ended <- err
		}()
		for asleep := false; !asleep; time.Sleep(time.Millisecond) { // what is called off before the server has it is not called off
			if err := in.Super.Get(&asleep, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')`); err != nil {
				t.Fatal(err)
			}
		}
		callOff()
		if err := <-ended; err == nil {
			t.Error("slept to the end")
		}
		must(t, db, `SELECT $1::int`, 1)
	}
}

func TestArgumentsPassAsBefore(t *testing.T) {
	t.Parallel()
	db := open(t)
	var got struct {
		Bytes []byte
		JSON  string
		List  pq.Int64Array
		Empty *string
		At    time.Time
	}
	at := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	err := db.Get(&got, `SELECT $1::bytea AS bytes, $2::jsonb AS json, $3::bigint[] AS list, $4::text AS empty, $5::timestamptz AS at`,
		[]byte{0, 1}, []byte(`{"a": 1}`), pq.Array([]int64{3, 4}), nil, at)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Bytes) != "\x00\x01" || got.JSON != `{"a": 1}` || len(got.List) != 2 || got.Empty != nil || !got.At.Equal(at) {
		t.Errorf("got %+v", got)
	}
}

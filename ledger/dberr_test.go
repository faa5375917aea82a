package ledger_test

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestDatabaseThatIsAwayIsToldFromOneThatRefuses(t *testing.T) {
	t.Parallel()
	nobody, err := sqlx.Open("postgres", fmt.Sprintf("host=%s port=5432 user=nobody sslmode=disable", t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"nobody there":     {nobody.Ping(), true},
		"went away":        {fmt.Errorf("expense 12: %w", driver.ErrBadConn), true},
		"cut off":          {fmt.Errorf("commit: %w", driver.ErrBadConn), true},
		"reset":            {&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true},
		"stopping":         {&pq.Error{Code: "57P01"}, true},
		"crashed":          {&pq.Error{Code: "57P02"}, true},
		"starting":         {fmt.Errorf("rate count: %w", &pq.Error{Code: "57P03"}), true},
		"full":             {&pq.Error{Code: "53300"}, true},
		"no connection":    {&pq.Error{Code: "08006"}, true},
		"called off":       {&pq.Error{Code: "57014"}, false},
		"unique":           {&pq.Error{Code: "23505", Constraint: "expense_key"}, false},
		"a rule of ours":   {fmt.Errorf("x: %w", ledger.ErrPeriodClosed), false},
		"nothing":          {nil, false},
		"not a database's": {errors.New("x"), false},
	} {
		if got := ledger.Unreachable(test.err); got != test.want {
			t.Errorf("%s, %v: got %v", name, test.err, got)
		}
	}
}

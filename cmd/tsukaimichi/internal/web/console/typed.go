package console

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// formBytes is the most a form without files may be: thirty uses with all their words fit twice.
const formBytes = 1 << 20

// typed is a form as it was sent, with what could not be read of it.
type typed struct {
	url.Values
	bad ledger.Invalid
}

// readForm reads a form without files.
func readForm(w http.ResponseWriter, r *http.Request) (typed, error) {
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return typed{}, err
		}
		return typed{}, ledger.Invalid{"": "form.expired"}
	}
	return typed{r.PostForm, ledger.Invalid{}}, nil
}

// text is what was typed, without spaces at its ends and with one kind of line break.
func (t typed) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(t.Get(name), "\r\n", "\n"))
}

// yen reads an amount; nothing typed is 0, and the domain says whether that will do.
func (t typed) yen(name string) ledger.Yen {
	if t.text(name) == "" {
		return 0
	}
	amount, err := ledger.ParseYen(t.text(name))
	t.bad.Need(err == nil, name, "console.amount_shape")
	return amount
}

// count reads a number of things; nothing typed is 0.
func (t typed) count(name string) int64 {
	if t.text(name) == "" {
		return 0
	}
	n, err := ledger.ParseYen(t.text(name)) // the same digits and separators
	t.bad.Need(err == nil && !strings.Contains(t.text(name), "円"), name, "console.count_shape")
	return int64(n)
}

// day reads a day; nothing typed is no day.
func (t typed) day(name string) ledger.Date {
	if t.text(name) == "" {
		return ledger.Date{}
	}
	day, err := ledger.ParseDate(t.text(name))
	t.bad.Need(err == nil, name, "console.day_shape")
	return day
}

// id reads a choice that is an id; anything else is 0, which the domain refuses where it needs one.
func (t typed) id(name string) int64 {
	n, err := ledger.ParseYen(t.text(name))
	if err != nil {
		return 0
	}
	return int64(n)
}

// errRehearsed ends a database transaction that was only to find out whether it would go through.
var errRehearsed = errors.New("console: rehearsed")

// carryOut calls the domain in a database transaction and rolls it back if anything typed could not be read, so that all
// problems come back together.
func (t typed) carryOut(ctx context.Context, db *sqlx.DB, change func(tx *sqlx.Tx) error) error {
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		err := change(tx)
		var more ledger.Invalid
		if errors.As(err, &more) {
			for field, key := range more {
				t.bad.Need(false, field, key)
			}
			return t.bad
		}
		if len(t.bad) > 0 {
			return t.bad
		}
		return err
	})
}

// alone lets one change at a time be made of a kind that the database does not keep apart by itself: two presses of one button come one after
// the other, and the second sees what the first did.
func alone(ctx context.Context, tx *sqlx.Tx, organisationID int64, what string) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, $2))`, "console:"+what, organisationID); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// sayings are the sentences for what is wrong, by field.
func sayings(bad ledger.Invalid) map[string]string {
	said := make(map[string]string, len(bad))
	for field, key := range bad {
		said[field] = locale.Japanese.T(key)
	}
	return said
}

// newKey is a random key for a form: what books is booked once for it.
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// keyOf is the key a form was sent with, so that its next try is the same one.
func (t typed) keyOf() string {
	if key := t.Get("key"); key != "" {
		return key
	}
	return newKey()
}

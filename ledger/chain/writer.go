package chain

import (
	"database/sql"
	"encoding/binary"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// version heads every encoding. Another layout gets another one; what is sealed keeps its own for ever.
const version = 1

// writer lays values one after the other so that no two sequences of values give the same bytes: numbers have eight bytes, texts
// and lists their length in front, what may be missing a byte that says whether it is there.
type writer struct{ bytes []byte }

func newWriter(part byte) *writer { return &writer{bytes: append(make([]byte, 0, 512), version, part)} }

func (w *writer) number(n int64) { w.bytes = binary.BigEndian.AppendUint64(w.bytes, uint64(n)) }

func (w *writer) text(s string) {
	w.number(int64(len(s)))
	w.bytes = append(w.bytes, s...)
}

func (w *writer) there(is bool) {
	if is {
		w.bytes = append(w.bytes, 1)
		return
	}
	w.bytes = append(w.bytes, 0)
}

func (w *writer) maybeNumber(n sql.NullInt64) {
	if w.there(n.Valid); n.Valid {
		w.number(n.Int64)
	}
}

func (w *writer) maybeText(s sql.NullString) {
	if w.there(s.Valid); s.Valid {
		w.text(s.String)
	}
}

// firstDay is the day that days are counted from.
var firstDay = ledger.NewDate(1970, time.January, 1)

func (w *writer) day(d ledger.Date) { w.number(int64(d.Sub(firstDay))) }

// instant is in microseconds, which is what PostgreSQL keeps.
func (w *writer) instant(at time.Time) { w.number(at.UnixMicro()) }

package chain

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrEncoding says that bytes are not an encoding that this package makes.
var ErrEncoding = errors.New("chain: not an encoding of a record")

// reader takes apart what a writer laid. The first thing that does not fit spoils it, and everything after reads as zero.
type reader struct {
	bytes []byte
	err   error
}

func newReader(bytes []byte, part byte) *reader {
	r := &reader{bytes: bytes}
	if head := r.take(2); r.err == nil && (head[0] != version || head[1] != part) {
		r.err = ErrEncoding
	}
	return r
}

func (r *reader) take(n int64) []byte {
	if r.err == nil && (n < 0 || n > int64(len(r.bytes))) {
		r.err = ErrEncoding
	}
	if r.err != nil {
		return nil
	}
	head := r.bytes[:n]
	r.bytes = r.bytes[n:]
	return head
}

func (r *reader) number() int64 {
	if b := r.take(8); r.err == nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (r *reader) text() string { return string(r.take(r.number())) }

func (r *reader) there() bool {
	b := r.take(1)
	if r.err == nil && b[0] > 1 {
		r.err = ErrEncoding
	}
	return r.err == nil && b[0] == 1
}

func (r *reader) maybeNumber() (n sql.NullInt64) {
	if r.there() {
		n = sql.NullInt64{Int64: r.number(), Valid: true}
	}
	return n
}

func (r *reader) maybeText() (s sql.NullString) {
	if r.there() {
		s = sql.NullString{String: r.text(), Valid: true}
	}
	return s
}

func (r *reader) day() ledger.Date {
	n := r.number()
	if n < math.MinInt32/2 || n > math.MaxInt32/2 {
		r.err = ErrEncoding
		return ledger.Date{}
	}
	return firstDay.AddDays(int(n))
}

func (r *reader) instant() time.Time { return time.UnixMicro(r.number()).UTC() }

// count reads the length of a list whose items take at least size bytes each.
func (r *reader) count(size int64) int {
	n := r.number()
	if r.err == nil && (n < 0 || n > int64(len(r.bytes))/size) {
		r.err = ErrEncoding
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

// end reports the first error, or ErrEncoding when something is left over.
func (r *reader) end() error {
	if r.err == nil && len(r.bytes) > 0 {
		r.err = ErrEncoding
	}
	return r.err
}

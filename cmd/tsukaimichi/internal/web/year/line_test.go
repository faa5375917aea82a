package year

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// line leads from a reader to the program. It counts what comes down, and it can be cut.
type line struct {
	at       string // where the reader reaches the program by it
	program  string
	down     atomic.Int64
	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
}

// layLine lays a line to the program at an address. It ends with the test.
func layLine(t *testing.T, program string) *line {
	t.Helper()
	address, err := rehearsed.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	l := &line{at: "http://" + address, program: strings.TrimPrefix(program, "http://"), open: map[net.Conn]bool{}}
	l.mend(t)
	t.Cleanup(func() { l.cut(t) })
	return l
}

// mend makes the program reachable.
func (l *line) mend(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", strings.TrimPrefix(l.at, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	l.listener = listener
	l.mu.Unlock()
	go func() {
		for {
			reader, err := listener.Accept()
			if err != nil {
				return // it was cut
			}
			go l.lead(reader)
		}
	}()
}

// cut ends every connection and refuses new ones.
func (l *line) cut(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	for conn := range l.open {
		_ = conn.Close() // whoever was quicker
	}
}

func (l *line) lead(reader net.Conn) {
	program, err := net.Dial("tcp", l.program)
	if err != nil {
		_ = reader.Close() // as if the line were down
		return
	}
	l.keep(reader, program)
	defer l.drop(reader, program)
	go func() {
		_, _ = io.Copy(program, reader) // the end of either side ends both
		l.drop(reader, program)
	}()
	_, _ = io.Copy(reader, io.TeeReader(program, counted{&l.down}))
}

func (l *line) keep(all ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range all {
		l.open[conn] = true
	}
}

func (l *line) drop(all ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range all {
		delete(l.open, conn)
		_ = conn.Close()
	}
}

type counted struct{ sum *atomic.Int64 }

func (c counted) Write(p []byte) (int, error) {
	c.sum.Add(int64(len(p)))
	return len(p), nil
}

package shelf

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// counter makes pages that say which making they are.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) write(out *bytes.Buffer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	_, err := out.WriteString("page " + strconv.Itoa(c.n))
	return err
}

func TestPageIsMadeAnewOnlyAfterAChange(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	db.Super.MustExec(`CREATE TABLE n (n int NOT NULL)`)
	db.Super.MustExec(`GRANT ALL ON n TO PUBLIC`)
	var s Shelf
	var c counter
	take := func(today, want string) {
		t.Helper()
		got, err := s.take(t.Context(), db.App, "/c/one "+today, "", c.write)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.plain) != want {
			t.Errorf("got %q, want %q", got.plain, want)
		}
	}
	// Other tests write to the same server, and any write anywhere counts: a page may be made anew too often, never too seldom.
	first := func() string {
		t.Helper()
		if _, err := s.take(t.Context(), db.App, "/c/one day 1", "", c.write); err != nil {
			t.Fatal(err)
		}
		return "page " + strconv.Itoa(c.n+1)
	}
	next := first()
	db.App.MustExec(`INSERT INTO n (n) VALUES (1)`)
	take("day 1", next)
	next = first()
	take("day 2", next)

	tx := db.App.MustBegin()
	tx.MustExec(`INSERT INTO n (n) VALUES (2)`)
	next = first()
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	take("day 1", next)
}

func TestCrowdGetsOnePageAtATime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var s Shelf
	var c counter
	const crowd = 64
	var group sync.WaitGroup
	for range crowd {
		group.Go(func() {
			if _, err := s.take(t.Context(), db.App, "/c/one day 1", "", c.write); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if c.n < 1 || c.n > crowd {
		t.Errorf("made %d pages", c.n)
	}
}

// TestWhoWaitsForAMakingIsServedByTheNext has twenty readers come while a page is made, and a change before each of them.
func TestWhoWaitsForAMakingIsServedByTheNext(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	db.Super.MustExec(`CREATE TABLE n (n int NOT NULL)`)
	db.Super.MustExec(`GRANT ALL ON n TO PUBLIC`)
	var s Shelf
	var c counter
	begun, goOn := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	take := func(write func(*bytes.Buffer) error) {
		group.Go(func() {
			if _, err := s.take(t.Context(), db.App, "/c/one day 1", "", write); err != nil {
				t.Error(err)
			}
		})
	}
	take(func(out *bytes.Buffer) error {
		close(begun)
		<-goOn
		return c.write(out)
	})
	<-begun
	const crowd = 20
	before := s.tickets.Load()
	for i := range crowd {
		db.App.MustExec(`INSERT INTO n (n) VALUES ($1)`, i)
		take(c.write)
	}
	for s.tickets.Load() < before+crowd {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // until they stand in line
	close(goOn)
	group.Wait()
	if c.n > 3 {
		t.Errorf("%d pages were made for %d who waited together", c.n, crowd)
	}
}

func TestPageThatCannotBeMadeLeavesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var s Shelf
	broken := errors.New("broken")
	_, err := s.take(t.Context(), db.App, "/c/nothing day 1", "", func(*bytes.Buffer) error { return broken })
	if !errors.Is(err, broken) || len(s.places) != 0 {
		t.Errorf("got %v and %d pages", err, len(s.places))
	}
}

func TestPageIsSentAsTheReaderTakesIt(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("日本語", 20)
	made, err := NewAnswer([]byte(content), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, accept, match, encoding string
		status                        int
	}{
		{"plain", "", "", "", 200}, {"packed", "br, gzip;q=0.8", "", "gzip", 200}, {"refused", "gzip;q=0", "", "", 200}, {"known", "gzip", made.tag, "", 304},
		{"old", "gzip", `W/"x"`, "gzip", 200}, {"one of several", "gzip", `W/"x", ` + made.tag, "", 304}, {"strong", "gzip", made.tag[2:], "", 304}, {"any", "", "*", "", 304},
	} {
		r := httptest.NewRequest(http.MethodGet, "/c/one", nil)
		r.Header.Set("Accept-Encoding", test.accept)
		r.Header.Set("If-None-Match", test.match)
		w := httptest.NewRecorder()
		made.Send(w, r, Ask)
		if w.Code != test.status || w.Header().Get("Content-Encoding") != test.encoding || w.Header().Get("ETag") != made.tag {
			t.Errorf("%s: got %d, %v", test.name, w.Code, w.Header())
		}
		var body io.Reader = w.Body
		if test.encoding == "gzip" {
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		got, err := io.ReadAll(body)
		if err != nil || (test.status == 200) != (string(got) == content) {
			t.Errorf("%s: got %q, %v", test.name, got, err)
		}
	}
}

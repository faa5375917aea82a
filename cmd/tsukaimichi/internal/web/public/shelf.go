package public

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// shelfRoom is how many pages are kept at most; then all are made anew.
const shelfRoom = 200

// shelf keeps pages as they were last sent, for as long as the database has not changed. It asks the database at every request, so
// a reader never sees an older page than without it, on however many machines; what it saves is reading and rendering again.
// Nothing is lost with it. Its zero value is ready.
type shelf struct {
	tickets atomic.Int64
	mu      sync.Mutex
	pages   map[string]*kept
}

// kept is a page with what it was made from.
type kept struct {
	mu     sync.Mutex // held while the page is made: who comes meanwhile waits for it
	mark   string     // of the database, taken before the page was made
	ticket int64      // drawn before the mark was taken
	sent
}

// sent is what goes out.
type sent struct {
	plain, gzip []byte
	tag         string
}

// take returns the page of a name, made anew if the database may have changed since. today is part of what a page depends on.
func (s *shelf) take(ctx context.Context, q sqlx.QueryerContext, name, today string, write func(*bytes.Buffer) error) (sent, error) {
	ticket := s.tickets.Add(1)
	mark, err := databaseMark(ctx, q)
	if err != nil {
		return sent{}, err
	}
	mark += " " + today
	k := s.place(name)
	k.mu.Lock()
	defer k.mu.Unlock()
	// A page whose making began after this request did is new enough as well: a crowd causes one making, not many.
	if k.plain != nil && (k.mark == mark || k.ticket > ticket) {
		return k.sent, nil
	}
	// The making begins now, not when this request came: all who waited with it are served by it.
	ticket = s.tickets.Add(1)
	if mark, err = databaseMark(ctx, q); err != nil {
		return sent{}, err
	}
	mark += " " + today
	var page bytes.Buffer
	if err = write(&page); err != nil {
		s.clear(name, k)
		return sent{}, err
	}
	made, err := newSent(page.Bytes())
	if err != nil {
		return sent{}, err
	}
	k.mark, k.ticket, k.sent = mark, ticket, made
	return made, nil
}

func (s *shelf) place(name string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil || len(s.pages) >= shelfRoom && s.pages[name] == nil {
		s.pages = map[string]*kept{}
	}
	if s.pages[name] == nil {
		s.pages[name] = &kept{}
	}
	return s.pages[name]
}

// clear gives up the place of a page that cannot be made; most such names are of nothing.
func (s *shelf) clear(name string, k *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages[name] == k {
		delete(s.pages, name)
	}
}

// databaseMark differs from an earlier one whenever anything was committed between them, by whomever: the transactions that were
// under way and the next one to come are named in it.
func databaseMark(ctx context.Context, q sqlx.QueryerContext) (string, error) {
	var mark string
	if err := sqlx.GetContext(ctx, q, &mark, `SELECT pg_current_snapshot()::text`); err != nil {
		return "", fmt.Errorf("state of the database: %w", err)
	}
	return mark, nil
}

func newSent(page []byte) (sent, error) {
	hash := sha256.Sum256(page)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(page); err != nil {
		return sent{}, err
	}
	if err := z.Close(); err != nil {
		return sent{}, err
	}
	return sent{page, packed.Bytes(), `W/"` + base64.RawURLEncoding.EncodeToString(hash[:12]) + `"`}, nil
}

// send answers with the page, or with nothing new where the reader has it already.
func (s sent) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache") // keep it, and ask each time whether it still is so
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", s.tag)
	if r.Header.Get("If-None-Match") == s.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := s.plain
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = s.gzip
	}
	_, _ = w.Write(body) // a reader who went away is no error of ours
}

// takesGzip reports whether an Accept-Encoding names gzip and does not refuse it.
func takesGzip(accept string) bool {
	for offer := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(offer, ";")
		if strings.TrimSpace(name) == "gzip" {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

package shelf

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// room is how many answers are kept at most; then all are made anew.
const room = 200

// Shelf keeps answers as they were last sent, for as long as the database has not changed. Nothing is lost with it. Its zero value is ready.
type Shelf struct {
	tickets atomic.Int64
	mu      sync.Mutex
	places  map[string]*place
}

// place holds an answer with what it was made from.
type place struct {
	mu     sync.Mutex // held while the answer is made: who comes meanwhile waits for it
	mark   string     // of the database, taken before the answer was made
	ticket int64      // drawn before the mark was taken
	Answer
}

// Send answers a GET with what write makes, or with what it made before if nothing was committed to the database since. depends names all the answer depends on besides
// its path and the database. Errors are those of write, and of the database; nothing has been sent then.
func (s *Shelf) Send(w http.ResponseWriter, r *http.Request, q sqlx.QueryerContext, depends string, write func(*bytes.Buffer) error) error {
	answer, err := s.take(r.Context(), q, r.URL.Path+" "+depends, w.Header().Get("Content-Type"), write)
	if err != nil {
		return err
	}
	answer.Send(w, r, Ask)
	return nil
}

// take returns the answer of a name, made anew if the database may have changed since.
func (s *Shelf) take(ctx context.Context, q sqlx.QueryerContext, name, mediaType string, write func(*bytes.Buffer) error) (Answer, error) {
	ticket := s.tickets.Add(1)
	mark, err := databaseMark(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	k := s.place(name)
	k.mu.Lock()
	defer k.mu.Unlock()
	// What began to be made after this request came is new enough as well: a crowd causes one making, not many.
	if k.plain != nil && (k.mark == mark || k.ticket > ticket) {
		return k.Answer, nil
	}
	// The making begins now, not when this request came: all who waited with it are served by it.
	ticket = s.tickets.Add(1)
	if mark, err = databaseMark(ctx, q); err != nil {
		return Answer{}, err
	}
	var content bytes.Buffer
	if err = write(&content); err != nil {
		s.clear(name, k)
		return Answer{}, err
	}
	made, err := NewAnswer(content.Bytes(), mediaType)
	if err != nil {
		return Answer{}, err
	}
	k.mark, k.ticket, k.Answer = mark, ticket, made
	return made, nil
}

func (s *Shelf) place(name string) *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.places == nil || len(s.places) >= room && s.places[name] == nil {
		s.places = map[string]*place{}
	}
	if s.places[name] == nil {
		s.places[name] = &place{}
	}
	return s.places[name]
}

// clear gives up the place of an answer that cannot be made; most such names are of nothing.
func (s *Shelf) clear(name string, k *place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.places[name] == k {
		delete(s.places, name)
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

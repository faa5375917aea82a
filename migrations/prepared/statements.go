package prepared

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// kept is how many statements a connection remembers.
const kept = 200

// statement is a prepared statement of lib/pq.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// remembered is a statement with its text.
type remembered struct {
	text string
	statement
}

// statements are those a connection remembers, in the order it last met them.
type statements struct {
	session session
	byText  map[string]*list.Element
	met     *list.List // of remembered, the latest first
}

func newStatements(s session) *statements {
	return &statements{session: s, byText: map[string]*list.Element{}, met: list.New()}
}

// of returns the statement of a text, prepared now if it was not met before.
func (s *statements) of(ctx context.Context, text string) (statement, error) {
	if e, ok := s.byText[text]; ok {
		s.met.MoveToFront(e)
		return e.Value.(remembered).statement, nil
	}
	if s.met.Len() >= kept {
		if err := s.forget(s.met.Back().Value.(remembered).text); err != nil {
			return nil, err
		}
	}
	made, err := s.session.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	full, ok := made.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("prepared: %T cannot be run with a context", made), made.Close())
	}
	s.byText[text] = s.met.PushFront(remembered{text, full})
	return full, nil
}

// forget closes a statement.
func (s *statements) forget(text string) error {
	e := s.byText[text]
	delete(s.byText, text)
	return s.met.Remove(e).(remembered).Close()
}

// stale says that the server no longer has the statement, or that a migration changed what it returns.
func stale(err error) bool {
	var pe *pq.Error
	if !errors.As(err, &pe) {
		return false
	}
	return pe.Code == "26000" || (pe.Code == "0A000" && pe.Message == "cached plan must not change result type")
}

// again runs a stale statement without preparing it. In a database transaction, which the first error has spoilt, that error
// is the one to report.
func again[T any](first, closing error, run func() (T, error)) (T, error) {
	var none T
	if closing != nil && !stale(closing) {
		return none, errors.Join(first, closing)
	}
	result, err := run()
	var pe *pq.Error
	if errors.As(err, &pe) && pe.Code == "25P02" { // in_failed_sql_transaction
		return none, first
	}
	return result, err
}

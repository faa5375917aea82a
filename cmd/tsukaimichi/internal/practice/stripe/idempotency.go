package stripe

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// remembered is how long an answer is kept for its key.
const remembered = 24 * time.Hour

// once runs a writing request; the same idempotency key gets the same answer for a day. As at Stripe an error inside is an answer
// too and sticks to its key, while a refused parameter leaves the key free. Two requests at once wait for each other here, where
// Stripe would refuse the second.
func (s *Server) once(r *http.Request, organisation int64, f form, work func(context.Context, *account) (reply, error)) (reply, error) {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > 255 {
		return reply{}, invalid("", "", "Idempotency keys can be up to 255 characters long.")
	}
	print := fingerprint(r, f)
	var answer reply
	err := s.write(r.Context(), organisation, func(a *account) error {
		earlier, found, err := a.recall(r.Context(), key, print)
		if found || err != nil {
			answer = earlier
			return err
		}
		if answer, err = work(r.Context(), a); err != nil {
			return err
		}
		return a.remember(r.Context(), key, print, answer)
	})
	var no *refusal
	if err == nil || errors.As(err, &no) {
		return answer, err
	}
	if !errors.Is(err, errFault) {
		s.log.ErrorContext(r.Context(), "practice stripe", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	answer = errInside.answer()
	return answer, s.write(r.Context(), organisation, func(a *account) error {
		return a.remember(r.Context(), key, print, answer)
	})
}

// fingerprint is the same for two requests that ask for the same.
func fingerprint(r *http.Request, f form) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n", r.Method, r.URL.Path)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(sum, "%q=%q\n", name, f[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (a *account) recall(ctx context.Context, key, print string) (answer reply, found bool, err error) {
	var row struct {
		Fingerprint string `db:"fingerprint"`
		Status      int    `db:"status"`
		Answer      string `db:"answer"`
	}
	err = a.tx.GetContext(ctx, &row, `
		SELECT fingerprint, status, answer
		FROM practice.stripe_request
		WHERE organisation_id = $1 AND key = $2 AND created_at > $3`, a.organisation, key, a.now.Add(-remembered))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return reply{}, false, nil
	case err != nil:
		return reply{}, false, fmt.Errorf("practice request %s: %w", key, err)
	case row.Fingerprint != print:
		return reply{}, false, &refusal{http.StatusBadRequest, "idempotency_error", "", "",
			"Keys for idempotent requests can only be used with the same parameters they were first used with."}
	}
	return reply{status: row.Status, body: []byte(row.Answer), replayed: true}, true, nil
}

func (a *account) remember(ctx context.Context, key, print string, answer reply) error {
	if key == "" {
		return nil
	}
	_, err := a.tx.ExecContext(ctx, `
		DELETE FROM practice.stripe_request
		WHERE organisation_id = $1 AND created_at <= $2`, a.organisation, a.now.Add(-remembered))
	if err != nil {
		return fmt.Errorf("practice request %s: %w", key, err)
	}
	_, err = a.tx.ExecContext(ctx, `
		INSERT INTO practice.stripe_request (organisation_id, key, fingerprint, status, answer, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, a.organisation, key, print, answer.status, string(answer.body), a.now)
	if err != nil {
		return fmt.Errorf("practice request %s: %w", key, err)
	}
	return nil
}

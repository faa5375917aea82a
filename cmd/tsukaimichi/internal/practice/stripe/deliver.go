package stripe

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// pauses are the waits after the first, second … failed attempt; the last one repeats until giveUp.
var pauses = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour,
}

const (
	giveUp = 3 * 24 * time.Hour // after the event
	lease  = time.Minute        // a replica that dies while sending leaves the delivery to the others after this
)

// delivery is one attempt to bring an event to an endpoint.
type delivery struct {
	Organisation int64     `db:"organisation_id"`
	EventID      string    `db:"event_id"`
	EndpointID   string    `db:"endpoint_id"`
	Attempts     int       `db:"attempts"`
	Body         string    `db:"body"`
	URL          string    `db:"url"`
	Secret       string    `db:"secret"`
	HappenedAt   time.Time `db:"created_at"`
}

// Deliver sends every webhook that is due, in the order of the events, and returns how many were accepted. What is not answered
// with 2xx is tried again, ever later, for three days by the practice clock. Call it in a loop; any number of replicas may.
func (s *Server) Deliver(ctx context.Context) (accepted int, err error) {
	for {
		now := s.clock.Now().Truncate(time.Second)
		on, err := s.Settings(ctx)
		if err != nil {
			return accepted, err
		}
		d, err := s.claim(ctx, now, s.strikes(on, Reverse))
		if errors.Is(err, sql.ErrNoRows) {
			return accepted, nil
		}
		if err != nil {
			return accepted, fmt.Errorf("practice delivery: %w", err)
		}
		status := s.sendOrNot(ctx, d, now, on)
		if ctx.Err() != nil {
			return accepted, ctx.Err() // the lease runs out and the attempt is made again
		}
		if status/100 == 2 {
			accepted++
		}
		if err := s.settle(ctx, d, status, now); err != nil {
			return accepted, fmt.Errorf("practice delivery of %s: %w", d.EventID, err)
		}
	}
}

// sendOrNot makes an attempt as the switches will have it. What is lost counts as answered: nobody sends it again.
func (s *Server) sendOrNot(ctx context.Context, d delivery, now time.Time, on map[Switch]int) int {
	if s.strikes(on, Lose) {
		return http.StatusOK
	}
	if s.strikes(on, Down) {
		return http.StatusServiceUnavailable
	}
	if s.strikes(on, Version) {
		d.Body = foreign(d.Body)
	}
	if s.strikes(on, Thin) {
		d.Body = thin(d.Body, now)
	}
	status := s.send(ctx, d, now)
	if s.strikes(on, Duplicate) {
		status = s.send(ctx, d, now)
	}
	return status
}

// claim takes the next due delivery for one lease, or the newest.
func (s *Server) claim(ctx context.Context, now time.Time, newest bool) (delivery, error) {
	var d delivery
	err := s.db.GetContext(ctx, &d, `
		WITH next AS (
			SELECT organisation_id, event_id, endpoint_id
			FROM practice.stripe_delivery
			WHERE due_at <= $1
			ORDER BY CASE WHEN $3 THEN -position END, due_at, position
			LIMIT 1
			FOR UPDATE SKIP LOCKED
		), claimed AS (
			UPDATE practice.stripe_delivery AS d
			SET attempts = d.attempts + 1, due_at = $2
			FROM next
			WHERE d.organisation_id = next.organisation_id
				AND d.event_id = next.event_id
				AND d.endpoint_id = next.endpoint_id
			RETURNING d.organisation_id, d.event_id, d.endpoint_id, d.attempts
		)
		SELECT c.organisation_id, c.event_id, c.endpoint_id, c.attempts, e.body, w.body->>'url' AS url, w.secret, e.created_at
		FROM claimed AS c
		JOIN practice.stripe_object AS e ON e.organisation_id = c.organisation_id AND e.id = c.event_id
		JOIN practice.stripe_object AS w ON w.organisation_id = c.organisation_id AND w.id = c.endpoint_id`,
		now, now.Add(lease), newest)
	return d, err
}

// send makes the attempt, signed afresh, and returns the status of the answer, or 0 when there was none. A redirect is not followed.
func (s *Server) send(ctx context.Context, d delivery, now time.Time) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader([]byte(d.Body)))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Stripe/1.0 (practice)")
	r.Header.Set("Stripe-Signature", signature(now, []byte(d.Body), d.Secret))
	answer, err := s.client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, largestBody)
	return answer.StatusCode
}

// signature is Stripe's scheme v1, written here on its own: that stripe-go accepts it shows that both are right.
func signature(at time.Time, payload []byte, secret string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(sum, "%d.", at.Unix())
	sum.Write(payload)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(sum.Sum(nil)))
}

// settle writes down how an attempt ended, unless another replica has claimed the delivery since.
func (s *Server) settle(ctx context.Context, d delivery, status int, now time.Time) error {
	outcome, due := "waiting", now.Add(pauses[min(d.Attempts, len(pauses))-1])
	switch {
	case status/100 == 2:
		outcome, due = "delivered", never
	case due.Sub(d.HappenedAt) > giveUp:
		outcome, due = "given_up", never
	}
	_, err := s.db.ExecContext(ctx, `
		UPDATE practice.stripe_delivery
		SET status = $4, answered = nullif($5, 0), due_at = $6
		WHERE organisation_id = $1 AND event_id = $2 AND endpoint_id = $3 AND attempts = $7`,
		d.Organisation, d.EventID, d.EndpointID, outcome, status, nullable(due), d.Attempts)
	return err
}

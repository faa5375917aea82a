package stripe

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// head is what every object of Stripe's begins with.
type head struct {
	ID       string `json:"id"`
	Object   string `json:"object"`
	Created  int64  `json:"created"`
	Livemode bool   `json:"livemode"` // never
}

func (h head) name() head { return h }

// object is a document of the account.
type object interface{ name() head }

// text is a string that Stripe writes as null when it is empty.
type text string

// MarshalJSON writes null for nothing.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// newHead begins an object of a kind, made now.
func (a *account) newHead(prefix, kind string) head {
	return head{ID: prefix + "_" + random(24), Object: kind, Created: a.now.Unix()}
}

// never is the due instant of an object that time does not change.
var never time.Time

// add stores a new object. due is the instant at which Tick looks at it, or never.
func (a *account) add(ctx context.Context, o object, due time.Time) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = a.tx.ExecContext(ctx, `
		INSERT INTO practice.stripe_object (organisation_id, id, kind, body, created_at, due_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		a.organisation, o.name().ID, o.name().Object, string(body), a.now, nullable(due))
	if err != nil {
		return fmt.Errorf("practice %s: %w", o.name().ID, err)
	}
	return nil
}

// save stores an object again, with a new due instant.
func (a *account) save(ctx context.Context, o object, due time.Time) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = a.tx.ExecContext(ctx, `
		UPDATE practice.stripe_object
		SET body = $3, due_at = $4
		WHERE organisation_id = $1 AND id = $2`,
		a.organisation, o.name().ID, string(body), nullable(due))
	if err != nil {
		return fmt.Errorf("practice %s: %w", o.name().ID, err)
	}
	return nil
}

// raw returns an object as it is stored; a refusal when the account has none of that kind and name.
func (a *account) raw(ctx context.Context, kind, id string) (json.RawMessage, error) {
	var body string
	err := a.tx.GetContext(ctx, &body, `
		SELECT body
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND id = $2 AND kind = $3`, a.organisation, id, kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing(kind, id)
	case err != nil:
		return nil, fmt.Errorf("practice %s: %w", id, err)
	}
	return json.RawMessage(body), nil
}

// load reads an object into its type.
func load[T any](ctx context.Context, a *account, kind, id string) (T, error) {
	var o T
	body, err := a.raw(ctx, kind, id)
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(body, &o); err != nil {
		return o, fmt.Errorf("practice %s: %w", id, err)
	}
	return o, nil
}

func nullable(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

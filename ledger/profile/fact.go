package profile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Value is one fact. Exactly one of its parts is given; Text may be empty to say that there is none.
type Value struct {
	Text   *string      `json:"text,omitempty"`
	Number *int64       `json:"number,omitempty"`
	Words  []string     `json:"words,omitempty"`
	Day    *ledger.Date `json:"day,omitempty"`
	Yes    *bool        `json:"yes,omitempty"`
}

// Fact is what is known under a key.
type Fact struct {
	Key        string
	Value      Value
	SaidOn     ledger.Date // true from then
	StaleAfter ledger.Date // zero: never
	SaidBy     string
}

// Stale reports whether the fact is to be asked again on the day.
func (f Fact) Stale(on ledger.Date) bool { return !f.StaleAfter.IsZero() && f.StaleAfter.Before(on) }

// ErrUnknownKey says that no form asks for such a fact.
var ErrUnknownKey = errors.New("profile: no such key")

// Say adds a fact; the newest of a key is the one that counts. It needs a key of Keys and a value of the key's type; ErrUnknownKey and
// ledger.Invalid otherwise. When it goes stale follows from the key.
func Say(ctx context.Context, tx *sqlx.Tx, organisationID int64, f Fact, by ledger.Actor, at time.Time) error {
	key, known := keyOf(f.Key)
	if !known {
		return fmt.Errorf("%.60q: %w", f.Key, ErrUnknownKey)
	}
	if code := key.Kind.refuses(f.Value); code != "" {
		return ledger.Invalid{f.Key: code}
	}
	if f.SaidOn.IsZero() {
		f.SaidOn = ledger.DateOf(at)
	}
	if f.StaleAfter.IsZero() && key.Fresh > 0 {
		f.StaleAfter = f.SaidOn.AddDays(key.Fresh)
	}
	value, err := json.Marshal(f.Value)
	if err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO profile_fact (organisation_id, key, value, said_on, stale_after, said_at, said_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, organisationID, f.Key, string(value), f.SaidOn, f.StaleAfter, at, actor)
	if err != nil {
		return fmt.Errorf("fact %s: %w", f.Key, ledger.Classify(err))
	}
	return nil
}

// Facts returns the newest fact of each key that was true on the day, by key.
func Facts(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) (map[string]Fact, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT DISTINCT ON (f.key) f.key, f.value, f.said_on, f.stale_after, a.name
		  FROM profile_fact f
		  JOIN actor a ON a.organisation_id = f.organisation_id AND a.id = f.said_by
		 WHERE f.organisation_id = $1 AND f.said_on <= $2
		 ORDER BY f.key, f.said_on DESC, f.id DESC`, organisationID, on)
	if err != nil {
		return nil, fmt.Errorf("facts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	facts := map[string]Fact{}
	for rows.Next() {
		var f Fact
		var value []byte
		if err = rows.Scan(&f.Key, &value, &f.SaidOn, &f.StaleAfter, &f.SaidBy); err != nil {
			return nil, fmt.Errorf("facts: %w", err)
		}
		if err = json.Unmarshal(value, &f.Value); err != nil {
			return nil, fmt.Errorf("fact %s: %w", f.Key, err)
		}
		facts[f.Key] = f
	}
	return facts, rows.Err()
}

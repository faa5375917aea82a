package stripe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// deepest is how many levels Stripe expands.
const deepest = 4

// expandable says which members of a kind hold the name of another object, and of which kind. An empty kind is told by the
// object found.
var expandable = map[string]map[string]string{
	"checkout.session": {"payment_intent": "payment_intent"},
	"payment_intent":   {"latest_charge": "charge"},
	"charge":           {"balance_transaction": "balance_transaction", "payment_intent": "payment_intent"},
	"refund": {"balance_transaction": "balance_transaction", "charge": "charge",
		"failure_balance_transaction": "balance_transaction", "payment_intent": "payment_intent"},
	"balance_transaction": {"source": ""},
	"dispute":             {"charge": "charge"},
	"payout":              {"balance_transaction": "balance_transaction", "failure_balance_transaction": "balance_transaction"},
}

// expand puts objects in the place of their names along each path, as payment_intent.latest_charge or data.source.
func (a *account) expand(ctx context.Context, raw []byte, paths []string) ([]byte, error) {
	document, err := decode(raw)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		steps := strings.Split(path, ".")
		if len(steps) > deepest {
			return nil, invalid("expand", "", "You cannot expand more than %d levels of a property (%s).", deepest, path)
		}
		if err := a.expandPath(ctx, document, steps, path); err != nil {
			return nil, err
		}
	}
	return json.Marshal(document)
}

func (a *account) expandPath(ctx context.Context, document map[string]any, steps []string, path string) error {
	if len(steps) == 0 {
		return nil
	}
	kind, _ := document["object"].(string)
	if kind == "list" && steps[0] == "data" && len(steps) > 1 {
		all, _ := document["data"].([]any)
		if err := a.readAhead(ctx, all, steps[1]); err != nil {
			return err
		}
		for _, one := range all {
			if err := a.expandPath(ctx, one.(map[string]any), steps[1:], path); err != nil {
				return err
			}
		}
		return nil
	}
	target, is := expandable[kind][steps[0]]
	if !is {
		return invalid("expand", "", "This property cannot be expanded (%s).", path)
	}
	switch value := document[steps[0]].(type) {
	case string:
		found, err := a.named(ctx, target, value)
		if err != nil {
			return err
		}
		document[steps[0]] = found
		return a.expandPath(ctx, found, steps[1:], path)
	case map[string]any: // by an earlier path
		return a.expandPath(ctx, value, steps[1:], path)
	}
	return nil // null stays null
}

// readAhead reads what a member of many objects names at once: a list has up to a hundred.
func (a *account) readAhead(ctx context.Context, all []any, member string) error {
	var ids []string
	for _, one := range all {
		if document, is := one.(map[string]any); is {
			if id, is := document[member].(string); is {
				ids = append(ids, id)
			}
		}
	}
	var rows []struct {
		ID   string `db:"id"`
		Kind string `db:"kind"`
		Body string `db:"body"`
	}
	err := a.tx.SelectContext(ctx, &rows, `
		SELECT id, kind, body
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND id = ANY ($2)`, a.organisation, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("practice expand of %s: %w", member, err)
	}
	a.read = map[string]json.RawMessage{}
	for _, row := range rows {
		a.read[row.Kind+" "+row.ID] = json.RawMessage(row.Body)
	}
	return nil
}

// named reads an object whose name another object holds; of any kind when kind is empty.
func (a *account) named(ctx context.Context, kind, id string) (map[string]any, error) {
	kinds := []string{kind}
	if kind == "" {
		kinds = []string{"charge", "refund", "payout", "dispute"} // what a balance transaction comes from
	}
	for _, kind := range kinds {
		if raw, is := a.read[kind+" "+id]; is {
			return decode(raw)
		}
	}
	for _, kind := range kinds {
		raw, err := a.raw(ctx, kind, id)
		var no *refusal
		switch {
		case errors.As(err, &no):
			continue
		case err != nil:
			return nil, err
		}
		return decode(raw)
	}
	return nil, missing("object", id)
}

// decode keeps numbers as they are written.
func decode(raw []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var document map[string]any
	return document, decoder.Decode(&document)
}

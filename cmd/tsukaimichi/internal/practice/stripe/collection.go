package stripe

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// collection is a kind of object that can be shown and listed.
type collection struct {
	kind, path string
	filters    []string // parameters that a member of the object must equal
}

var collections = []collection{
	{"checkout.session", "checkout/sessions", []string{"payment_intent", "status"}},
	{"payment_intent", "payment_intents", nil},
	{"charge", "charges", []string{"payment_intent"}},
	{"refund", "refunds", []string{"charge", "payment_intent"}},
	{"balance_transaction", "balance_transactions", []string{"currency", "payout", "source", "type"}},
	{"dispute", "disputes", []string{"charge", "payment_intent"}},
	{"payout", "payouts", []string{"status"}},
	{"event", "events", []string{"type"}},
	{"webhook_endpoint", "webhook_endpoints", nil},
}

// members names the filter's member where it is not the parameter's own name.
var members = map[string]string{"payout": "practice_payout"}

func (c collection) show(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(nil); err != nil {
		return nil, err
	}
	return a.raw(ctx, c.kind, r.id)
}

func (c collection) rules() rules {
	known := rules{"limit": integer(1, 100), "starting_after": anything, "ending_before": anything}
	if c.kind != "webhook_endpoint" {
		for _, comparison := range []string{"", "[gt]", "[gte]", "[lt]", "[lte]"} {
			known["created"+comparison] = integer(0, math.MaxInt64)
		}
	}
	for _, filter := range c.filters {
		known[filter] = anything
	}
	return known
}

// page is a part of a list. Stripe lists the newest first.
type page struct {
	Object  string            `json:"object"`
	URL     string            `json:"url"`
	HasMore bool              `json:"has_more"`
	Data    []json.RawMessage `json:"data"`
}

func (c collection) list(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(c.rules()); err != nil {
		return nil, err
	}
	before, err := a.position(ctx, c.kind, r.form, "starting_after", math.MaxInt64)
	if err != nil {
		return nil, err
	}
	after, err := a.position(ctx, c.kind, r.form, "ending_before", 0)
	if err != nil {
		return nil, err
	}
	limit := int(r.form.number("limit", 10))
	from, until := created(r.form)
	bodies, err := a.part(ctx, c, part{
		before: before, after: after, from: from, until: until, limit: limit + 1,
		equal: c.equal(r.form), upwards: r.form.has("ending_before"),
	})
	if err != nil {
		return nil, err
	}
	answer := page{Object: "list", URL: "/v1/" + c.path, HasMore: len(bodies) > limit, Data: []json.RawMessage{}}
	bodies = bodies[:min(limit, len(bodies))]
	for i := range bodies {
		if r.form.has("ending_before") { // read from the cursor upwards, answered newest first all the same
			i = len(bodies) - 1 - i
		}
		answer.Data = append(answer.Data, json.RawMessage(bodies[i]))
	}
	return answer, nil
}

// equal is a document that every listed object contains.
func (c collection) equal(f form) map[string]string {
	wanted := map[string]string{}
	for _, filter := range c.filters {
		if value, given := f[filter]; given {
			member := filter
			if other, is := members[filter]; is {
				member = other
			}
			wanted[member] = value
		}
	}
	return wanted
}

// created reads the range of instants: from is inside it, until is not.
func created(f form) (from, until time.Time) {
	const last = 253402300799 // the year 9999
	low := max(f.number("created[gte]", 0), f.number("created[gt]", -1)+1)
	high := min(f.number("created[lt]", last), f.number("created[lte]", last)+1)
	if exact, given := f["created"]; given && exact != "" {
		low = f.number("created", 0)
		high = low + 1
	}
	return time.Unix(min(low, last), 0), time.Unix(min(high, last), 0)
}

// position is the place of the object that a cursor names.
func (a *account) position(ctx context.Context, kind string, f form, cursor string, otherwise int64) (int64, error) {
	id, given := f[cursor]
	if !given {
		return otherwise, nil
	}
	var position int64
	err := a.tx.GetContext(ctx, &position, `
		SELECT position
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND id = $2 AND kind = $3`, a.organisation, id, kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, invalid(cursor, "resource_missing", "No such %s: '%s'", kind, id)
	case err != nil:
		return 0, fmt.Errorf("practice %s: %w", id, err)
	}
	return position, nil
}

// part is what of a collection is wanted.
type part struct {
	before, after int64 // positions, neither included
	from, until   time.Time
	limit         int
	equal         map[string]string
	upwards       bool // the oldest of them first, to page back from a cursor
}

func (a *account) part(ctx context.Context, c collection, p part) ([]string, error) {
	equal, err := json.Marshal(p.equal)
	if err != nil {
		return nil, err
	}
	var bodies []string
	err = a.tx.SelectContext(ctx, &bodies, `
		SELECT body
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND kind = $2
			AND position < $3 AND position > $4
			AND created_at >= $5 AND created_at < $6
			AND body @> $7
		ORDER BY CASE WHEN $8 THEN position END, position DESC
		LIMIT $9`, a.organisation, c.kind, p.before, p.after, p.from, p.until, string(equal), p.upwards, p.limit)
	if err != nil {
		return nil, fmt.Errorf("practice list of %s: %w", c.kind, err)
	}
	return bodies, nil
}

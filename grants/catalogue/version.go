package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Versions returns what a round said, the newest first, with the fields that changed.
func Versions(ctx context.Context, q sqlx.QueryerContext, id int64) ([]Written, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT version, body, changed, reason, verified_on, written_at, person_name
		  FROM opportunity_version
		 WHERE opportunity_id = $1
		 ORDER BY version DESC
		 LIMIT 200`, id)
	if err != nil {
		return nil, fmt.Errorf("versions of opportunity %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Written
	for rows.Next() {
		var w Written
		var body []byte
		if err = rows.Scan(&w.Version, &body, pq.Array(&w.Changed), &w.Reason, &w.VerifiedOn, &w.At, &w.By); err != nil {
			return nil, fmt.Errorf("versions of opportunity %d: %w", id, err)
		}
		if err = json.Unmarshal(body, &w.Call); err != nil {
			return nil, fmt.Errorf("version %d of opportunity %d: %w", w.Version, id, err)
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// Written is one version of what a round says.
type Written struct {
	Version    int
	Call       Call
	Changed    []string
	Reason     string
	VerifiedOn ledger.Date
	At         time.Time
	By         string
}

// Diff names the fields in which two calls differ, in the order in which a call lists them.
func Diff(before, after Call) []string {
	var changed []string
	a, b := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range a.NumField() {
		if equal(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
		changed = append(changed, name)
	}
	return changed
}

// equal compares what would be kept: an empty list and none are the same.
func equal(a, b any) bool {
	left, err := json.Marshal(a)
	if err != nil {
		return false
	}
	right, err := json.Marshal(b)
	if err != nil {
		return false
	}
	return string(left) == string(right) || (empty(string(left)) && empty(string(right)))
}

func empty(text string) bool { return text == "null" || text == "[]" }

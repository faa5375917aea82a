package catalogue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Action is what an import would do with one row.
type Action string

// The actions.
const (
	New     Action = "new"
	Changed Action = "changed"
	Same    Action = "same"
	Refused Action = "refused"
)

// Row is one row of a file that is imported.
type Row struct {
	Line    int // of the file, or the place in a list; from 1
	Action  Action
	Changed []string       // fields, when Changed
	Bad     ledger.Invalid // when Refused
	Round   Opportunity
}

// Preview says what importing the rounds would do, and changes nothing. A round that stands in the file twice is refused the second time.
func Preview(ctx context.Context, q sqlx.QueryerContext, rows []Row) ([]Row, error) {
	seen := map[string]bool{}
	out := make([]Row, len(rows))
	for i, row := range rows {
		key := fmt.Sprintf("%s\x00%s\x00%d\x00%s", row.Round.Funder, row.Round.Programme, row.Round.FiscalYear, row.Round.Round)
		if len(row.Bad) == 0 {
			row.Bad = row.Round.Call.Check()
		}
		if len(row.Bad) == 0 && seen[key] {
			row.Bad = ledger.Invalid{"programme": "call.twice_in_file"}
		}
		seen[key] = true
		if len(row.Bad) > 0 {
			row.Action = Refused
			out[i] = row
			continue
		}
		known, err := findRound(ctx, q, row.Round)
		switch {
		case errors.Is(err, ErrNoOpportunity):
			row.Action = New
		case err != nil:
			return nil, err
		default:
			row.compare(known)
		}
		out[i] = row
	}
	return out, nil
}

// compare keeps of the known round what a file cannot know: rules, formula, form and exclusions that people entered.
func (r *Row) compare(known Opportunity) {
	call := r.Round.Call
	call.Rules, call.Budget, call.Template, call.Excludes, call.Alone, call.Duties = known.Call.Rules, known.Call.Budget, known.Call.Template,
		known.Call.Excludes, known.Call.Alone, known.Call.Duties
	if len(call.Purposes) == 0 {
		call.Purposes = known.Call.Purposes
	}
	if call.Writing == 0 {
		call.Writing = known.Call.Writing
	}
	r.Changed = Diff(known.Call, call)
	status := r.Round.Status
	r.Round, r.Action = known, Same
	r.Round.Call = call
	if len(r.Changed) > 0 || (status != known.Status && status != "") {
		r.Action, r.Round.Status, r.Round.VerifiedOn = Changed, status, ledger.Date{}
	}
}

// Take does what Preview said, one row after another: new rounds and new versions. It is one transaction: all rows or none. Refused rows are left out.
func Take(ctx context.Context, tx *sqlx.Tx, rows []Row, by Author, at time.Time) (taken int, err error) {
	rows, err = Preview(ctx, tx, rows)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		switch row.Action {
		case New:
			_, err = Enter(ctx, tx, row.Round, by, at)
		case Changed:
			_, err = Change(ctx, tx, row.Round, "取り込み", by, at)
		default:
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("row %d: %w", row.Line, err)
		}
		taken++
	}
	return taken, nil
}

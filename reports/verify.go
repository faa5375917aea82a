package reports

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed query/published.sql
var publishedSQL string

// published is something that was made public: what its log record says of it, and what its rows say today. One is nil where it is missing.
type published struct {
	Kind      ledger.RecordKind `db:"kind"`
	SubjectID int64             `db:"subject_id"`
	Recorded  *string           `db:"recorded"`
	Stands    []byte            `db:"stands"`
}

// mostFaults is how many faults Verify tells of.
const mostFaults = 100

// Verify compares everything an organisation has published or issued with the log records of it, which chain.Verify has held against the seals:
// every version of a plan with its uses and goals, numbers and amounts of receipts, what put them out of force, the hashes of reports and of their
// lists, decisions about gifts nobody asked for, closed months and years; and that each use is called and planned as a published version says. Each must have its
// record, and each record its rows. It returns the first hundred faults and how many things it looked at; it holds one of them at a time.
func Verify(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]ledger.Fault, int64, error) {
	rows, err := q.QueryxContext(ctx, publishedSQL, organisationID)
	if err != nil {
		return nil, 0, fmt.Errorf("verify what organisation %d published: %w", organisationID, err)
	}
	defer rows.Close()
	var faults []ledger.Fault
	var checked int64
	for rows.Next() {
		var p published
		if err = rows.StructScan(&p); err != nil {
			return faults, checked, fmt.Errorf("verify what organisation %d published: %w", organisationID, err)
		}
		checked++
		if what := p.fault(); what != "" && len(faults) < mostFaults {
			faults = append(faults, ledger.Fault{What: p.name() + " " + what})
		}
	}
	if err = rows.Err(); err != nil {
		return faults, checked, fmt.Errorf("verify what organisation %d published: %w", organisationID, err)
	}
	uses, err := misnamedUses(ctx, q, organisationID)
	return append(faults, uses...), checked, err
}

// name tells an operator which it is.
func (p published) name() string {
	if p.Kind == ledger.PlanRecord {
		return fmt.Sprintf("version %d of the plan of campaign %d", p.SubjectID%1000, p.SubjectID/1000)
	}
	return fmt.Sprintf("%s %d", p.Kind, p.SubjectID)
}

// fault says what does not fit; empty when everything does.
func (p published) fault() string {
	if p.Recorded == nil {
		return "stands in no log record"
	}
	if p.Stands == nil {
		return "was recorded and is gone"
	}
	if *p.Recorded == "" { // that it happened is all there is to say
		return ""
	}
	var recorded, stands any
	if err := json.Unmarshal([]byte(*p.Recorded), &recorded); err != nil {
		return "has a log record that cannot be read"
	}
	if err := json.Unmarshal(p.Stands, &stands); err != nil {
		return "cannot be read"
	}
	if where := differs("", recorded, stands); where != "" {
		return "is not what was recorded:" + where
	}
	return ""
}

// differs returns where the rows say other than the record; empty when nowhere. Records of earlier releases say less, and some say what has no
// column: what only one of them names is passed over.
func differs(at string, recorded, stands any) string {
	switch r := recorded.(type) {
	case map[string]any:
		s, _ := stands.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(r)) {
			if now, both := s[name]; both {
				if where := differs(at+" "+name, r[name], now); where != "" {
					return where
				}
			}
		}
		if s == nil {
			return at
		}
		return ""
	case []any:
		s, _ := stands.([]any)
		if len(r) != len(s) {
			return at
		}
		for i := range r {
			if where := differs(fmt.Sprintf("%s %d", at, i+1), r[i], s[i]); where != "" {
				return where
			}
		}
		return ""
	case nil: // an empty list is written as null
		if s, list := stands.([]any); list && len(s) == 0 {
			return ""
		}
	}
	if !reflect.DeepEqual(recorded, stands) {
		return at
	}
	return ""
}

// misnamedUses finds uses that are called or planned otherwise than any published version of their plan says. A use that a later version no longer
// has is planned with nothing.
func misnamedUses(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]ledger.Fault, error) {
	var faults []ledger.Fault
	err := sqlx.SelectContext(ctx, q, &faults, `
		SELECT 0 AS transaction_id, 'use ' || u.id || ' is called or planned otherwise than any published plan says' AS what
		  FROM use u
		  JOIN plan_use x ON x.organisation_id = u.organisation_id AND x.use_id = u.id
		 WHERE u.organisation_id = $1 AND x.version >= 1
		 GROUP BY u.id, u.name, u.planned
		HAVING NOT bool_or(x.name = u.name AND u.planned IN (0, x.amount))
		 ORDER BY u.id
		 LIMIT 100`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("verify uses of organisation %d: %w", organisationID, err)
	}
	return faults, nil
}

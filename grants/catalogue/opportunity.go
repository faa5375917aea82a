package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Opportunity is one round of a programme, with what its newest version says.
type Opportunity struct {
	ID         int64
	Funder     string
	Programme  string
	FiscalYear int
	Round      string
	Status     Status
	Source     Source
	SourceID   string
	CopiedFrom int64
	Version    int
	VerifiedOn ledger.Date // zero: 要確認
	UpdatedAt  time.Time
	Call       Call
}

// Rule is what the round says of the money beside its form, with the version and the day it was verified; nil when it says nothing.
func (o Opportunity) Rule() *budget.CallRule {
	rule := o.Call.Rule()
	if rule != nil {
		rule.Version, rule.VerifiedOn = o.Version, o.VerifiedOn
	}
	return rule
}

// Status is where a round stands.
type Status string

// The statuses of rounds.
const (
	Forecast  Status = "forecast" // expected after last year's
	Announced Status = "announced"
	Open      Status = "open"
	Closed    Status = "closed"
	Archived  Status = "archived"
)

// Source is where a round was read.
type Source string

// The sources of rounds.
const (
	Manual  Source = "manual"
	CSV     Source = "csv"
	Jgrants Source = "jgrants"
	Copy    Source = "copy"
)

var (
	// ErrNoOpportunity says that there is no such round.
	ErrNoOpportunity = errors.New("catalogue: no such opportunity")
	// ErrSameRound says that the round of this programme is in the catalogue already.
	ErrSameRound = errors.New("catalogue: this round is known already")
	// ErrConflict says that somebody wrote a newer version meanwhile.
	ErrConflict = errors.New("catalogue: a newer version was written meanwhile")
)

// Author is who writes a version: a person of the installation, by the name at that time.
type Author struct {
	PersonID int64
	Name     string
}

// Enter puts a new round into the catalogue as its version 1 and returns its id. ErrSameRound when it is known; ledger.Invalid when the call or its names make no
// sense.
func Enter(ctx context.Context, tx *sqlx.Tx, o Opportunity, by Author, at time.Time) (int64, error) {
	bad := o.check()
	if o.Funder = strings.TrimSpace(o.Funder); o.Funder == "" || len([]rune(o.Funder)) > 100 {
		bad["funder"] = "call.funder"
	}
	if o.Programme = strings.TrimSpace(o.Programme); o.Programme == "" || len([]rune(o.Programme)) > 120 {
		bad["programme"] = "call.programme"
	}
	if o.FiscalYear < 1990 || o.FiscalYear > 2999 {
		bad["fiscal_year"] = "call.fiscal_year"
	}
	if len(bad) > 0 {
		return 0, bad
	}
	var id []int64
	err := tx.SelectContext(ctx, &id, `
		INSERT INTO opportunity (funder, programme, fiscal_year, round, status, source, source_id, copied_from, version, closes_on, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), 1, $9, $10)
		    ON CONFLICT DO NOTHING
		RETURNING id`, o.Funder, o.Programme, o.FiscalYear, o.Round, o.Status, o.Source, o.SourceID, o.CopiedFrom, o.Call.On(Closing), at)
	if err != nil {
		return 0, fmt.Errorf("opportunity: %w", ledger.Classify(err))
	}
	if len(id) == 0 {
		return 0, ErrSameRound
	}
	o.ID, o.Version = id[0], 1
	return o.ID, write(ctx, tx, o, nil, "", by, at)
}

// check says what makes no sense of the call and of where the round stands.
func (o Opportunity) check() ledger.Invalid {
	bad := o.Call.Check()
	if !slices.Contains([]Status{Forecast, Announced, Open, Closed, Archived}, o.Status) {
		bad["status"] = "field.unknown"
	}
	return bad
}

// Change writes a new version of what a round says, with a reason, and returns its number; version is the one the change was made on. ErrConflict when there is a
// newer one. A call that says the same as before is no version.
func Change(ctx context.Context, tx *sqlx.Tx, o Opportunity, reason string, by Author, at time.Time) (int, error) {
	if bad := o.check(); len(bad) > 0 {
		return 0, bad
	}
	before, err := Find(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	changed := Diff(before.Call, o.Call)
	if o.Status != before.Status { // a forecast that opens is what people wait for
		changed = append(changed, "status")
	}
	verified := o.VerifiedOn != before.VerifiedOn
	if before.Version != o.Version {
		return 0, fmt.Errorf("opportunity %d: %w", o.ID, ErrConflict)
	}
	if len(changed) == 0 && !verified {
		return before.Version, nil
	}
	done, err := tx.ExecContext(ctx, `
		UPDATE opportunity
		   SET version = version + 1, status = $3, closes_on = $4, updated_at = $5
		 WHERE id = $1 AND version = $2`, o.ID, o.Version, o.Status, o.Call.On(Closing), at)
	if err != nil {
		return 0, fmt.Errorf("opportunity %d: %w", o.ID, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return 0, fmt.Errorf("opportunity %d: %w", o.ID, errors.Join(ErrConflict, err))
	}
	o.Version++
	return o.Version, write(ctx, tx, o, changed, reason, by, at)
}

func write(ctx context.Context, tx *sqlx.Tx, o Opportunity, changed []string, reason string, by Author, at time.Time) error {
	body, err := json.Marshal(o.Call)
	if err != nil {
		return err
	}
	if changed == nil {
		changed = []string{}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO opportunity_version (opportunity_id, version, body, changed, reason, verified_on, written_at, person_id, person_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9)`,
		o.ID, o.Version, string(body), pq.Array(changed), reason, o.VerifiedOn, at, by.PersonID, by.Name)
	if err != nil {
		return fmt.Errorf("version %d of opportunity %d: %w", o.Version, o.ID, ledger.Classify(err))
	}
	return nil
}

const selectOpportunity = `
	SELECT o.id, o.funder, o.programme, o.fiscal_year, o.round, o.status, o.source, o.source_id, coalesce(o.copied_from, 0), o.version, o.updated_at,
	       v.verified_on, v.body
	  FROM opportunity o
	  JOIN opportunity_version v ON v.opportunity_id = o.id AND v.version = o.version`

// Find returns a round with its newest version; ErrNoOpportunity when there is none of that id.
func Find(ctx context.Context, q sqlx.QueryerContext, id int64) (Opportunity, error) {
	all, err := list(ctx, q, selectOpportunity+` WHERE o.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = ErrNoOpportunity
	}
	if err != nil {
		return Opportunity{}, fmt.Errorf("opportunity %d: %w", id, err)
	}
	return all[0], nil
}

// FindAll returns the rounds with these ids with their newest versions, by id; one that is not there is left out.
func FindAll(ctx context.Context, q sqlx.QueryerContext, ids []int64) (map[int64]Opportunity, error) {
	found := make(map[int64]Opportunity, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	all, err := list(ctx, q, selectOpportunity+` WHERE o.id = ANY($1)`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("opportunities: %w", err)
	}
	for _, o := range all {
		found[o.ID] = o
	}
	return found, nil
}

// Rules returns the rules of their own of the rounds with these ids, as the newest versions have them, by id; a round without one is left out.
func Rules(ctx context.Context, q sqlx.QueryerContext, ids []int64) (map[int64]*budget.CallRule, error) {
	all, err := FindAll(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	rules := map[int64]*budget.CallRule{}
	for id, o := range all {
		if rule := o.Rule(); rule != nil {
			rules[id] = rule
		}
	}
	return rules, nil
}

// findRound returns the round an import may mean: by its source, else by its names.
func findRound(ctx context.Context, q sqlx.QueryerContext, o Opportunity) (Opportunity, error) {
	all, err := list(ctx, q, selectOpportunity+`
	 WHERE (o.source = $1 AND o.source_id = $2 AND $2 <> '') OR (o.funder = $3 AND o.programme = $4 AND o.fiscal_year = $5 AND o.round = $6)
	 ORDER BY o.source = $1 AND o.source_id = $2 DESC
	 LIMIT 1`, o.Source, o.SourceID, o.Funder, o.Programme, o.FiscalYear, o.Round)
	if err == nil && len(all) == 0 {
		err = ErrNoOpportunity
	}
	if err != nil {
		return Opportunity{}, err
	}
	return all[0], nil
}

// Current returns the rounds that can still be applied for or are expected, the soonest to close first, at most 10,000.
func Current(ctx context.Context, q sqlx.QueryerContext, on ledger.Date) ([]Opportunity, error) {
	all, err := list(ctx, q, selectOpportunity+`
	 WHERE o.status IN ('forecast', 'announced', 'open') AND (o.closes_on IS NULL OR o.closes_on >= $1)
	 ORDER BY o.closes_on NULLS LAST, o.id
	 LIMIT 10000`, on)
	if err != nil {
		return nil, fmt.Errorf("opportunities: %w", err)
	}
	return all, nil
}

func list(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Opportunity, error) {
	rows, err := q.QueryxContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Opportunity
	for rows.Next() {
		var o Opportunity
		var body []byte
		err = rows.Scan(&o.ID, &o.Funder, &o.Programme, &o.FiscalYear, &o.Round, &o.Status, &o.Source, &o.SourceID, &o.CopiedFrom, &o.Version, &o.UpdatedAt,
			&o.VerifiedOn, &body)
		if err != nil {
			return nil, err
		}
		if err = json.Unmarshal(body, &o.Call); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

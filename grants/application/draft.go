package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Draft is an application as it stands.
type Draft struct {
	OrganisationID int64
	ID             int64
	Title          string
	OpportunityID  int64 // 0: a call nobody entered
	CallVersion    int
	WorksheetID    int64
	InitiativeID   int64
	FormKey        string
	FormVersion    string
	Status         Status
	DueOn          ledger.Date
	Revision       int
	Answers        template.Answers
	Budget         budget.Sheet     // under the rule that holds
	CallRule       *budget.CallRule // what the call of an open draft says now; nil: nothing of its own
	SavedRule      *budget.CallRule // what the budget was last saved with
	Hash           []byte
	SavedAt        time.Time
	SavedBy        string
	HeldBy         int64  // the person who has it in hand; 0: nobody in particular
	Holder         string // his name
}

// Status is where an application stands.
type Status string

// The statuses, in the order they are passed.
const (
	Drafting    Status = "draft"
	Review      Status = "review"   // with the group's own signers
	Approved    Status = "approved" // signed by all; can be handed in
	Submitted   Status = "submitted"
	Accepted    Status = "accepted" // the funder has taken it in
	Granted     Status = "granted"
	PartGranted Status = "part_granted"
	Declined    Status = "declined"
	Withdrawn   Status = "withdrawn"
)

// Open reports whether the draft can still be written on.
func (s Status) Open() bool { return s == Drafting || s == Review || s == Approved }

var (
	// ErrNoDraft says that the organisation has no such application.
	ErrNoDraft = errors.New("application: no such draft")
	// ErrHandedIn says that an application that was handed in cannot be written on.
	ErrHandedIn = errors.New("application: handed in already")
)

// Start opens a draft on a published form, under the rule of its call, and returns its id. It needs a title and a form; ledger.Invalid otherwise.
func Start(ctx context.Context, tx *sqlx.Tx, d Draft, by ledger.Actor, at time.Time) (int64, error) {
	if d.Title = strings.TrimSpace(d.Title); d.Title == "" || len([]rune(d.Title)) > 120 {
		return 0, ledger.Invalid{"title": "draft.title"}
	}
	found, err := catalogue.Rules(ctx, tx, []int64{d.OpportunityID})
	if err != nil {
		return 0, err
	}
	d.Budget.Rule = found[d.OpportunityID]
	answers, sheet, hash, err := d.encode()
	if err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO application (organisation_id, title, opportunity_id, call_version, worksheet_id, initiative_id, form_key, form_version, due_on, answers, budget, hash,
		                         created_at, saved_at, saved_by, held_by)
		VALUES ($1, $2, nullif($3::bigint, 0), nullif($4::integer, 0), nullif($5::bigint, 0), nullif($6::bigint, 0), $7, $8, $9, $10, $11, $12, $13, $13, $14, nullif($15::bigint, 0))
		RETURNING id`, d.OrganisationID, d.Title, d.OpportunityID, d.CallVersion, d.WorksheetID, d.InitiativeID, d.FormKey, d.FormVersion, d.DueOn,
		answers, sheet, hash, at, actor, holderOf(by))
	if err != nil {
		return 0, fmt.Errorf("application: %w", ledger.Classify(err))
	}
	return id, nil
}

// holderOf is who has a draft in hand that he began: a person, or nobody.
func holderOf(by ledger.Actor) int64 {
	if by.Kind != ledger.KindPerson {
		return 0
	}
	return by.SubjectID
}

// Hold gives the draft into somebody's hand. ErrNoDraft when the organisation has none of that id.
func Hold(ctx context.Context, tx *sqlx.Tx, organisationID, id, personID int64) error {
	done, err := tx.ExecContext(ctx, `
		UPDATE application
		   SET held_by = nullif($3::bigint, 0)
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, personID)
	if err != nil {
		return fmt.Errorf("application %d: %w", id, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("application %d: %w", id, errors.Join(ErrNoDraft, err))
	}
	return nil
}

// encode returns answers and budget as they are kept, and their hash. Keys of JSON objects are sorted, so that the same content has one hash.
func (d Draft) encode() (answers, sheet string, hash []byte, err error) {
	a, err := json.Marshal(d.Answers)
	if err != nil {
		return "", "", nil, err
	}
	b, err := json.Marshal(d.Budget)
	if err != nil {
		return "", "", nil, err
	}
	if d.Answers == nil {
		a = []byte("{}")
	}
	if len(a) > 300_000 || len(b) > 150_000 {
		return "", "", nil, ledger.Invalid{"": "draft.too_large"}
	}
	return string(a), string(b), contentHash(d.FormKey, d.FormVersion, a, b), nil
}

// contentHash binds the form, the answers and the budget. Each part is preceded by its length, so that none can be shifted into another.
func contentHash(parts ...any) []byte {
	h := sha256.New()
	for _, part := range parts {
		var text []byte
		switch p := part.(type) {
		case string:
			text = []byte(p)
		case []byte:
			text = p
		}
		_, _ = fmt.Fprintf(h, "%d\n", len(text))
		_, _ = h.Write(text)
	}
	return h.Sum(nil)
}

// Retitle changes what is not content: the title and the day it is due.
func Retitle(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, title string, due ledger.Date) error {
	if title = strings.TrimSpace(title); title == "" || len([]rune(title)) > 120 {
		return ledger.Invalid{"title": "draft.title"}
	}
	done, err := tx.ExecContext(ctx, `
		UPDATE application
		   SET title = $3, due_on = $4
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, title, due)
	if err != nil {
		return fmt.Errorf("application %d: %w", id, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("application %d: %w", id, errors.Join(ErrNoDraft, err))
	}
	return nil
}

const selectDrafts = `
	SELECT d.organisation_id, d.id, d.title, coalesce(d.opportunity_id, 0), coalesce(d.call_version, 0), coalesce(d.worksheet_id, 0), coalesce(d.initiative_id, 0),
	       d.form_key, d.form_version, d.status, d.due_on, d.revision, d.answers, d.budget, d.hash, d.saved_at, a.name,
	       coalesce(d.held_by, 0), coalesce(h.name, '')
	  FROM application d
	  JOIN actor a ON a.organisation_id = d.organisation_id AND a.id = d.saved_by
	  LEFT JOIN person h ON h.id = d.held_by`

const selectDraft = selectDrafts + `
	 WHERE d.organisation_id = $1`

// Find returns an application; ErrNoDraft when the organisation has none of that id.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Draft, error) {
	all, err := list(ctx, q, selectDraft+` AND d.id = $2`, organisationID, id)
	if err == nil && len(all) == 0 {
		err = ErrNoDraft
	}
	if err != nil {
		return Draft{}, fmt.Errorf("application %d: %w", id, err)
	}
	return all[0], nil
}

// lock waits for whoever writes on the draft and returns it as it stands then. The row is locked alone and read afterwards: a join that waits for a row sees
// its other tables as they were before.
func lock(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) (Draft, error) {
	_, err := tx.ExecContext(ctx, `SELECT FROM application WHERE organisation_id = $1 AND id = $2 FOR UPDATE`, organisationID, id)
	if err != nil {
		return Draft{}, fmt.Errorf("application %d: %w", id, err)
	}
	return Find(ctx, tx, organisationID, id)
}

// List returns the organisation's applications: what can still be handed in first, by the day it is due; then the others, the newest first.
func List(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Draft, error) {
	all, err := list(ctx, q, selectDraft+`
	 ORDER BY d.status NOT IN ('draft', 'review', 'approved'), CASE WHEN d.status IN ('draft', 'review', 'approved') THEN d.due_on END NULLS LAST, d.id DESC
	 LIMIT 500`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("applications: %w", err)
	}
	return all, nil
}

func list(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Draft, error) {
	rows, err := q.QueryxContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Draft
	for rows.Next() {
		var d Draft
		var answers, sheet []byte
		err = rows.Scan(&d.OrganisationID, &d.ID, &d.Title, &d.OpportunityID, &d.CallVersion, &d.WorksheetID, &d.InitiativeID, &d.FormKey, &d.FormVersion, &d.Status,
			&d.DueOn, &d.Revision, &answers, &sheet, &d.Hash, &d.SavedAt, &d.SavedBy, &d.HeldBy, &d.Holder)
		if err == nil {
			err = errors.Join(json.Unmarshal(answers, &d.Answers), json.Unmarshal(sheet, &d.Budget))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	if err = errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	return all, rules(ctx, q, all)
}

// Same reports whether a hash is of the draft's content as it stands.
func (d Draft) Same(hash []byte) bool { return bytes.Equal(d.Hash, hash) }

package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Decision is 使いみちを決めたこと: what the group decided to use unasked gifts for, who decided it and when. It is a use of the general fund, so that what is
// spent on it is a query on the book, or a transfer to a campaign with the group's words.
type Decision struct {
	ID         int64           `db:"id"`
	DecidedOn  ledger.Date     `db:"decided_on"`
	DecidedBy  string          `db:"decided_by"` // 役員会, 総会
	Purpose    string          `db:"purpose"`
	Amount     ledger.Yen      `db:"amount"`
	DueOn      ledger.Date     `db:"due_on"`      // until when it is used and reported; zero of a transfer
	CampaignID int64           `db:"campaign_id"` // where it went, or 0
	UseID      int64           `db:"use_id"`
	Slug       string          `db:"slug"`  // of the campaign
	Title      string          `db:"title"` // of the campaign
	Spent      ledger.Yen      `db:"spent"` // by the book, so far
	Report     *DecisionReport `db:"-"`
	Key        string          `db:"-"` // of the form
}

// DecisionReport is what became of a decision, as it was published.
type DecisionReport struct {
	DecisionID int64      `db:"decision_id"`
	Did        string     `db:"did"`
	Rest       string     `db:"rest"` // what becomes of what is left
	Spent      ledger.Yen `db:"spent"`
	Records    int64      `db:"records"` // how long the log was
	At         time.Time  `db:"published_at"`
}

// Late is for how many days the report on a decision is late on a day; 0 in time, once it is out, and of a transfer.
func (d Decision) Late(on ledger.Date) int {
	if d.Report != nil || d.DueOn.IsZero() {
		return 0
	}
	return max(0, on.Sub(d.DueOn))
}

// DecideUse writes a decision down, with a record in the log: a use of the general fund, or a transfer to a campaign that goes on. The same form sent twice
// is one decision. Invalid says what is missing, also where less is open than is decided about; ErrClosed for a campaign that is over.
func DecideUse(ctx context.Context, tx *sqlx.Tx, organisationID int64, d Decision, by ledger.Actor, at time.Time) (int64, error) {
	if err := lockBook(ctx, tx, organisationID); err != nil {
		return 0, err
	}
	var id int64
	err := tx.GetContext(ctx, &id, `SELECT coalesce(max(id), 0) FROM gift_decision WHERE organisation_id = $1 AND key = $2`, organisationID, d.Key)
	if err != nil || id > 0 {
		return id, err
	}
	u, err := FindUnasked(ctx, tx, organisationID)
	if err != nil {
		return 0, err
	}
	if err = d.missing(u, ledger.DateOf(at)).Err(); err != nil {
		return 0, err
	}
	if d.CampaignID > 0 {
		err = d.move(ctx, tx, organisationID, by, at)
	} else {
		err = d.state(ctx, tx, organisationID)
	}
	if err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &id, `
		INSERT INTO gift_decision (organisation_id, decided_on, decided_by, purpose, amount, use_id, due_on, campaign_id, key, entered_by, entered_at)
		VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, nullif($8::bigint, 0), $9, $10, $11)
		RETURNING id`, organisationID, d.DecidedOn, d.DecidedBy, d.Purpose, d.Amount, d.UseID, d.DueOn, d.CampaignID, d.Key, actor, at)
	if err != nil {
		return 0, fmt.Errorf("decision: %w", ledger.Classify(err))
	}
	public, err := json.Marshal(map[string]any{"decided_on": d.DecidedOn, "decided_by": d.DecidedBy, "purpose": d.Purpose, "amount": d.Amount,
		"due_on": d.DueOn, "campaign": d.CampaignID})
	if err != nil {
		return 0, fmt.Errorf("decision %d: %w", id, err)
	}
	if err = ledger.Record(ctx, tx, organisationID, ledger.DecisionRecord, id, string(public), at); err != nil {
		return 0, err
	}
	return id, ledger.Note(ctx, tx, organisationID, "gift_decision", id, "decided", by, at, "")
}

func (d Decision) missing(u Unasked, today ledger.Date) ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(d.Amount >= 1, "amount", "income.amount_missing")
	bad.Need(d.Amount <= u.Open(), "amount", "decision.more_than_open")
	bad.Need(d.Purpose != "", "purpose", "decision.purpose_missing")
	bad.Need(utf8.RuneCountInString(d.Purpose) <= 40 || d.CampaignID > 0, "purpose", "field.too_long")
	bad.Need(utf8.RuneCountInString(d.Purpose) <= 400, "purpose", "field.too_long")
	bad.Need(d.DecidedBy != "", "decided_by", "decision.by_missing")
	bad.Need(utf8.RuneCountInString(d.DecidedBy) <= 60, "decided_by", "field.too_long")
	bad.Need(printable(lines.Replace(d.Purpose)), "purpose", "field.characters")
	bad.Need(printable(d.DecidedBy), "decided_by", "field.characters")
	bad.Need(!d.DecidedOn.IsZero(), "decided_on", "decision.day_missing")
	bad.Need(!d.DecidedOn.After(today), "decided_on", "income.day_in_future")
	if d.CampaignID == 0 {
		bad.Need(!d.DueOn.IsZero(), "due_on", "decision.due_missing")
		bad.Need(d.DueOn.IsZero() || (d.DueOn.After(today) && !d.DueOn.After(today.AddDays(CarryDays))), "due_on", "decision.due_range")
	}
	bad.Need(d.Key != "", "key", "form.expired")
	return bad
}

// state makes the decision a use of the general fund.
func (d *Decision) state(ctx context.Context, tx *sqlx.Tx, organisationID int64) error {
	general, err := ledger.FindGeneralFund(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	uses, err := ledger.Uses(ctx, tx, organisationID, general.ID)
	if err != nil {
		return err
	}
	d.UseID, err = ledger.StateUse(ctx, tx, ledger.Use{OrganisationID: organisationID, FundID: general.ID, Position: len(uses) + 1, Name: d.Purpose, Planned: d.Amount, DueOn: d.DueOn})
	return err
}

// move brings the yen to a campaign, where its uses and its report hold.
func (d *Decision) move(ctx context.Context, tx *sqlx.Tx, organisationID int64, by ledger.Actor, at time.Time) error {
	c, err := Find(ctx, tx, organisationID, d.CampaignID)
	if err != nil {
		return err
	}
	if c.Status != Announced && c.Status != Open && c.Status != Closed {
		return fmt.Errorf("campaign %d: %w", c.ID, ErrClosed)
	}
	general, err := ledger.FindGeneralFund(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	d.DueOn = ledger.Date{}
	_, err = ledger.Transfer(ctx, tx, ledger.Transferred{OrganisationID: organisationID, On: d.DecidedOn, From: general.ID, To: c.FundID, Amount: d.Amount,
		Reason: "頼まれていない寄付を、募金の使いみちへ。" + d.DecidedBy + "。" + d.Purpose, Key: "decision:" + d.Key}, by, at)
	return err
}

// Decisions returns what was decided about an organisation's unasked gifts, the latest first, with what is spent and what was reported.
func Decisions(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Decision, error) {
	var all []Decision
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT d.id, d.decided_on, d.decided_by, d.purpose, d.amount, d.due_on, coalesce(d.campaign_id, 0) AS campaign_id, coalesce(d.use_id, 0) AS use_id,
		       coalesce(c.slug, '') AS slug, coalesce(p.title, '') AS title,
		       (SELECT coalesce(sum(f.amount), 0)::bigint
		          FROM flow f
		         WHERE f.organisation_id = d.organisation_id AND f.use_id = d.use_id AND (f.account >= 5000 OR f.account = 3200)) AS spent
		  FROM gift_decision d
		  LEFT JOIN campaign c ON c.organisation_id = d.organisation_id AND c.id = d.campaign_id
		  LEFT JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
		 WHERE d.organisation_id = $1
		 ORDER BY d.decided_on DESC, d.id DESC`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("decisions: %w", err)
	}
	var reports []DecisionReport
	err = sqlx.SelectContext(ctx, q, &reports, `
		SELECT decision_id, did, rest, spent, records, published_at
		  FROM gift_decision_report
		 WHERE organisation_id = $1`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("reports on decisions: %w", err)
	}
	for i := range all {
		for j := range reports {
			if reports[j].DecisionID == all[i].ID {
				all[i].Report = &reports[j]
			}
		}
	}
	return all, nil
}

// FindDecision returns a decision, or ErrNotFound.
func FindDecision(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Decision, error) {
	all, err := Decisions(ctx, q, organisationID)
	for _, d := range all {
		if d.ID == id {
			return d, err
		}
	}
	return Decision{}, errors.Join(err, ErrNotFound)
}

// ErrReported says that the report on a decision is out.
var ErrReported = errors.New("campaigns: reported already")

// ReportDecision publishes what became of a decision, once, with a record in the log: the yen are the book's. ErrReported when it is out; ErrNotFound for a
// transfer, which its campaign reports on; Invalid says what is missing.
func ReportDecision(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, did, rest string, by ledger.Actor, at time.Time) error {
	if err := lockBook(ctx, tx, organisationID); err != nil {
		return err
	}
	d, err := FindDecision(ctx, tx, organisationID, id)
	switch {
	case err != nil:
		return err
	case d.UseID == 0:
		return fmt.Errorf("decision %d: %w", id, ErrNotFound)
	case d.Report != nil:
		return fmt.Errorf("decision %d: %w", id, ErrReported)
	}
	bad := ledger.Invalid{}
	bad.Need(did != "", "did", "report.did_missing")
	bad.Need(utf8.RuneCountInString(did) <= 4000, "did", "field.too_long")
	bad.Need(d.Spent >= d.Amount || rest != "", "rest", "report.rest_missing")
	bad.Need(utf8.RuneCountInString(rest) <= 2000, "rest", "field.too_long")
	if err = bad.Err(); err != nil {
		return err
	}
	records, err := ledger.Records(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO gift_decision_report (organisation_id, decision_id, did, rest, spent, records, published_by, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, organisationID, id, did, rest, d.Spent, records, actor, at)
	if err != nil {
		return fmt.Errorf("report on decision %d: %w", id, ledger.Classify(err))
	}
	public, err := json.Marshal(map[string]any{"decision": id, "did": did, "rest": rest, "spent": d.Spent, "records": records})
	if err != nil {
		return fmt.Errorf("report on decision %d: %w", id, err)
	}
	if err = ledger.Record(ctx, tx, organisationID, ledger.DecisionReportRecord, id, string(public), at); err != nil {
		return err
	}
	return ledger.Note(ctx, tx, organisationID, "gift_decision", id, "reported", by, at, "")
}

package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Plan is 使途計画「使いみちの約束」: one version of what a campaign promises. Version 0 is the draft.
type Plan struct {
	Version       int         `db:"version"`
	Title         string      `db:"title"`
	Lead          string      `db:"lead"`
	Saying        string      `db:"saying"`         // the group's own sentence, may be empty
	Need          string      `db:"need"`           // why the money is needed
	OtherSources  string      `db:"other_sources"`  // what else pays for it
	Uncovered     string      `db:"uncovered"`      // what nobody pays for yet; 「未定」 is an answer
	CostsBorneBy  string      `db:"costs_borne_by"` // CostsGeneral or CostsUse
	Margin        *ledger.Yen `db:"margin"`         // 流用の幅; nil means the usual width
	CollectsFrom  ledger.Date `db:"collects_from"`
	CollectsUntil ledger.Date `db:"collects_until"` // zero of a standing call
	IfTooLittle   string      `db:"if_too_little"`
	IfTooMuch     string      `db:"if_too_much"`
	IfStopped     string      `db:"if_stopped"`
	ReportDueOn   ledger.Date `db:"report_due_on"`
	Responsible   string      `db:"responsible"`
	Reason        string      `db:"reason"`
	PublishedAt   time.Time   `db:"published_at"`     // zero for the draft
	Uses          []PlanUse   `db:"-"`                // in their priority
	Goals         Goals       `db:"goals"`            // besides yen, or instead of them
	Standing      bool        `db:"standing"`         // 常設: no end, a plan and a report for each fiscal year
	YearFrom      ledger.Date `db:"year_from"`        // the first day of the fiscal year it is for; zero unless it is standing, and in a draft
	PaperOn       ledger.Date `db:"paper_on"`         // of a call that began on paper: when that was handed out
	Scanned       bool        `db:"scanned" json:"-"` // and its scan is kept
}

// Who bears the processing costs of online gifts.
const (
	CostsGeneral = "general" // the group's own money
	CostsUse     = "use"     // the use marked so
)

// PlanUse is one stated use: what, how many times which price, by when, proved by what.
type PlanUse struct {
	UseID      int64       `db:"use_id"` // 0 in a draft
	Name       string      `db:"name"`
	Detail     string      `db:"detail"`
	Quantity   int64       `db:"quantity"` // 0 where the amount is not a product
	Unit       string      `db:"unit"`
	UnitPrice  ledger.Yen  `db:"unit_price"`
	Amount     ledger.Yen  `db:"amount"` // 0 while not known, in a draft alone
	DueOn      ledger.Date `db:"due_on"`
	Evidence   string      `db:"evidence"`
	BearsCosts bool        `db:"bears_costs"`
}

// Total is the sum of the stated uses: the goal in yen.
func (p Plan) Total() ledger.Yen {
	var total ledger.Yen
	for _, u := range p.Uses {
		total += u.Amount
	}
	return total
}

// Width is 流用の幅 in yen: how far the uses may differ from the plan without a new version. By default 20 % of the total,
// at least ¥10,000.
func (p Plan) Width() ledger.Yen {
	if p.Margin != nil {
		return *p.Margin
	}
	fifth, err := p.Total().Mul(20, 100, ledger.Down)
	if err != nil {
		return 10_000
	}
	return max(fifth, 10_000)
}

// SaveDraft writes the draft's plan, complete or not. ErrNotDraft once the campaign is announced.
func SaveDraft(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID, initiativeID int64, slug string, p Plan) error {
	if err := slugFree(ctx, tx, slug); err != nil {
		return err
	}
	if err := p.fits(); err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE campaign
		   SET slug = $3, initiative_id = $4
		 WHERE organisation_id = $1 AND id = $2 AND status = 'draft'`, organisationID, campaignID, slug, initiativeID)
	if ledger.ConstraintName(err) == "campaign_slug_key" {
		return ledger.Invalid{"slug": "campaign.slug_taken"}
	}
	if err != nil {
		return fmt.Errorf("campaign %d: %w", campaignID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrNotDraft)
	}
	for _, query := range []string{
		`DELETE FROM plan_goal WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
		`DELETE FROM plan_use WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
		`DELETE FROM plan WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
	} {
		if _, err = tx.ExecContext(ctx, query, organisationID, campaignID); err != nil {
			return fmt.Errorf("draft of campaign %d: %w", campaignID, ledger.Classify(err))
		}
	}
	return insertPlan(ctx, tx, organisationID, campaignID, p.asDraft(), 0)
}

// asDraft is the plan without what only publishing gives.
func (p Plan) asDraft() Plan {
	p.Version, p.PublishedAt, p.Reason, p.YearFrom = 0, time.Time{}, "", ledger.Date{}
	p.Uses = slices.Clone(p.Uses)
	for i := range p.Uses {
		p.Uses[i].UseID = 0
	}
	return p
}

// lines takes the line breaks out of a text of several lines.
var lines = strings.NewReplacer("\r", "", "\n", "")

// fits says what even a draft cannot hold.
func (p Plan) fits() error {
	bad := ledger.Invalid{}
	long := func(text, field string, limit int) {
		bad.Need(utf8.RuneCountInString(text) <= limit, field, "field.too_long")
		bad.Need(printable(lines.Replace(text)), field, "field.characters")
	}
	long(p.Title, "title", 60)
	long(p.Lead, "lead", 400)
	long(p.Saying, "saying", 80)
	for field, text := range map[string]string{"need": p.Need, "other_sources": p.OtherSources, "uncovered": p.Uncovered,
		"if_too_little": p.IfTooLittle, "if_too_much": p.IfTooMuch, "if_stopped": p.IfStopped} {
		long(text, field, 2000)
	}
	long(p.Responsible, "responsible", 100)
	bad.Need(p.CostsBorneBy == "" || p.CostsBorneBy == CostsGeneral || p.CostsBorneBy == CostsUse, "costs_borne_by", "field.unknown")
	bad.Need(p.Margin == nil || *p.Margin >= 0, "margin", "campaign.margin_range")
	bad.Need(len(p.Uses) <= 30, "uses", "campaign.too_many_uses")
	for i, u := range p.Uses {
		field := func(name string) string { return fmt.Sprintf("use%d_%s", i+1, name) }
		long(u.Name, field("name"), 40)
		long(u.Detail, field("detail"), 300)
		long(u.Evidence, field("evidence"), 100)
		bad.Need(u.Amount >= 0 && u.Amount <= 999_999_999, field("amount"), "amount.too_large")
		bad.Need(u.UnitPrice >= 0 && u.UnitPrice <= 999_999_999, field("unit_price"), "amount.too_large")
		bad.Need(u.Quantity >= 0 && u.Quantity <= 9_999_999, field("quantity"), "amount.too_large")
		if u.Quantity > 0 && u.UnitPrice > 0 {
			product, err := u.UnitPrice.Mul(u.Quantity, 1, ledger.Down)
			bad.Need(err == nil && product == u.Amount, field("amount"), "campaign.product_differs")
		}
	}
	bad.Need(p.CollectsUntil.IsZero() || !p.CollectsUntil.Before(p.CollectsFrom), "collects_until", "campaign.until_before_from")
	bad.Need(p.ReportDueOn.IsZero() || p.CollectsUntil.IsZero() || p.ReportDueOn.After(p.CollectsUntil), "report_due_on", "campaign.report_before_end")
	bad.Need(!p.Standing || p.CollectsUntil.IsZero(), "collects_until", "campaign.standing_has_no_end")
	p.fitGoals(bad)
	return bad.Err()
}

// VersionOn returns the version of a campaign's plan that was in force on a day: the last one published by its end, and of those givers were
// asked about the last one they had decided. What was handed out on paper was published that day; of a standing call only a plan for
// the year of the day counts. ErrClosed when none was.
func VersionOn(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, on ledger.Date) (int, error) {
	var version int
	err := sqlx.GetContext(ctx, q, &version, `
		SELECT coalesce(max(p.version), 0)
		  FROM plan p
		  LEFT JOIN plan_change h ON h.organisation_id = p.organisation_id AND h.campaign_id = p.campaign_id
		                         AND h.version = p.version AND h.kind IN ('version', 'year')
		  LEFT JOIN paper_call w ON w.organisation_id = p.organisation_id AND w.campaign_id = p.campaign_id AND p.version = 1
		 WHERE p.organisation_id = $1 AND p.campaign_id = $2 AND p.version > 0 AND (p.published_at < $3 OR w.handed_out_on <= $4)
		   AND (p.year_from IS NULL OR (p.year_from <= $4 AND $4 < p.year_from + interval '1 year'))
		   AND (h.id IS NULL OR (h.status = 'in_force' AND h.in_force_on <= $4))`,
		organisationID, campaignID, on.AddDays(1).Midnight(), on)
	if err != nil {
		return 0, fmt.Errorf("plan of campaign %d: %w", campaignID, err)
	}
	if version == 0 {
		return 0, fmt.Errorf("campaign %d on %s: %w", campaignID, on, ErrClosed)
	}
	return version, nil
}

// FindPlan returns a version of a campaign's plan with its uses, or ErrNotFound.
func FindPlan(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, version int) (Plan, error) {
	var p Plan
	err := sqlx.GetContext(ctx, q, &p, `
		SELECT version, title, lead, saying, need, other_sources, uncovered, costs_borne_by, margin, collects_from,
		       collects_until, if_too_little, if_too_much, if_stopped, report_due_on, responsible, reason,
		       coalesce(published_at, '0001-01-01 00:00:00Z') AS published_at, standing, year_from,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', g.kind, 'name', g.name, 'target', g.target, 'unit', g.unit) ORDER BY g.position)
		                   FROM plan_goal g
		                  WHERE g.organisation_id = plan.organisation_id AND g.campaign_id = plan.campaign_id AND g.version = plan.version), '[]') AS goals,
		       (SELECT w.handed_out_on
		          FROM paper_call w
		         WHERE w.organisation_id = plan.organisation_id AND w.campaign_id = plan.campaign_id) AS paper_on,
		       EXISTS (SELECT FROM paper_call w
		                WHERE w.organisation_id = plan.organisation_id AND w.campaign_id = plan.campaign_id AND w.scan_hash IS NOT NULL) AS scanned
		  FROM plan
		 WHERE organisation_id = $1 AND campaign_id = $2 AND version = $3`, organisationID, campaignID, version)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("plan %d of campaign %d: %w", version, campaignID, err)
	}
	err = sqlx.SelectContext(ctx, q, &p.Uses, `
		SELECT coalesce(use_id, 0) AS use_id, name, detail, coalesce(quantity, 0) AS quantity, unit,
		       coalesce(unit_price, 0) AS unit_price, coalesce(amount, 0) AS amount, due_on, evidence, bears_costs
		  FROM plan_use
		 WHERE organisation_id = $1 AND campaign_id = $2 AND version = $3
		 ORDER BY position`, organisationID, campaignID, version)
	if err != nil {
		return p, fmt.Errorf("plan %d of campaign %d: %w", version, campaignID, err)
	}
	return p, nil
}

// insertPlan writes one version with its uses; actor is who published it, 0 for a draft.
func insertPlan(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, p Plan, actor int64) error {
	if p.CostsBorneBy == "" {
		p.CostsBorneBy = CostsGeneral
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO plan (organisation_id, campaign_id, version, title, lead, saying, need, other_sources, uncovered,
		       costs_borne_by, margin, collects_from, collects_until, if_too_little, if_too_much, if_stopped, report_due_on,
		       responsible, reason, published_at, published_by, standing, year_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, nullif($21::bigint, 0), $22, $23)`,
		organisationID, campaignID, p.Version, p.Title, p.Lead, p.Saying, p.Need, p.OtherSources, p.Uncovered,
		p.CostsBorneBy, p.Margin, p.CollectsFrom, p.CollectsUntil, p.IfTooLittle, p.IfTooMuch, p.IfStopped, p.ReportDueOn,
		p.Responsible, p.Reason, sql.NullTime{Time: p.PublishedAt, Valid: !p.PublishedAt.IsZero()}, actor, p.Standing, p.YearFrom)
	if err != nil {
		return fmt.Errorf("plan %d of campaign %d: %w", p.Version, campaignID, ledger.Classify(err))
	}
	if err = insertGoals(ctx, tx, organisationID, campaignID, p.Version, p.Goals); err != nil {
		return err
	}
	return insertPlanUses(ctx, tx, organisationID, campaignID, p.Version, p.Uses)
}

func insertPlanUses(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, version int, uses []PlanUse) error {
	for i, u := range uses {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO plan_use (organisation_id, campaign_id, version, position, use_id, name, detail, quantity, unit,
			       unit_price, amount, due_on, evidence, bears_costs)
			VALUES ($1, $2, $3, $4, nullif($5::bigint, 0), $6, $7, nullif($8::bigint, 0), $9, nullif($10::bigint, 0),
			       nullif($11::bigint, 0), $12, $13, $14)`,
			organisationID, campaignID, version, i+1, u.UseID, u.Name, u.Detail, u.Quantity, u.Unit, u.UnitPrice,
			u.Amount, u.DueOn, u.Evidence, u.BearsCosts)
		if err != nil {
			return fmt.Errorf("use %d of campaign %d: %w", i+1, campaignID, ledger.Classify(err))
		}
	}
	return nil
}

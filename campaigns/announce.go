package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// Missing says what a plan lacks to be announced on a day, field by field; empty when nothing is. Collecting cannot have begun before
// that day.
func (p Plan) Missing(o ledger.Organisation, on ledger.Date) ledger.Invalid {
	bad := ledger.Invalid{}
	if err := p.fits(); errors.As(err, &bad) {
		return bad
	}
	bad = ledger.Invalid{}
	bad.Need(p.Title != "", "title", "campaign.title_missing")
	bad.Need(p.Need != "", "need", "campaign.need_missing")
	bad.Need(p.OtherSources != "", "other_sources", "campaign.other_sources_missing")
	bad.Need(p.Uncovered != "", "uncovered", "campaign.uncovered_missing")
	bad.Need(p.IfTooLittle != "", "if_too_little", "campaign.too_little_missing")
	bad.Need(p.IfTooMuch != "", "if_too_much", "campaign.too_much_missing")
	bad.Need(p.IfStopped != "", "if_stopped", "campaign.stopped_missing")
	bad.Need(p.Responsible != "", "responsible", "campaign.responsible_missing")
	bad.Need(!p.CollectsFrom.IsZero(), "collects_from", "campaign.from_missing")
	p.missingDays(bad, o, on)
	bad.Need(p.PaperOn.IsZero() || p.Scanned, "paper", "paper.scan_missing")
	bad.Need(o.Representative != "" && (o.Phone != "" || o.Mail != "") && o.Address != "", "organisation", "campaign.organisation_incomplete")
	p.missingUses(bad)
	return bad
}

// missingDays says what is wrong with the days. Collecting begins on the day of announcing or later, or when the paper was handed out; a standing call has no
// end, and reports after the fiscal year.
func (p Plan) missingDays(bad ledger.Invalid, o ledger.Organisation, on ledger.Date) {
	bad.Need(p.CollectsFrom.IsZero() || !p.CollectsFrom.Before(p.announcedOn(on)), "collects_from", "campaign.from_past")
	bad.Need(!p.ReportDueOn.IsZero(), "report_due_on", "campaign.report_due_missing")
	if p.Standing {
		p.missingYear(bad, o)
		return
	}
	bad.Need(!p.CollectsUntil.IsZero(), "collects_until", "campaign.until_missing")
	bad.Need(!p.CollectsUntil.Before(p.announcedOn(on)), "collects_until", "campaign.until_past")
	bad.Need(p.ReportDueOn.IsZero() || p.ReportDueOn.After(p.CollectsUntil), "report_due_on", "campaign.report_before_end")
}

func (p Plan) missingUses(bad ledger.Invalid) {
	wants := slices.ContainsFunc(p.Goals, func(g Goal) bool { return g.Kind.Given() })
	bad.Need(len(p.Uses) > 0 || wants, "uses", "campaign.uses_missing") // without yen it asks for hands or things
	bears := 0
	for i, u := range p.Uses {
		field := func(name string) string { return fmt.Sprintf("use%d_%s", i+1, name) }
		bad.Need(u.Name != "", field("name"), "campaign.use_name_missing")
		bad.Need(u.Amount > 0, field("amount"), "campaign.use_amount_missing")
		bad.Need(!u.DueOn.IsZero(), field("due_on"), "campaign.use_due_missing")
		bad.Need(u.Evidence != "", field("evidence"), "campaign.use_evidence_missing")
		if u.BearsCosts {
			bears++
		}
	}
	bad.Need(p.CostsBorneBy == CostsGeneral || bears == 1, "costs_borne_by", "campaign.costs_use_missing")
	if p.Margin != nil {
		low, _ := p.Total().Mul(10, 100, ledger.Down)
		high, _ := p.Total().Mul(50, 100, ledger.Down)
		bad.Need(*p.Margin >= low && *p.Margin <= max(high, 10_000), "margin", "campaign.margin_range")
	}
}

// Announce publishes the draft as version 1: it opens the campaign's fund, states its uses, freezes the plan, sets the days of
// collecting and claims the public name. From then on the fund can take gifts. Invalid says what is missing, under "vetting" that no operator has looked at
// the group yet; ErrNotDraft if it was announced before;
// ErrReportOverdue while the same initiative owes the report of an earlier campaign, ErrReasonNeeded while another one does: see AnnounceDespite.
func Announce(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time) error {
	return AnnounceDespite(ctx, tx, organisationID, campaignID, "", by, at)
}

// AnnounceDespite is Announce with the representative's public reason for asking again while the organisation owes a report on another initiative. The
// reason is shown with the call; without a report owed it is not kept. Invalid when it is too long.
func AnnounceDespite(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, reason string, by ledger.Actor, at time.Time) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	if c.Status != Draft {
		return fmt.Errorf("campaign %d: %w", campaignID, ErrNotDraft)
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	p, err := FindPlan(ctx, tx, organisationID, campaignID, 0)
	if err != nil {
		return err
	}
	vetted, err := vetting.Vetted(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	missing := p.Missing(o, ledger.DateOf(at))
	missing.Need(vetted, "vetting", "campaign.not_vetted")
	if err = missing.Err(); err != nil {
		return err
	}
	if err = mayAsk(ctx, tx, c, reason, by, at); err != nil {
		return err
	}
	if p.Standing {
		p.YearFrom = o.FiscalYear(p.CollectsFrom)
	}
	if err = publish(ctx, tx, &c, &p, by, at); err != nil {
		return err
	}
	to := Announced
	if !p.CollectsFrom.After(ledger.DateOf(at)) {
		to = Open
	}
	if err = step(ctx, tx, organisationID, campaignID, []Status{Draft}, to, by, at, ""); err != nil {
		return err
	}
	if !p.Yenless() { // a fund without days takes no yen at all
		if err = ledger.SetCollecting(ctx, tx, organisationID, c.FundID, p.CollectsFrom, p.CollectsUntil); err != nil {
			return err
		}
	}
	err = ledger.ClaimSlug(ctx, tx, ledger.SlugCampaign, c.Slug, organisationID, campaignID)
	if errors.Is(err, ledger.ErrSlugTaken) {
		return ledger.Invalid{"slug": "campaign.slug_taken"} // by another since the draft was saved
	}
	return err
}

// publish opens the fund, states the uses and freezes version 1.
func publish(ctx context.Context, tx *sqlx.Tx, c *Campaign, p *Plan, by ledger.Actor, at time.Time) error {
	fund, err := ledger.OpenFund(ctx, tx, ledger.Fund{
		OrganisationID: c.OrganisationID, Name: p.Title, Kind: ledger.CampaignFund, InitiativeID: &c.InitiativeID,
	})
	if err != nil {
		return err
	}
	c.FundID = fund
	for i := range p.Uses {
		u := &p.Uses[i]
		u.UseID, err = ledger.StateUse(ctx, tx, ledger.Use{
			OrganisationID: c.OrganisationID, FundID: fund, Position: i + 1, Name: u.Name, Planned: u.Amount, DueOn: u.DueOn,
		})
		if err != nil {
			return err
		}
	}
	width := p.Width()
	p.Version, p.Margin, p.PublishedAt = 1, &width, at
	actor, err := ledger.ActorID(ctx, tx, c.OrganisationID, by)
	if err != nil {
		return err
	}
	if err = insertPlan(ctx, tx, c.OrganisationID, c.ID, *p, actor); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `
		UPDATE campaign
		   SET fund_id = $3, version = 1
		 WHERE organisation_id = $1 AND id = $2 AND status = 'draft'`, c.OrganisationID, c.ID, fund); err != nil {
		return fmt.Errorf("campaign %d: %w", c.ID, ledger.Classify(err))
	}
	content, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("campaign %d: %w", c.ID, err)
	}
	return ledger.Record(ctx, tx, c.OrganisationID, ledger.PlanRecord, c.ID*1000+int64(p.Version), string(content), at)
}

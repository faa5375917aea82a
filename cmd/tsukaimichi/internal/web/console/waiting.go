package console

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// waiting is everything that waits for somebody of the organisation.
type waiting struct {
	ToCheck   []ledger.Expense
	Unpaid    []ledger.Expense
	NoPaper   counted // expenses with neither a paper nor a reason
	Receipts  counted // paid gifts whose giver wants a receipt and has none
	Glyphs    []receiptWith
	Vouchers  vouchers
	Campaigns []standing
	Years     []standing // standing calls that lack the plan of their next year
	Behind    []heldBehind
	Decided   []campaigns.Decision // about unasked gifts, not reported on
	Owed      []campaigns.Duty     // reports, the first due first
	Places    []ledger.AccountBalance
	Funds     []fundLeft
	Members   int
	Changes   []campaigns.ChangeWaiting // of promises, and stopped campaigns
	Erasures  []campaigns.AskedErasure  // by givers themselves
	Problems  []payments.Problem        // about card and konbini
	Grants    []access.Grant            // of operators: asked for, or in force
	Ending    []ledger.Membership       // coordinators' roles that end soon
	Questions int                       // under reports, that wait for an answer
	Copies    []redaction.Redaction     // of papers, that somebody else has to look at
	Vetted    bool                      // the group may ask for money
	Vetting   vetting.Status            // what was last asked of the operator, or answered; empty for nothing
}

// counted is how many of something there are, and the oldest of them.
type counted struct {
	Count  int        `db:"count"`
	Oldest int64      `db:"oldest"`
	Amount ledger.Yen `db:"amount"`
}

// receiptWith is a receipt whose paper lacks characters.
type receiptWith struct {
	ID         int64  `db:"id"`
	DonationID int64  `db:"donation_id"`
	Missing    string `db:"missing"`
}

// vouchers are gifts by konbini that are not paid yet.
type vouchers struct {
	Count  int          `db:"count"`
	Amount ledger.Yen   `db:"amount"`
	Until  sql.NullTime `db:"until"`
}

// standing is a campaign with the plan in force.
type standing struct {
	campaigns.Campaign
	Plan campaigns.Plan
}

//go:embed query/no_paper.sql
var noPaperSQL string

//go:embed query/receipts_wanted.sql
var receiptsWantedSQL string

//go:embed query/receipts_lacking.sql
var receiptsLackingSQL string

//go:embed query/vouchers.sql
var vouchersSQL string

// findWaiting gathers what waits on a day.
func findWaiting(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) (waiting, error) {
	var w waiting
	var err error
	if w.ToCheck, err = ledger.ExpensesToCheck(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Unpaid, err = ledger.UnpaidExpenses(ctx, q, organisationID); err != nil {
		return w, err
	}
	if err = sqlx.GetContext(ctx, q, &w.NoPaper, noPaperSQL, organisationID); err != nil {
		return w, fmt.Errorf("expenses without paper: %w", err)
	}
	if err = sqlx.GetContext(ctx, q, &w.Receipts, receiptsWantedSQL, organisationID); err != nil {
		return w, fmt.Errorf("receipts wanted: %w", err)
	}
	if err = sqlx.SelectContext(ctx, q, &w.Glyphs, receiptsLackingSQL, organisationID); err != nil {
		return w, fmt.Errorf("receipts lacking characters: %w", err)
	}
	if err = sqlx.GetContext(ctx, q, &w.Vouchers, vouchersSQL, organisationID); err != nil {
		return w, fmt.Errorf("vouchers: %w", err)
	}
	if w.Problems, err = payments.Problems(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Grants, err = access.Open(ctx, q, organisationID, on); err != nil {
		return w, err
	}
	if w.Ending, err = access.Ending(ctx, q, organisationID, on); err != nil {
		return w, err
	}
	if w.Copies, err = redaction.Waiting(ctx, q, organisationID); err != nil {
		return w, err
	}
	if err = w.vetting(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Erasures, err = campaigns.AskedErasures(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Campaigns, err = standings(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Decided, err = unreported(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Years, err = yearsToPlan(ctx, q, w.Campaigns, on); err != nil {
		return w, err
	}
	if w.Behind, err = findHeldBehind(ctx, q, w.Campaigns); err != nil {
		return w, err
	}
	if w.Owed, err = campaigns.Owed(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Questions, err = news.CountWaiting(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Changes, err = campaigns.ChangesWaiting(ctx, q, organisationID); err != nil {
		return w, err
	}
	if w.Places, err = ledger.AccountBalances(ctx, q, organisationID, on); err != nil {
		return w, err
	}
	if w.Funds, err = fundsLeft(ctx, q, organisationID, on); err != nil {
		return w, err
	}
	members, err := ledger.Members(ctx, q, organisationID, on)
	w.Members = len(members)
	return w, err
}

// standings returns the campaigns of an organisation with their plans, as campaigns.List orders them.
func standings(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]standing, error) {
	list, err := campaigns.List(ctx, q, organisationID)
	if err != nil {
		return nil, err
	}
	all := make([]standing, len(list))
	for i, c := range list {
		plan, err := campaigns.FindPlan(ctx, q, organisationID, c.ID, c.Version)
		if err != nil {
			return nil, err
		}
		all[i] = standing{c, plan}
	}
	return all, nil
}

// vetting fills in where the group stands with the operator.
func (w *waiting) vetting(ctx context.Context, q sqlx.QueryerContext, organisationID int64) error {
	newest, err := orNone(vetting.Newest(ctx, q, organisationID))
	if newest != nil {
		w.Vetting, w.Vetted = newest.Status, newest.Holds()
	}
	if err != nil || w.Vetted || newest == nil {
		return err
	}
	w.Vetted, err = vetting.Vetted(ctx, q, organisationID)
	return err
}

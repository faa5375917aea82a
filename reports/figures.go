package reports

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Figures are what the book says of a campaign on a day. They are kept with a published report as they stood.
type Figures struct {
	On           ledger.Date        `json:"on"`
	Records      int64              `json:"records"` // how long the organisation's log was
	Version      int                `json:"version"` // of the plan reported against
	Progress     campaigns.Progress `json:"progress"`
	Gifts        []GiftsByChannel   `json:"gifts"`
	Other        []OtherIncome      `json:"other"` // income of the fund that is no gift
	Returned     ledger.Yen         `json:"returned"`
	PendingCount int                `json:"pending_count"` // gifts whose money has not come: 未着
	Costs        []CostOfUse        `json:"costs"`
	Unchecked    int                `json:"unchecked"` // expenses no other person has checked
	Entries      []PublicEntry      `json:"entries"`
}

// GiftsByChannel are the paid gifts of one way of paying.
type GiftsByChannel struct {
	Channel    campaigns.Channel `json:"channel" db:"channel"`
	Gifts      int               `json:"gifts" db:"gifts"`
	Persons    int               `json:"persons" db:"persons"`
	Households int               `json:"households" db:"households"`
	Companies  int               `json:"companies" db:"companies"`
	Amount     ledger.Yen        `json:"amount" db:"amount"`
}

// OtherIncome is one account of income that is no gift.
type OtherIncome struct {
	Account int        `json:"account" db:"account"`
	Plain   string     `json:"plain" db:"plain"`
	Amount  ledger.Yen `json:"amount" db:"amount"`
}

// CostOfUse is what one kind of expense came to in one use.
type CostOfUse struct {
	UseID   int64      `json:"use_id" db:"use_id"` // 0: of the fund without a use
	Account int        `json:"account" db:"account"`
	Name    string     `json:"name" db:"name"`
	Plain   string     `json:"plain" db:"plain"`
	Count   int        `json:"count" db:"count"`
	Papers  int        `json:"papers" db:"papers"`
	Amount  ledger.Yen `json:"amount" db:"amount"`
}

//go:embed query/gifts.sql
var giftsSQL string

//go:embed query/other_income.sql
var otherIncomeSQL string

//go:embed query/costs.sql
var costsSQL string

// FindFigures takes the figures of an announced campaign as the book stands. Call it inside one repeatable-read
// transaction where they have to agree with each other to the yen.
func FindFigures(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, on ledger.Date) (Figures, error) {
	f := Figures{On: on, Version: c.Version}
	plan, err := campaigns.FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return f, err
	}
	if f.Progress, err = campaigns.FindProgress(ctx, q, c, plan); err != nil {
		return f, err
	}
	if f.Records, err = ledger.Records(ctx, q, c.OrganisationID); err != nil {
		return f, err
	}
	if f.Unchecked, _, err = ledger.UncheckedOfFund(ctx, q, c.OrganisationID, c.FundID); err != nil {
		return f, err
	}
	for _, part := range []struct {
		into  any
		query string
		id    int64
	}{
		{&f.Gifts, giftsSQL, c.ID}, {&f.Other, otherIncomeSQL, c.FundID}, {&f.Costs, costsSQL, c.FundID},
	} {
		if err = sqlx.SelectContext(ctx, q, part.into, part.query, c.OrganisationID, part.id); err != nil {
			return f, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
		}
	}
	err = q.QueryRowxContext(ctx, `
		SELECT coalesce(sum(refunded) FILTER (WHERE status = 'paid'), 0)::bigint, count(*) FILTER (WHERE status = 'pending')
		  FROM donation
		 WHERE organisation_id = $1 AND campaign_id = $2`, c.OrganisationID, c.ID).Scan(&f.Returned, &f.PendingCount)
	if err != nil {
		return f, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
	}
	f.Entries, err = publicEntries(ctx, q, c)
	return f, err
}

// Deviation is how far a use's spending is from its promise.
func Deviation(u campaigns.UseProgress) ledger.Yen { return u.Spent - u.Amount }

// NeedsReason reports whether a use has to be explained: it deviates by more than a tenth of its promise or by more than ¥10,000.
func NeedsReason(u campaigns.UseProgress) bool {
	d := Deviation(u)
	if d < 0 {
		d = -d
	}
	return d > 10_000 || d*10 > u.Amount
}

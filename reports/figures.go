package reports

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// Figures are what the book says of a campaign on a day. They are kept with a published report as they stood.
type Figures struct {
	On       ledger.Date        `json:"on"`
	Records  int64              `json:"records"`      // how long the organisation's log was
	Log      chain.Mark         `json:"log,omitzero"` // the log as last signed: it may end before Records
	Version  int                `json:"version"`      // of the plan reported against
	Progress campaigns.Progress `json:"progress"`
	Gifts    []GiftsByChannel   `json:"gifts"`
	Other    []OtherIncome      `json:"other"` // income of the fund that is no gift
	Costs    []CostOfUse        `json:"costs"`
	Entries  []PublicEntry      `json:"entries"`
	OnTheWay bool               `json:"on_the_way,omitempty"` // the campaign still collected, or the year of a standing call was not over
	Year     ledger.Date        `json:"year,omitzero"`        // of a standing call: the first day of the fiscal year the figures are of
	GoesOn   bool               `json:"goes_on,omitempty"`    // the standing call goes on into the next year, with what is left
	Last     *Last              `json:"last,omitempty"`       // where the report before ended; nil in the first
	Proof
}

// GiftsByChannel are the booked gifts of one way of paying. A giver who was paid back whole is no longer counted among the
// people; the gift and its return both are among the yen.
type GiftsByChannel struct {
	Channel    campaigns.Channel `json:"channel" db:"channel"`
	Gifts      int               `json:"gifts" db:"gifts"`
	Persons    int               `json:"persons" db:"persons"`
	Households int               `json:"households" db:"households"`
	Companies  int               `json:"companies" db:"companies"`
	Amount     ledger.Yen        `json:"amount" db:"amount"`

	Also         []campaigns.Channel `json:"also,omitempty" db:"-"`          // ways that stand in this line, because few used them
	Few          bool                `json:"few,omitempty" db:"-"`           // all gifts together are of few
	LessReturned bool                `json:"less_returned,omitempty" db:"-"` // what few were paid back is taken off
	campaigns.Givers
}

// OtherIncome is one account of income that is no gift.
type OtherIncome struct {
	Account int        `json:"account" db:"account"`
	Plain   string     `json:"plain" db:"plain"`
	Count   int        `json:"count" db:"count"`
	Amount  ledger.Yen `json:"amount" db:"amount"`
}

// CostOfUse is what one kind of expense came to in one use.
type CostOfUse struct {
	UseID   int64      `json:"use_id" db:"use_id"` // 0: of the fund without a use
	Account int        `json:"account" db:"account"`
	Running bool       `json:"running" db:"running"` // 管理費
	Name    string     `json:"name" db:"name"`
	Plain   string     `json:"plain" db:"plain"`
	Count   int        `json:"count" db:"count"`   // transactions that stand
	Papers  int        `json:"papers" db:"papers"` // pieces of evidence of theirs
	Amount  ledger.Yen `json:"amount" db:"amount"`
}

// Proof is what the figures rest on, and what is not certain about them.
type Proof struct {
	Papers         int        `json:"papers" db:"papers"`       // pieces of evidence of what was spent
	Bare           int        `json:"bare" db:"bare"`           // expenses without one
	Unchecked      int        `json:"unchecked" db:"unchecked"` // expenses in Spent that no other person has checked: 確認前
	Unposted       int        `json:"unposted" db:"unposted"`   // unpaid ones that are not in Spent before they are checked
	UnpostedAmount ledger.Yen `json:"unposted_amount" db:"unposted_amount"`
	Pending        int        `json:"pending" db:"pending"`   // gifts whose money has not come: 未着
	Returned       ledger.Yen `json:"returned" db:"returned"` // gifts given back
	Returns        int        `json:"returns" db:"returns"`
	Returners      int        `json:"-" db:"returners"`
	Costing        int        `json:"-" db:"costing"`                       // givers whose gifts cost something to take
	CostsFew       bool       `json:"costs_few,omitempty"`                  // so few that their number and what the general fund bears is not said
	BorneElsewhere ledger.Yen `json:"borne_elsewhere" db:"borne_elsewhere"` // processing costs of its gifts that the general fund bears
}

//go:embed query/gifts.sql
var giftsSQL string

//go:embed query/other_income.sql
var otherIncomeSQL string

//go:embed query/costs.sql
var costsSQL string

//go:embed query/proof.sql
var proofSQL string

// FindFigures takes the figures of an announced campaign as the book stands; of a standing call those of the year its version of the plan is for. Call it inside
// one repeatable-read transaction where they have to agree with each other to the yen.
func FindFigures(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, on ledger.Date) (Figures, error) {
	f := Figures{On: on, Version: c.Version}
	var err error
	if f.OnTheWay, err = campaigns.Collecting(ctx, q, c, on); err != nil {
		return f, err
	}
	plan, err := campaigns.FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return f, err
	}
	from, before := f.year(plan, on)
	if f.Progress, err = campaigns.FindProgress(ctx, q, c, plan); err != nil {
		return f, err
	}
	if f.Records, err = ledger.Records(ctx, q, c.OrganisationID); err != nil {
		return f, err
	}
	o, err := ledger.FindOrganisation(ctx, q, c.OrganisationID)
	if err != nil {
		return f, err
	}
	if f.Log, err = chain.FindMark(ctx, q, c.OrganisationID, o.Slug); err != nil {
		return f, err
	}
	for _, part := range []struct {
		into  any
		query string
	}{{&f.Gifts, giftsSQL}, {&f.Other, otherIncomeSQL}, {&f.Costs, costsSQL}} {
		if err = sqlx.SelectContext(ctx, q, part.into, part.query, c.OrganisationID, c.FundID, from, before); err != nil {
			return f, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
		}
	}
	if err = sqlx.GetContext(ctx, q, &f.Proof, proofSQL, c.OrganisationID, c.FundID, c.ID, from, before); err != nil {
		return f, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
	}
	f.tell()
	if f.Entries, err = publicEntries(ctx, q, c, f.Progress.InKindFew, from, before); err != nil {
		return f, err
	}
	for i, e := range f.Entries {
		f.Entries[i].Untold = e.Account == ledger.Gifts && f.toldGifts() == 0
	}
	return f, nil
}

// year notes which year a standing call's figures are of and returns its first day and the day after its last; both are zero for any other campaign.
func (f *Figures) year(p campaigns.Plan, on ledger.Date) (from, before ledger.Date) {
	if p.YearFrom.IsZero() {
		return from, before
	}
	f.Year, f.GoesOn = p.YearFrom, f.OnTheWay
	f.OnTheWay = f.OnTheWay && !on.After(p.YearUntil())
	return p.YearFrom, p.YearUntil().AddDays(1)
}

// In is all that was there to spend: what was in the fund before, and what came in.
func (f Figures) In() ledger.Yen { return f.Progress.Carried + f.Progress.Received }

// GiftCount is how many gifts were booked, each envelope of a list by itself.
func (f Figures) GiftCount() int {
	n := 0
	for _, g := range f.Gifts {
		n += g.Gifts
	}
	return n
}

// toldGifts is GiftCount as far as it may be told: 0 where a number beside it would say who gave what.
func (f Figures) toldGifts() int {
	p := f.Progress.People
	for _, n := range []int{p.Persons, p.Households, p.Companies, p.Nameless} {
		if campaigns.Few(n) {
			return 0
		}
	}
	return f.GiftCount()
}

// transactions says how many costs a line has; not of taking the gifts of few.
func (f Figures) transactions(c CostOfUse) string {
	if f.CostsFew && costOfGifts(c.Account) {
		return "5件未満"
	}
	return fmt.Sprintf("%d件", c.Count)
}

// processing sums the costs of taking gifts online and by transfer that the fund bears.
func (f Figures) processing() ledger.Yen {
	var sum ledger.Yen
	for _, c := range f.Costs {
		if costOfGifts(c.Account) {
			sum += c.Amount
		}
	}
	return sum
}

// running sums 管理費 borne by the fund.
func (f Figures) running() ledger.Yen {
	var sum ledger.Yen
	for _, c := range f.Costs {
		if c.Running {
			sum += c.Amount
		}
	}
	return sum
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

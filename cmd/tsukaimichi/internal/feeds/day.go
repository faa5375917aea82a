package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Day is one entry of a calendar: a whole day.
type Day struct {
	UID     string // without the host
	On      ledger.Date
	Summary string
	Note    string
	Path    string    // of our page about it, for who can sign in
	Stamp   time.Time // when what it says was written last
	Edition int       // of the call it comes from
	Alarms  []int     // days before
}

// keepDays is how long a day that is over stays in a calendar.
const keepDays = 60

// Days are the days of an organisation's applications as they stand on a day: of drafts when they are due and when work has to begin, of applications that
// were handed in what the funder has planned. Days long past are left out.
func Days(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, today ledger.Date) ([]Day, error) {
	drafts, err := application.List(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	var days []Day
	for _, d := range drafts {
		if d.Status == application.Declined || d.Status == application.Withdrawn {
			continue
		}
		c := collector{organisation: o, draft: d, today: today}
		if err = c.find(ctx, q); err != nil {
			return nil, err
		}
		days = append(days, c.collect()...)
	}
	return days, nil
}

// collector gathers the days of one application.
type collector struct {
	organisation ledger.Organisation
	draft        application.Draft
	today        ledger.Date
	round        catalogue.Opportunity // with id 0 when the call is not in the catalogue
	title        string                // of the call, else of the form: nothing that somebody typed about the group
	missing      []string              // papers
	days         []Day
}

func (c *collector) find(ctx context.Context, q sqlx.QueryerContext) error {
	form, err := application.FindForm(ctx, q, c.draft.FormKey, c.draft.FormVersion)
	if err != nil {
		return err
	}
	c.title = form.Title
	if c.draft.OpportunityID == 0 {
		return nil
	}
	c.round, err = catalogue.Find(ctx, q, c.draft.OpportunityID)
	if errors.Is(err, catalogue.ErrNoOpportunity) {
		return nil
	}
	if err != nil {
		return err
	}
	c.title = c.round.Call.Title
	if c.draft.Status.Open() {
		s, err := search.Seek(ctx, q, c.organisation.ID, c.draft.WorksheetID, c.today)
		if err != nil {
			return err
		}
		c.missing = fit.Assess(c.round.Call.Rules, s.Group, c.today).Papers()
	}
	return nil
}

func (c *collector) collect() []Day {
	switch {
	case c.draft.Status.Open():
		c.work()
		c.planned(catalogue.Kinds...)
		if due := c.draft.DueOn; !due.IsZero() && due != c.round.Call.On(catalogue.Closing) {
			c.add("団体の締切", due, "団体で決めた締切："+c.title, "", 7, 1)
		}
	case c.draft.Status == application.Granted || c.draft.Status == application.PartGranted:
		c.planned("事業開始", "事業終了")
	default:
		c.planned("審査会", "決定予定", "事業開始", "事業終了")
	}
	return c.days
}

// work are the days on which each piece of work has to begin.
func (c *collector) work() {
	for _, s := range c.round.Call.Backward(c.missing) {
		what, _, _ := strings.Cut(s.What, "（")
		c.add("始める "+what, s.From, "始める："+s.What+"　"+c.title, fmt.Sprintf("%d月%d日までに終えます。", s.Until.Month(), s.Until.Day()))
	}
}

// planned are the days of the call, with how each is met.
func (c *collector) planned(kinds ...string) {
	for _, kind := range kinds {
		for _, d := range c.round.Call.Deadlines {
			if d.Kind != kind || d.On.IsZero() {
				continue
			}
			summary := kind
			if how := d.How(); how != "" {
				summary += "（" + how + "）"
			}
			var alarms []int
			if kind == catalogue.Closing || kind == "推薦締切" || kind == "事前相談" {
				alarms = []int{14, 7, 1}
			}
			c.add(kind, d.On, summary+"："+c.title, d.Note, alarms...)
		}
	}
}

// add adds a day unless it is long past. Its UID is of the application and of what the day means, whatever its date.
func (c *collector) add(means string, on ledger.Date, summary, note string, alarms ...int) {
	if c.today.Sub(on) > keepDays {
		return
	}
	stamp := c.draft.SavedAt
	if c.round.UpdatedAt.After(stamp) {
		stamp = c.round.UpdatedAt
	}
	hash := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", c.organisation.ID, c.draft.ID, means))
	c.days = append(c.days, Day{UID: hex.EncodeToString(hash[:12]), On: on, Summary: summary, Note: note, Stamp: stamp, Edition: c.round.Version, Alarms: alarms,
		Path: fmt.Sprintf("/desk/%s/applications/%d", c.organisation.Slug, c.draft.ID)})
}

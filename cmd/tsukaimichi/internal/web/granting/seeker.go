package granting

import (
	"context"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// seeker is who looks: the group with its facts and papers, and the plan it looks for.
type seeker struct {
	group  fit.Group
	facts  map[string]profile.Fact
	sheets []plans.Worksheet // that are open
	sheet  plans.Worksheet   // the one asked for, or the last written on; with id 0 when there is none
}

// seek gathers what is known. ?plan= names the sheet.
func (p *Pages) seek(ctx context.Context, r *http.Request, d console.Desk) (seeker, error) {
	var s seeker
	var err error
	if s.facts, err = profile.Facts(ctx, p.DB, d.Organisation.ID, d.Today()); err != nil {
		return s, err
	}
	papers, err := profile.Papers(ctx, p.DB, d.Organisation.ID)
	if err != nil {
		return s, err
	}
	s.group = groupOf(s.facts, papers)
	all, err := plans.List(ctx, p.DB, d.Organisation.ID)
	if err != nil {
		return s, err
	}
	wanted, _ := strconv.ParseInt(r.FormValue("plan"), 10, 64) // what is none is the last
	for _, sheet := range all {
		if sheet.Closed {
			continue
		}
		s.sheets = append(s.sheets, sheet)
		if s.sheet.ID == 0 || sheet.ID == wanted {
			s.sheet = sheet
		}
	}
	return s, nil
}

// groupOf is the profile as package fit looks at it.
func groupOf(facts map[string]profile.Fact, papers []profile.Paper) fit.Group {
	g := fit.Group{Facts: fit.Facts{}, Papers: map[string]ledger.Date{}}
	for key, f := range facts {
		known := fit.Fact{Number: f.Value.Number, Words: f.Value.Words, Yes: f.Value.Yes, On: f.SaidOn, Until: f.StaleAfter}
		if f.Value.Day != nil {
			known.Day = *f.Value.Day
		}
		if f.Value.Text != nil && *f.Value.Text != "" {
			known.Words = []string{*f.Value.Text}
		}
		g.Facts[key] = known
	}
	for _, paper := range papers {
		until, there := g.Papers[paper.Kind]
		if !there || paper.ExpiresOn.IsZero() || (!until.IsZero() && paper.ExpiresOn.After(until)) {
			g.Papers[paper.Kind] = paper.ExpiresOn
		}
	}
	return g
}

// plan is the sheet as package fit compares it with calls.
func (s seeker) plan() fit.Plan {
	b := s.sheet.Body
	cost, _ := b.Total()
	p := fit.Plan{Text: b.Assessed + "\n" + b.Name + "\n" + b.Content + "\n" + b.Gap, Need: cost, Areas: s.group.Facts["area"].Words}
	for _, purpose := range purposes {
		if containsWord(p.Text, purpose) {
			p.Purposes = append(p.Purposes, purpose)
		}
	}
	for _, f := range b.Funding {
		if f.Source == plans.Grants && f.Amount > 0 {
			p.Need = f.Amount
		}
	}
	return p
}

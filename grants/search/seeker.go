package search

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/text/width"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// Purposes are what calls and plans are for, in the words that both use.
var Purposes = []string{"居場所", "サロン", "見守り", "配食", "食堂", "移動", "通院", "買い物", "子育て", "子ども", "講座", "防災", "環境", "健康", "交流"}

// Seeker is who looks: a group with its facts and papers, and the plan it looks for.
type Seeker struct {
	Group  fit.Group
	Sheets []plans.Worksheet // that are open, the last saved first
	Sheet  plans.Worksheet   // the one looked for; with id 0 when there is none
}

// Seek gathers what is known of a group on a day. It looks for the sheet of the id, else for the one saved last.
func Seek(ctx context.Context, q sqlx.QueryerContext, organisationID, sheetID int64, on ledger.Date) (Seeker, error) {
	var s Seeker
	facts, err := profile.Facts(ctx, q, organisationID, on)
	if err != nil {
		return s, err
	}
	papers, err := profile.Papers(ctx, q, organisationID)
	if err != nil {
		return s, err
	}
	s.Group = groupOf(facts, papers)
	granted, err := application.Awards(ctx, q, organisationID)
	if err != nil {
		return s, err
	}
	for _, a := range granted {
		s.Group.Awards = append(s.Group.Awards, fit.Award{Funder: a.Funder, Programme: a.Programme, On: a.On})
	}
	all, err := plans.List(ctx, q, organisationID)
	if err != nil {
		return s, err
	}
	for _, sheet := range all {
		if sheet.Closed {
			continue
		}
		s.Sheets = append(s.Sheets, sheet)
		if s.Sheet.ID == 0 || sheet.ID == sheetID {
			s.Sheet = sheet
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
	if past, told := g.Facts[fit.PastAwards]; told {
		g.Awards = awardsOf(past.Words, past.On)
	}
	for _, paper := range papers {
		until, there := g.Papers[paper.Kind]
		if !there || paper.ExpiresOn.IsZero() || (!until.IsZero() && paper.ExpiresOn.After(until)) {
			g.Papers[paper.Kind] = paper.ExpiresOn
		}
	}
	return g
}

// awardsOf reads grants as people tell them: 奄美市社協2024, or the year apart. Without a year one may have been given at any time until it was told.
func awardsOf(words []string, told ledger.Date) []fit.Award {
	var awards []fit.Award
	for _, word := range words {
		word = strings.TrimSuffix(strings.TrimSpace(width.Fold.String(word)), "年度")
		name := strings.TrimRightFunc(word, func(r rune) bool { return '0' <= r && r <= '9' })
		year, err := strconv.Atoi(strings.TrimPrefix(word, name))
		dated := err == nil && year >= 1990 && year <= 2999
		if name = strings.TrimSpace(name); name != "" && name != "なし" {
			awards = append(awards, fit.Award{Funder: name, Until: told})
		}
		if dated && len(awards) > 0 {
			last := &awards[len(awards)-1]
			last.On, last.Until = ledger.NewDate(year, time.April, 1), ledger.NewDate(year+1, time.March, 31)
		}
	}
	return awards
}

// Plan is the sheet as package fit compares it with calls.
func (s Seeker) Plan() fit.Plan {
	b := s.Sheet.Body
	cost, _ := b.Total()
	p := fit.Plan{Text: b.Assessed + "\n" + b.Name + "\n" + b.Content + "\n" + b.Gap, Need: cost, Areas: s.Group.Facts["area"].Words}
	for _, purpose := range Purposes {
		if strings.Contains(p.Text, purpose) {
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

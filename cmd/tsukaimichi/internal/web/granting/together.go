package granting

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TogetherPage is the set of calls that leaves the least to find for a plan.
type TogetherPage struct {
	page.Console
	For    string
	Sums   []page.Pair
	Chosen []page.ListRow
	Lines  page.Table
	Empty  page.Empty
}

// Template names the template of the page.
func (TogetherPage) Template() string { return "granting/together" }

// Together computes which calls may pay for one plan together, among the twenty that suit it best.
func (p *Pages) Together(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	s, err := p.seek(r.Context(), r, d)
	if err != nil {
		return err
	}
	all, err := catalogue.Current(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	shown, err := buildTogether(d, s, all)
	if err != nil {
		return err
	}
	shown.Console = frame(d, r, "いくつかを組み合わせる", page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func buildTogether(d console.Desk, s seeker, all []catalogue.Opportunity) (TogetherPage, error) {
	shown := TogetherPage{For: s.sheet.Title, Empty: page.Empty{Text: "組み合わせるには、必要経費を書いたシートと、申請できる募集がいります。", Link: page.Link{Href: d.Path("plans"), Text: "シートを書く"}}}
	cost := make([]ledger.Yen, len(s.sheet.Body.Costs))
	for i, line := range s.sheet.Body.Costs {
		cost[i], _ = line.Amount() // the sheet was checked when it was saved
	}
	calls := make([]fit.Call, len(all))
	for i, o := range all {
		calls[i] = o.Call.Fitting()
	}
	var rounds []catalogue.Opportunity
	for _, m := range fit.NewCatalogue(calls).Fit(s.group, s.plan(), d.Today()) {
		if m.Answer != fit.Out && all[m.Call].Call.Most > 0 && len(rounds) < fit.Most {
			rounds = append(rounds, all[m.Call])
		}
	}
	if len(cost) == 0 || len(rounds) == 0 {
		return shown, nil
	}
	best, err := fit.BestPortfolio(cost, candidates(rounds, len(cost)))
	if err != nil {
		return shown, err
	}
	shown.fill(d, s, rounds, best, cost)
	return shown, nil
}

// candidates takes each call with its largest amount, for every line: which costs a call accepts is in its form, and the draft says so.
func candidates(rounds []catalogue.Opportunity, lines int) []fit.Candidate {
	every := make([]int, lines)
	for i := range every {
		every[i] = i
	}
	all := make([]fit.Candidate, len(rounds))
	for i, o := range rounds {
		all[i] = fit.Candidate{Amount: o.Call.Most, Lines: every, Alone: o.Call.Alone}
		for j, other := range rounds {
			if i != j && (slices.Contains(o.Call.Excludes, other.Funder) || slices.Contains(o.Call.Excludes, other.Programme)) {
				all[i].Excludes = append(all[i].Excludes, j)
			}
		}
	}
	return all
}

func (t *TogetherPage) fill(d console.Desk, s seeker, rounds []catalogue.Opportunity, best fit.Portfolio, cost []ledger.Yen) {
	whole, _ := ledger.Sum(cost...)
	t.Sums = []page.Pair{
		{Term: "必要経費", Text: page.YenText(whole) + "円"}, {Term: "助成でまかなえる額", Text: page.YenText(best.Covered) + "円", Strong: true}, {Term: "ほかで用意する額", Text: page.YenText(best.Left) + "円", Strong: true},
	}
	t.Lines = page.Table{Caption: "どの費用を、どの助成でまかなうか", Columns: []page.Column{{Text: "費用"}}}
	for i, at := range best.Chosen {
		o := rounds[at]
		t.Chosen = append(t.Chosen, page.ListRow{Name: o.Call.Title, Href: d.Path("grants", o.ID) + "?plan=" + strconv.FormatInt(s.sheet.ID, 10), Note: o.Funder,
			Text: page.YenText(best.Shares[i]) + "円　" + closingWords(o.Call, d.Today())})
		t.Lines.Columns = append(t.Lines.Columns, page.Column{Text: o.Programme, Number: true})
	}
	t.Lines.Columns = append(t.Lines.Columns, page.Column{Text: "残り", Number: true})
	for line, amount := range cost {
		row := page.Row{Name: s.sheet.Body.Costs[line].What, Note: page.YenText(amount) + "円"}
		left := amount
		for i := range best.Chosen {
			left -= best.Claims[i][line]
			row.Cells = append(row.Cells, page.YenText(best.Claims[i][line])+"円")
		}
		row.Cells = append(row.Cells, fmt.Sprintf("%s円", page.YenText(left)))
		t.Lines.Rows = append(t.Lines.Rows, row)
	}
}

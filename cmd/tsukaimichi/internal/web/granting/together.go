package granting

import (
	"net/http"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TogetherPage is the set of calls that leaves the least to find for a plan.
type TogetherPage struct {
	page.Console
	For    string
	Sums   []page.Pair
	Doubt  string // empty when no other set can cover more
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
	s, err := p.seek(r, d)
	if err != nil {
		return err
	}
	all, err := catalogue.Current(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	rounds := suited(d, s, all)
	forms, err := p.formsOf(r.Context(), rounds...)
	if err != nil {
		return err
	}
	shown, err := buildTogether(d, s, rounds, forms)
	if err != nil {
		return err
	}
	shown.Console = frame(d, r, "いくつかを組み合わせる", page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// suited are the calls that suit the plan best, as many as a portfolio is computed for.
func suited(d console.Desk, s search.Seeker, all []catalogue.Opportunity) []catalogue.Opportunity {
	calls := make([]fit.Call, len(all))
	for i, o := range all {
		calls[i] = o.Call.Fitting()
	}
	var rounds []catalogue.Opportunity
	for _, m := range fit.NewCatalogue(calls).Fit(s.Group, s.Plan(), d.Today()) {
		if m.Answer != fit.Out && len(rounds) < fit.Most {
			rounds = append(rounds, all[m.Call])
		}
	}
	return rounds
}

func buildTogether(d console.Desk, s search.Seeker, rounds []catalogue.Opportunity, forms map[string]template.Version) (TogetherPage, error) {
	shown := TogetherPage{For: s.Sheet.Title, Empty: page.Empty{Text: "組み合わせるには、必要経費を書いたシートと、申請できる募集がいります。", Link: page.Link{Href: d.Path("plans"), Text: "シートを書く"}}}
	if len(s.Sheet.Body.Costs) == 0 || len(rounds) == 0 {
		return shown, nil
	}
	claims := make([]claim, len(rounds))
	doubts := make([]int, len(s.Sheet.Body.Costs))
	all := make([]fit.Candidate, len(rounds))
	for i, o := range rounds {
		var err error
		if claims[i], err = claimOf(o.Call, forms[o.Call.Template], s.Sheet.Body, nil); err != nil {
			return shown, err
		}
		all[i] = claims[i].candidate()
		for line, unsure := range claims[i].unsure {
			if unsure {
				doubts[line]++
			}
		}
		for j, other := range rounds {
			if i != j && (slices.Contains(o.Call.Excludes, other.Funder) || slices.Contains(o.Call.Excludes, other.Programme)) {
				all[i].Excludes = append(all[i].Excludes, j)
			}
		}
	}
	cost := make([]ledger.Yen, len(s.Sheet.Body.Costs))
	for i, line := range claims[0].worked.Lines {
		cost[i] = line.Amount
	}
	best, err := surest(doubts, cost, claims[0].worked.Total-claims[0].income(), all)
	if err != nil {
		return shown, err
	}
	shown.fill(d, s, rounds, claims, best)
	return shown, nil
}

// surest is the best portfolio, laid on the costs first that calls are sure to accept: a line is filled before those after it.
func surest(doubts []int, cost []ledger.Yen, need ledger.Yen, all []fit.Candidate) (fit.Portfolio, error) {
	order := make([]int, len(cost))
	for line := range order {
		order[line] = line
	}
	slices.SortStableFunc(order, func(a, b int) int { return doubts[a] - doubts[b] })
	ordered := func(amounts []ledger.Yen) []ledger.Yen {
		out := make([]ledger.Yen, len(order))
		for at, line := range order {
			out[at] = amounts[line]
		}
		return out
	}
	for i := range all {
		all[i].Accepts = ordered(all[i].Accepts)
	}
	best, err := fit.BestPortfolio(ordered(cost), need, all)
	for i, claims := range best.Claims {
		best.Claims[i] = make([]ledger.Yen, len(order))
		for at, line := range order {
			best.Claims[i][line] = claims[at]
		}
	}
	return best, err
}

func (t *TogetherPage) fill(d console.Desk, s search.Seeker, rounds []catalogue.Opportunity, claims []claim, best fit.Portfolio) {
	first := claims[0]
	t.Sums = []page.Pair{{Term: "必要経費", Text: page.YenText(first.worked.Total) + "円"}}
	if income := first.income(); income > 0 {
		t.Sums = append(t.Sums, page.Pair{Term: "計画にある利用料・寄付・協賛", Text: page.YenText(income) + "円"})
	}
	t.Sums = append(t.Sums, page.Pair{Term: "助成でまかなえる額", Text: page.YenText(best.Covered) + "円", Strong: true}, page.Pair{Term: "ほかで用意する額", Text: page.YenText(best.Left) + "円", Strong: true})
	if !best.Proven {
		t.Doubt = "募集の額の決まりがこみ入っていて、すべての組み合わせは確かめきれませんでした。もっと多くまかなえる組み合わせが、あるかもしれません。"
	}
	for i, at := range best.Chosen {
		o := rounds[at]
		text := page.YenText(best.Shares[i]) + "円　" + closingWords(o.Call, d.Today())
		if claims[at].rough {
			text += "　上限の額で計算しました"
		}
		t.Chosen = append(t.Chosen, page.ListRow{Name: o.Call.Title, Href: callPath(d, s, o.ID), Note: o.Funder, Text: text})
	}
	t.Lines = linesTable(rounds, claims, best)
}

// linesTable says which cost is carried by which call, and what is left of it.
func linesTable(rounds []catalogue.Opportunity, claims []claim, best fit.Portfolio) page.Table {
	t := page.Table{Caption: "どの費用を、どの助成でまかなうか", Columns: []page.Column{{Text: "費用"}}}
	for _, at := range best.Chosen {
		t.Columns = append(t.Columns, page.Column{Text: rounds[at].Programme, Number: true})
	}
	t.Columns = append(t.Columns, page.Column{Text: "残り", Number: true})
	for line, cost := range claims[0].worked.Lines {
		row := page.Row{Name: cost.Item, Note: page.YenText(cost.Amount) + "円"}
		left := cost.Amount
		for i, at := range best.Chosen {
			left -= best.Claims[i][line]
			row.Cells = append(row.Cells, claims[at].cell(line, best.Claims[i][line]))
		}
		row.Cells = append(row.Cells, page.YenText(left)+"円")
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cell is what the call carries of a line; of a line it does not accept it says so.
func (c *claim) cell(line int, carried ledger.Yen) string {
	switch {
	case c.worked.Lines[line].Eligible == 0:
		return "対象外"
	case c.unsure[line] && carried > 0:
		return page.YenText(carried) + "円（対象か要確認）"
	}
	return page.YenText(carried) + "円"
}

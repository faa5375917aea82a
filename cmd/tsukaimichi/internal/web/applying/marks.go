package applying

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Marks are what nobody has compared with the source of a form: 要確認, each with its place, and where to look.
type Marks struct {
	Marks  []page.Link // without an address: of the whole form
	Source []page.Pair
	Call   page.Link // the call the draft is for
}

// marks gathers the marks of the draft's form: of the whole, of its fields, and of costs of which the funder has to be asked.
func (m matter) marks() Marks {
	var all Marks
	for _, text := range m.Form.Unsure {
		all.Marks = append(all.Marks, page.Link{Text: text})
	}
	writing := m.May(writers...) && m.Draft.Status.Open()
	for _, s := range m.Form.Sections {
		for _, f := range s.Fields {
			if f.Unsure == "" {
				continue
			}
			link := page.Link{Text: f.Label + "：" + f.Unsure}
			if writing {
				link.Href = m.at("write", s.Key) + "#a-" + f.Key
			}
			all.Marks = append(all.Marks, link)
		}
	}
	if m.Form.Budget != nil {
		for _, c := range m.Form.Budget.Categories {
			if c.Eligible == "ask" {
				all.Marks = append(all.Marks, page.Link{Href: m.at("budget"), Text: c.Label + "：対象になるか、助成団体に聞いてください"})
			}
		}
	}
	all.Source = m.source()
	if m.Draft.OpportunityID > 0 {
		all.Call = page.Link{Href: m.Path("grants", m.Draft.OpportunityID), Text: "この募集の内容と、募集要項の場所を見る"}
	}
	return all
}

// source says what the form was written after, and whether that was compared.
func (m matter) source() []page.Pair {
	pairs := []page.Pair{{Term: "様式", Text: fmt.Sprintf("%s　%d年度　第%s版", m.Form.Title, m.Form.FiscalYear, m.Form.Version)}}
	if m.Form.Source != "" {
		pairs = append(pairs, page.Pair{Term: "もとにしたもの", Text: m.Form.Source})
	}
	compared := "まだ、募集要項と見くらべていません（要確認）"
	if on, err := ledger.ParseDate(m.Form.VerifiedOn); err == nil {
		compared = page.DayOnly(on) + "に見くらべました"
	}
	return append(pairs, page.Pair{Term: "募集要項", Text: compared})
}

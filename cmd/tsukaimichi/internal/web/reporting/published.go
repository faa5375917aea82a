package reporting

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// PublishedPage is a report that is out: where it is read, its versions, and how to correct it.
type PublishedPage struct {
	page.Console
	Heading  string
	Edition  string
	Refused  page.Notice  // what was sent by a form that is not there any more, and why it was not taken
	Written  page.Written // in that form
	Links    []page.Document
	Circular Circular
	Editions []page.Pair
	Problems page.Problems
	Action   string // of the correction; empty for who may not write
	Changes  page.Field
	Withdraw Withdraw
	Owed     *page.Notice // the next report, if one is owed
	Next     string       // where it is begun; empty for who may not, or while one is being written
	Reach    ReachPart
}

// Template names the template of the page.
func (PublishedPage) Template() string { return "reporting/published" }

// published shows a report that is out; values and problems belong to the form of that name, "correct", "withdraw" or "reach". Problems of a form that the
// page has not, or not any more, stand over it with what was written.
func (p *Pages) published(w http.ResponseWriter, r *http.Request, status int, m matter, form string, values url.Values, problems map[string]string) error {
	of := func(name string) (url.Values, map[string]string) {
		if form != name {
			return nil, nil
		}
		return values, problems
	}
	plan, err := campaigns.FindPlan(r.Context(), p.DB, m.Organisation.ID, m.Campaign.ID, m.Campaign.Version)
	if err != nil {
		return err
	}
	latest, err := reports.Find(r.Context(), p.DB, m.Organisation.ID, m.Editions[0].ReportID)
	if err != nil {
		return err
	}
	given, said := of("correct")
	built := buildPublished(m, plan, latest, given, said)
	given, said = of("withdraw")
	if built.Withdraw, err = p.withdrawal(r.Context(), m, given, said); err != nil {
		return err
	}
	if err = p.owing(r, m, &built); err != nil {
		return err
	}
	given, said = of("reach")
	if built.Reach, err = p.reach(r, m, latest, given, said); err != nil {
		return err
	}
	built.Console = m.frame(r, "公表した報告："+plan.Title)
	if built.NeedsFix = len(problems) > 0; built.NeedsFix && !built.has(form) {
		built.Refused, built.Written = refused(problems), page.NewWritten(values)
	}
	return p.Renderer.Render(w, status, built)
}

// has reports whether the form of that name is on the page.
func (p PublishedPage) has(form string) bool {
	return map[string]string{"correct": p.Action, "withdraw": p.Withdraw.Action, "reach": p.Reach.Action}[form] != ""
}

func refused(problems map[string]string) page.Notice {
	texts := slices.Sorted(maps.Values(problems))
	return page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "できませんでした"}, Head: texts[0], Text: strings.Join(texts[1:], "\n"), Attend: true, Alert: true}
}

func buildPublished(m matter, plan campaigns.Plan, latest reports.Report, values url.Values, problems map[string]string) PublishedPage {
	at := "/r/" + latest.Number
	built := PublishedPage{Heading: plan.Title,
		Edition: reports.EditionName(latest.Turn, latest.Published.Version) + "・" + page.DayOnly(ledger.DateOf(latest.Published.At))}
	built.Links = []page.Document{
		{Link: page.Link{Href: at, Text: "報告のページ"}, Note: "だれでも読めます"},
		{Link: page.Link{Href: at + "/report.pdf", Text: "紙の報告（PDF）"}},
	}
	if latest.Published.OnePageHash != nil {
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: at + "/a4.pdf", Text: "大きな字の報告（A4 1枚・PDF）"}, Note: "掲示や、手わたし用"})
	}
	built.Links = append(built.Links,
		page.Document{Link: page.Link{Href: at + "/poster.pdf", Text: "ポスター（A3・PDF）"}, Note: "掲示板用"},
		page.Document{Link: page.Link{Href: at + "/poster-a4.pdf", Text: "ポスター（A4・PDF）"}},
		page.Document{Link: page.Link{Href: at + "/records.csv", Text: "使途明細（CSV）"}, Note: "足すと、報告の金額になります"})
	built.Circular = circular(at)
	for _, e := range m.Editions {
		pair := page.Pair{Term: e.Name(), Text: page.DayOnly(ledger.DateOf(e.At)), Link: page.Link{Href: "/r/" + e.Number, Text: "読む"}}
		if e.Changes != "" {
			pair.Text += "。" + e.Changes
		}
		built.Editions = append(built.Editions, pair)
	}
	if m.May(writers...) && !m.correcting() {
		form := page.NewForm(values, problems)
		built.Action = m.at("correct")
		built.Changes = form.Field(area("changes", "何を、なぜ直すか", "報告のはじめに出ます。例：「会場・冷房」を36,000円から33,000円に直しました。返金を入れ忘れていました。おわびします。", 4))
		built.Problems = form.Problems()
	}
	return built
}

// Circular is the form by which the 回覧 edition is made: the day it has to be back, and the houses it goes to.
type Circular struct {
	Action       string
	Back, Houses page.Field
}

func circular(at string) Circular {
	form := page.NewForm(nil, nil)
	return Circular{
		Action: at + "/kairan.pdf",
		Back:   form.Field(page.Field{Name: "back", Label: "もどす日", Type: "date", Aside: "書かなくてもよい", Hint: "書かないと、紙に手で書くところができます。"}),
		Houses: form.Field(page.Field{Name: "houses", Label: "家の数", Aside: "書かなくてもよい", Type: "number",
			Hint: fmt.Sprintf("印のわくの数です。%dまで。書かないと%dです。", document.MaxBoxes, reports.HousesUsual)}),
	}
}

// Correct begins a correction of the latest version with what it changes and why.
func (p *Pages) Correct(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if len(m.Editions) == 0 { // nothing to correct
		return ledger.ErrNotFound
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if m.correcting() {
		if t.text("changes") == m.Report.Content.Changes { // pressed twice
			return redirect(w, r, m.at(), "")
		}
		return p.published(w, r, http.StatusConflict, m, "correct", t.Values, map[string]string{"": locale.Japanese.T("report.correcting")})
	}
	t.bad.Need(t.text("changes") != "", "changes", "report.changes_missing")
	err = t.bad.Err()
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			_, err := reports.Correct(r.Context(), tx, m.Organisation.ID, m.Editions[0].ReportID, t.text("changes"))
			return err
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.published(w, r, http.StatusUnprocessableEntity, m, "correct", t.Values, problems)
	}
	return redirect(w, r, m.at(), "corrected")
}

package granting

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ListPage is the calls that suit a plan.
type ListPage struct {
	page.Console
	Search    page.Search
	For       string // the sheet the calls are held against
	Calls     []page.ListRow
	Out       []page.ListRow
	Dismissed []page.ListRow
	Empty     page.Empty
	Links     []page.Document
	Keep      KeepForm // with an empty action when nothing is looked for
}

// Template names the template of the page.
func (ListPage) Template() string { return "granting/list" }

// mostListed is how many calls a page lists; what comes after fits less, and the search finds it.
const mostListed = 60

// List lists the calls that are open or expected, as they suit the plan.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
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
	dismissed, err := catalogue.Dismissed(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	query := readQuery(r.URL.Query())
	found := query.Select(all, s, d.Today())
	forms, err := p.formsOf(r.Context(), found...)
	if err != nil {
		return err
	}
	shown, err := buildList(d, s, found, dismissed, forms)
	if err != nil {
		return err
	}
	shown.Search = searchBox(d, s, query)
	if !query.Empty() {
		shown.Keep = keepForm(d, s, query, nil)
		shown.Empty.Text = "この条件に合う募集は、いまはありません。条件を残すと、出たときに知らせます。"
	}
	shown.Console = frame(d, r, "助成をさがす", page.Link{Href: d.Path("plans"), Text: "計画・助成"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func buildList(d console.Desk, s search.Seeker, all []catalogue.Opportunity, dismissed map[int64]string, forms map[string]template.Version) (ListPage, error) {
	shown := ListPage{Empty: page.Empty{Text: "合う募集は、まだ入っていません。見つけた募集を入れると、合うわけと足りないものが分かります。"}}
	if s.Sheet.ID > 0 {
		shown.For = s.Sheet.Title
	}
	calls := make([]fit.Call, len(all))
	for i, o := range all {
		calls[i] = o.Call.Fitting()
	}
	for _, m := range fit.NewCatalogue(calls).Fit(s.Group, s.Plan(), d.Today()) {
		o := all[m.Call]
		row := callRow(d, s, o, m)
		reason, away := dismissed[o.ID]
		switch {
		case away:
			row.Text = "はずしたわけ：" + reason
			shown.Dismissed = append(shown.Dismissed, row)
		case m.Answer == fit.Out:
			shown.Out = append(shown.Out, row)
		case len(shown.Calls) < mostListed:
			means, err := meansFor(s, o.Call, forms[o.Call.Template], d.Today())
			if err != nil {
				return shown, err
			}
			row.Text += means
			shown.Calls = append(shown.Calls, row)
		}
	}
	shown.Out, shown.Dismissed = shown.Out[:min(len(shown.Out), mostListed)], shown.Dismissed[:min(len(shown.Dismissed), mostListed)]
	shown.Links = []page.Document{{Link: page.Link{Href: d.Path("grants", "searches"), Text: "残した条件"}}, {Link: page.Link{Href: d.Path("grants", "calendar"), Text: "カレンダーに締切を出す"}}}
	if d.May(writers...) {
		shown.Links = append(shown.Links, page.Document{Link: page.Link{Href: d.Path("grants", "new"), Text: "募集を入れる"}},
			page.Document{Link: page.Link{Href: d.Path("grants", "import"), Text: "CSV・Jグランツから取り込む"}})
	}
	if s.Sheet.ID > 0 {
		shown.Links = append(shown.Links, page.Document{Link: page.Link{Href: d.Path("grants", "together") + "?plan=" + strconv.FormatInt(s.Sheet.ID, 10), Text: "いくつかを組み合わせる"}})
	}
	return shown, nil
}

// meansFor is what a call means for the plan, in a line: what it pays, what is left to carry, what is laid out, which papers are missing.
func meansFor(s search.Seeker, call catalogue.Call, form template.Version, today ledger.Date) (string, error) {
	words := ""
	if len(s.Sheet.Body.Costs) > 0 {
		c, err := claimOf(call, form, s.Sheet.Body, nil)
		if err != nil {
			return "", err
		}
		share := c.share()
		words = "\n求められる額 " + yenWords(c.amount) + "　団体の負担 " + yenWords(share.Own)
		if a, _ := c.advance(share, s.Sheet.Body, today); a.Most > 0 {
			words += fmt.Sprintf("\n立替え %s・%dか月", yenWords(a.Most), a.Months)
		}
	}
	if papers := fit.Assess(call.Rules, s.Group, today).Papers(); len(papers) > 0 {
		words += "\n足りない書類 " + joined(papers)
	}
	return words, nil
}

// callPath is where a call stands, held against the sheet that is looked for.
func callPath(d console.Desk, s search.Seeker, id int64) string {
	if s.Sheet.ID == 0 {
		return d.Path("grants", id)
	}
	return d.Path("grants", id) + "?plan=" + strconv.FormatInt(s.Sheet.ID, 10)
}

func callRow(d console.Desk, s search.Seeker, o catalogue.Opportunity, m fit.Match) page.ListRow {
	row := page.ListRow{Tag: answerTags[m.Answer], Name: o.Call.Title, Href: callPath(d, s, o.ID), Note: o.Funder + "　" + statusWords[o.Status], Text: amountWords(o.Call) + "　" + closingWords(o.Call, d.Today())}
	if m.Answer != fit.Out {
		row.Strong = fmt.Sprintf("合う度合い %d", m.Score.Points)
	}
	if o.VerifiedOn.IsZero() {
		row.Note += "　要確認"
	}
	return row
}

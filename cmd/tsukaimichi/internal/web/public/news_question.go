package public

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Asked is a question with its answer, as everybody reads it.
type Asked struct {
	Name       string // empty: the asker gave none
	On         ledger.Date
	Text       string
	Answer     string
	AnsweredOn ledger.Date
}

// AskPage asks what somebody wants to know about a report, or says what becomes of it.
type AskPage struct {
	page.Public
	Heading  string
	Lead     string
	Problems page.Problems
	Action   string // of the form; empty once it was sent
	Fields   []page.Field
	Back     page.Link
}

// Template names the page.
func (AskPage) Template() string { return "public/ask" }

// questions are those under the reports of a campaign that were answered.
func (p *Pages) questions(ctx context.Context, organisationID, campaignID int64) ([]Asked, error) {
	all, err := news.Questions(ctx, p.DB, organisationID, campaignID)
	if err != nil {
		return nil, err
	}
	var asked []Asked
	for _, q := range all {
		asked = append(asked, Asked{Name: q.Name, On: ledger.DateOf(q.AskedAt), Text: q.Text, Answer: q.Answer, AnsweredOn: ledger.DateOf(q.DecidedAt)})
	}
	return asked, nil
}

// AskForm answers GET /r/{number}/ask.
func (p *Pages) AskForm(w http.ResponseWriter, r *http.Request) error {
	report, err := p.askable(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("sent") != "" {
		shown := newAskPage(report)
		shown.Heading, shown.Title, shown.Action = "質問を受け取りました", "質問を受け取りました", ""
		shown.Lead = "団体の人が読んで、答えを書きます。質問は、答えといっしょに報告のページに出ます。それまでは、だれにも見えません。\n人のことや、約束と関係のないことは、出ないことがあります。"
		return p.Renderer.Render(w, http.StatusOK, shown)
	}
	return p.askForm(w, r, http.StatusOK, report, nil)
}

func (p *Pages) askForm(w http.ResponseWriter, r *http.Request, status int, report reports.Report, wrong map[string]string) error {
	shown, form := newAskPage(report), page.NewForm(r.PostForm, wrong)
	shown.Fields = []page.Field{
		form.Field(page.Field{Name: "question", Label: "質問", Rows: 5, MostRunes: news.MaxQuestion, Required: true, Hint: "人の名前や住所、電話番号は書かないでください。"}),
		form.Field(page.Field{Name: "name", Label: "お名前", Aside: "書かなくてもよい", MostRunes: news.MaxName, Autocomplete: "off", Hint: "書くと、質問といっしょに出ます。1年で消します。"}),
	}
	shown.Problems = form.Problems()
	shown.NeedsFix = shown.Problems.Some()
	return p.Renderer.Render(w, status, shown)
}

func newAskPage(report reports.Report) AskPage {
	at := "/r/" + report.Number
	return AskPage{Public: page.Public{Title: "報告について質問する", Crumbs: []page.Link{{Href: at, Text: report.Published.Document.Meta.Title}}}, Heading: "報告について質問する",
		Lead:   "団体が、答えといっしょに、報告のページに出します。登録はいりません。\n急ぐことや、ご自身の寄付のことは、報告の下の連絡先にお知らせください。",
		Action: at + "/ask", Back: page.Link{Href: at, Text: "報告にもどる"}}
}

// Ask answers POST /r/{number}/ask: it keeps the question for the group to read.
func (p *Pages) Ask(w http.ResponseWriter, r *http.Request) error {
	report, err := p.askable(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(name), "\r\n", "\n"))
	}
	err = p.Tell.Ask(r.Context(), report.OrganisationID, report.ID, strings.Join(strings.Fields(text("name")), " "), text("question"))
	var invalid ledger.Invalid
	if errors.As(err, &invalid) {
		wrong := map[string]string{}
		for field, key := range invalid {
			wrong[field] = locale.Japanese.T(key)
		}
		return p.askForm(w, r, http.StatusUnprocessableEntity, report, wrong)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/r/"+report.Number+"/ask?sent=1", http.StatusSeeOther)
	return nil
}

// askable is the report of a path, unless it was withdrawn.
func (p *Pages) askable(r *http.Request) (reports.Report, error) {
	report, err := reports.FindPublic(r.Context(), p.DB, r.PathValue("number"))
	if err == nil && !report.Published.WithdrawnAt.IsZero() {
		err = ledger.ErrNotFound
	}
	return report, err
}

package forming

import (
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Preview shows the form as drafters will see it.
func (p *Pages) Preview(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	shown := applying.Preview(m.Form)
	shown.Paper = m.at("form.pdf")
	shown.Console = m.frame(r, "書く人に見える形")
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// Paper prints the form as it will lie on a table, empty.
func (p *Pages) Paper(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.print(w, r, m.Seat, m.Form)
}

func (p *Pages) print(w http.ResponseWriter, r *http.Request, seat console.Seat, form template.Version) error {
	a := reports.Application{Form: form, Blank: true, At: seat.Now}
	a.Organisation.Name = "使い道"
	content, err := p.Print(r.Context(), a.Document())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="form.pdf"`)
	_, err = w.Write(content)
	return err
}

// PublishedPage is a published version, which never changes.
type PublishedPage struct {
	page.Console
	Heading  string
	Lead     string
	Marks    []string
	Sections []page.ListRow
	Preview  string
	Paper    string
	Facts    []page.Pair
	Action   string
	Use      string
	Key      string
	Version  string
	Called   page.Field
	NewKey   page.Field
	Retired  bool
	Versions []page.ListRow
}

// Template names the template of the page.
func (PublishedPage) Template() string { return "forming/published" }

// Published shows a published version with what can be begun from it.
func (p *Pages) Published(w http.ResponseWriter, r *http.Request) error {
	seat, form, err := p.publishedForm(r)
	if err != nil {
		return err
	}
	all, err := application.Versioned(r.Context(), p.DB)
	if err != nil {
		return err
	}
	at := published(form.Key, form.Version)
	shown := PublishedPage{Heading: form.Title, Lead: form.Lead, Marks: form.UnsureMarks(), Preview: at + "/preview", Paper: at + "/form.pdf", Action: console.FormsPath, Use: console.FormsPath + "/use", Key: form.Key, Version: form.Version}
	for _, s := range form.Sections {
		shown.Sections = append(shown.Sections, page.ListRow{Name: s.Title, Note: s.Criterion, Text: "質問 " + page.Count(len(s.Fields))})
	}
	verified := page.Pair{Term: "資料とくらべた日", Text: "要確認（まだくらべていません）"}
	if on, err := ledger.ParseDate(form.VerifiedOn); err == nil {
		verified.Text = page.DayOnly(on)
	}
	shown.Facts = []page.Pair{{Term: "版", Text: "第" + form.Version + "版"}, {Term: "年度", Text: strconv.Itoa(form.FiscalYear) + "年度"}, {Term: "もとにした資料", Text: form.Source}, verified}
	for _, f := range all {
		if f.Key != form.Key {
			continue
		}
		row := page.ListRow{Name: "第" + f.Version + "版", Href: published(f.Key, f.Version), Note: f.By}
		if f.Version == form.Version {
			row.Href, shown.Retired = "", f.Retired
		}
		if f.Retired {
			row.Tag = page.Tag{Kind: page.TagDraft, Text: "しまった版"}
		}
		shown.Versions = append(shown.Versions, row)
	}
	blank := page.NewForm(nil, nil)
	shown.Called = blank.Field(page.Field{Name: "title", Label: "別の様式の名前", Hint: "例：市民活動助成（型）"})
	shown.NewKey = blank.Field(page.Field{Name: "key", Label: "記号", Hint: "半角の小さい英字と数字"})
	shown.Console = frame(seat, r, form.Title)
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func (p *Pages) publishedForm(r *http.Request) (console.Seat, template.Version, error) {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return seat, template.Version{}, err
	}
	form, err := application.FindForm(r.Context(), p.DB, r.PathValue("key"), r.PathValue("version"))
	if err != nil {
		_, err = wrong(err)
	}
	return seat, form, err
}

// PublishedPreview shows a published version as drafters see it.
func (p *Pages) PublishedPreview(w http.ResponseWriter, r *http.Request) error {
	seat, form, err := p.publishedForm(r)
	if err != nil {
		return err
	}
	shown := applying.Preview(form)
	shown.Paper = published(form.Key, form.Version) + "/form.pdf"
	shown.Console = frame(seat, r, "書く人に見える形", page.Link{Href: published(form.Key, form.Version), Text: form.Title})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// PublishedPaper prints a published version.
func (p *Pages) PublishedPaper(w http.ResponseWriter, r *http.Request) error {
	seat, form, err := p.publishedForm(r)
	if err != nil {
		return err
	}
	return p.print(w, r, seat, form)
}

// PublishPage asks once more before a form is published for good.
type PublishPage struct {
	page.Console
	Heading  string
	Faults   []page.Link
	Marks    []string
	Changes  []page.Pair
	Before   string
	Action   string
	Back     page.Link
	Problems page.Problems
}

// Template names the template of the page.
func (PublishPage) Template() string { return "forming/publish" }

// Confirm shows what publishing means, what is in its way, and what changes for those who begin anew.
func (p *Pages) Confirm(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.confirm(w, r, http.StatusOK, m, nil)
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request, status int, m matter, problems map[string]string) error {
	shown := PublishPage{Heading: m.Form.Title + "　第" + m.Form.Version + "版を公開する", Faults: m.faultLinks(), Marks: m.Form.UnsureMarks(), Back: page.Link{Href: m.at(), Text: "様式にもどる"}}
	if m.Form.VerifiedOn == "" {
		shown.Marks = append([]string{"もとの資料と、まだくらべていません。"}, shown.Marks...)
	}
	if len(shown.Faults) == 0 {
		shown.Action = m.at("publish")
	}
	forms, err := application.Forms(r.Context(), p.DB)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.Key != m.Form.Key {
			continue
		}
		before, err := application.FindForm(r.Context(), p.DB, f.Key, f.Version)
		if err != nil {
			return err
		}
		shown.Before = "第" + f.Version + "版"
		for _, d := range m.Form.Compare(before) {
			shown.Changes = append(shown.Changes, page.Pair{Term: d.What, Text: d.Label})
		}
	}
	form := page.NewForm(nil, problems)
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// Publish publishes the form.
func (p *Pages) Publish(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	names, err := p.groups(r.Context())
	if err != nil {
		return err
	}
	var form template.Version
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		form, err = application.PublishFormDraft(r.Context(), tx, m.ID, names, author(m.Seat), m.Now)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, problems)
	}
	return redirect(w, r, published(form.Key, form.Version), "published")
}

package reporting

import (
	"html/template"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	edition "github.com/tsukaimichi/tsukaimichi/reports/page"
)

// PreviewPage is a draft as the page will look.
type PreviewPage struct {
	page.Console
	Notice page.Notice
	Body   template.HTML
	Papers []page.Document
}

// Template names the template of the page.
func (PreviewPage) Template() string { return "reporting/preview" }

// Preview shows the draft as everybody will see it.
func (p *Pages) Preview(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() {
		return redirect(w, r, m.at(), "")
	}
	u, err := p.Press.UsageOf(r.Context(), m.Report, false)
	if err != nil {
		return err
	}
	u.Draft, u.URL = true, ""
	body, err := edition.Render(u.Document())
	if err != nil {
		return err
	}
	shown := PreviewPage{Body: body, Notice: page.Notice{Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, Head: "公表したときの姿です。まだ、だれにも見えません。"}}
	if m.May(writers...) {
		shown.Notice.Link = page.Link{Href: m.at(), Text: "もどって書く"}
	}
	shown.Papers = []page.Document{
		{Link: page.Link{Href: m.at("draft.pdf"), Text: "紙の姿で見る（PDF）"}}, {Link: page.Link{Href: m.at("draft-a4.pdf"), Text: "大きな字の1枚の姿で見る（PDF）"}},
	}
	shown.Console = m.frame(r, "下書きを見る："+u.Plan.Title)
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// DraftPaper answers with the draft as PDF, marked as one.
func (p *Pages) DraftPaper(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() {
		return redirect(w, r, m.at(), "")
	}
	paper, err := p.Press.Print(r.Context(), m.Report)
	if err != nil {
		return err
	}
	return sendPaper(w, "draft.pdf", paper)
}

// DraftSheet answers with the draft on one sheet as PDF.
func (p *Pages) DraftSheet(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() {
		return redirect(w, r, m.at(), "")
	}
	paper, err := p.Press.PrintSheet(r.Context(), m.Report)
	if err != nil {
		return err
	}
	return sendPaper(w, "draft-a4.pdf", paper)
}

// sendPaper sends what is nobody's business yet: no cache keeps it.
func sendPaper(w http.ResponseWriter, name string, paper []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.Itoa(len(paper)))
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(paper) // a reader who went away is no error of ours
	return nil
}

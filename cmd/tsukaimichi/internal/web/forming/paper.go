package forming

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// WhenPage asks when a paper is to be attached.
type WhenPage struct {
	page.Console
	Heading  string
	Action   string
	Seen     string
	When     *ConditionForm
	Problems page.Problems
	Back     page.Link
}

// Template names the template of the page.
func (WhenPage) Template() string { return "forming/when" }

// paperAt returns the paper that an address names, by its place.
func paperAt(v *template.Version, r *http.Request) (*template.Attachment, error) {
	n, err := strconv.Atoi(r.PathValue("paper"))
	if err != nil || n < 1 || n > len(v.Attachments) {
		return nil, ledger.ErrNotFound
	}
	return &v.Attachments[n-1], nil
}

// When shows the condition of a paper.
func (p *Pages) When(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.when(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) when(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	paper, err := paperAt(&m.Form, r)
	if err != nil {
		return err
	}
	if values == nil {
		values = url.Values{}
		conditionValues(values, "show", paper.ShowIf, m.Form)
	}
	if said := m.faultsAt(paper.Kind); problems == nil && len(said) > 0 {
		problems = map[string]string{"show": said[0]}
	}
	form := page.NewForm(values, problems)
	shown := WhenPage{Heading: paper.Kind + "を添えるとき", Action: m.at("papers", r.PathValue("paper")), Seen: seen(*paper), When: conditionForm(form, values, "show", m.Form, "")}
	shown.When.Says = m.Form.Says(paper.ShowIf)
	shown.Back = page.Link{Href: m.at("rules"), Text: "書類・確かめること・義務にもどる"}
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

// SaveWhen keeps the condition.
func (p *Pages) SaveWhen(w http.ResponseWriter, r *http.Request) error {
	return p.savePart(w, r, "rules", p.when, func(m matter) (func(*template.Version) error, error) {
		t := typed{r.PostForm, ledger.Invalid{}}
		when := t.condition("show", m.Form)
		return func(v *template.Version) error {
			paper, err := paperAt(v, r)
			if err != nil {
				return err
			}
			typed := *paper
			if typed.ShowIf = when; overtaken(r, *paper, typed) {
				return errOvertaken
			}
			*paper = typed
			return nil
		}, t.bad.Err()
	})
}

// whenLinks lead to the conditions of the papers of a form.
func (m matter) whenLinks() []page.Link {
	links := make([]page.Link, len(m.Form.Attachments))
	for i, a := range m.Form.Attachments {
		links[i] = page.Link{Href: m.at("papers", strconv.Itoa(i+1)), Text: a.Kind, Note: m.Form.Says(a.ShowIf)}
		if a.ShowIf == nil {
			links[i].Note = "いつも"
		}
	}
	return links
}

package forming

import (
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Section shows a section: its title, what stands above its fields, and when it is shown.
func (p *Pages) Section(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.section(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) section(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	s, err := m.Form.FindSection(r.PathValue("section"))
	if err != nil {
		_, err = wrong(err)
		return err
	}
	if values == nil {
		values = url.Values{"title": {s.Title}, "intro": {s.Intro}, "criterion": {s.Criterion}}
		conditionValues(values, "show", s.ShowIf, m.Form)
	}
	if problems == nil {
		problems = map[string]string{}
		for _, f := range m.Faults {
			if f.Where == s.Key && f.Code != "template.no_field" {
				problems[map[bool]string{true: "title", false: "show"}[f.Code == "template.no_name" || f.Code == "template.names_a_group"]] = locale.Japanese.T(f.Code)
			}
		}
	}
	own := withoutFields(s)
	shown := FieldPage{Heading: s.Title, Action: m.at("sections", s.Key), Seen: seen(own), Back: page.Link{Href: m.at() + "#s-" + s.Key, Text: "様式にもどる"}}
	form := page.NewForm(values, problems)
	shown.Groups = []Group{
		{Title: "部分", Open: true, Fields: []page.Field{form.Field(page.Field{Name: "title", Label: "題", Required: true}), form.Field(page.Field{Name: "intro", Label: "はじめの説明", Rows: 3}), form.Field(page.Field{Name: "criterion", Label: "審査で見られること"})}},
		{Title: "出す条件", Note: "決めなければ、いつも出ます。", Open: s.ShowIf != nil, When: conditionForm(form, values, "show", m.Form, "")},
	}
	shown.Groups[1].When.Says = m.Form.Says(s.ShowIf)
	shown.openFaulty()
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, s.Title)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

// withoutFields is the section's own part: its fields are saved by themselves.
func withoutFields(s template.Section) template.Section {
	s.Fields = nil
	return s
}

// SaveSection keeps a section's own part.
func (p *Pages) SaveSection(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	key := r.PathValue("section")
	t := typed{r.PostForm, ledger.Invalid{}}
	s := template.Section{Title: t.text("title"), Intro: t.text("intro"), Criterion: t.text("criterion"), ShowIf: t.condition("show", m.Form)}
	t.bad.Need(len([]rune(s.Intro)) <= 1_000, "intro", "field.too_long")
	if err = t.bad.Err(); err == nil {
		err = p.edit(r, m, func(v *template.Version) error {
			now, err := v.FindSection(key)
			s.Key = key
			if err == nil && overtaken(r, withoutFields(now), s) {
				err = errOvertaken
			}
			if err != nil {
				return err
			}
			return v.PutSection(key, s)
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil {
			return err
		}
		return p.section(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at("sections", key), "saved")
}

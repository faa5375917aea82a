package applying

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// PreviewPage is a form as whoever drafts on it will see it, all sections on one page. Nothing typed there goes anywhere.
type PreviewPage struct {
	page.Console
	Heading  string
	Lead     string
	Marks    []string // 要確認
	Paper    string
	Sections []PreviewSection
}

// Template names the template of the page.
func (PreviewPage) Template() string { return "applying/preview" }

// PreviewSection is a section with its fields, hidden ones too, each with when it is shown.
type PreviewSection struct {
	ID, Title, Criterion, Intro, When string
	Fields                            []Answering
}

// Preview makes the page of a form. Its frame and Paper are the caller's.
func Preview(form template.Version) PreviewPage {
	shown := PreviewPage{Heading: form.Title, Lead: form.Lead, Marks: form.UnsureMarks()}
	m, fields := matter{Form: form}, page.NewForm(nil, nil)
	for _, s := range form.Sections {
		section := PreviewSection{ID: "p-" + s.Key, Title: s.Title, Criterion: s.Criterion, Intro: s.Intro, When: form.Says(s.ShowIf)}
		for _, f := range s.Fields {
			a := answering(m, f, template.Answer{}, fields)
			a.When = form.Says(f.ShowIf)
			section.Fields = append(section.Fields, a)
		}
		shown.Sections = append(shown.Sections, section)
	}
	return shown
}

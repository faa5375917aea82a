package applying

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/office"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// Word answers with the application as a Word file, to copy from into a funder's page, or to go on with where this program is not.
func (p *Pages) Word(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	a := reports.Application{Organisation: m.Organisation, Form: m.Form, Draft: m.Draft, Worked: m.Worked, At: m.Now}
	content, err := office.Written(wordParts(a.Document().Blocks))
	if err != nil {
		return err
	}
	return send(w, wordType, `attachment; filename="application.docx"`, content)
}

// wordParts are the blocks of an application as parts of a Word file. What only paper needs (rules, breaks) is left out.
func wordParts(blocks document.Blocks) []office.Part {
	var parts []office.Part
	add := func(style, text string) { parts = append(parts, office.Part{Style: style, Text: text}) }
	for _, block := range blocks {
		switch b := block.(type) {
		case document.Title:
			add("Title", b.Text)
			add("", b.Kicker)
		case document.Heading:
			style := "Heading1"
			if b.Sub {
				style = "Heading2"
			}
			add(style, b.Text)
			add("", b.Note)
		case document.Paragraph:
			add("", b.Text.Say(document.Paper))
		case document.List:
			for _, item := range b.Items {
				add("", item.Say(document.Paper))
			}
		case document.Table:
			if b.Caption != "" {
				add("Heading2", b.Caption)
			}
			parts = append(parts, office.Part{Rows: wordRows(b)})
		case document.Signature:
			add("", b.Role+"　"+b.Name+"　"+page.DayOnly(b.On))
		}
	}
	return parts
}

func wordRows(t document.Table) [][]string {
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Head
	}
	rows := [][]string{head}
	for _, r := range t.Rows {
		cells := make([]string, len(t.Columns))
		for i := range min(len(r.Cells), len(cells)) {
			cells[i] = r.Cells[i].Say(document.Paper)
		}
		rows = append(rows, cells)
	}
	return rows
}

package page

import (
	"html/template"
	"strings"
)

// Table is figures in rows and columns. The first column names the row.
type Table struct {
	Caption string // also the name of the region that can be moved sideways
	Columns []Column
	Rows    []Row
	Foot    []Row
	Narrow  bool // fits a phone: need not be moved sideways
}

// Column is the head of a column.
type Column struct {
	Text   string
	Number bool // to the right, on one line
}

// Row is one row: its name, a note below the name, and the cells of the other columns.
type Row struct {
	Name, Note string
	Href       string // the name as a link to a page of ours
	Cells      []string
}

// Body writes the rows and FootBody those of the foot: here and not in the template, because a table has many cells. Every text is escaped.
func (t Table) Body() template.HTML { return t.write(t.Rows) }

// FootBody writes the rows of the foot.
func (t Table) FootBody() template.HTML { return t.write(t.Foot) }

func (t Table) write(rows []Row) template.HTML {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(`<tr><th scope="row">`)
		row.writeName(&b)
		b.WriteString("</th>")
		for i, column := range t.Columns[min(1, len(t.Columns)):] {
			b.WriteString("<td")
			if column.Number {
				b.WriteString(` class="n"`)
			}
			b.WriteByte('>')
			if i < len(row.Cells) {
				b.WriteString(template.HTMLEscapeString(row.Cells[i]))
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	}
	return template.HTML(b.String())
}

func (r Row) writeName(b *strings.Builder) {
	name := template.HTMLEscapeString(r.Name)
	if strings.HasPrefix(r.Href, "/") || strings.HasPrefix(r.Href, "#") || strings.HasPrefix(r.Href, "?") { // ours alone
		name = `<a href="` + template.HTMLEscapeString(r.Href) + `">` + name + `</a>`
	}
	b.WriteString(name)
	if r.Note != "" {
		b.WriteString(`<br><span class="note">` + template.HTMLEscapeString(r.Note) + `</span>`)
	}
}

// BarTable is the same figures as the lines above it.
func BarTable(caption string, uses []Bar, total Bar) Table {
	t := Table{Caption: caption, Columns: []Column{{"使いみち", false}, {"約束", true}, {"届いた", true}, {"使った", true}, {"残り", true}}}
	row := func(b Bar) Row {
		name := b.Name
		if b.Number != "" {
			name = b.Number + " " + b.Name
		}
		return Row{Name: name, Cells: []string{
			YenText(b.Promised) + "円", YenText(b.Received) + "円", YenText(b.Spent) + "円", YenText(b.Left) + "円"}}
	}
	for _, use := range uses {
		t.Rows = append(t.Rows, row(use))
	}
	foot := row(total)
	foot.Name = "合計"
	t.Foot = []Row{foot}
	return t
}

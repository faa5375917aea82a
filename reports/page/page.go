package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

//go:embed blocks.html
var files embed.FS

var blocks = template.Must(template.New("").Funcs(template.FuncMap{
	"say": say, "lines": lines, "bar": Bar, "number": document.Screen.Number, "date": document.Screen.Date,
	"isLink": isLink, "percent": percent, "yen": document.Screen.Yen, "kind": document.Block.Kind,
}).ParseFS(files, "blocks.html"))

// Patterns are the fills the lines refer to. A page that has a Bar has them once.
const Patterns template.HTML = `<svg class="defs" aria-hidden="true" focusable="false"><defs>` +
	`<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
	`<rect width="7" height="7" fill="#fff"/><rect width="2.2" height="7" fill="#006173"/></pattern>` +
	`<pattern id="over" width="5" height="5" patternUnits="userSpaceOnUse">` +
	`<rect width="5" height="5" fill="#fff"/><rect width="3" height="5" fill="#1a1a1a"/></pattern>` +
	`</defs></svg>`

// Render writes the document as a fragment: its title as h1 and a section for each heading. The errors are those of
// document.Check. Page breaks, stamps and attachments have no place on a page; the site links to the files.
func Render(d document.Document) (template.HTML, error) {
	if err := d.Check(); err != nil {
		return "", err
	}
	var out bytes.Buffer
	for i, s := range sections(d.Blocks) {
		if err := s.write(&out, i); err != nil {
			return "", err
		}
	}
	return template.HTML(out.String()), nil // written by templates, which escape
}

// section is a heading and what stands under it.
type section struct {
	ID            string
	Heading, Note string
	people        bool // named after the people in it
	blocks        document.Blocks
	Body          template.HTML
}

// sections groups the blocks under their headings. What stands before the first heading is put under the label of its people
// and under 「ひと目で」, so that no part of the page is without a name.
func sections(all document.Blocks) []section {
	var list []section
	for _, b := range all {
		switch b := b.(type) {
		case document.Title:
			list = append(list, section{blocks: document.Blocks{b}})
			continue
		case document.Heading:
			if !b.Sub || len(list) == 0 || list[len(list)-1].Heading == "" {
				list = append(list, section{Heading: b.Text, Note: b.Note})
				continue
			}
		case document.PageBreak:
			continue
		}
		last := &section{}
		if len(list) > 0 {
			last = &list[len(list)-1]
		}
		people, isPeople := b.(document.People)
		_, isText := b.(document.Paragraph)
		_, isAddressee := b.(document.Addressee)
		switch {
		case last.Heading == "" && (isText || isAddressee) && len(list) > 0: // the lead, under the title
		case last.Heading == "" && isPeople && people.Label != "":
			list = append(list, section{Heading: people.Label, people: true})
			people.Label = ""
			b = people
		case last.Heading == "", last.people && !isText && !isPeople:
			list = append(list, section{Heading: opening(all)})
		}
		list[len(list)-1].add(b)
	}
	return list
}

// opening names what stands before the first heading.
func opening(all document.Blocks) string {
	for _, b := range all {
		switch b.(type) {
		case document.Heading, document.People, document.Bar:
			return "ひと目で"
		}
	}
	return "内容"
}

func (s *section) add(b document.Block) { s.blocks = append(s.blocks, b) }

func (s section) write(out *bytes.Buffer, i int) error {
	if s.Heading == "" {
		return blocks.ExecuteTemplate(out, "lead", s.blocks)
	}
	body, err := inner(s.blocks)
	if err != nil {
		return err
	}
	s.ID, s.Body = fmt.Sprintf("s-%d", i), body
	return blocks.ExecuteTemplate(out, "section", s)
}

// inner renders blocks one after the other.
func inner(list document.Blocks) (template.HTML, error) {
	var out bytes.Buffer
	for _, b := range list {
		data, err := view(b)
		if err != nil {
			return "", err
		}
		if err := blocks.ExecuteTemplate(&out, b.Kind(), data); err != nil {
			return "", fmt.Errorf("block %s: %w", b.Kind(), err)
		}
	}
	return template.HTML(out.String()), nil
}

// view is what a block's template is given: the block itself, but for those that hold others or need arranging.
func view(b document.Block) (any, error) {
	switch b := b.(type) {
	case document.Table:
		return arrange(b), nil
	case document.Columns:
		left, err := inner(b.Left)
		if err != nil {
			return nil, err
		}
		right, err := inner(b.Right)
		return []template.HTML{left, right}, err
	}
	return b, nil
}

// say writes a text with its bold spans.
func say(t document.Text) template.HTML {
	var out strings.Builder
	for i := 0; i < len(t); {
		j, words := i, ""
		for ; j < len(t) && t[j].Bold == t[i].Bold; j++ {
			words += t[j].Say(document.Screen)
		}
		if t[i].Bold {
			out.WriteString("<b>" + string(lines(words)) + "</b>")
		} else {
			out.WriteString(string(lines(words)))
		}
		i = j
	}
	return template.HTML(out.String())
}

// lines escapes words and keeps their line ends.
func lines(words string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(words), "\n", "<br>"))
}

func isLink(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

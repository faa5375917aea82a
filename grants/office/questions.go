package office

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// Questions makes a Word file of a form's questions alone: to be read before anybody starts, talked about in a meeting, filled in by hand.
func Questions(form template.Version) ([]byte, error) {
	var body strings.Builder
	paragraph(&body, form.Title, "Title")
	paragraph(&body, form.Lead, "")
	for _, s := range form.Sections {
		paragraph(&body, s.Title, "Heading1")
		paragraph(&body, s.Intro, "")
		for _, f := range s.Fields {
			paragraph(&body, f.Label+lengthOf(f), "Heading2")
			paragraph(&body, f.Help, "")
			if len(f.Options) > 0 {
				paragraph(&body, "□ "+strings.Join(f.Options, "　□ "), "")
			}
			for _, c := range f.Columns {
				paragraph(&body, "・"+c.Label, "")
			}
			body.WriteString(`<w:p/><w:p/>`)
		}
	}
	return wordFile(body.String())
}

func lengthOf(f template.Field) string {
	if f.Limit == nil {
		return ""
	}
	switch f.Limit.Kind {
	case "frame":
		return fmt.Sprintf("（%d字×%d行）", f.Limit.Cols, f.Limit.Max)
	case "pages":
		return fmt.Sprintf("（A4 %d枚以内）", f.Limit.Max)
	}
	return fmt.Sprintf("（%d字以内）", f.Limit.Max)
}

func paragraph(b *strings.Builder, text, style string) {
	if text == "" {
		return
	}
	b.WriteString("<w:p>")
	if style != "" {
		b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	b.WriteString(`<w:r><w:t xml:space="preserve">` + answerXML(text) + `</w:t></w:r></w:p>`)
}

// Part is a piece of a Word file: a text in a style, or a table whose first row is its head.
type Part struct {
	Style string // Title, Heading1, Heading2; empty for running text
	Text  string
	Rows  [][]string
}

// Written makes a Word file that can be written on: nothing in it is locked, and nothing is but words and tables.
func Written(parts []Part) ([]byte, error) {
	var body strings.Builder
	for _, part := range parts {
		if len(part.Rows) > 0 {
			table(&body, part.Rows)
			continue
		}
		paragraph(&body, part.Text, part.Style)
	}
	return wordFile(body.String())
}

func table(b *strings.Builder, rows [][]string) {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="808080"/>`)
	}
	b.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid>` + strings.Repeat(`<w:gridCol/>`, len(rows[0])) + `</w:tblGrid>`)
	for i, row := range rows {
		b.WriteString(`<w:tr>`)
		if i == 0 {
			b.WriteString(`<w:trPr><w:tblHeader/></w:trPr>`)
		}
		for _, cell := range row {
			bold := ""
			if i == 0 {
				bold = `<w:rPr><w:b/></w:rPr>`
			}
			b.WriteString(`<w:tc><w:p><w:r>` + bold + `<w:t xml:space="preserve">` + answerXML(cell) + `</w:t></w:r></w:p></w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl><w:p/>`) // two tables without a paragraph between would be one
}

// wordFile packs a body with the few parts that make it a Word file. The same body gives the same bytes.
func wordFile(body string) ([]byte, error) {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	const main = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	const kinds = "http://schemas.openxmlformats.org/package/2006/"
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	const words = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	style := func(id, name string, size int) string {
		return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/></w:pPr><w:rPr><w:b/><w:sz w:val="%d"/></w:rPr></w:style>`, id, name, size)
	}
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="` + kinds + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + words + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + words + `styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + kinds + `relationships"><Relationship Id="r1" Type="` + office + `officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="` + kinds + `relationships"><Relationship Id="r1" Type="` + office + `styles" Target="styles.xml"/></Relationships>`},
		{"word/styles.xml", `<w:styles ` + main + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Yu Gothic" w:eastAsia="Yu Gothic" w:hAnsi="Yu Gothic"/><w:sz w:val="24"/><w:lang w:eastAsia="ja-JP"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			style("Title", "Title", 36) + style("Heading1", "heading 1", 30) + style("Heading2", "heading 2", 24) + `</w:styles>`},
		{"word/document.xml", `<w:document ` + main + `><w:body>` + body + `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range parts {
		at, err := w.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err = at.Write([]byte(head + part.text)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

package page

import (
	"html/template"
	"regexp"
	"strings"
)

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// Letter writes the text of a letter as paragraphs whose web addresses can be pressed.
func Letter(text string) template.HTML {
	var b strings.Builder
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		b.WriteString("<p>")
		last := 0
		paragraph = strings.TrimSpace(paragraph)
		for _, at := range address.FindAllStringIndex(paragraph, -1) {
			url := template.HTMLEscapeString(paragraph[at[0]:at[1]])
			b.WriteString(escapedLines(paragraph[last:at[0]]))
			b.WriteString(`<a class="breakall" href="` + url + `">` + url + `</a>`)
			last = at[1]
		}
		b.WriteString(escapedLines(paragraph[last:]))
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}

func escapedLines(text string) string {
	return strings.ReplaceAll(template.HTMLEscapeString(text), "\n", "<br>")
}

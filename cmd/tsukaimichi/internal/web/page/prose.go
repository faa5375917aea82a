package page

import (
	"html/template"
	"strings"
)

// NoBreak keeps a text on one line where it fits: its spaces become no-break spaces.
func NoBreak(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") }

// Lines writes a text with its line breaks.
func Lines(text string) template.HTML {
	escaped := template.HTMLEscapeString(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
	return template.HTML(strings.ReplaceAll(escaped, "\n", "<br>"))
}

// Prose writes what a person typed as paragraphs: an empty line ends one.
func Prose(text string) template.HTML {
	var b strings.Builder
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		b.WriteString("<p>")
		b.WriteString(string(Lines(paragraph)))
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}

// Tel makes a telephone number one that can be pressed.
func Tel(number string) template.HTML {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '+' || r == '#' || (r >= '0' && r <= '9'):
			return r
		}
		return -1
	}, number)
	digits = strings.ReplaceAll(digits, "#", "%23") // of #9110
	return template.HTML(`<a class="nowrap" href="tel:` + template.HTMLEscapeString(digits) + `">` + template.HTMLEscapeString(number) + `</a>`)
}

// MailTo makes a mail address one that can be pressed.
func MailTo(address string) template.HTML {
	escaped := template.HTMLEscapeString(address)
	return template.HTML(`<a href="mailto:` + template.HTMLEscapeString(template.URLQueryEscaper(address)) + `">` + escaped + `</a>`)
}

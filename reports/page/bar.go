package page

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// Bar draws the line of one use or of their total with its facts as text. The drawing is SVG in percentages of its width and
// em of its height, so it grows with the text; its fills are those of Patterns. Where nothing was promised there is no
// line to draw, and the facts stand in a table.
func Bar(b document.Bar) template.HTML {
	var out strings.Builder
	class := "michi"
	if b.Total {
		class += " michi--total"
	}
	out.WriteString(`<article class="` + class + `">` + "\n")
	if b.Label != "" {
		out.WriteString(`<div class="michi__head"><h3 class="michi__name">`)
		if b.Number > 0 {
			out.WriteString("<i>" + strconv.Itoa(b.Number) + "</i>")
		}
		out.WriteString(string(lines(b.Label)) + "</h3></div>\n")
	}
	if b.How != "" {
		out.WriteString(`<p class="michi__how">` + string(lines(b.How)) + "</p>\n")
	}
	if len(b.Terms) > 0 {
		out.WriteString(`<ul class="michi__terms">`)
		for _, term := range b.Terms {
			out.WriteString("<li>" + string(lines(term)) + "</li>")
		}
		out.WriteString("</ul>\n")
	}
	if b.Say != "" {
		out.WriteString(`<p class="michi__say">` + string(lines(b.Say)) + "</p>\n")
	}
	if line, ok := b.Line(); ok {
		out.WriteString(drawing(b, line))
		out.WriteString(facts(b))
	} else {
		out.WriteString(factTable(b))
	}
	if b.Why != "" {
		out.WriteString(`<p class="michi__why">` + string(lines(b.Why)) + "</p>\n")
	}
	out.WriteString("</article>\n")
	return template.HTML(out.String()) // every text above went through lines
}

// gauge is the heights of a line, in em of a 16 px letter, and the path of its flag.
type gauge struct{ withBracket, without, top, thick, bracket, tickTop, tickEnd, flag string }

var (
	small = gauge{"2.625em", "2.125em", "0.625em", "1.0625em", "2.1875em", "1.9375em", "2.4375em", "M1.5 0h-3v29h3zM-1.5 0h-15l4.5 4-4.5 4h15z"}
	total = gauge{"3.625em", "2.5em", "0.875em", "1.5em", "2.875em", "2.625em", "3.125em", "M1.5 0h-3v40h3zM-1.5 0h-15l4.5 6-4.5 6h15z"}
)

func drawing(b document.Bar, l document.Line) string {
	g := small
	if b.Total {
		g = total
	}
	height := g.withBracket
	if b.Settled {
		height = g.without
	}
	var out strings.Builder
	out.WriteString(`<svg class="michi__line" width="100%" height="` + height + `" role="img" aria-label="` + b.Sentence(document.Screen) + `">` + "\n")
	box := func(class, fill string, from, to int) {
		if fill != "" {
			fill = ` fill="url(#` + fill + `)"`
		}
		x := "0"
		if from > 0 {
			x = percent(from)
		}
		out.WriteString(`<rect class="` + class + `"` + fill + ` x="` + x + `" y="` + g.top + `" width="` + percent(to-from) + `" height="` + g.thick + `"/>` + "\n")
	}
	box("michi__track", "", 0, l.Track)
	if l.Hatch[1] > l.Hatch[0] {
		box("michi__left", "hatch", l.Hatch[0], l.Hatch[1])
	}
	box("michi__spent", "", 0, l.Solid)
	if l.Stripes[1] > l.Stripes[0] {
		box("michi__over", "over", l.Stripes[0], l.Stripes[1])
	}
	if l.Bracket > 0 {
		end := percent(l.Bracket)
		for _, s := range [][4]string{{"0", g.bracket, end, g.bracket}, {"0", g.tickTop, "0", g.tickEnd}, {end, g.tickTop, end, g.tickEnd}} {
			out.WriteString(`<line class="michi__got" x1="` + s[0] + `" y1="` + s[1] + `" x2="` + s[2] + `" y2="` + s[3] + `"/>` + "\n")
		}
	}
	out.WriteString(`<svg x="` + percent(l.Track) + `" y="0" width="1em" height="1em" viewBox="0 0 16 16" overflow="visible"><path class="michi__post" d="` + g.flag + `"/></svg>` + "\n</svg>\n")
	return out.String()
}

// keys are the samples that stand before the facts' names.
var keys = map[document.Ink]string{
	document.Track:   `<rect class="michi__track" x="1" y="4" width="22" height="9"/><path class="michi__post" d="M25.5 0h-3v16h3z"/>`,
	document.Bracket: `<path class="michi__got" d="M1 8h24M1 4v8M25 4v8" fill="none"/>`,
	document.Solid:   `<rect class="michi__spent" x="1" y="3" width="24" height="11"/>`,
	document.Hatch:   `<rect class="michi__left" fill="url(#hatch)" x="1" y="3" width="24" height="11"/>`,
	document.Stripes: `<rect class="michi__over" fill="url(#over)" x="1" y="3" width="24" height="11"/>`,
}

func facts(b document.Bar) string {
	var out strings.Builder
	out.WriteString(`<dl class="michi__facts">` + "\n")
	for _, f := range b.Facts() {
		out.WriteString("<div><dt>")
		if key := keys[f.Ink]; key != "" {
			out.WriteString(`<svg class="key" viewBox="0 0 26 16" aria-hidden="true">` + key + "</svg>")
		}
		out.WriteString(f.Name + "</dt><dd>" + document.Screen.Yen(f.Amount) + "<small>円</small></dd></div>\n")
	}
	out.WriteString("</dl>\n")
	return out.String()
}

func factTable(b document.Bar) string {
	head, row := "", ""
	for _, f := range b.Facts() {
		head += `<th scope="col" class="n">` + f.Name + "</th>"
		row += `<td class="n">` + document.Screen.Yen(f.Amount) + "円</td>"
	}
	name := template.HTMLEscapeString(b.Label)
	if name == "" {
		name = "金額"
	}
	return `<div class="scroll scroll--narrow" tabindex="0" role="region" aria-label="` + name + `"><table class="tbl" aria-label="` + name + `">` +
		"<thead><tr>" + head + "</tr></thead><tbody><tr>" + row + "</tr></tbody></table></div>\n"
}

// percent writes ten-thousandths: 9603 is "96.03%", 6700 is "67%".
func percent(part int) string {
	s := strconv.Itoa(part / 100)
	if rest := part % 100; rest > 0 {
		s += "." + strings.TrimRight(string([]byte{byte('0' + rest/10), byte('0' + rest%10)}), "0")
	}
	return s + "%"
}

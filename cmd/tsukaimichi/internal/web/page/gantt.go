package page

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Gantt is work laid out over days as a picture. Like the road it has lengths in per cent and heights in em, so that it fits a phone, a desk and paper, and
// its words stay as large as others. The same days stand in a table beside it: the picture is read out as one sentence.
type Gantt struct {
	Label  string // what a reader hears in place of the picture
	Lines  []GanttLine
	Today  ledger.Date
	Closed []ledger.Date // days on which nothing is done, shaded; none for a long time
}

// GanttLine is a piece of work from a day to a day, or a single day that matters.
type GanttLine struct {
	Name        string
	From, Until ledger.Date
	Late        bool // should have begun
	Day         bool // a day: From
}

// Drawn reports whether there is anything to draw.
func (g Gantt) Drawn() bool { return len(g.Lines) > 0 }

// The heights of the picture in hundredths of an em.
const (
	ganttHead = 175 // the months
	ganttLine = 300 // a name and its bar
)

// mostName is how much of a name is written into the picture; the table has all of it.
const mostName = 17

// Picture draws the lines as SVG.
func (g Gantt) Picture() template.HTML {
	from, until := g.days()
	d := ganttDrawing{from: from, days: int64(max(1, until.Sub(from)))}
	height := ganttHead + ganttLine*len(g.Lines)
	fmt.Fprintf(&d.text, `<svg class="gantt" width="100%%" height="%s" role="img" aria-label="%s">`, em(height), template.HTMLEscapeString(g.Label))
	for _, day := range g.Closed {
		if !day.Before(from) && day.Before(until) {
			fmt.Fprintf(&d.text, `<rect class="gantt__closed" x="%s" y="%s" width="%s" height="%s"/>`, d.at(day), em(ganttHead), percentage(10_000/d.days), em(height-ganttHead))
		}
	}
	d.months(until, height)
	if !g.Today.Before(from) && !g.Today.After(until) {
		fmt.Fprintf(&d.text, `<line class="gantt__today" x1="%[1]s" x2="%[1]s" y1="%[2]s" y2="%[3]s"/>`, d.at(g.Today), em(ganttHead), em(height))
	}
	for i, line := range g.Lines {
		d.line(line, ganttHead+ganttLine*i)
	}
	d.text.WriteString(`</svg>`)
	return template.HTML(d.text.String())
}

// days are the first and the last day of the picture, with a little room for the last mark.
func (g Gantt) days() (from, until ledger.Date) {
	for i, line := range g.Lines {
		if i == 0 || line.From.Before(from) {
			from = line.From
		}
		for _, day := range []ledger.Date{line.From, line.Until} {
			if day.After(until) {
				until = day
			}
		}
	}
	return from, until.AddDays(max(1, until.Sub(from)/40))
}

// ganttDrawing collects one picture.
type ganttDrawing struct {
	text strings.Builder
	from ledger.Date
	days int64
}

// at is the place of a day.
func (d *ganttDrawing) at(day ledger.Date) string {
	return percentage(min(10_000, int64(max(0, day.Sub(d.from)))*10_000/d.days))
}

// months writes a rule where each month begins, and its name where there is room for it.
func (d *ganttDrawing) months(until ledger.Date, height int) {
	every := 1 + int(d.days)/190
	for i, first := 0, ledger.NewDate(d.from.Year(), d.from.Month()+1, 1); first.Before(until); i, first = i+1, ledger.NewDate(first.Year(), first.Month()+1, 1) {
		fmt.Fprintf(&d.text, `<line class="gantt__month" x1="%[1]s" x2="%[1]s" y1="0" y2="%[2]s"/>`, d.at(first), em(height))
		if i%every == 0 && until.Sub(first) > int(d.days)/8 {
			fmt.Fprintf(&d.text, `<text class="gantt__name" x="%s" dx="0.25em" y="1.1em">%d月</text>`, d.at(first), first.Month())
		}
	}
}

// line writes one line: its name above, its bar or mark below.
func (d *ganttDrawing) line(line GanttLine, top int) {
	name := []rune(line.Name)
	if len(name) > mostName {
		name = append(name[:mostName-1:mostName-1], '…')
	}
	fmt.Fprintf(&d.text, `<text class="gantt__text" x="0" y="%s">%s　%s</text>`, em(top+120), ShortDay(line.From), template.HTMLEscapeString(string(name)))
	switch {
	case line.Day:
		fmt.Fprintf(&d.text, `<svg x="%s" y="%s" width="1em" height="1em" viewBox="0 0 16 16" overflow="visible"><path class="gantt__day" d="M0 1l7 7-7 7-7-7z"/></svg>`, d.at(line.From), em(top+160))
	default:
		class := "gantt__bar"
		if line.Late {
			class = "gantt__late"
		}
		width := int64(max(1, line.Until.Sub(line.From))) * 10_000 / d.days
		fmt.Fprintf(&d.text, `<rect class="%s" x="%s" y="%s" width="%s" height="0.8em"/>`, class, d.at(line.From), em(top+170), percentage(width))
	}
}

// em writes hundredths of an em.
func em(hundredths int) string { return fmt.Sprintf("%d.%02dem", hundredths/100, hundredths%100) }

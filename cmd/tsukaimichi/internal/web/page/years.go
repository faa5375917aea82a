package page

import (
	"fmt"
	"html/template"
	"strings"
)

// Years is how promises were kept, year by year, the latest first: a block for each promise, by which one looks, and the same in words, by which one reads.
type Years []Year

// Year is the promises whose day was in one year.
type Year struct {
	Name                        string // 2026年度
	Kept, Late, Overdue, ToCome int
	Drawn                       template.HTML // filled by Draw
	Say                         string        // filled by Draw: 期限までに報告 2件、報告待ち 1件
}

// kinds of blocks: each has a shape of its own, colour only helps.
var yearKinds = []struct{ say, class, fill string }{
	{"期限までに報告", "michi__spent", ""}, {"おくれて報告", "michi__left", "hatch"}, {"報告待ち", "michi__over", "over"}, {"これから", "michi__track", ""},
}

// fewestBlocks is how many blocks fill a row at least, so that one promise is no long line.
const fewestBlocks = 8

// Draw fills in the blocks, all rows on one scale; a page builder calls it last.
func (y Years) Draw() Years {
	most := fewestBlocks
	for _, year := range y {
		most = max(most, year.Kept+year.Late+year.Overdue+year.ToCome)
	}
	out := make(Years, len(y))
	for i, year := range y {
		year.Drawn, year.Say = year.draw(int64(most))
		out[i] = year
	}
	return out
}

func (y Year) draw(most int64) (template.HTML, string) {
	text := `<svg width="100%" height="1.5em" aria-hidden="true">`
	var said []string
	step, at := 10000/most, int64(0)
	for k, n := range []int{y.Kept, y.Late, y.Overdue, y.ToCome} {
		kind := yearKinds[k]
		if n > 0 {
			said = append(said, fmt.Sprintf("%s %d件", kind.say, n))
		}
		for range n {
			text += `<rect class="` + kind.class + `"` + fillOf(kind.fill) + ` x="` + percentage(at) + `" y=".15em" width="` + percentage(step*8/10) + `" height="1.1em"/>`
			at += step
		}
	}
	return template.HTML(text + `</svg>`), strings.Join(said, "、")
}

func fillOf(pattern string) string {
	if pattern == "" {
		return ""
	}
	return ` fill="url(#` + pattern + `)"`
}

// YearKey is a kind of block with its meaning.
type YearKey struct {
	Drawn template.HTML
	Text  string
}

// Keys are the kinds of blocks, as the chart's legend.
func (Years) Keys() []YearKey {
	var keys []YearKey
	for _, kind := range yearKinds {
		keys = append(keys, YearKey{template.HTML(`<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><rect class="` + kind.class + `"` + fillOf(kind.fill) + ` x="1" y="2" width="22" height="12"/></svg>`), kind.say})
	}
	return keys
}

package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// brevity is how far a paper of one sheet is shortened. Letters never become smaller and no sentence or name ends in the middle: what has no room
// is left out whole, and the sheet says what and where it is.
type brevity struct {
	income  bool // where the money came from stands on it
	reasons bool // each use's reason stands on it
	short   bool // the warnings stand in one text
	bare    bool // nothing has a box, and one way to ask is enough
	letters int  // of each text: its first sentences, as many as fit in so many
	uses    int  // that have a line of their own; the others are one line together
}

// steps go from everything to nearly nothing.
var steps = []brevity{
	{income: true, reasons: true, letters: MaxText, uses: everyUse},
	{reasons: true, letters: MaxText, uses: everyUse},
	{reasons: true, letters: 160, uses: everyUse},
	{reasons: true, letters: 80, uses: everyUse},
	{letters: 160, uses: everyUse},
	{letters: 80, uses: everyUse},
	{letters: 80, uses: 8},
	{letters: 40, uses: 6},
	{uses: 6},
	{uses: 4, short: true},
	{uses: 2, short: true},
	{short: true},
	{short: true, bare: true},
}

// everyUse is more than a plan has.
const everyUse = 1000

// text is a text's first sentences, whole, as many as there is room for; "" if not even the first has.
func (b brevity) text(s string) string {
	short, _ := b.shorten(s)
	return short
}

// textOr is text, or other words where there is no room for a sentence.
func (b brevity) textOr(s, other string) string {
	if short, _ := b.shorten(s); short != "" {
		return short
	}
	return other
}

func (b brevity) shorten(s string) (short string, whole bool) {
	if utf8.RuneCountInString(s) <= b.letters {
		return s, true
	}
	end := 0
	for at := 0; at < len(s); {
		next := sentence(s[at:])
		if utf8.RuneCountInString(s[:at+next]) > b.letters {
			break
		}
		at += next
		end = at
	}
	return strings.TrimSpace(s[:end]), false
}

// sentence is how many bytes the first sentence of a text has. What someone said does not end within its brackets.
func sentence(s string) int {
	depth := 0
	for at, r := range s {
		switch r {
		case '「', '『', '（':
			depth++
		case '」', '』', '）':
			depth--
		case '\n':
			return at + 1
		case '。', '！', '？':
			if depth <= 0 {
				return at + utf8.RuneLen(r)
			}
		}
	}
	return len(s)
}

// parted are the uses that have a line of their own, and the others together; Name is "" where there are none.
func (b brevity) parted(uses []campaigns.UseProgress) (own []campaigns.UseProgress, others campaigns.UseProgress) {
	switch {
	case b.uses == 0: // then the line of the total says it all
		return nil, others
	case len(uses) <= b.uses+1: // a line that stands for one use alone saves nothing
		return uses, others
	}
	for _, use := range uses[b.uses:] {
		others.Amount += use.Amount
		others.Received += use.Received
		others.Spent += use.Spent
	}
	others.Name = fmt.Sprintf("ほかの使いみち %d件", len(uses)-b.uses)
	return uses[:b.uses], others
}

// leftOut says what the sheet has no room for, and where it is read.
func (u Usage) leftOut(b brevity) string {
	var missing []string
	miss := func(is bool, what string) {
		if is {
			missing = append(missing, what)
		}
	}
	own, _ := b.parted(u.Figures.Progress.Uses)
	miss(len(own) < len(u.Figures.Progress.Uses), "使いみちのぜんぶ")
	miss(!b.reasons && len(u.Figures.Progress.Uses) > 0, "約束とちがう理由")
	miss(!b.income, "お金の届き方")
	for _, text := range []string{u.doneInShort(), u.Content.Wrong, u.Content.Rest, u.Content.Thanks} {
		if _, whole := b.shorten(text); !whole {
			miss(true, "文のつづき")
			break
		}
	}
	switch {
	case len(missing) == 0:
		return ""
	case b.letters == 0:
		return "くわしいことは、報告のページと、全文の紙にあります。"
	}
	return "この1枚に入らないもの（" + strings.Join(missing, "、") + "）は、報告のページと、全文の紙にあります。"
}

// bareTable is useTable without its heading: the head of its columns says it.
func (u Usage) bareTable(b brevity) document.Blocks {
	blocks := u.useTable(b)
	if blocks == nil {
		return nil
	}
	table := blocks[1].(document.Table)
	table.Columns[0].Head = "使いみち（円）"
	return document.Blocks{table}
}

// useTable is promise against actual for the sheets of few words.
func (u Usage) useTable(b brevity) document.Blocks {
	if b.uses == 0 {
		return nil
	}
	table := document.Table{
		Name:    "使いみちごとの約束、実際、差。単位は円。",
		Columns: []document.Column{{Head: "使いみち", Weight: 1}, {Head: "約束", End: true}, {Head: "実際", End: true}, {Head: "差", End: true}},
	}
	row := func(name string, promised, spent ledger.Yen) document.Row {
		return document.Row{Cells: []document.Text{document.Words(name), document.Bare(promised), document.Bare(spent), document.Difference(spent - promised)}}
	}
	p := u.Figures.Progress
	own, others := b.parted(p.Uses)
	for _, use := range own {
		table.Rows = append(table.Rows, row(use.Name, use.Amount, use.Spent))
	}
	if others.Name != "" {
		table.Rows = append(table.Rows, row(others.Name, others.Amount, others.Spent))
	}
	if p.NoUse != 0 {
		table.Rows = append(table.Rows, row(noUse, 0, p.NoUse))
	}
	total := row("合計", p.Promised, p.Spent)
	total.Total, total.Bold = true, true
	table.Rows = append(table.Rows, total)
	return document.Blocks{document.Heading{Text: "約束した使いみちと、実際（円）"}, table}
}

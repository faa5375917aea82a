package reports

import (
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// CircularTemplate names the layout rules of the 回覧 edition.
const CircularTemplate = "usage-kairan/v1"

// HousesUsual is how many boxes a 回覧 has where nobody says how many houses there are.
const HousesUsual = 16

// Circular makes the edition that goes from house to house, in large print: when it has to be back, the figures and what becomes of the rest, whom to
// ask, and a box for the mark of each house. Nobody is named on it: neither givers, nor who checked, nor who answers. The day may be zero: then
// it is written in by hand. The editions come from the fullest to the shortest, as those of OnePage.
func (u Usage) Circular(back ledger.Date, houses int) []document.Document {
	return u.editions(CircularTemplate, func(b brevity) document.Blocks {
		b.short = true
		blocks := append(u.head("　使いみちの報告"), circulation(back)...)
		blocks = append(append(blocks, u.shortGlance(b)...), u.bareTable(b)...)
		if said := b.text(u.doneInShort()); said != "" {
			blocks = append(blocks, document.Paragraph{Text: document.Words(said)})
		}
		if said := b.text(u.Content.Wrong); said != "" {
			blocks = append(blocks, document.Paragraph{Text: document.Words(said)})
		}
		if b.letters > 0 && u.Figures.Progress.Left != 0 {
			blocks = append(blocks, document.Paragraph{Text: u.restInShort(b)})
		}
		return append(blocks, document.Boxes{Label: "読んだら、印かサインを1つ（　　　　　　　班）", Count: houses}, u.circularFoot(b))
	})
}

// circulation is how the sheet goes round.
func circulation(back ledger.Date) document.Blocks {
	day := document.Join(document.Day(back), document.Words("まで"))
	if back.IsZero() {
		day = document.Words("　　　　月　　　　日まで")
	}
	return document.Blocks{document.Facts{Items: []document.Fact{
		{Label: "もどす日", Value: day, Large: true},
		{Label: "回覧", Value: document.Words("読んだら、つぎの家へ。さいごの家は、班長へ。")},
	}}}
}

func (u Usage) circularFoot(b brevity) document.Footer {
	foot := document.Footer{QR: u.URL}
	say := func(text string) {
		if text != "" {
			foot.Lines = append(foot.Lines, document.Words(text))
		}
	}
	if u.Content.Auditor != "" {
		foot.Lines = append(foot.Lines, document.Join(document.Words("監事が確かめました　"), document.Day(u.Content.AuditedOn)))
	}
	if u.Version > 1 {
		say("訂正した報告です。直したところは、報告のページにあります。")
	}
	say(u.askLine(b))
	foot.Lines = append(foot.Lines, document.Strong("全文の報告は、右のコードのページと、団体にあります。"))
	for _, line := range u.checkLines(b) {
		say(line)
	}
	return foot
}

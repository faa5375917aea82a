package reports

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// OnePageTemplate names the layout rules of the edition on one sheet.
const OnePageTemplate = "usage-a4/v1"

// OnePage makes the edition on one sheet of A4, for notice boards and 回覧: the same figures, with what was done beside the
// income. What does not fit is said by the printer, never cut.
func (u Usage) OnePage() document.Document {
	d := u.Document()
	d.Meta.Template = OnePageTemplate
	d.Blocks = nil
	for _, part := range []document.Blocks{u.head(), u.glance(), u.promises()} {
		d.Blocks = append(d.Blocks, part...)
	}
	right := document.Blocks{document.Heading{Text: "したこと・できなかったこと"}}
	for _, text := range []document.Text{
		document.Words(orNotStated(u.Content.Did)), document.Words(u.Content.Wrong),
		document.Join(document.Strong("残った"), document.Yen(u.Figures.Progress.Left).Bold(), document.Words("は、"+orNotStated(u.Content.Rest))),
		document.Words(u.Content.Thanks),
	} {
		if len(text) > 0 && text.Say(document.Paper) != "" {
			right = append(right, document.Paragraph{Text: text})
		}
	}
	d.Blocks = append(d.Blocks, document.Columns{Left: u.moneyIn(), Right: right})
	d.Blocks = append(d.Blocks, u.footOfOnePage()...)
	return d
}

// footOfOnePage is the foot without the thanks, which stand beside the income.
func (u Usage) footOfOnePage() document.Blocks {
	u.Content.Thanks = ""
	return u.foot()
}

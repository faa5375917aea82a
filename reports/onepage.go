package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// OnePageTemplate names the layout rules of the edition on one sheet.
const OnePageTemplate = "usage-a4/v1"

// OnePage makes the edition on one sheet of A4, for notice boards and 回覧: the same figures and warnings, with what was done beside the
// income. What does not fit is said by the printer, never cut.
func (u Usage) OnePage() document.Document {
	d := u.Document()
	d.Meta.Template, d.Blocks = OnePageTemplate, nil
	for _, part := range []document.Blocks{u.head("　使いみちの報告"), u.shortGlance(), u.reasons()} {
		d.Blocks = append(d.Blocks, part...)
	}
	d.Blocks = append(d.Blocks, document.Columns{Left: u.incomeTable(), Right: u.story()}, u.sheetFoot())
	return d
}

// shortGlance is the glance without its sentence, and the warnings.
func (u Usage) shortGlance() document.Blocks {
	var blocks document.Blocks
	for _, b := range u.glance() {
		if bar, is := b.(document.Bar); is {
			bar.Label, bar.Say = "", ""
			b = bar
		}
		blocks = append(blocks, b)
	}
	if texts := u.warningTexts(); len(texts) > 0 {
		blocks = append(blocks, document.Note{Texts: texts, Attend: true})
	}
	return blocks
}

// story is what was done, what went wrong, and what becomes of the rest.
func (u Usage) story() document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "したこと・できなかったこと"}}
	say := func(text document.Text) { blocks = append(blocks, document.Paragraph{Text: text}) }
	say(document.Words(u.doneInShort()))
	say(document.Words(orNotStated(u.Content.Wrong)))
	left := u.Figures.Progress.Left
	switch {
	case left < 0:
		say(document.Join(document.Strong("足りない"), document.Yen(-left).Bold(), document.Words("は、立て替えています。"+u.Content.Rest)))
	case left == 0:
		say(document.Words("残りはありません。"))
	default:
		rest := document.Join(document.Strong("残った"), document.Yen(left).Bold(), document.Words("："+orNotStated(u.Content.Rest)))
		if !u.Content.RestBy.IsZero() {
			rest = document.Join(rest, document.Words("（"), document.Day(u.Content.RestBy), document.Words("まで）"))
		}
		say(rest)
	}
	if u.Content.Thanks != "" {
		say(document.Words(u.Content.Thanks))
	}
	say(document.Words("問い合わせ　" + contactLine(u.Organisation)))
	return blocks
}

func (u Usage) doneInShort() string {
	text := ""
	if u.Content.Sessions > 0 {
		text += document.Screen.Number(int64(u.Content.Sessions)) + "回。"
	}
	if u.Content.Visits > 0 {
		text += "のべ" + document.Screen.Number(int64(u.Content.Visits)) + "人。"
	}
	return text + orNotStated(u.Content.Did)
}

func (u Usage) sheetFoot() document.Footer {
	foot := document.Footer{Stamp: u.stamp(), QR: u.URL}
	say := func(text document.Text) { foot.Lines = append(foot.Lines, text) }
	if u.Content.Auditor != "" {
		say(document.Words(auditStatement))
		say(document.Join(document.Day(u.Content.AuditedOn), document.Words("　監事 "+u.Content.Auditor)))
	}
	if u.Version > 1 {
		say(document.Words("訂正：" + orNotStated(u.Content.Changes)))
	}
	if u.URL != "" {
		say(document.Words(u.URL))
	}
	m := u.Figures.Log
	if m.Size != u.Figures.Records { // else the next line says it
		say(document.Words(fmt.Sprintf("帳簿の記録 第%s番まで", document.Screen.Number(u.Figures.Records))))
	}
	if !m.IsZero() {
		digits, upTo := markWords(m)
		say(document.Words("記録の指紋 " + digits + "（" + upTo + "）"))
		say(document.Words("くらべる場所 " + m.Page))
	}
	return foot
}

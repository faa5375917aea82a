package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// OnePageTemplate names the layout rules of the edition on one sheet.
const OnePageTemplate = "usage-a4/v2"

// OnePage makes the edition on one sheet of A4 in large print, for readers of 80 and for notice boards: the same figures and warnings, and what was
// done in few words. The editions come from the fullest to the shortest; the first that fits is printed, and says what it left out.
func (u Usage) OnePage() []document.Document {
	return u.editions(OnePageTemplate, func(b brevity) document.Blocks {
		var blocks document.Blocks
		for _, part := range []document.Blocks{u.head("　使いみちの報告"), u.shortGlance(b), u.reasons(b)} {
			blocks = append(blocks, part...)
		}
		story := u.story(b)
		switch {
		case b.income:
			blocks = append(blocks, document.Columns{Left: u.incomeTable(), Right: story})
		case b.letters > 0:
			blocks = append(blocks, story...)
		}
		return append(blocks, u.sheetFoot(b))
	})
}

// editions are the editions of a paper on one sheet, a document for each step of brevity.
func (u Usage) editions(template string, blocks func(brevity) document.Blocks) []document.Document {
	list := make([]document.Document, len(steps))
	for i, b := range steps {
		list[i] = document.Document{Meta: u.meta(template), Blocks: blocks(b)}
	}
	return list
}

// shortGlance is the glance without its sentence, and what a reader has to know.
func (u Usage) shortGlance(b brevity) document.Blocks {
	var blocks document.Blocks
	for _, block := range u.glance() {
		if bar, is := block.(document.Bar); is {
			bar.Label, bar.Say = "", ""
			block = bar
		}
		blocks = append(blocks, block)
	}
	warned := u.warningTexts()
	if b.short {
		warned = u.shortWarnings()
	}
	switch {
	case len(warned) == 0:
		return blocks
	case b.bare:
		return append(blocks, document.Paragraph{Text: warned[0].Bold()})
	}
	return append(blocks, document.Note{Texts: warned, Attend: true})
}

// shortWarnings are the warnings in one text, for papers of few words.
func (u Usage) shortWarnings() []document.Text {
	f, said := u.Figures, ""
	if n := f.Unchecked + f.Unposted; n > 0 {
		said += fmt.Sprintf("確認前の支出が%s件あります。", document.Screen.Number(int64(n)))
	}
	if u.Content.Auditor == "" {
		said += "第三者の確認はありません。"
	}
	switch {
	case f.Progress.PendingFew:
		said += "未着の寄付があります。"
	case f.Pending > 0:
		said += fmt.Sprintf("未着の寄付が%s件あります。", document.Screen.Number(int64(f.Pending)))
	}
	if said == "" {
		return nil
	}
	return []document.Text{document.Words(said)}
}

// story is what was done, what went wrong, and what becomes of the rest.
func (u Usage) story(b brevity) document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "したこと・できなかったこと"}}
	say := func(text document.Text) {
		if len(text) > 0 {
			blocks = append(blocks, document.Paragraph{Text: text})
		}
	}
	say(words(b.text(u.doneInShort())))
	say(words(b.text(orNotStated(u.Content.Wrong))))
	say(u.restInShort(b))
	say(words(b.text(u.Content.Thanks)))
	return blocks
}

// words is plain text; none for nothing.
func words(text string) document.Text {
	if text == "" {
		return nil
	}
	return document.Words(text)
}

// restInShort is what is left and what becomes of it; the amount stands on the shortest edition, too.
func (u Usage) restInShort(b brevity) document.Text {
	left := u.Figures.Progress.Left
	switch {
	case left < 0:
		return document.Join(document.Strong("足りない"), document.Yen(-left).Bold(), document.Words("は、立て替えています。"+b.text(u.Content.Rest)))
	case left == 0:
		return document.Words("残りはありません。")
	}
	rest := document.Join(document.Strong("残った"), document.Yen(left).Bold())
	if said := b.text(orNotStated(u.Content.Rest)); said != "" {
		rest = document.Join(rest, document.Words("："+said))
	}
	if !u.Content.RestBy.IsZero() {
		rest = document.Join(rest, document.Words("（"), document.Day(u.Content.RestBy), document.Words("まで）"))
	}
	return rest
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

// sheetFoot is what a reader of the sheet can go on with: who checked, whom to ask, where the rest is, and the digits of the log.
func (u Usage) sheetFoot(b brevity) document.Footer {
	foot := document.Footer{QR: u.URL}
	if b.income { // it says what stands beside it, and gives way first
		foot.Stamp = u.stamp()
	}
	say := func(text string) {
		if text != "" {
			foot.Lines = append(foot.Lines, document.Words(text))
		}
	}
	if u.Content.Auditor != "" {
		say(auditStatement)
		foot.Lines = append(foot.Lines, document.Join(document.Day(u.Content.AuditedOn), document.Words("　監事 "+u.Content.Auditor)))
	}
	if u.Version > 1 {
		say("訂正：" + b.textOr(orNotStated(u.Content.Changes), "直したところは、報告のページにあります。"))
	}
	say(u.leftOut(b))
	say(u.askLine(b))
	for _, line := range u.checkLines(b) {
		say(line)
	}
	return foot
}

// askLine is whom to ask about the report.
func (u Usage) askLine(b brevity) string {
	o := u.Organisation
	if b.bare && o.Phone != "" {
		o.Mail = ""
	}
	if contact := contactLine(o); contact != "" {
		return "問い合わせ　" + contact
	}
	return ""
}

// comparePlace begins the line that says where the digits are.
const comparePlace = "くらべる場所 "

// checkLines are the address of the report and how it can be held against the log.
func (u Usage) checkLines(b brevity) []string {
	var lines []string
	if u.URL != "" {
		lines = append(lines, u.URL)
	}
	m := u.Figures.Log
	if m.Size != u.Figures.Records && !b.bare { // else the next line says it
		lines = append(lines, fmt.Sprintf("帳簿の記録 第%s番まで", document.Screen.Number(u.Figures.Records)))
	}
	if !m.IsZero() {
		digits, upTo := markWords(m)
		lines = append(lines, "記録の指紋 "+digits+"（"+upTo+"）", comparePlace+m.Page)
	}
	return lines
}

package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// WorksheetTemplate names the layout rules of a worksheet.
const WorksheetTemplate = "worksheet/v1"

// Worksheet makes the 演習シート as the paper has it: ten boxes in the order in which a meeting goes through them. The notes of the sheet are confidential and are
// never on it; what people said stands there only when voices says so, for a meeting that keeps it to itself.
func Worksheet(o ledger.Organisation, w plans.Worksheet, voices bool, at time.Time) document.Document {
	b := w.Body
	if !voices {
		b.Voice = ""
	}
	need := document.Row{Cells: box("解決したいニーズ", labelled("本人・家族の声", b.Voice), labelled("専門職の見立て", b.Assessed), labelled("いまの体制で難しいわけ", b.Gap))}
	d := document.Document{Meta: document.Meta{Title: w.Title, Author: o.Name, Subject: "社会資源開発演習シート", Language: "ja", Template: WorksheetTemplate, CreatedAt: at}}
	d.Blocks = document.Blocks{
		document.Title{Kicker: o.Name + "　社会資源開発演習シート", Text: w.Title},
		document.Table{
			Name: "演習シート", Columns: []document.Column{{Head: "項目", Weight: 3}, {Head: "内容", Weight: 9}},
			Rows: []document.Row{
				need,
				{Cells: box("開発したい社会資源・サービス", labelled("名前", b.Name), b.Content)},
				{Cells: box("開発を検討する機会", b.Occasions)},
				{Cells: box("地域全体におけるニーズ把握の方法", labelled("対象", b.Survey.Who), labelled("方法", b.Survey.How), labelled("時期", b.Survey.When), labelled("内容", b.Survey.What))},
				{Cells: box("連携する相手（フォーマル）", partners(b.Formal))},
				{Cells: box("連携する相手（インフォーマル）", partners(b.Informal))},
				{Cells: box("準備作業のプロセス", b.Keys()["project.schedule"])},
				{Cells: box("担い手の発掘・養成の方法", b.Helpers)},
				{Cells: box("必要経費", costLines(b))},
				{Cells: box("資金調達方法", fundingLines(b))},
			},
			Notes: []document.Text{document.Words("フォーマルは法律や制度に基づくもの、インフォーマルは基づかないものです。")},
		},
	}
	return d
}

// box is a row: the heading of the box and its lines; an empty box stays empty, to be written by hand.
func box(heading string, lines ...string) []document.Text {
	var filled []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			filled = append(filled, line)
		}
	}
	return []document.Text{document.Strong(heading), document.Words(strings.Join(filled, "\n"))}
}

func labelled(label, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return label + "：" + text
}

func partners(all []plans.Partner) string {
	lines := make([]string, len(all))
	for i, p := range all {
		if lines[i] = p.Name; p.Role != "" {
			lines[i] += "（" + p.Role + "）"
		}
	}
	return strings.Join(lines, "、")
}

func costLines(b plans.Body) string {
	var lines []string
	for _, c := range b.Costs {
		amount, err := c.Amount()
		if err != nil {
			continue
		}
		line := fmt.Sprintf("%s　%s円", c.What, document.Paper.Yen(amount))
		if c.Quantity > 1 {
			line = fmt.Sprintf("%s　%s%s × %s円 = %s円", c.What, document.Paper.Number(c.Quantity), c.Unit, document.Paper.Yen(c.Price), document.Paper.Yen(amount))
		}
		lines = append(lines, line)
	}
	if total, _ := b.Total(); len(lines) > 1 {
		lines = append(lines, "合計　"+document.Paper.Yen(total)+"円")
	}
	return strings.Join(lines, "\n")
}

var sourceNames = map[plans.Source]string{
	plans.Own: "自己資金", plans.Fees: "利用料", plans.Donations: "寄付", plans.Sponsorship: "協賛", plans.Grants: "助成",
}

func fundingLines(b plans.Body) string {
	var lines []string
	for _, f := range b.Funding {
		line := sourceNames[f.Source]
		if f.What != "" {
			line += "（" + f.What + "）"
		}
		if f.Amount > 0 {
			line += "　" + document.Paper.Yen(f.Amount) + "円"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

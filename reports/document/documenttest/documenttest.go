// Package documenttest has documents for tests of the renderers. Groups, people and sums in them are practice data 練習.
package documenttest

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// Use is a line of the practice report: what was promised, what it came to, and why.
type Use struct {
	Name             string
	Promised, Actual ledger.Yen
	Reason           string
}

// Uses add up to 300,000 promised and 299,322 spent.
var Uses = []Use{
	{"食材費", 156_000, 171_860, "1回34人から41人に。米も値上がり"},
	{"会場・冷房", 36_000, 33_000, "台風で1回中止（12回→11回）"},
	{"遊びと学習の材料", 40_000, 28_450, "板や紙を町内の方からいただいた"},
	{"ボランティア保険", 14_000, 14_000, "予定どおり（28人分）"},
	{"冷蔵庫の買いかえ", 48_000, 46_200, "町の電器店の値引き"},
	{"受け取りの手数料", 6_000, 5_812, "カード・コンビニ73件"},
}

// Total is the line of all uses together.
var Total = document.Bar{Promised: 300_000, Received: 312_400, Spent: 299_322, Left: 13_078, Total: true}

// Meta is the practice report's metadata.
func Meta() document.Meta {
	return document.Meta{
		Title: "夏休みこども食堂 2026　使いみちの報告", Author: "練習　みどり町ふれあい食堂", Subject: "使途報告書",
		Language: "ja", Template: "usage/v1", Number: "R-2026-0031", URL: "https://tsukaimichi.example/r/R-2026-0031",
		CreatedAt: time.Date(2026, 10, 15, 9, 0, 0, 0, ledger.Tokyo),
	}
}

// OnePage is the usage report on one sheet: people, the line, uses with reasons, income, what went wrong, the check.
func OnePage() document.Document {
	return document.Document{Meta: Meta(), Blocks: document.Blocks{
		document.Title{Kicker: "練習　みどり町ふれあい食堂　使いみちの報告", Text: "夏休みこども食堂 2026",
			Edition: document.Join(document.Day(ledger.NewDate(2026, 10, 15)), document.Words("　第2版（訂正版）"))},
		document.People{Label: "参加した人", Counts: []document.Count{{Number: 96, Unit: "人"}, {Number: 41, Unit: "世帯"}, {Number: 3, Unit: "社"}}},
		Total,
		document.Heading{Text: "約束した使いみちと、実際（円）"},
		UseTable(),
		document.Columns{
			Left: document.Blocks{document.Heading{Text: "届いたお金（円）"}, incomeTable()},
			Right: document.Blocks{
				document.Heading{Text: "したこと・できなかったこと"},
				document.Paragraph{Text: document.Words("昼ごはんを11回。のべ452人（こども298人）が来ました。")},
				document.Paragraph{Text: document.Words("8月11日は台風で中止。4人に知らせがまにあいませんでした。来年は電話の当番で回します。")},
				document.Paragraph{Text: document.Join(document.Strong("残った"), document.Yen(13_078).Bold(), document.Words("は、来年の夏の食材費に使い、また報告します。"))},
				document.Paragraph{Text: document.Words("ありがとうございました。\n問い合わせ 0000-00-0000\n（火曜 10時〜15時）")},
			},
		},
		document.Footer{
			Lines: []document.Text{
				document.Words("通帳・レシート・帳簿を見くらべ、正しいことを確かめました。"),
				document.Join(document.Day(ledger.NewDate(2026, 10, 14)), document.Words("　監事 練習 花子")),
				document.Words("訂正：会場・冷房 36,000円 → 33,000円（返金の入れ忘れ）"),
				document.Words("tsukaimichi.example/r/R-2026-0031"),
				document.Words("記録 第318番・指紋 9f2c 41d7"),
			},
			Stamp: &document.Stamp{Top: "監査ずみ", On: ledger.NewDate(2026, 10, 14), Bottom: "監事"},
			QR:    "https://tsukaimichi.example/r/R-2026-0031",
		},
	}}
}

// UseTable is promise against actual with difference and reason.
func UseTable() document.Table {
	t := document.Table{Name: "約束した使いみちと実際", Columns: []document.Column{{Head: "使いみち"}, {Head: "約束", End: true},
		{Head: "実際", End: true}, {Head: "差", End: true}, {Head: "理由", Weight: 1}}}
	for _, u := range Uses {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Text{document.Words(u.Name), document.Bare(u.Promised),
			document.Bare(u.Actual), document.Difference(u.Actual - u.Promised), document.Words(u.Reason)}})
	}
	t.Rows = append(t.Rows, document.Row{Total: true, Cells: []document.Text{document.Words("合計"), document.Bare(300_000),
		document.Bare(299_322), document.Difference(-678), document.Words("レシート38枚")}})
	return t
}

func incomeTable() document.Table {
	t := document.Table{Name: "届いたお金", Columns: []document.Column{{Head: "払い方", Weight: 1}, {Head: "人数", End: true, Weight: 1}, {Head: "金額", End: true, Weight: 1}}}
	for _, r := range []struct {
		way, people string
		amount      ledger.Yen
	}{{"カード", "52人", 156_500}, {"コンビニ", "21人", 48_000}, {"現金・振込", "23人", 46_400}, {"封筒（戸別）", "41世帯", 31_500}, {"会社・お店", "3社", 30_000}} {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Text{document.Words(r.way), document.Words(r.people), document.Bare(r.amount)}})
	}
	t.Rows = append(t.Rows, document.Row{Total: true, Cells: []document.Text{document.Words("合計"), document.Words("140件"), document.Bare(312_400)}})
	return t
}

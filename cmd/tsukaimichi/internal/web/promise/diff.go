package promise

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Diff is the difference of two versions of a plan, for a page.
func Diff(d campaigns.Diff) page.PlanDiff {
	out := page.PlanDiff{Uses: page.Table{
		Caption: "使いみちの、前と新しい約束", Columns: []page.Column{{Text: "使いみち"}, {Text: "前", Number: true}, {Text: "新しい", Number: true}, {Text: "ちがい", Number: true}},
	}}
	for _, u := range d.Uses {
		out.Uses.Rows = append(out.Uses.Rows, useRow(u))
	}
	out.Uses.Foot = []page.Row{{Name: "合計", Cells: []string{yen(d.OldTotal), yen(d.NewTotal), page.SignedYen(d.NewTotal-d.OldTotal) + "円"}}}
	if d.Reordered {
		out.Notes = append(out.Notes, "お金を入れていく順番も変わります。新しい順番は、上の表のとおりです。")
	}
	for _, t := range d.Texts {
		out.Texts = append(out.Texts, page.TextDiff{Label: textLabel(t.Field), Old: t.Old, New: t.New})
	}
	return out
}

func useRow(u campaigns.UseDiff) page.Row {
	row := page.Row{Name: u.New.Name, Cells: []string{yen(u.Old.Amount), yen(u.New.Amount), page.SignedYen(u.By()) + "円"}}
	switch u.Kind {
	case campaigns.UseAdded:
		row.Cells[0], row.Note = "なし", "新しい使いみち"
	case campaigns.UseRemoved:
		row.Name, row.Cells[1], row.Note = u.Old.Name, "なし", "やめる使いみち"
	case campaigns.UseSame:
		row.Cells[2] = "同じ"
	case campaigns.UseChanged:
		row.Note = useNote(u)
	}
	return row
}

// useNote says what changes of a use besides its amount.
func useNote(u campaigns.UseDiff) string {
	note := ""
	say := func(differs bool, words string) {
		if differs {
			if note != "" {
				note += "。"
			}
			note += words
		}
	}
	say(u.Old.DueOn != u.New.DueOn, "使う日："+page.DayOnly(u.Old.DueOn)+"まで → "+page.DayOnly(u.New.DueOn)+"まで")
	say(u.Old.Detail != u.New.Detail, "内わけ："+orNone(u.Old.Detail)+" → "+orNone(u.New.Detail))
	say(u.Old.Evidence != u.New.Evidence, "示すもの："+u.Old.Evidence+" → "+u.New.Evidence)
	say(product(u.Old) != product(u.New), "数と単価："+orNone(product(u.Old))+" → "+orNone(product(u.New)))
	return note
}

func product(u campaigns.PlanUse) string {
	if u.Quantity == 0 || u.UnitPrice == 0 {
		return ""
	}
	return page.YenText(ledger.Yen(u.Quantity)) + u.Unit + " × " + page.YenText(u.UnitPrice) + "円"
}

func orNone(text string) string {
	if text == "" {
		return "なし"
	}
	return text
}

func yen(amount ledger.Yen) string { return page.YenText(amount) + "円" }

// textLabel names a text of the plan as its page does.
func textLabel(field string) string {
	switch field {
	case "title":
		return "募金の名前"
	case "lead":
		return "はじめの2文"
	case "saying":
		return "団体のことば"
	case "need":
		return "なぜ必要か"
	case "other_sources":
		return "ほかから出るお金"
	case "uncovered":
		return "まだ決まっていない分"
	case "if_too_little":
		return "足りなかったら"
	case "if_too_much":
		return "多く集まったら"
	case "if_stopped":
		return "中止したら"
	case "responsible":
		return "責任を持つ人"
	case "report_due_on":
		return "報告する日"
	}
	return "集め終わる日"
}

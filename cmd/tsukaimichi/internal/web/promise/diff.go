package promise

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Diff is the difference of two versions of a plan, for a page.
func Diff(d campaigns.Diff) page.PlanDiff {
	out := page.PlanDiff{Total: page.UseDiff{Name: "合計", Line: turn(d.OldTotal, d.NewTotal)}}
	for _, u := range d.Uses {
		out.Uses = append(out.Uses, useDiff(u))
	}
	if d.Reordered {
		out.Notes = append(out.Notes, "お金を入れていく順番も変わります。新しい順番は、上のとおりです。")
	}
	for _, t := range d.Texts {
		out.Texts = append(out.Texts, page.TextDiff{Label: textLabel(t.Field), Old: t.Old, New: t.New})
	}
	return out
}

func useDiff(u campaigns.UseDiff) page.UseDiff {
	switch u.Kind {
	case campaigns.UseAdded:
		return page.UseDiff{Name: u.New.Name, Tag: page.Tag{Kind: page.TagOpen, Text: "新しい使いみち"}, Line: yen(u.New.Amount), Notes: newNotes(u.New)}
	case campaigns.UseRemoved:
		return page.UseDiff{Name: u.Old.Name, Tag: page.Tag{Kind: page.TagLate, Text: "やめる使いみち"}, Line: yen(u.Old.Amount) + " → なし"}
	}
	return page.UseDiff{Name: u.New.Name, Line: turn(u.Old.Amount, u.New.Amount), Notes: useNotes(u)}
}

// until names the day by which a use is fulfilled; nothing while a draft names none.
func until(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	return page.DayOnly(d) + "まで"
}

// turn says an amount before and after.
func turn(old, next ledger.Yen) string {
	if old == next {
		return yen(next) + "（同じ）"
	}
	return yen(old) + " → " + yen(next) + "（" + page.SignedYen(next-old) + "円）"
}

func newNotes(u campaigns.PlanUse) []string {
	var notes []string
	if day := until(u.DueOn); day != "" {
		notes = append(notes, day+"に使います")
	}
	if text := product(u); text != "" {
		notes = append(notes, text)
	}
	if u.Detail != "" {
		notes = append(notes, u.Detail)
	}
	return notes
}

// useNotes say what changes of a use besides its amount.
func useNotes(u campaigns.UseDiff) []string {
	var notes []string
	say := func(what, old, next string) {
		if old != next {
			notes = append(notes, what+"："+orNone(old)+" → "+orNone(next))
		}
	}
	say("使う日", until(u.Old.DueOn), until(u.New.DueOn))
	say("内わけ", u.Old.Detail, u.New.Detail)
	say("数と単価", product(u.Old), product(u.New))
	say("示すもの", u.Old.Evidence, u.New.Evidence)
	return notes
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
	case "goals":
		return "お金のほかの目標"
	case "report_due_on":
		return "報告する日"
	}
	return "集め終わる日"
}

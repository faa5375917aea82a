package granting

import (
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

var answerTags = map[fit.Answer]page.Tag{
	fit.Can: {Kind: page.TagDone, Text: "申請できる"}, fit.Unsure: {Kind: page.TagWait, Text: "要確認"}, fit.Out: {Kind: page.TagDraft, Text: "対象外"},
}

var statusWords = map[catalogue.Status]string{
	catalogue.Forecast: "今年も予想", catalogue.Announced: "予告", catalogue.Open: "募集中", catalogue.Closed: "締切ずみ", catalogue.Archived: "終わり",
}

var paymentWords = map[catalogue.Payment]string{"": "確かめていません", catalogue.Before: "先に受け取る（概算払）", catalogue.After: "あとで受け取る（精算払）", catalogue.Either: "どちらか選べる"}

// amountWords is what a call pays: 10,000円から300,000円まで.
func amountWords(c catalogue.Call) string {
	switch {
	case c.Most > 0 && c.Least > 0:
		return page.YenText(c.Least) + "円から" + page.YenText(c.Most) + "円まで"
	case c.Most > 0:
		return page.YenText(c.Most) + "円まで"
	case c.Least > 0:
		return page.YenText(c.Least) + "円から"
	}
	return "額は要確認"
}

// closingWords is when a call closes, how the day is met, and how many days are left.
func closingWords(c catalogue.Call, today ledger.Date) string {
	d := c.Closes()
	switch {
	case d.On.IsZero() && d.Rolling():
		return "締切：" + howWords(d)
	case d.On.IsZero():
		return "締切：要確認"
	}
	words := "締切 " + page.DayOnly(d.On) + "（" + howWords(d) + "）"
	if howWords(d) == "" {
		words = "締切 " + page.DayOnly(d.On) + "（必着か消印有効か、要確認）"
	}
	if proposed := c.On("推薦締切"); !proposed.IsZero() && !proposed.Before(today) {
		words += "　推薦の締切 " + page.DayOnly(proposed)
	}
	if left := d.On.Sub(today); left >= 0 {
		return fmt.Sprintf("%s　あと%d日", words, left)
	}
	return words + "　終わりました"
}

// factWords is a fact that a rule was held against, with its day.
func factWords(key string, f fit.Fact) string {
	var words string
	switch {
	case f.Number != nil:
		words = ledger.Yen(*f.Number).String()
	case f.Yes != nil:
		words = map[bool]string{true: "はい", false: "いいえ"}[*f.Yes]
	case !f.Day.IsZero():
		words = page.DayOnly(f.Day)
	default:
		words = strings.Join(f.Words, "、")
	}
	if words == "" {
		return ""
	}
	return fmt.Sprintf("%s：%s（%sの答え）", keyLabel(key), words, page.DayOnly(f.On))
}

// keyLabel is a fact's name in plain words.
func keyLabel(key string) string {
	for _, k := range profile.Keys {
		if k.Key == key {
			return k.Label
		}
	}
	return key
}

// partWords says why a part of a score has its points.
func partWords(part fit.Part) string {
	return fmt.Sprintf("%s：%d点（重み %d）　%s", locale.Japanese.T("call.part_"+part.Name), part.Points, part.Weight, locale.Japanese.T(part.Why))
}

// keyOptions are the facts a rule may ask for, and the papers.
func keyOptions() []page.Option {
	options := []page.Option{{Value: "", Text: "—"}}
	for _, k := range profile.Keys {
		if k.Kind != profile.Text && k.Use != profile.Persons {
			options = append(options, page.Option{Value: k.Key, Text: k.Label})
		}
	}
	for _, kind := range profile.Kinds {
		options = append(options, page.Option{Value: kind, Text: "書類：" + kind})
	}
	return options
}

package fit_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var calls = []fit.Call{
	{Purposes: []string{"配食"}, Areas: []string{"鹿児島県"}, Text: "ひとり暮らしの高齢者へのお弁当の配達と見守りを行う団体に助成します", Least: 10_000, Most: 300_000, Writing: 1_200, Closes: today.AddDays(30)},
	{Purposes: []string{"居場所"}, Areas: []string{fit.Everywhere}, Text: "子どもの居場所づくりを支援します", Most: 3_000_000, Advance: true, Writing: 6_000, Closes: today.AddDays(20)},
	{Purposes: []string{"居場所", "サロン"}, Areas: []string{"奄美市"}, Text: "地域のサロンや茶話会など、高齢者の居場所を開く団体を応援します", Most: 150_000, Advance: true, Writing: 800, Closes: today.AddDays(10)},
	{Areas: []string{fit.Everywhere}, Text: "商店街の設備投資を補助します", Most: 5_000_000, Closes: today.AddDays(5),
		Rules: []fit.Rule{must(fit.Rule{Key: "legal_form", Test: fit.OneOf, Words: []string{"株式会社"}})}},
}

func salon() fit.Plan {
	return fit.Plan{Purposes: []string{"居場所"}, Areas: []string{"鹿児島県", "奄美市"}, Need: 120_000,
		Text: "集会所で月に二回、お茶を飲みながら話すサロンを開き、ひとり暮らしの高齢者の居場所をつくる"}
}

func TestTheCallThatSuitsThePlanComesFirst(t *testing.T) {
	facts := group(fit.Facts{"legal_form": words("任意団体")})
	matches := fit.NewCatalogue(calls).Fit(facts, salon(), today)
	var order []int
	for _, m := range matches {
		order = append(order, m.Call)
	}
	if order[0] != 2 || order[3] != 3 || matches[3].Answer != fit.Out {
		t.Errorf("order %v, the last is %s; want the salon's first and the company's out", order, matches[3].Answer)
	}
	if matches[0].Days != 10 || matches[0].Score.Points < 60 {
		t.Errorf("the salon's call: %d days, %d points", matches[0].Days, matches[0].Score.Points)
	}
	weights := 0
	for _, part := range matches[0].Score.Parts {
		if weights += part.Weight; part.Points < 0 || part.Points > 100 || part.Why == "" {
			t.Errorf("part %+v", part)
		}
	}
	if weights != 100 {
		t.Errorf("weights add up to %d", weights)
	}
}

func TestEachPartOfAScoreFollowsItsFigure(t *testing.T) {
	points := func(change func(*fit.Plan), name string, call int) int {
		plan := salon()
		change(&plan)
		for _, m := range fit.NewCatalogue(calls[:3]).Fit(group(nil), plan, today) {
			for _, part := range m.Score.Parts {
				if m.Call == call && part.Name == name {
					return part.Points
				}
			}
		}
		return -1
	}
	same := func(*fit.Plan) {}
	need := func(yen ledger.Yen) func(*fit.Plan) { return func(p *fit.Plan) { p.Need = yen } }
	short := func(p *fit.Plan) { p.ShortOfCash = true }
	for _, test := range []struct {
		what string
		got  int
		want int
	}{
		{"the whole need", points(need(150_000), "amount", 2), 100},
		{"half of the need", points(need(300_000), "amount", 2), 50},
		{"less than the least", points(need(9_999), "amount", 0), 0},
		{"the city itself", points(same, "area", 2), 100},
		{"its prefecture", points(same, "area", 0), 66},
		{"everywhere", points(same, "area", 1), 30},
		{"paid before", points(short, "payment", 2), 100},
		{"paid after, when short", points(short, "payment", 0), 0},
		{"paid after, when not", points(same, "payment", 0), 60},
		{"another purpose", points(same, "purpose", 0), 0},
		{"53 characters for ten thousand yen", points(same, "writing", 2), 92},
	} {
		if test.got != test.want {
			t.Errorf("%s: %d points; want %d", test.what, test.got, test.want)
		}
	}
}

func TestLikenessFoldsWidthAndNeedsNoDictionary(t *testing.T) {
	index := fit.NewIndex([]string{"サロンを開く", "会計ソフトを買う", ""})
	for text, want := range map[string][3]bool{"ｻﾛﾝ を": {true, false, false}, "ソフト": {false, true, false}, "": {}} {
		got := index.Likeness(text)
		for i, liked := range want {
			if (got[i] > 0) != liked {
				t.Errorf("Likeness(%q)[%d] = %d; want above zero: %t", text, i, got[i], liked)
			}
		}
	}
	if l := index.Likeness("サロンを開く")[0]; l > 1000 || l < 400 {
		t.Errorf("a text is like itself by %d", l)
	}
}

package sample

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// seekGrants has the group look for money for its suppers: what forms ask, a worksheet, two calls after the kinds of real ones, and a draft that is half written.
func (w *writer) seekGrants() {
	w.facts()
	sheet := w.worksheet()
	call := w.calls()
	w.draft(sheet, call)
}

func (w *writer) facts() {
	number := func(n int64) profile.Value { return profile.Value{Number: &n} }
	yes, purpose, founded := true, "火曜の夜に、みんなの食堂をひらきます。", ledger.NewDate(1987, 4, 1)
	for _, f := range []profile.Fact{
		{Key: "members", Value: number(32)}, {Key: "public_finances", Value: profile.Value{Yes: &yes}}, {Key: "has_rules", Value: profile.Value{Yes: &yes}},
		{Key: "org.purpose", Value: profile.Value{Text: &purpose}}, {Key: "founded_on", Value: profile.Value{Day: &founded}},
		{Key: "area", Value: profile.Value{Words: []string{"練習県", "練習市"}}}, {Key: "legal_form", Value: profile.Value{Words: []string{"町内会"}}},
	} {
		w.do(func() error { return profile.Say(w.ctx, w.tx, w.organisation, f, w.helper, w.at) })
	}
}

func (w *writer) worksheet() (id int64) {
	w.do(func() (err error) {
		id, err = plans.Start(w.ctx, w.tx, plans.Worksheet{OrganisationID: w.organisation, InitiativeID: w.initiative, Title: "夕ごはんを毎週ひらく", Body: plans.Body{
			Voice: "火曜のほかの日は、ひとりで食べています。", Assessed: "ひとりで夕ごはんを食べる高齢者と子どもが、町内に15人ほどいる。", Gap: "配食はあるが、いっしょに食べる居場所がない。",
			Name: "みんなの夕ごはん（毎週）", Content: "集会所で、毎週火曜に夕ごはんをひらく。食堂の前に宿題の時間をつくる。", Occasions: "町内会の総会、地域の協議体",
			Survey: plans.Survey{Who: "町内の全世帯", How: "回覧の調査票", When: "10月", What: "食事をだれととるか、来られる曜日"},
			Formal: []plans.Partner{{Name: "地域包括支援センター", Role: "相談"}, {Name: "小学校"}}, Informal: []plans.Partner{{Name: "民生委員"}, {Name: "八百屋"}},
			Steps:   []plans.Step{{Month: w.in(30).String()[:7], What: "手伝う人の集まり", Who: "町内会"}, {Month: w.in(60).String()[:7], What: "試しの会"}},
			Helpers: "料理の会に声をかけ、衛生の講座を4回ひらく。",
			Costs:   []plans.Cost{{What: "食材", Quantity: 40, Unit: "回", Price: 9_000}, {What: "備品（炊飯器）", Quantity: 1, Unit: "台", Price: 48_000}, {What: "講師謝金", Quantity: 4, Unit: "回", Price: 10_000}},
			Funding: []plans.Funding{{Source: plans.Fees, What: "100円 × 15人 × 40回", Amount: 60_000}, {Source: plans.Donations, Amount: 100_000}, {Source: plans.Grants, Amount: 200_000}},
		}}, w.helper, w.at)
		return err
	})
	return id
}

// calls enters two calls and returns the first: one with conditions and a form, one of the whole country.
func (w *writer) calls() (first int64) {
	for i, o := range []catalogue.Opportunity{
		{Funder: "【練習】練習市社会福祉協議会", Programme: "地域福祉活動支援", Call: catalogue.Call{
			Title: "地域福祉活動支援事業助成", Summary: "高齢者や子どもの居場所、食事の会、見守りなど、住民の支え合いの活動に助成します。", Purposes: []string{"居場所", "食堂", "見守り"}, Areas: []string{"練習市"},
			Most: 300_000, Payment: catalogue.Either, Template: "t3_community_chest", Writing: 1_900,
			Deadlines: []catalogue.Deadline{{Kind: catalogue.Opening, On: w.in(-10)}, {Kind: catalogue.Closing, On: w.in(45), Rule: "必着"}},
			Rules: []fit.Rule{
				{Key: "members", Test: fit.AtLeast, Value: 5, Must: true, Quote: "構成員が5人以上の団体"}, {Key: "public_finances", Test: fit.Yes, Must: true, Quote: "会計を公開していること"},
				{Key: "規約", Test: fit.Paper, Must: true, Quote: "規約の写しを添えること"}, {Key: "other_public_money", Test: fit.No, Must: true, Quote: "同じ事業にほかの公的な助成を受けていないこと"},
			},
		}},
		{Funder: "【練習】ほしぞら財団", Programme: "用具助成", Call: catalogue.Call{
			Title: "ボランティア活動の用具助成", Summary: "ボランティア団体が活動に使う用具や機器を買う費用に助成します。消耗品は対象になりません。", Purposes: []string{"居場所", "配食"}, Areas: []string{fit.Everywhere},
			Most: 100_000, Payment: catalogue.After, Template: "t2_volunteer_goods", Deadlines: []catalogue.Deadline{{Kind: catalogue.Closing, On: w.in(80), Rule: "消印有効"}},
			Rules: []fit.Rule{{Key: "legal_form", Test: fit.NoneOf, Words: []string{"町内会", "自治会"}, Must: true, Quote: "町内会・自治会は対象外です"}},
		}},
	} {
		o.FiscalYear, o.Status, o.Source = w.in(-90).Year(), catalogue.Open, catalogue.Manual
		w.do(func() error {
			id, err := catalogue.Enter(w.ctx, w.tx, o, catalogue.Author{Name: "練習 コーディネーター"}, w.at)
			if i == 0 {
				first = id
			}
			return err
		})
	}
	return first
}

// draft begins an application and leaves the half of it to be written.
func (w *writer) draft(sheet, call int64) {
	w.do(func() error {
		forms, err := template.Builtin()
		if err != nil {
			return err
		}
		for _, form := range forms {
			if form.Key != "t3_community_chest" {
				continue
			}
			if err = application.Publish(w.ctx, w.tx, form, "使い道", w.at); err != nil {
				return err
			}
			id, err := application.Start(w.ctx, w.tx, application.Draft{
				OrganisationID: w.organisation, Title: "地域福祉活動支援事業助成", OpportunityID: call, CallVersion: 1, WorksheetID: sheet, InitiativeID: w.initiative, FormKey: form.Key, FormVersion: form.Version, DueOn: w.in(45),
				Answers: template.Answers{"name": {Text: "みんなの夕ごはん"}, "kind": {Text: "継続"}, "issue": {Text: "ひとりで夕ごはんを食べる高齢者と子どもが、町内に15人ほどいます。"}, "target": {Text: "15"}},
				Budget: budget.Sheet{
					Costs:  []budget.Cost{{Category: "food", Item: "食材", Quantity: 40, Unit: "回", Price: 9_000}, {Category: "goods", Item: "炊飯器", Quantity: 1, Unit: "台", Price: 48_000, Quotes: 1}, {Category: "lecturer", Item: "衛生の講座", Quantity: 4, Unit: "回", Price: 10_000}},
					Income: []budget.Income{{Source: formula.Fee, Item: "100円 × 15人 × 40回", Amount: 60_000}, {Source: formula.Donation, Item: "夕ごはん募金", Amount: 100_000}},
				},
			}, w.helper, w.at)
			if err != nil {
				return err
			}
			return w.beside(id)
		}
		return fmt.Errorf("sample: %w", application.ErrNoForm)
	})
}

// beside leaves a task, a word at a question, and a text to use again.
func (w *writer) beside(draft int64) error {
	for _, n := range []application.Note{{Text: "備品の見積りを、もう一社からとる", Field: "budget", DueOn: w.in(14), ForID: w.helper.SubjectID}, {Text: "人数は、回覧の調査の数に合わせる", Field: "target"}} {
		if err := application.AddNote(w.ctx, w.tx, w.organisation, draft, n, w.helper, w.at); err != nil {
			return err
		}
	}
	_, err := application.KeepSnippet(w.ctx, w.tx, w.organisation, application.Snippet{Key: "need.summary", Title: "ひとりの夕ごはん（短い）", Text: "ひとりで夕ごはんを食べる高齢者と子どもが、町内に15人ほどいます。回覧の調査で、8割が「だれかと食べたい」と答えました。",
		Tags: []string{"食事", "居場所"}, SaidOn: w.in(-30)}, w.helper, w.at)
	return err
}

package reports_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

var practiceGroup = ledger.Organisation{Name: "練習 つどいの会", Representative: "練習 代表", Practice: true}

// chest is a draft on the shipped form of a community chest.
func chest(t *testing.T) reports.Application {
	t.Helper()
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	a := reports.Application{Organisation: practiceGroup, Form: forms[2], At: ledgertest.At}
	a.Draft = application.Draft{Title: "みんなのお茶の間", Answers: template.Answers{
		"org_name": {Text: "練習 つどいの会"}, "rep": {Text: "練習 ハナコ"}, "address": {Text: "練習市1-2-3"}, "phone": {Text: "000-000-0000"}, "founded": {Text: "2015-04-01"},
		"name": {Text: "みんなのお茶の間"}, "kind": {Text: "新規"}, "issue": {Text: strings.Repeat("ひとりで食べる人が増えている。", 20)}, "content": {Text: "月2回、集会所で。\n送り迎えもする。"},
		"period": {List: []string{"2026-12-01", "2027-03-31"}}, "target": {Text: "20"}, "helpers": {Text: "8"}, "pay": {Text: "概算（先に受け取る）"}, "oath": {Text: template.IsYes},
	}, Budget: budget.Sheet{
		Costs:  []budget.Cost{{Category: "lecturer", Item: "講師", Price: 10_000, Quantity: 1, Unit: "人", Times: 4, TimesOf: "回"}, {Category: "goods", Item: "湯沸かし", Price: 170_000, Quantity: 1, Quotes: 2}, {Category: "food", Item: "茶菓", Price: 300, Quantity: 100, Unit: "人"}},
		Income: []budget.Income{{Source: formula.Fee, Item: "参加費 100円 × 200人", Amount: 20_000}},
	}}
	if a.Worked, err = budget.Work(a.Draft.Budget, *a.Form.Budget); err != nil {
		t.Fatal(err)
	}
	a.Signed = []application.Signature{{Role: ledger.Treasurer, Approved: true, Current: true, By: "練習 会計", At: ledgertest.At}, {Role: ledger.Representative, Approved: true, By: "練習 代表", At: ledgertest.At}}
	return a
}

// words are all texts of a document, as its JSON holds them.
func words(t *testing.T, d document.Document) string {
	t.Helper()
	text, err := d.Blocks.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func keptPDF(t *testing.T, name string, d document.Document) pdf.Result {
	t.Helper()
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	r, err := pdf.Render(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("TSUKAIMICHI_KEEP_PDF"); folder != "" {
		if err = os.WriteFile(folder+"/"+name+".pdf", r.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestAnApplicationPrintsItsFramesItsBudgetAndWhy(t *testing.T) {
	t.Parallel()
	a := chest(t)
	d := a.Document()
	text := words(t, d)
	for _, want := range []string{"みんなのお茶の間", "解決したい地域課題（400字以内）", "10,000円 × 1人 × 4回", "①", "のうち少ないほう", "団体の負担", "練習 会計"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	if strings.Contains(text, "練習 代表\"") {
		t.Error("a sign-off of what was is printed")
	}
	if strings.Contains(text, "前回から改めること") {
		t.Error("a question that was not asked is printed")
	}
	if r := keptPDF(t, "application", d); r.Pages < 2 || len(r.Missing) > 0 {
		t.Errorf("%d pages, missing %q", r.Pages, r.Missing)
	}
}

func TestAPublicCopyNamesNobody(t *testing.T) {
	t.Parallel()
	a := chest(t)
	a.Public = true
	text := words(t, a.Document())
	for _, secret := range []string{"練習 ハナコ", "練習市1-2-3", "000-000-0000", "練習 会計"} {
		if strings.Contains(text, secret) {
			t.Errorf("the public copy says %q", secret)
		}
	}
	if !strings.Contains(text, "ひとりで食べる人") {
		t.Error("the public copy does not say why")
	}
}

func TestTheQuestionsAloneArePrintedBeforeAnyAnswer(t *testing.T) {
	t.Parallel()
	a := chest(t)
	a.Blank, a.Draft, a.Worked = true, application.Draft{}, budget.Worked{}
	text := words(t, a.Document())
	for _, want := range []string{"□ 新規　□ 継続", "前回から改めること", "（300字以内）"} {
		if !strings.Contains(text, want) {
			t.Errorf("the questions do not say %q", want)
		}
	}
	keptPDF(t, "questions", a.Document())
}

func TestAWorksheetPrintsOnOneSheetWithoutItsNotes(t *testing.T) {
	t.Parallel()
	w := plans.Worksheet{Title: "通院の足", Notes: "ひみつの覚え", Body: plans.Body{
		Voice: "病院に行けない", Assessed: "通院の足を失った人が12人", Gap: "バスの減便", Name: "通院の付き添い", Content: "月8回、予約制で送り迎えをする", Occasions: "協議体（10月）",
		Survey: plans.Survey{Who: "75歳以上の世帯", How: "民生委員の聞き取り", When: "11月", What: "いつ・どこへ・どうやって"},
		Formal: []plans.Partner{{Name: "地域包括支援センター", Role: "相談"}}, Informal: []plans.Partner{{Name: "町内会"}},
		Steps: []plans.Step{{Month: "2026-12", What: "説明会", Who: "町内会"}}, Helpers: "講座を4回",
		Costs:   []plans.Cost{{What: "ガソリン代", Quantity: 96, Unit: "回", Price: 300}, {What: "保険", Quantity: 1, Price: 24_000}},
		Funding: []plans.Funding{{Source: plans.Donations, What: "回覧と封筒", Amount: 52_800}},
	}}
	d := reports.Worksheet(practiceGroup, w, false, ledgertest.At)
	text := words(t, d)
	if strings.Contains(text, "ひみつ") || strings.Contains(text, "病院に行けない") {
		t.Error("the sheet holds notes or voices")
	}
	for _, want := range []string{"96回 × 300円 = 28,800円", "合計　52,800円", "寄付（回覧と封筒）　52,800円", "2026年12月　説明会（町内会）"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet does not say %q", want)
		}
	}
	if !strings.Contains(words(t, reports.Worksheet(practiceGroup, w, true, ledgertest.At)), "病院に行けない") {
		t.Error("the sheet for the meeting has no voices")
	}
	if r, err := pdf.RenderWith(t.Context(), d, pdf.Options{OnePage: true}); err != nil || r.Pages != 1 {
		t.Errorf("on one sheet: %d pages, %v", r.Pages, err)
	}
	keptPDF(t, "worksheet", d)
}

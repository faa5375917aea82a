package console

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mostUses is the most rows a draft can have; the domain says so as well.
const mostUses = 30

// useParts are the fields of a use, as they are named after use1_. The id is there where a promise changes: the use it had before.
var useParts = []string{"id", "name", "detail", "quantity", "unit", "unit_price", "amount", "due_on", "evidence"}

// UseRow is one use in the editor.
type UseRow struct {
	Number  int
	Name    string
	Items   []Item
	Product string // 16回 × 15,000円 ＝ 240,000円
	First   bool
	Last    bool
	Only    bool
}

func useField(n int, part string) string { return fmt.Sprintf("use%d_%s", n, part) }

// useCount is how many rows the form has.
func useCount(values url.Values) int {
	n, err := strconv.Atoi(values.Get("uses"))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, mostUses)
}

// arrangeUses carries out the button that was pressed: add, remove-3, up-3, down-3. It returns where the page is to show next.
func arrangeUses(values url.Values) string {
	count := useCount(values)
	act, at, _ := strings.Cut(values.Get("do"), "-")
	n, _ := strconv.Atoi(at)
	switch {
	case act == "add" && count < mostUses:
		values.Set("uses", strconv.Itoa(count+1))
		return "#use" + strconv.Itoa(count+1)
	case act == "remove" && n >= 1 && n <= count:
		for i := n; i < count; i++ {
			swapUses(values, i, i+1)
		}
		for _, part := range useParts {
			values.Del(useField(count, part))
		}
		if values.Get("costs_borne_by") == strconv.Itoa(count) {
			values.Set("costs_borne_by", campaigns.CostsGeneral)
		}
		values.Set("uses", strconv.Itoa(count-1))
		return "#uses"
	case act == "up" && n >= 2 && n <= count:
		swapUses(values, n, n-1)
		return "#use" + strconv.Itoa(n-1)
	case act == "down" && n >= 1 && n < count:
		swapUses(values, n, n+1)
		return "#use" + strconv.Itoa(n+1)
	}
	return ""
}

// swapUses changes two rows with each other; who bears the costs goes along.
func swapUses(values url.Values, a, b int) {
	for _, part := range useParts {
		x, y := values.Get(useField(a, part)), values.Get(useField(b, part))
		values.Set(useField(a, part), y)
		values.Set(useField(b, part), x)
	}
	switch values.Get("costs_borne_by") {
	case strconv.Itoa(a):
		values.Set("costs_borne_by", strconv.Itoa(b))
	case strconv.Itoa(b):
		values.Set("costs_borne_by", strconv.Itoa(a))
	}
}

// readPlan reads the form. An amount is the product where both factors are there.
func readPlan(t typed) campaigns.Plan {
	p := campaigns.Plan{
		Title: t.text("title"), Lead: t.text("lead"), Saying: t.text("saying"), Need: t.text("need"), OtherSources: t.text("other_sources"),
		Uncovered: t.text("uncovered"), CollectsFrom: t.day("collects_from"), CollectsUntil: t.day("collects_until"),
		IfTooLittle: t.text("if_too_little"), IfTooMuch: t.text("if_too_much"), IfStopped: t.text("if_stopped"),
		ReportDueOn: t.day("report_due_on"), Responsible: t.text("responsible"), CostsBorneBy: campaigns.CostsGeneral,
	}
	if p.Standing = t.Get("standing") == "yes"; p.Standing {
		p.CollectsUntil = ledger.Date{}
	}
	if t.text("margin") != "" {
		width := t.yen("margin")
		p.Margin = &width
	}
	bears, _ := strconv.Atoi(t.Get("costs_borne_by"))
	for i := range useCount(t.Values) {
		u := readUse(t, i+1)
		if u.BearsCosts = bears == i+1; u.BearsCosts {
			p.CostsBorneBy = campaigns.CostsUse
		}
		p.Uses = append(p.Uses, u)
	}
	p.Goals = readGoals(t)
	return withoutBlankUses(p)
}

func readUse(t typed, n int) campaigns.PlanUse {
	field := func(part string) string { return useField(n, part) }
	u := campaigns.PlanUse{
		Name: t.text(field("name")), Detail: t.text(field("detail")), Quantity: t.count(field("quantity")), Unit: t.text(field("unit")),
		UnitPrice: t.yen(field("unit_price")), Amount: t.yen(field("amount")), DueOn: t.day(field("due_on")), Evidence: t.text(field("evidence")),
	}
	if u.Amount == 0 && u.Quantity > 0 && u.UnitPrice > 0 {
		product, err := u.UnitPrice.Mul(u.Quantity, 1, ledger.Down)
		t.bad.Need(err == nil, field("quantity"), "amount.too_large")
		u.Amount = product
	}
	return u
}

// draftValues writes a draft into the fields of the form. What follows from other fields stays empty.
func draftValues(c standing, initiatives []ledger.Initiative) url.Values {
	p := c.Plan
	values := url.Values{"slug": {c.Slug}, "title": {p.Title}, "lead": {p.Lead}, "saying": {p.Saying}, "need": {p.Need},
		"other_sources": {p.OtherSources}, "uncovered": {p.Uncovered}, "costs_borne_by": {p.CostsBorneBy},
		"collects_from": {p.CollectsFrom.String()}, "collects_until": {p.CollectsUntil.String()}, "report_due_on": {p.ReportDueOn.String()},
		"if_too_little": {p.IfTooLittle}, "if_too_much": {p.IfTooMuch}, "if_stopped": {p.IfStopped}, "responsible": {p.Responsible},
		"uses": {strconv.Itoa(len(p.Uses))}}
	for _, in := range initiatives {
		if in.ID == c.InitiativeID {
			values.Set("initiative", in.Name)
		}
	}
	if p.Standing {
		values.Set("standing", "yes")
	}
	setGoals(values, p.Goals)
	if p.Margin != nil {
		values.Set("margin", p.Margin.String())
	}
	for i, u := range p.Uses {
		set := func(part, text string) { values.Set(useField(i+1, part), text) }
		set("name", u.Name)
		set("detail", u.Detail)
		set("unit", u.Unit)
		set("due_on", u.DueOn.String())
		set("evidence", u.Evidence)
		if u.Quantity > 0 {
			set("quantity", ledger.Yen(u.Quantity).String())
		}
		if u.UnitPrice > 0 {
			set("unit_price", u.UnitPrice.String())
		}
		if u.Amount > 0 && (u.Quantity == 0 || u.UnitPrice == 0) {
			set("amount", u.Amount.String())
		}
		if u.BearsCosts {
			values.Set("costs_borne_by", strconv.Itoa(i+1))
		}
	}
	return values
}

// evidenceWords are what shows that money was used as promised.
var evidenceWords = []string{"レシート", "領収書", "領収書と写真", "請求書", "支払いの明細", "活動の記録"}

func useRows(b builder, values url.Values, p campaigns.Plan) []UseRow {
	count := useCount(values)
	rows := make([]UseRow, count)
	for i := range rows {
		n := i + 1
		field := func(part string) string { return useField(n, part) }
		rows[i] = UseRow{Number: n, Name: values.Get(field("name")), First: n == 1, Last: n == count, Only: count == 1, Items: []Item{
			b.field(page.Field{Name: field("name"), Label: "何に使うか", Hint: "例：食材費", MostRunes: 40}),
			b.field(page.Field{Name: field("detail"), Label: "内わけ", Aside: optional, Hint: "例：お米・野菜・肉・調味料"}),
			b.field(page.Field{Name: field("quantity"), Label: "数", Aside: optional, InputMode: "numeric", Hint: "例：16"}),
			b.listed(page.Field{Name: field("unit"), Label: "数の単位", Aside: optional}, []string{"回", "個", "人", "台", "か月", "式"}),
			b.field(yenField(field("unit_price"), "1つの金額（単価）", optional)),
			b.field(yenField(field("amount"), "金額", "数と単価を書いたら、書かなくてよい")),
			b.field(dayField(field("due_on"), "いつまでに使うか", "")),
			b.listed(page.Field{Name: field("evidence"), Label: "何で示すか"}, evidenceWords),
		}}
		if i < len(p.Uses) && p.Uses[i].Name == rows[i].Name {
			rows[i].Product = productText(p.Uses[i])
		}
	}
	return rows
}

// productText writes a use as it was reckoned: 16回 × 15,000円 ＝ 240,000円.
func productText(u campaigns.PlanUse) string {
	if u.Amount == 0 {
		return ""
	}
	if u.Quantity == 0 || u.UnitPrice == 0 {
		return page.YenText(u.Amount) + "円"
	}
	return page.YenText(ledger.Yen(u.Quantity)) + u.Unit + " × " + page.YenText(u.UnitPrice) + "円 ＝ " + page.YenText(u.Amount) + "円"
}

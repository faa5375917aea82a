package granting

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// Money is what a call means for the group's own money: what it pays, what is left to carry, and what is laid out until it pays.
type Money struct {
	Sums   []page.Pair
	Says   []string
	Why    []string
	Months page.Table
	Action string // of the form that asks for counts; empty when the rule needs none
	Plan   string
	Counts []page.Field
}

// Some reports whether there is a plan to say anything of.
func (m Money) Some() bool { return len(m.Sums) > 0 }

// The rule of thumb for offices: a decision about three months after the closing day, the money one month after it; after the work two months from the report
// to the money. Said on the page wherever it is used.
const (
	untilDecided = 90
	untilPaid    = 30
	untilSettled = 60
)

// countPrefix begins the names of the fields for counts: count_session.
const countPrefix = "count_"

// readCounts reads the counts of the address; what is no number is not given.
func readCounts(query url.Values) map[string]int64 {
	counts := map[string]int64{}
	for name := range query {
		key, is := strings.CutPrefix(name, countPrefix)
		if n, err := ledger.ParseYen(query.Get(name)); is && err == nil && n >= 0 {
			counts[key] = int64(n)
		}
	}
	return counts
}

// money says what the claim means, for work as the call or the sheet names it.
func (c *claim) money(sheet plans.Worksheet, path string, query url.Values, today ledger.Date) Money {
	m := Money{Plan: strconv.FormatInt(sheet.ID, 10)}
	m.ask(c, path, query)
	share := c.share()
	m.Sums = []page.Pair{{Term: "必要経費", Text: yenWords(c.worked.Total)}}
	if c.worked.Eligible < c.worked.Total {
		m.Sums = append(m.Sums, page.Pair{Term: "うち対象になる額", Text: yenWords(c.worked.Eligible)})
	}
	if share.Income > 0 {
		m.Sums = append(m.Sums, page.Pair{Term: "利用料・寄付・協賛", Text: yenWords(share.Income)})
	}
	m.Sums = append(m.Sums, page.Pair{Term: "求められる額", Text: yenWords(c.amount), Strong: true}, page.Pair{Term: "団体の負担", Text: yenWords(share.Own), Strong: true})
	m.doubts(c, share)
	if !c.rough {
		m.Why = c.worked.Claim.Explain(budget.Words(c.spec))
	}
	m.ahead(c, share, sheet.Body, today)
	return m
}

func yenWords(amount ledger.Yen) string { return page.YenText(amount) + "円" }

// ask makes the fields for the counts of the rule.
func (m *Money) ask(c *claim, path string, query url.Values) {
	rule, given, err := budget.FormulaOf(c.sheet, c.spec)
	if err != nil || !given {
		return
	}
	form := page.NewForm(query, nil)
	names := budget.Words(c.spec)
	for _, need := range rule.Needs() {
		if need.Kind == formula.Count {
			m.Action = path
			m.Counts = append(m.Counts, form.Field(page.Field{Name: countPrefix + need.Name, ID: countPrefix + need.Name, Label: names.Names[need.Name], InputMode: "numeric"}))
		}
	}
}

// doubts says what the figures rest on.
func (m *Money) doubts(c *claim, share formula.Share) {
	switch {
	case c.rough && c.worked.Missing != "":
		m.Says = append(m.Says, "額の決まりは「"+budget.Words(c.spec).Names[c.worked.Missing]+"」を使います。入れると、正しく計算します。いまは、上限の額で計算しています。")
	case c.rough:
		m.Says = append(m.Says, "額の決まりが入っていないので、上限の額で計算しています。")
	case c.amount == 0 && c.worked.Claim.Amount > 0:
		m.Says = append(m.Says, "求められる額が、この募集の下限に届きません。")
	}
	var unsure []string
	for i, line := range c.worked.Lines {
		if c.unsure[i] {
			unsure = append(unsure, line.Item)
		}
	}
	if len(unsure) > 0 {
		m.Says = append(m.Says, "対象になる費用か、要確認："+strings.Join(unsure, "、")+"。ここでは、対象になるものとして計算しています。")
	}
	if share.Surplus > 0 {
		m.Says = append(m.Says, "利用料や寄付と合わせると、必要経費より"+yenWords(share.Surplus)+"多くなります。余ったお金は、返すことになります。")
	}
}

// work is when the work is done, and what that rests on: the call, else the months of the sheet, else the fiscal year after the decision.
func (c *claim) work(body plans.Body, today ledger.Date) (from, until, decided ledger.Date, why string) {
	if decided = c.call.On("決定予定"); decided.IsZero() {
		if decided = c.call.On(catalogue.Closing); decided.IsZero() {
			decided = today
		}
		decided = decided.AddDays(untilDecided)
	}
	from, until, why = c.call.On("事業開始"), c.call.On("事業終了"), "募集要項の事業の期間"
	if from.IsZero() {
		from, until, why = monthsOf(body)
	}
	if from.IsZero() {
		from, why = ledger.NewDate(decided.Year(), decided.Month()+1, 1), "決定のつぎの月から年度末まで"
	}
	if until.Before(from) {
		until = fiscalYearEnd(from)
	}
	return from, until, decided, why
}

// monthsOf is from the first to the last month that the sheet's steps name.
func monthsOf(body plans.Body) (from, until ledger.Date, why string) {
	for _, step := range body.Steps {
		first, err := ledger.ParseDate(step.Month + "-01")
		if err != nil {
			continue
		}
		if from.IsZero() || first.Before(from) {
			from = first
		}
		if last := ledger.NewDate(first.Year(), first.Month()+1, 1).AddDays(-1); last.After(until) {
			until = last
		}
	}
	return from, until, "シートの準備の月"
}

func fiscalYearEnd(d ledger.Date) ledger.Date {
	year := d.Year()
	if d.Month() >= time.April {
		year++
	}
	return ledger.NewDate(year, time.March, 31)
}

// paid is when the money is expected, and what that rests on.
func (c *claim) paid(until, decided ledger.Date) (on ledger.Date, why string) {
	if c.call.Payment == catalogue.Before || c.call.Payment == catalogue.Either {
		return decided.AddDays(untilPaid), "決定の1か月あとに受け取る"
	}
	report, words := until.AddDays(30), "終わってから30日で報告"
	for _, duty := range c.duties {
		if duty.Due == nil || !strings.Contains(duty.Kind, "報告") || (duty.From != "end" && duty.From != "fiscal_year_end") {
			continue
		}
		start := until
		if duty.From == "fiscal_year_end" {
			start = fiscalYearEnd(until)
		}
		report, words = duty.Due.Due(start, time.April), duty.Kind+"（"+duty.Due.String()+"）"
		break
	}
	return report.AddDays(untilSettled), words + "し、その2か月あとに受け取る"
}

// ahead says how much is laid out and for how long, with the months as a table.
func (m *Money) ahead(c *claim, share formula.Share, body plans.Body, today ledger.Date) {
	if c.amount == 0 {
		return
	}
	from, until, decided, why := c.work(body, today)
	paid, when := c.paid(until, decided)
	a := budget.Ahead(c.worked.Total, share, from, until, paid)
	if a.Most == 0 {
		m.Sums = append(m.Sums, page.Pair{Term: "立て替える額", Text: "ありません", Strong: true})
	} else {
		m.Sums = append(m.Sums, page.Pair{Term: "立て替える額（いちばん多いとき）", Text: yenWords(a.Most), Strong: true},
			page.Pair{Term: "立て替える間", Text: fmt.Sprintf("%sから%dか月", page.Month(a.From), a.Months), Strong: true})
	}
	m.Sums = append(m.Sums, page.Pair{Term: "お金が入る見こみ", Text: page.Month(paid) + "　" + paymentWords[c.call.Payment]})
	switch c.call.Payment {
	case "":
		m.Says = append(m.Says, "お金が入るときを、まだ確かめていません。あとで受け取るもの（精算払）として計算しています。")
	case catalogue.Either:
		m.Says = append(m.Says, "先に受け取る（概算払）を選んだときの額です。あとで受け取ると、終わるまで立て替えることになります。")
	}
	m.Says = append(m.Says, fmt.Sprintf("%s（%sから%sまで）に毎月同じだけ使い、%sものとしています。団体の負担の分から先に使います。", why, page.Month(from), page.Month(until), when))
	if from.Before(decided) {
		m.Says = append(m.Says, "決定より前に使ったお金は、対象にならない募集が多いです。始める日を、募集要項で確かめてください。")
	}
	m.Months = page.Table{Caption: "月ごとの見こみ", Columns: []page.Column{{Text: "月"}, {Text: "使ったお金", Number: true}, {Text: "入ったお金", Number: true}, {Text: "助成", Number: true}, {Text: "立替え", Number: true}}}
	for _, line := range a.Lines {
		m.Months.Rows = append(m.Months.Rows, page.Row{Name: page.Month(line.On), Cells: []string{yenWords(line.Spent), yenWords(line.In), yenWords(line.Grant), yenWords(line.Out)}})
	}
}

package granting

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

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

// ahead says how much is laid out and for how long, with the months as a table.
func (m *Money) ahead(c *claim, share formula.Share, body plans.Body, today ledger.Date) {
	if c.amount == 0 {
		return
	}
	a, s := c.advance(share, body, today)
	if a.Most == 0 {
		m.Sums = append(m.Sums, page.Pair{Term: "立て替える額", Text: "ありません", Strong: true})
	} else {
		m.Sums = append(m.Sums, page.Pair{Term: "立て替える額（いちばん多いとき）", Text: yenWords(a.Most), Strong: true},
			page.Pair{Term: "立て替える間", Text: fmt.Sprintf("%sから%dか月", page.Month(a.From), a.Months), Strong: true})
	}
	m.Sums = append(m.Sums, page.Pair{Term: "お金が入る見こみ", Text: page.Month(s.paid) + "　" + paymentWords[c.call.Payment]})
	switch c.call.Payment {
	case "":
		m.Says = append(m.Says, "お金が入るときを、まだ確かめていません。あとで受け取るもの（精算払）として計算しています。")
	case catalogue.Either:
		m.Says = append(m.Says, "先に受け取る（概算払）を選んだときの額です。あとで受け取ると、終わるまで立て替えることになります。")
	}
	m.Says = append(m.Says, fmt.Sprintf("%s（%sから%sまで）に毎月同じだけ使い、%sものとしています。団体の負担の分から先に使います。", s.why, page.Month(s.from), page.Month(s.until), s.when))
	if s.from.Before(s.decided) {
		m.Says = append(m.Says, "決定より前に使ったお金は、対象にならない募集が多いです。始める日を、募集要項で確かめてください。")
	}
	m.Months = page.Table{Caption: "月ごとの見こみ", Columns: []page.Column{{Text: "月"}, {Text: "使ったお金", Number: true}, {Text: "入ったお金", Number: true}, {Text: "助成", Number: true}, {Text: "立替え", Number: true}}}
	for _, line := range a.Lines {
		m.Months.Rows = append(m.Months.Rows, page.Row{Name: page.Month(line.On), Cells: []string{yenWords(line.Spent), yenWords(line.In), yenWords(line.Grant), yenWords(line.Out)}})
	}
}

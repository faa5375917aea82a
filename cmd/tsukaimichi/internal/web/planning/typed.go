package planning

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// readSheet reads the boxes of a sheet as they were sent. What cannot be read is noted at its box and kept as it was typed by the form.
func readSheet(v url.Values) (plans.Body, ledger.Invalid) {
	bad := ledger.Invalid{}
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(v.Get(name), "\r\n", "\n"))
	}
	b := plans.Body{
		Voice: text("voice"), Assessed: text("assessed"), Gap: text("gap"), Name: text("name"), Content: text("content"), Occasions: text("occasions"),
		Survey: plans.Survey{Who: text("survey_who"), How: text("survey_how"), When: text("survey_when"), What: text("survey_what")},
		Formal: readPartners(text("formal")), Informal: readPartners(text("informal")), Helpers: text("helpers"),
	}
	for i := range rowsOf(v, "step_what") {
		s := plans.Step{Month: month(cell(v, "step_month", i)), What: cell(v, "step_what", i), Who: cell(v, "step_who", i)}
		if s != (plans.Step{}) {
			b.Steps = append(b.Steps, s)
		}
	}
	for i := range rowsOf(v, "cost_what") {
		c := plans.Cost{What: cell(v, "cost_what", i), Unit: cell(v, "cost_unit", i), Quantity: int64(yen(cell(v, "cost_quantity", i), "costs", bad)), Price: yen(cell(v, "cost_price", i), "costs", bad)}
		if c != (plans.Cost{}) {
			c.Quantity = max(c.Quantity, 1)
			b.Costs = append(b.Costs, c)
		}
	}
	for i := range rowsOf(v, "fund_what") {
		f := plans.Funding{Source: plans.Source(cell(v, "fund_source", i)), What: cell(v, "fund_what", i), Amount: yen(cell(v, "fund_amount", i), "funding", bad)}
		if f.What != "" || f.Amount != 0 {
			b.Funding = append(b.Funding, f)
		}
	}
	return b, bad
}

// rowsOf is how many rows were sent.
func rowsOf(v url.Values, name string) int { return min(len(v[name]), 100) }

func cell(v url.Values, name string, i int) string {
	if i >= len(v[name]) {
		return ""
	}
	return strings.TrimSpace(v[name][i])
}

func yen(text, field string, bad ledger.Invalid) ledger.Yen {
	if text == "" {
		return 0
	}
	amount, err := ledger.ParseYen(text)
	bad.Need(err == nil, field, "plan.amount_shape")
	return amount
}

// month reads 2026-12, also 2026年12月 and 2026/12; anything else is kept as it is, to be refused with its words.
func month(text string) string {
	if text == "" {
		return ""
	}
	if on, err := ledger.ParseDate(strings.TrimSuffix(strings.NewReplacer("年", "-", "/", "-", "月", "").Replace(text), "-") + "-01"); err == nil {
		return on.String()[:7]
	}
	year, rest, found := strings.Cut(strings.NewReplacer("年", "-", "/", "-", "月", "").Replace(text), "-")
	if n, err := strconv.Atoi(rest); found && err == nil && n >= 1 && n <= 12 {
		return year + "-" + strconv.Itoa(100 + n)[1:]
	}
	return text
}

// readPartners reads a line for each: 名前／役割.
func readPartners(text string) []plans.Partner {
	var all []plans.Partner
	for _, line := range strings.Split(text, "\n") {
		name, role, _ := strings.Cut(strings.ReplaceAll(line, "/", "／"), "／")
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, plans.Partner{Name: name, Role: strings.TrimSpace(role)})
		}
	}
	return all
}

func partnerLines(all []plans.Partner) string {
	lines := make([]string, len(all))
	for i, p := range all {
		if lines[i] = p.Name; p.Role != "" {
			lines[i] += "／" + p.Role
		}
	}
	return strings.Join(lines, "\n")
}

// sheetValues are the values of the form for a sheet as it stands.
func sheetValues(w plans.Worksheet) url.Values {
	b := w.Body
	v := url.Values{}
	for name, text := range map[string]string{
		"title": w.Title, "notes": w.Notes, "initiative": strconv.FormatInt(w.InitiativeID, 10), "voice": b.Voice, "assessed": b.Assessed, "gap": b.Gap, "name": b.Name,
		"content": b.Content, "occasions": b.Occasions, "survey_who": b.Survey.Who, "survey_how": b.Survey.How, "survey_when": b.Survey.When, "survey_what": b.Survey.What,
		"formal": partnerLines(b.Formal), "informal": partnerLines(b.Informal), "helpers": b.Helpers,
	} {
		v.Set(name, text)
	}
	if w.InitiativeID == 0 {
		v.Set("initiative", "")
	}
	for _, s := range b.Steps {
		v.Add("step_month", s.Month)
		v.Add("step_what", s.What)
		v.Add("step_who", s.Who)
	}
	for _, c := range b.Costs {
		v.Add("cost_what", c.What)
		v.Add("cost_quantity", strconv.FormatInt(c.Quantity, 10))
		v.Add("cost_unit", c.Unit)
		v.Add("cost_price", strconv.FormatInt(int64(c.Price), 10))
	}
	for _, f := range b.Funding {
		v.Add("fund_source", string(f.Source))
		v.Add("fund_what", f.What)
		v.Add("fund_amount", strconv.FormatInt(int64(f.Amount), 10))
	}
	return v
}

package forming

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// share is the rule that most calls have: a share of a cost or the whole of it, no more than a cap and than what is accepted, rounded down; perhaps less what income
// covers, perhaps nothing below a least amount.
type share struct {
	num, den int64 // num 0: no share, the whole of what is accepted
	of       string
	cap      int64
	unit     int64
	least    int64
	deduct   bool
}

// object is a node of a rule as JSON.
type object = map[string]any

func floored(unit int64, of any) any {
	if unit <= 1 {
		return of
	}
	return object{"floor": object{"unit": unit, "of": of}}
}

func rated(num, den int64, of any) any {
	if num == 0 {
		return of
	}
	return object{"rate": object{"num": num, "den": den, "of": of}}
}

func capped(parts []any, cap int64) []any {
	if cap > 0 {
		parts = append(parts, cap)
	}
	return parts
}

// rule is the share as a rule of formula.
func (s share) rule() any {
	rule := any(object{"min": capped([]any{floored(s.unit, rated(s.num, s.den, s.of)), "eligible"}, s.cap)})
	switch {
	case s.deduct:
		most := append(capped([]any{"eligible"}, s.cap), object{"less": object{"of": "total", "income": formula.Sources}})
		rule = floored(s.unit, rated(s.num, s.den, object{"min": most}))
	case s.num == 0:
		rule = floored(s.unit, object{"min": capped([]any{"eligible"}, s.cap)})
	}
	if s.least > 0 {
		rule = object{"least": object{"yen": s.least, "of": rule}}
	}
	return rule
}

// alike are rules that come to the same as rule for all figures: a share of what is accepted is never more than that.
func (s share) alike() []any {
	all := []any{s.rule()}
	if s.of == "eligible" && !s.deduct && s.num > 0 && s.least == 0 {
		bare := floored(s.unit, rated(s.num, s.den, "eligible"))
		if all = append(all, object{"min": capped([]any{bare}, s.cap)}); s.cap == 0 {
			all = append(all, bare)
		}
	}
	return all
}

// shareOf takes a rule apart into the figures of a share; false when it is another rule.
func shareOf(claim json.RawMessage, unit int64) (share, bool) {
	s := share{den: 1, of: "eligible", unit: unit}
	var tree any
	if json.Unmarshal(claim, &tree) != nil {
		return s, false
	}
	s.look(tree)
	for _, rule := range s.alike() {
		if same(rule, claim) {
			return s, true
		}
	}
	return s, false
}

// look gathers the figures of a rule, wherever they stand; whether they say the rule is another question.
func (s *share) look(node any) {
	o, _ := node.(object)
	for kind, body := range o {
		inner, _ := body.(object)
		switch kind {
		case "rate":
			s.num, s.den = whole(inner["num"]), whole(inner["den"])
			if of, is := inner["of"].(string); is {
				s.of = of
			}
		case "less":
			s.deduct = true
		case "least":
			s.least = whole(inner["yen"])
		case "min":
			parts, _ := body.([]any)
			for _, part := range parts {
				if n := whole(part); n > 0 {
					s.cap = n
				}
				s.look(part)
			}
		}
		s.look(inner["of"])
	}
}

// whole is a number of JSON; 0 for anything else. Amounts of rules have at most 13 digits.
func whole(v any) int64 {
	text, err := json.Marshal(v)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// same reports whether a rule is the rule of a text.
func same(rule any, claim json.RawMessage) bool {
	text, err := json.Marshal(rule)
	return err == nil && equal(text, claim)
}

// claimFields ask for the usual rule by figures.
func claimFields(form *page.Form) []page.Field {
	return []page.Field{
		form.Field(page.Field{Name: "rate", Label: "割合", Aside: "決まった額だけなら空けます", Hint: "例：3/4、80％、10/10"}),
		form.Field(page.Field{Name: "rate_of", Label: "何に対する割合か", Options: rateOfOptions}),
		form.Field(page.Field{Name: "cap", Label: "上限の額", Unit: "円"}),
		form.Field(page.Field{Name: "least", Label: "下限の額", Aside: "あれば", Hint: "計算した額がこれに届かないと、0円になります。", Unit: "円"}),
		form.Field(page.Field{Name: "deduct", Label: "収入を差し引くか", Hint: "「総事業費から、寄付金その他の収入を引いた額まで」とある募集のとき", Options: []page.Option{{Value: "", Text: "差し引かない"}, {Value: "yes", Text: "寄付・利用料・協賛・ほかの助成などを差し引く"}}}),
	}
}

var rateOfOptions = []page.Option{{Value: "eligible", Text: "対象になる費用"}, {Value: "total", Text: "総事業費"}}

// claim reads the rule for the amount, and the other rules that calls of this type may have.
func (t typed) claim(b *template.Budget) {
	lines := t.payLines(*b)
	s := t.share("rate", "rate_of", "cap", 0)
	s.unit, s.least, s.deduct = max(b.Unit, 1), t.amount("least", t.text("least")), t.text("deduct") == "yes"
	switch {
	case t.text("claim") != "":
		_, err := formula.Parse([]byte(t.text("claim")))
		t.bad.Need(err == nil, "claim", "template.no_formula")
		b.Claim = json.RawMessage(t.text("claim"))
	case len(lines) > 0:
		t.bad.Need(s.num == 0, "rate", "template.rate_and_lines")
		b.Claim = written(linesRule(lines, s))
	case s.num > 0 || s.cap > 0 || s.deduct:
		b.Claim = written(s.rule())
	default:
		t.bad.Need(s.least == 0, "least", "template.least_alone")
	}
	t.options(b, s)
}

// share reads the figures of a share; of a table, those of a line.
func (t typed) share(rate, of, cap string, line int) share {
	s := share{den: 1, of: "eligible"}
	places := []string{rate, cap}
	if rate != "rate" {
		places = []string{rate + "-" + page.Count(line), cap + "-" + page.Count(line)}
	}
	if text := t.cell(rate, line); text != "" {
		num, den, ok := rateOf(text)
		t.bad.Need(ok, places[0], "template.no_rate")
		s.num, s.den = num, den
	}
	if t.cell(of, line) == "total" {
		s.of = "total"
	}
	s.cap = t.amount(places[1], t.cell(cap, line))
	return s
}

// options reads the other rules: each a share of its own, rounded and reduced as the first.
func (t typed) options(b *template.Budget, usual share) {
	if written := part[[]template.ClaimOption](t, "options"); written != nil {
		b.Options = *written
		return
	}
	for i := range min(len(t.Values["opt_label"]), mostLines) {
		s := t.share("opt_rate", "opt_of", "opt_cap", i)
		s.unit, s.least, s.deduct = usual.unit, usual.least, usual.deduct
		label := t.cell("opt_label", i)
		if label == "" && s.num == 0 && s.cap == 0 {
			continue
		}
		t.bad.Need(label != "", "opt_label-"+page.Count(i), "template.no_name")
		t.bad.Need(s.num > 0 || s.cap > 0, "opt_rate-"+page.Count(i), "template.no_share")
		b.Options = append(b.Options, template.ClaimOption{Label: label, Claim: written(s.rule())})
	}
}

func written(rule any) json.RawMessage {
	text, err := json.Marshal(rule)
	if err != nil {
		return nil
	}
	return text
}

// claimValues show the rule, and the other rules, by figures and lines if those can say them, else as JSON.
func claimValues(v url.Values, b template.Budget) {
	unit := max(b.Unit, 1)
	s, usual := shareOf(b.Claim, unit)
	switch {
	case len(b.Claim) == 0:
	case usual:
		s.show(v)
	case !payValues(v, b):
		v.Set("claim", printed(b.Claim))
	}
	shown := url.Values{}
	for _, o := range b.Options {
		other, is := shareOf(o.Claim, unit)
		if !is || other.least != s.least || other.deduct != s.deduct || !usual {
			v.Set("options", printed(b.Options))
			return
		}
		for name, text := range map[string]string{"opt_label": o.Label, "opt_rate": other.rateText(), "opt_of": other.of, "opt_cap": yenText(other.cap)} {
			shown.Add(name, text)
		}
	}
	for name, all := range shown {
		v[name] = all
	}
}

func (s share) show(v url.Values) {
	v.Set("cap", yenText(s.cap))
	v.Set("least", yenText(s.least))
	v.Set("rate", s.rateText())
	v.Set("rate_of", s.of)
	if s.deduct {
		v.Set("deduct", "yes")
	}
}

func (s share) rateText() string {
	if s.num == 0 {
		return ""
	}
	return strconv.FormatInt(s.num, 10) + "/" + strconv.FormatInt(s.den, 10)
}

// yenText is an amount as it is typed; nothing for none.
func yenText(n int64) string {
	if n == 0 {
		return ""
	}
	return ledger.Yen(n).String()
}

// keepRules leaves rules as they were written when what was typed says the same: there may be two ways to write one rule.
func keepRules(b *template.Budget, old *template.Budget) {
	if old == nil {
		return
	}
	values := moneyValues(*old)
	again, bad := readMoney(values, nil)
	if len(bad) > 0 || again == nil {
		return
	}
	if equal(again.Claim, b.Claim) {
		b.Claim = old.Claim
	}
	for i := range min(len(b.Options), len(old.Options), len(again.Options)) {
		if equal(again.Options[i].Claim, b.Options[i].Claim) {
			b.Options[i].Claim = old.Options[i].Claim
		}
	}
}

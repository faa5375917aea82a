package forming

import (
	"encoding/json"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

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
	s.Unit, s.Least, s.Deducts = max(b.Unit, 1), t.amount("least", t.text("least")), t.text("deduct") == "yes"
	switch {
	case t.text("claim") != "":
		_, err := formula.Parse([]byte(t.text("claim")))
		t.bad.Need(err == nil, "claim", "template.no_formula")
		b.Claim = json.RawMessage(t.text("claim"))
	case len(lines) > 0:
		t.bad.Need(s.Num == 0, "rate", "template.rate_and_lines")
		b.Claim = written(linesRule(lines, s))
	case s.Num > 0 || s.Cap > 0 || s.Deducts:
		b.Claim = s.Rule()
	default:
		t.bad.Need(s.Least == 0, "least", "template.least_alone")
	}
	t.options(b, s)
}

// share reads the figures of a share; of a table, those of a line.
func (t typed) share(rate, of, cap string, line int) formula.Usual {
	s := formula.Usual{Den: 1, Of: formula.Eligible}
	places := []string{rate, cap}
	if rate != "rate" {
		places = []string{rate + "-" + page.Count(line), cap + "-" + page.Count(line)}
	}
	if text := t.cell(rate, line); text != "" {
		num, den, ok := formula.ParseShare(text)
		t.bad.Need(ok, places[0], "template.no_rate")
		s.Num, s.Den = num, den
	}
	if t.cell(of, line) == "total" {
		s.Of = formula.Total
	}
	s.Cap = t.amount(places[1], t.cell(cap, line))
	return s
}

// options reads the other rules: each a share of its own, rounded and reduced as the first.
func (t typed) options(b *template.Budget, usual formula.Usual) {
	if written := part[[]template.ClaimOption](t, "options"); written != nil {
		b.Options = *written
		return
	}
	for i := range min(len(t.Values["opt_label"]), mostLines) {
		s := t.share("opt_rate", "opt_of", "opt_cap", i)
		s.Unit, s.Least, s.Deducts = usual.Unit, usual.Least, usual.Deducts
		label := t.cell("opt_label", i)
		if label == "" && s.Num == 0 && s.Cap == 0 {
			continue
		}
		t.bad.Need(label != "", "opt_label-"+page.Count(i), "template.no_name")
		t.bad.Need(s.Num > 0 || s.Cap > 0, "opt_rate-"+page.Count(i), "template.no_share")
		b.Options = append(b.Options, template.ClaimOption{Label: label, Claim: s.Rule()})
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
	s, usual := formula.UsualOf(b.Claim, unit)
	switch {
	case len(b.Claim) == 0:
	case usual:
		showUsual(v, s)
	case !payValues(v, b):
		v.Set("claim", printed(b.Claim))
	}
	shown := url.Values{}
	for _, o := range b.Options {
		other, is := formula.UsualOf(o.Claim, unit)
		if !is || other.Least != s.Least || other.Deducts != s.Deducts || !usual {
			v.Set("options", printed(b.Options))
			return
		}
		for name, text := range map[string]string{"opt_label": o.Label, "opt_rate": other.ShareText(), "opt_of": other.Of, "opt_cap": yenText(other.Cap)} {
			shown.Add(name, text)
		}
	}
	for name, all := range shown {
		v[name] = all
	}
}

func showUsual(v url.Values, s formula.Usual) {
	v.Set("cap", yenText(s.Cap))
	v.Set("least", yenText(s.Least))
	v.Set("rate", s.ShareText())
	v.Set("rate_of", s.Of)
	if s.Deducts {
		v.Set("deduct", "yes")
	}
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
	if formula.Same(again.Claim, b.Claim) {
		b.Claim = old.Claim
	}
	for i := range min(len(b.Options), len(old.Options), len(again.Options)) {
		if formula.Same(again.Options[i].Claim, b.Options[i].Claim) {
			b.Options[i].Claim = old.Options[i].Claim
		}
	}
}

package granting

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// readCall reads the form of a call into a round.
func readCall(v url.Values, o *catalogue.Opportunity, today ledger.Date) ledger.Invalid {
	bad := ledger.Invalid{}
	text := func(name string) string { return trimmed(v.Get(name)) }
	yen := func(name string) ledger.Yen {
		if text(name) == "" {
			return 0
		}
		amount, err := ledger.ParseYen(text(name))
		bad.Need(err == nil, name, "call.amount")
		return amount
	}
	if o.ID == 0 {
		o.Funder, o.Programme, o.Round = text("funder"), text("programme"), text("round")
		o.FiscalYear, _ = strconv.Atoi(text("fiscal_year")) // what is none is refused by the catalogue
	}
	o.Status = catalogue.Status(text("status"))
	c := &o.Call
	c.Title, c.Summary, c.Contact, c.SourceURL = text("title"), text("summary"), text("contact"), text("source_url")
	c.Purposes, c.Areas, c.Excludes = list(text("purposes")), list(text("areas")), list(text("excludes"))
	c.Least, c.Most, c.Payment, c.Template = yen("least"), yen("most"), catalogue.Payment(text("payment")), text("template")
	c.Writing, c.Alone = int(min(yen("writing"), 1_000_000)), v.Get("alone") != ""
	readDays(v, c, bad)
	c.Rules = readRules(v, o.Funder)
	readClaim(v, c, bad)
	if problems := c.Check(); problems["formula"] != "" {
		bad["claim"] = problems["formula"]
	}
	o.VerifiedOn = ledger.Date{}
	if v.Get("verified") != "" {
		o.VerifiedOn = today
	}
	return bad
}

// readClaim reads the call's own rule for the amount: a share by its figures, or any rule as it is written. None at all, and the form's holds.
func readClaim(v url.Values, c *catalogue.Call, bad ledger.Invalid) {
	b := template.Budget{}
	if c.Budget != nil {
		b = *c.Budget
	}
	old := b.Claim
	b.Claim, b.Source, b.Names, b.Counters = nil, trimmed(v.Get("claim_source")), nil, nil
	if claim := trimmed(v.Get("claim")); claim != "" {
		if b.Claim = json.RawMessage(claim); !json.Valid(b.Claim) {
			bad["claim"] = "call.no_formula"
			b.Claim = nil
		}
		readCountNames(v, &b, bad)
	} else if rate := trimmed(v.Get("claim_rate")); rate != "" || v.Get("claim_deduct") == "yes" {
		b.Claim = shareClaim(v, rate, bad)
		if was, usual := callShare(old); usual && formula.Same(was.Rule(), b.Claim) {
			b.Claim = old // there may be two ways to write one rule
		}
	}
	bad.Need(len([]rune(b.Source)) <= 1_000, "claim_source", "call.claim_source")
	if c.Budget = &b; len(b.Claim) == 0 && b.Source == "" && len(b.Categories) == 0 {
		c.Budget = nil
	}
}

// shareClaim is a share as a rule. The call's largest and least amounts stand beside it and hold for any rule.
func shareClaim(v url.Values, rate string, bad ledger.Invalid) json.RawMessage {
	u := formula.Usual{Den: 1, Of: formula.Eligible, Deducts: v.Get("claim_deduct") == "yes"}
	if rate != "" {
		var ok bool
		u.Num, u.Den, ok = formula.ParseShare(rate)
		bad.Need(ok, "claim_rate", "template.no_rate")
	}
	if v.Get("claim_of") == formula.Total {
		u.Of = formula.Total
	}
	u.Unit, _ = strconv.ParseInt(v.Get("claim_unit"), 10, 64) // what is none rounds to a yen
	u.Unit = min(max(u.Unit, 1), 10_000)
	return u.Rule()
}

// callShare takes a call's rule apart into the figures of the form; false when they do not say it.
func callShare(claim json.RawMessage) (formula.Usual, bool) {
	rule, err := formula.Parse(claim)
	if err != nil {
		return formula.Usual{}, false
	}
	u, usual := formula.UsualOf(claim, rule.Unit())
	return u, usual && u.Cap == 0 && u.Least == 0 && slices.Contains([]int64{1, 100, 1_000, 10_000}, u.Unit) && (u.Num > 0 || u.Deducts)
}

func trimmed(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// readDays reads the days the form asks for; what was noted beside them stays.
func readDays(v url.Values, c *catalogue.Call, bad ledger.Invalid) {
	notes := map[string]string{}
	for _, day := range c.Deadlines {
		notes[day.Kind] = day.Note
	}
	c.Deadlines = nil
	for _, kind := range catalogue.Kinds {
		d := catalogue.Deadline{Kind: kind, Note: notes[kind]}
		if kind == catalogue.Closing {
			d.Rule, d.Time = v.Get("manner"), strings.TrimSpace(strings.ReplaceAll(v.Get("closes_at"), "：", ":"))
		}
		typed := strings.TrimSpace(v.Get(dayFields[kind]))
		if typed != "" {
			on, err := ledger.ParseDate(typed)
			bad.Need(err == nil, dayFields[kind], "call.deadline")
			d.On = on
		}
		if typed != "" || d.Rolling() {
			c.Deadlines = append(c.Deadlines, d)
		}
	}
}

// The days the form asks for, by kind: the name of the field, its label, and what stands beside it.
var (
	dayFields = map[string]string{
		catalogue.Opening: "opens_on", "事前相談": "advised_on", "推薦締切": "proposed_on", catalogue.Closing: "closes_on", "審査会": "judged_on", "決定予定": "decided_on",
		"事業開始": "begins_on", "事業終了": "ends_on",
	}
	dayLabels = map[string]string{
		catalogue.Opening: "募集開始", "事前相談": "事前相談の締切", "推薦締切": "推薦の締切", catalogue.Closing: "申請の締切", "審査会": "審査会", "決定予定": "決定の予定",
		"事業開始": "事業の始まり", "事業終了": "事業の終わり",
	}
	dayAsides = map[string]string{"事前相談": "あれば", "推薦締切": "あれば", "審査会": "あれば", "決定予定": "あれば", "事業開始": "分かっていれば", "事業終了": "分かっていれば"}
)

// readRules reads the conditions, a row each. funder is whose call it is.
func readRules(v url.Values, funder string) []fit.Rule {
	var rules []fit.Rule
	for i, quote := range v["rule_quote"] {
		at := func(name string) string {
			if i < len(v[name]) {
				return strings.TrimSpace(v[name][i])
			}
			return ""
		}
		rule := fit.Rule{Key: at("rule_key"), Test: fit.Test(at("rule_test")), Quote: strings.TrimSpace(quote), Must: at("rule_must") != "wish"}
		if rule.Test == "" && rule.Quote == "" {
			continue
		}
		for _, word := range list(at("rule_value")) {
			if n, err := ledger.ParseYen(strings.TrimRight(word, "人年％%")); err == nil && rule.Value == 0 {
				rule.Value = int64(n)
			} else {
				rule.Words = append(rule.Words, word)
			}
		}
		switch rule.Test {
		case fit.ShareOf:
			rule.Of = "members"
		case fit.RestOf:
			rule.Key = fit.PastAwards
			if len(rule.Words) == 0 && funder != "" {
				rule.Words = []string{funder} // 「この助成を」: no other funder is meant
			}
		}
		rules = append(rules, rule)
	}
	return rules
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，\n", r) })
}

// callValues are the values of the form for a call as it stands.
func callValues(o catalogue.Opportunity) url.Values {
	c := o.Call
	v := url.Values{}
	for name, text := range map[string]string{
		"fiscal_year": strconv.Itoa(o.FiscalYear), "title": c.Title, "status": string(o.Status), "summary": c.Summary, "purposes": strings.Join(c.Purposes, "、"), "areas": strings.Join(c.Areas, "、"),
		"payment": string(c.Payment), "template": c.Template, "excludes": strings.Join(c.Excludes, "、"), "contact": c.Contact, "source_url": c.SourceURL,
	} {
		v.Set(name, text)
	}
	for name, amount := range map[string]int64{"least": int64(c.Least), "most": int64(c.Most), "writing": int64(c.Writing)} {
		if amount > 0 {
			v.Set(name, strconv.FormatInt(amount, 10))
		}
	}
	for kind, name := range dayFields {
		if on := c.On(kind); !on.IsZero() {
			v.Set(name, page.DayOnly(on))
		}
	}
	for _, d := range c.Deadlines {
		if d.Kind == catalogue.Closing {
			v.Set("manner", d.Rule)
			v.Set("closes_at", d.Time)
		}
	}
	if c.Budget != nil {
		if u, usual := callShare(c.Budget.Claim); usual {
			v.Set("claim_rate", u.ShareText())
			v.Set("claim_of", u.Of)
			v.Set("claim_unit", strconv.FormatInt(u.Unit, 10))
			v.Set("claim_deduct", map[bool]string{true: "yes"}[u.Deducts])
		} else {
			v.Set("claim", string(c.Budget.Claim))
		}
		v.Set("claim_source", c.Budget.Source)
		countValues(v, *c.Budget)
	}
	if c.Alone {
		v.Set("alone", "yes")
	}
	for _, rule := range c.Rules {
		v.Add("rule_quote", rule.Quote)
		v.Add("rule_key", rule.Key)
		v.Add("rule_test", string(rule.Test))
		words := rule.Words
		if rule.Value > 0 {
			words = append([]string{strconv.FormatInt(rule.Value, 10)}, words...)
		}
		v.Add("rule_value", strings.Join(words, "、"))
		v.Add("rule_must", map[bool]string{true: "must", false: "wish"}[rule.Must])
	}
	return v
}

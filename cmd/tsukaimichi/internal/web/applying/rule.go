package applying

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ruleOfAmount says whose rule the amount follows, after which sentence, and when somebody compared it with its source.
func ruleOfAmount(m matter) []page.Pair {
	spec := m.spec()
	if len(spec.Claim) == 0 && len(spec.Options) == 0 {
		return nil
	}
	whose := page.Pair{Term: "額の決まり", Text: fmt.Sprintf("様式の決まり（%s　%s）", m.Form.Title, m.Form.Version)}
	source, verified := page.Pair{Term: "もとの文", Text: spec.Source}, page.Pair{Term: "確かめた日"}
	if on, err := ledger.ParseDate(m.Form.VerifiedOn); err == nil {
		verified.Text = page.DayOnly(on)
	}
	if rule := m.Draft.Budget.Rule; rule.Claims() {
		whose.Text, verified.Text = "この募集の決まり（"+ruleName(rule)+"）", ""
		if whose.Link = (page.Link{Href: m.Path("grants", m.Draft.OpportunityID), Text: "募集を見る"}); !rule.VerifiedOn.IsZero() {
			verified.Text = page.DayOnly(rule.VerifiedOn)
		}
	} else if source.Text == "" {
		source.Text = m.Form.Source
	}
	if source.Text == "" {
		source.Text = "まだ書かれていません（要確認）"
	}
	if verified.Text == "" {
		verified.Text = "まだ確かめていません（要確認）"
	}
	pairs := []page.Pair{whose, source, verified}
	if rule := m.Draft.Budget.Rule; rule != nil && rule.Most > 0 {
		pairs = append(pairs, page.Pair{Term: "募集の上限", Text: page.YenText(rule.Most) + "円"})
	}
	if rule := m.Draft.Budget.Rule; rule != nil && rule.Least > 0 {
		pairs = append(pairs, page.Pair{Term: "募集の下限", Text: page.YenText(rule.Least) + "円"})
	}
	return pairs
}

// ruleName names a rule of a call; nil is the form's.
func ruleName(rule *budget.CallRule) string {
	if !rule.Claims() {
		return "様式の決まり"
	}
	return fmt.Sprintf("%s　第%d版", rule.Call, rule.Version)
}

// ruleChanged says that the call changed its rule since the budget was saved, and what that does; nothing when it did not.
func ruleChanged(m matter) (string, error) {
	if !m.Draft.RuleChanged() {
		return "", nil
	}
	other, writing := m.Draft.SavedRule, m.Draft.Status == application.Drafting
	if !writing {
		other = m.Draft.CallRule
	}
	sheet := m.Draft.Budget
	sheet.Rule, sheet.Requested = other, 0
	w, err := budget.Work(sheet, *m.Form.Budget)
	if err != nil {
		return "", err
	}
	amount := page.YenText(w.Claim.Amount) + "円"
	if w.Missing != "" {
		amount = "まだ出ません"
	}
	said := fmt.Sprintf("確認に出したあとに、募集の額の決まりが変わりました。この申請は、出したときの決まりのままです。いまの決まり（%s）で求められる額：%s。", ruleName(other), amount)
	todo := "いまの決まりにするときは、「予算を残す」を押します。承認は、はじめからになります。"
	if writing {
		said = fmt.Sprintf("この予算を残したあとに、募集の額の決まりが変わりました。いまの額は、いまの決まりで計算しています。前の決まり（%s）で求められる額：%s。", ruleName(other), amount)
		todo = "確かめて、「予算を残す」を押してください。"
	}
	if !m.May(writers...) {
		todo = ""
	}
	return said + todo, nil
}

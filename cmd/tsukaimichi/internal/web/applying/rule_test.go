package applying_test

import (
	"encoding/json"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

func theBudgetSaysWhoseRuleItFollows(r *room) {
	r.see("", r.at("budget"), "様式の決まり（", "まだ確かめていません（要確認）", "172,000円")
	round := catalogue.Opportunity{Funder: "練習市社協", Programme: "居場所の助成", FiscalYear: 2026, Status: catalogue.Open, Source: catalogue.Manual, VerifiedOn: ledgertest.Today,
		Call: catalogue.Call{Title: "令和8年度 居場所の助成", SourceURL: "https://example.org/youkou", Budget: &template.Budget{Source: "対象経費の2分の1以内、1回5,000円を加える",
			Claim: json.RawMessage(`{"sum": [{"rate": {"num": 1, "den": 2, "of": "eligible"}}, {"units": {"count": "session", "each": 5000}}]}`)}}}
	author := catalogue.Author{Name: "練習"}
	ledgertest.Must(r.t, r.db, func(tx *sqlx.Tx) (err error) {
		if round.ID, err = catalogue.Enter(r.t.Context(), tx, round, author, ledgertest.At); err != nil {
			return err
		}
		d := r.sheet()
		d.OpportunityID = round.ID
		r.draft, err = application.Start(r.t.Context(), tx, d, r.desk.By(), ledgertest.At)
		return err
	})
	at := r.at("budget")
	r.see("", at, "「session」を入れると、額が出ます。", `name="count_session"`)
	r.done(at, append(append(r.hidden(at), costs()...), "count_session", "4")...)
	r.see("rule", at, "この募集の決まり（令和8年度 居場所の助成　第1版）", "対象経費の2分の1以内、1回5,000円を加える", "2026", "125,000円")
	round.Version, round.Call.Budget.Claim = 1, json.RawMessage(`{"rate": {"num": 1, "den": 10, "of": "eligible"}}`)
	ledgertest.Must(r.t, r.db, func(tx *sqlx.Tx) error {
		_, err := catalogue.Change(r.t.Context(), tx, round, "要項が変わった", author, ledgertest.At)
		return err
	})
	r.see("rule-changed", at, "この予算を残したあとに、募集の額の決まりが変わりました", "前の決まり（令和8年度 居場所の助成　第1版）で求められる額：125,000円", "21,000円", "第2版")
	r.see("", r.at(), "収支予算：募集の額の決まりが変わりました。")
	r.done(at, append(r.hidden(at), costs()...)...)
	if body := r.see("", at, "21,000円"); strings.Contains(body, "決まりが変わりました") {
		r.t.Error("the budget was saved with the new rule, and the page still says that it changed")
	}
	ledgertest.Must(r.t, r.db, func(tx *sqlx.Tx) error {
		if err := application.GiveToSign(r.t.Context(), tx, r.desk.Organisation.ID, r.draft, true, r.desk.By(), ledgertest.At); err != nil {
			return err
		}
		round.Version, round.Call.Budget.Claim = 2, json.RawMessage(`{"rate": {"num": 1, "den": 5, "of": "eligible"}}`)
		_, err := catalogue.Change(r.t.Context(), tx, round, "また変わった", author, ledgertest.At)
		return err
	})
	r.see("", at, "確認に出したあとに、募集の額の決まりが変わりました。この申請は、出したときの決まりのままです。いまの決まり（令和8年度 居場所の助成　第3版）で求められる額：42,000円", "（令和8年度 居場所の助成　第2版）")
}

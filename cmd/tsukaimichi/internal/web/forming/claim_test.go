package forming_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Every type that ships is shown by figures and lines as far as those can say it, and saved untouched it stays as it is.
func TestTheRulesOfTheShippedTypesAreShownInFigures(t *testing.T) {
	t.Parallel()
	r := open(t)
	for key, inJSON := range map[string]bool{"t1_mutual_help": false, "t2_volunteer_goods": false, "t6_proposal": true, "t7_large": true, "t8_dormant": false, "t4_resident_service": false, "t5_support_system": false} {
		was, err := application.FindForm(t.Context(), r.db, key, "1.0")
		if err != nil {
			t.Fatal(err)
		}
		at := r.done(console.FormsPath, url.Values{"base": {key}, "base_version": {"1.0"}, "do": {"next"}})
		_, body, _ := r.raw(at + "/money")
		form := filled(t, body, at+"/money")
		if got := form.Get("claim") != "" || form.Get("options") != ""; got != inJSON {
			t.Errorf("%s: in JSON %v; want %v", key, got, inJSON)
		}
		r.done(at+"/money", form)
		if now := r.made(at).Budget; text(t, now) != text(t, was.Budget) {
			t.Errorf("%s saved untouched: %s\nwas %s", key, text(t, now), text(t, was.Budget))
		}
	}
}

// The rule of a municipality's service, typed from nothing: a session's price, the rent up to a monthly amount, the cost of beginning in the first year.
func TestARuleOfSeveralAmountsIsMadeOfLines(t *testing.T) {
	t.Parallel()
	r := open(t)
	path := r.townForm() + "/money"
	form := r.with(path, "cat_label", "立ち上げ", "cat_eligible", "yes", "cat_key", "setup", "cat_label", "家賃", "cat_eligible", "yes", "cat_key", "rent", "count_name", "年間の開催回数", "count_unit", "回", "count_name", "借りる月数", "count_unit", "か月")
	for _, line := range [][7]string{{"share", "setup", "", "100,000", "", "", "1"}, {"units", "eligible", "", "1500", "1", "", ""}, {"upto", "rent", "", "50000", "2", "12", ""}} {
		for i, column := range []string{"kind", "cost", "rate", "yen", "count", "most", "year"} {
			form.Add("pay_"+column, line[i])
		}
	}
	r.done(path, form)
	body := r.see("pay", path+"?try=130000", "年間の開催回数", `value="1,500"`)
	form = filled(t, body, path)
	r.done(path, form)
	b := r.made(strings.TrimSuffix(path, "/money")).Budget
	rule, err := formula.Parse(b.Claim)
	if err != nil {
		t.Fatal(err)
	}
	facts := formula.Facts{Year: 1, Costs: map[string]ledger.Yen{"setup": 130_000, "rent": 660_000}, Counts: map[string]int64{"count1": 48, "count2": 12}}
	if claim, err := rule.Claim(facts); err != nil || claim.Amount != 772_000 {
		t.Errorf("the first year pays %d, %v; want 772,000", claim.Amount, err)
	}
	facts.Year = 2
	if claim, err := rule.Claim(facts); err != nil || claim.Amount != 672_000 {
		t.Errorf("the second year pays %d, %v; want 672,000", claim.Amount, err)
	}
	form["pay_count"][1] = ""
	form.Set("rate", "3/4")
	form["pay_yen"][0] = "十万"
	form.Set("seen", r.with(path).Get("seen"))
	r.refused(path, form, `id="pay_count-1-problem">どの回数かを`, `id="pay_yen-0-problem">`, "割合は行に書いてください")
	r.portray()
}

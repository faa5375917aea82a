package application_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// share is a rule of a call: so many per cent of the whole.
func share(percent int) string {
	return fmt.Sprintf(`{"rate": {"num": %d, "den": 100, "of": "total"}}`, percent)
}

// callPaying puts a round into the catalogue that pays by a rule; by none when it is empty.
func (d *desk) callPaying(programme, claim string) (o catalogue.Opportunity) {
	d.t.Helper()
	o = catalogue.Opportunity{Funder: "練習市社協", Programme: programme, FiscalYear: 2026, Status: catalogue.Open, Source: catalogue.Manual, VerifiedOn: ledgertest.Today,
		Call: catalogue.Call{Title: programme}}
	if claim != "" {
		o.Call.Budget = &template.Budget{Claim: json.RawMessage(claim), Source: "経費に率をかけた額"}
	}
	d.must(func(tx *sqlx.Tx) error {
		id, err := catalogue.Enter(d.t.Context(), tx, o, catalogue.Author{Name: "練習"}, ledgertest.At)
		if err == nil {
			o, err = catalogue.Find(d.t.Context(), tx, id)
		}
		return err
	})
	return o
}

// nowPays changes the rule of a round.
func (d *desk) nowPays(o *catalogue.Opportunity, claim string) {
	d.t.Helper()
	o.Call.Budget = &template.Budget{Claim: json.RawMessage(claim), Source: "改めた文"}
	d.must(func(tx *sqlx.Tx) (err error) {
		o.Version, err = catalogue.Change(d.t.Context(), tx, *o, "要項が変わった", catalogue.Author{Name: "練習"}, ledgertest.At)
		return err
	})
}

// beginFor begins the draft on the form of the 共同募金, three quarters of 400,000 yen, for a call.
func (d *desk) beginFor(call int64, initiative int64) {
	d.t.Helper()
	forms, err := template.Builtin()
	if err != nil {
		d.t.Fatal(err)
	}
	form := forms[slices.IndexFunc(forms, func(f template.Version) bool { return f.Key == "t3_community_chest" })]
	d.must(func(tx *sqlx.Tx) error {
		if err := application.Publish(d.t.Context(), tx, form, "使い道", ledgertest.At); err != nil {
			return err
		}
		d.made.ID, err = application.Start(d.t.Context(), tx, application.Draft{OrganisationID: d.org, Title: "申請", OpportunityID: call, InitiativeID: initiative, FormKey: form.Key, FormVersion: form.Version,
			Budget: budget.Sheet{Costs: []budget.Cost{{Category: "hall", Item: "会場", Price: 400_000, Quantity: 1}}}}, writer, ledgertest.At)
		return err
	})
	d.made = d.find()
}

// pays says what the draft comes to, whether its call has changed meanwhile, and which version of the call it follows; 0 is the form.
func (d *desk) pays(want ledger.Yen, changed bool, version int) {
	d.t.Helper()
	made := d.find()
	form, err := application.FindForm(d.t.Context(), d.db, made.FormKey, made.FormVersion)
	if err != nil {
		d.t.Fatal(err)
	}
	w, err := budget.Work(made.Budget, *form.Budget)
	got := 0
	if made.Budget.Rule != nil {
		got = made.Budget.Rule.Version
	}
	if err != nil || w.Claim.Amount != want || made.RuleChanged() != changed || got != version {
		d.t.Errorf("the draft comes to %s by version %d, changed %v, %v; want %s by %d, %v", w.Claim.Amount, got, made.RuleChanged(), err, want, version, changed)
	}
}

// saveBudget saves the budget as it stands, as somebody who only presses the button.
func (d *desk) saveBudget() {
	d.t.Helper()
	made := d.find()
	if _, conflicts, err := d.save(application.Edit{Revision: made.Revision, BudgetBefore: &made.Budget, Budget: &made.Budget}, writer); err != nil || len(conflicts) > 0 {
		d.t.Fatal(conflicts, err)
	}
}

// approve has the draft signed by both.
func (d *desk) approve() {
	d.t.Helper()
	if err := d.give(true); err != nil {
		d.t.Fatal(err)
	}
	hash := d.find().Hash
	if err := d.sign(hash, ledger.Treasurer, treasurer, ""); err != nil {
		d.t.Fatal(err)
	}
	if err := d.sign(hash, ledger.Representative, head, ""); err != nil {
		d.t.Fatal(err)
	}
}

func TestADraftFollowsTheRuleOfItsCallAndTheFormsWithoutOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.beginFor(0, 0)
	d.pays(300_000, false, 0)
	silent := d.callPaying("額を書かない募集", "")
	d.beginFor(silent.ID, 0)
	d.pays(300_000, false, 0)
	d.nowPays(&silent, share(10)) // the call says it at last
	d.pays(40_000, true, 2)
	own := d.callPaying("額を書く募集", share(50))
	d.beginFor(own.ID, 0)
	d.pays(200_000, false, 1)
	if rule := d.find().Budget.Rule; rule.Says.Source != "経費に率をかけた額" || rule.VerifiedOn != ledgertest.Today {
		t.Errorf("the draft holds %+v; want the sentence and the day", rule)
	}
	d.nowPays(&own, share(60)) // nobody signed: the new rule, and it is said until the budget is saved
	d.pays(240_000, true, 2)
	if _, _, err := d.save(application.Edit{Revision: 1, After: answers("name", "お茶の間")}, writer); err != nil {
		t.Fatal(err)
	}
	d.pays(240_000, true, 2)
	d.saveBudget()
	d.pays(240_000, false, 2)
	own.Call.Summary = "あらまし"
	d.nowPays(&own, share(60)) // another version, the same rule but for its sentence
	d.pays(240_000, false, 3)
}

func TestWhatIsSignedKeepsTheRuleItWasSignedWith(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	own := d.callPaying("額を書く募集", share(50))
	d.beginFor(own.ID, 0)
	d.nowPays(&own, share(60))
	d.approve() // with the rule as it is now, though nobody saved the budget with it
	d.pays(240_000, false, 2)
	d.nowPays(&own, share(10))
	d.pays(240_000, true, 2)
	signed := d.find()
	if _, _, err := d.save(application.Edit{Revision: signed.Revision}, writer); err != nil || d.find().Status != application.Approved {
		t.Fatalf("saving nothing: %v, %s; want it approved as before", err, d.find().Status)
	}
	d.saveBudget() // whoever wants the new rule takes it, and it is signed anew
	if now := d.find(); now.Status != application.Drafting || now.Same(signed.Hash) {
		t.Errorf("the new rule is taken and the draft is %s", now.Status)
	}
	d.pays(40_000, false, 3)
	d.approve()
	d.nowPays(&own, share(90))
	err := d.do(func(tx *sqlx.Tx) error {
		return application.HandIn(t.Context(), tx, d.org, d.made.ID, d.find().Hash, application.Submission{Manner: "郵送", SubmittedOn: ledgertest.Today}, head, ledgertest.At)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.pays(40_000, false, 3)
	versions, err := application.Versions(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || versions[0].Budget.Rule == nil || versions[0].Budget.Rule.Version != 3 {
		t.Errorf("the newest version kept holds %+v, %v; want the rule of version 3", versions[0].Budget.Rule, err)
	}
}

func TestGiftsAreHeldAgainstTheRuleOfTheCall(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	initiative := ledgertest.NewInitiative(t, d.db, d.org)
	d.beginFor(d.callPaying("差し引く募集", `{"less": {"of": "total", "income": ["donation"]}}`).ID, initiative.ID)
	effects, err := application.GiftEffects(t.Context(), d.db, d.org, initiative.ID, 30_000)
	if err != nil || len(effects) != 1 || effects[0].Before != 400_000 || effects[0].After != 370_000 {
		t.Errorf("GiftEffects = %+v, %v; want 400,000 lowered to 370,000 by the call's rule, which the form's would not", effects, err)
	}
}

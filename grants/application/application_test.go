package application_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var (
	writer    = ledger.ByPerson(11, "練習 コーディネーター")
	treasurer = ledger.ByPerson(12, "練習 会計")
	head      = ledger.ByPerson(13, "練習 代表")
	both      = []ledger.Role{ledger.Representative, ledger.Treasurer}
	smallForm = template.Version{Key: "small", Version: "1.0", Kind: "application", Title: "小さな助成", FiscalYear: 2026, Sections: []template.Section{{Key: "s", Title: "内容", Fields: fields}}}
	fields    = []template.Field{
		{Key: "name", CommonKey: "project.name", Label: "事業名", Type: template.Text, Required: template.OnSubmit},
		{Key: "need", CommonKey: "need.summary", Label: "必要性", Type: template.LongText, Limit: &limit.Limit{Kind: limit.Chars, Max: 20}},
		{Key: "count", CommonKey: "target.count", Label: "人数", Type: template.Number},
	}
)

// desk is a database with a published form and one draft on it.
type desk struct {
	db   *sqlx.DB
	org  int64
	t    *testing.T
	made application.Draft
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db := pgtest.New(t)
	d := &desk{db: db.App, org: ledgertest.NewBook(t, db.App).ID, t: t}
	d.must(func(tx *sqlx.Tx) error {
		return application.Publish(t.Context(), tx, smallForm, "練習", ledgertest.At)
	})
	d.must(func(tx *sqlx.Tx) error {
		id, err := application.Start(t.Context(), tx, application.Draft{OrganisationID: d.org, Title: "居場所の申請", FormKey: "small", FormVersion: "1.0",
			Answers: answers("name", "お茶の間")}, writer, ledgertest.At)
		d.made.ID = id
		return err
	})
	d.made = d.find()
	return d
}

func (d *desk) do(act func(tx *sqlx.Tx) error) error { return ledger.InTx(d.t.Context(), d.db, act) }

func (d *desk) must(act func(tx *sqlx.Tx) error) {
	d.t.Helper()
	if err := d.do(act); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) find() application.Draft {
	d.t.Helper()
	found, err := application.Find(d.t.Context(), d.db, d.org, d.made.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

func (d *desk) save(e application.Edit, by ledger.Actor) (now application.Draft, conflicts []application.Conflict, err error) {
	err = d.do(func(tx *sqlx.Tx) error {
		now, conflicts, err = application.Save(d.t.Context(), tx, d.org, d.made.ID, e, by, ledgertest.At)
		return err
	})
	return now, conflicts, err
}

func (d *desk) give(ready bool) error {
	return d.do(func(tx *sqlx.Tx) error {
		return application.GiveToSign(d.t.Context(), tx, d.org, d.made.ID, ready, writer, ledgertest.At)
	})
}

func (d *desk) sign(hash []byte, role ledger.Role, by ledger.Actor, comment string) error {
	return d.do(func(tx *sqlx.Tx) error {
		s := application.Signature{Role: role, Approved: comment == "", Comment: comment}
		return application.Sign(d.t.Context(), tx, d.org, d.made.ID, hash, s, both, by, ledgertest.At)
	})
}

// answers are short answers: field, text, field, text.
func answers(pairs ...string) template.Answers {
	a := template.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		a[pairs[i]] = template.Answer{Text: pairs[i+1]}
	}
	return a
}

func TestTwoPeopleEditTwoFieldsAndLoseNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	began := d.made
	first := application.Edit{Revision: began.Revision, Before: began.Answers, After: answers("name", "お茶の間", "need", "ひとりで食べる人がいる")}
	if now, conflicts, err := d.save(first, writer); err != nil || len(conflicts) > 0 || now.Revision != 2 {
		t.Fatalf("Save = revision %d, %v, %v", now.Revision, conflicts, err)
	}
	second := application.Edit{Revision: began.Revision, Before: began.Answers, After: answers("name", "みんなのお茶の間", "count", "12")}
	now, conflicts, err := d.save(second, treasurer)
	if err != nil || len(conflicts) > 0 || now.Answers["name"].Text != "みんなのお茶の間" || now.Answers["need"].Text == "" || now.Answers["count"].Text != "12" {
		t.Fatalf("Save of other fields = %+v, %v, %v; want both edits", now.Answers, conflicts, err)
	}
	third := application.Edit{Revision: began.Revision, Before: began.Answers, After: answers("name", "茶の間", "count", "15")}
	now, conflicts, err = d.save(third, writer)
	if err != nil || len(conflicts) != 2 || now.Answers["name"].Text != "みんなのお茶の間" || conflicts[0].By != treasurer.Name {
		t.Errorf("Save of the same fields = %+v, %+v, %v; want two conflicts and nothing overwritten", now.Answers, conflicts, err)
	}
}

func TestManyPeopleSavingAtOnceAreHeardOneAfterAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			by := ledger.ByPerson(int64(100+i), fmt.Sprintf("練習 %d", i))
			if _, _, err := d.save(application.Edit{Revision: 1, After: answers("count", fmt.Sprint(i))}, by); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if now := d.find(); now.Revision < 2 || now.Answers["name"].Text != "お茶の間" {
		t.Errorf("after twelve at once: revision %d, %+v", now.Revision, now.Answers)
	}
}

func TestAnEditOfTheBudgetConflictsAsAWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sheet := func(price ledger.Yen) *budget.Sheet {
		return &budget.Sheet{Costs: []budget.Cost{{Category: "goods", Price: price, Quantity: 1}}}
	}
	if _, conflicts, err := d.save(application.Edit{Revision: 1, BudgetBefore: &budget.Sheet{}, Budget: sheet(100)}, writer); err != nil || len(conflicts) > 0 {
		t.Fatal(conflicts, err)
	}
	now, conflicts, err := d.save(application.Edit{Revision: 1, BudgetBefore: &budget.Sheet{}, Budget: sheet(200)}, treasurer)
	if err != nil || len(conflicts) != 1 || conflicts[0].Field != "budget" || now.Budget.Costs[0].Price != 100 {
		t.Errorf("Save = %+v, %+v, %v; want a conflict of the budget", now.Budget, conflicts, err)
	}
}

func TestAnEditVoidsTheSignOff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.give(false); !errors.Is(err, application.ErrNotReady) {
		t.Errorf("a draft with errors is given to sign: %v", err)
	}
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	read := d.find()
	if err := d.sign(read.Hash, ledger.Representative, head, ""); !errors.Is(err, application.ErrNotYourTurn) {
		t.Errorf("the head signs before the treasurer: %v", err)
	}
	if err := d.sign(read.Hash, ledger.Treasurer, treasurer, ""); err != nil {
		t.Fatal(err)
	}
	if err := d.sign(read.Hash, ledger.Representative, treasurer, ""); !errors.Is(err, application.ErrSamePerson) {
		t.Errorf("one person signs twice: %v", err)
	}
	if _, _, err := d.save(application.Edit{Revision: read.Revision, Before: read.Answers, After: answers("count", "30")}, writer); err != nil {
		t.Fatal(err)
	}
	if now := d.find(); now.Status != application.Drafting || now.Same(read.Hash) {
		t.Errorf("after an edit it is %s", now.Status)
	}
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	if err := d.sign(read.Hash, ledger.Treasurer, treasurer, ""); !errors.Is(err, application.ErrChanged) {
		t.Errorf("what was read before the edit is signed: %v", err)
	}
	now := d.find()
	signatures, err := application.Signatures(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || len(signatures) != 1 || signatures[0].Current || application.Turn(now, signatures, both) != ledger.Treasurer {
		t.Errorf("Signatures = %+v, %v; want one of what was", signatures, err)
	}
}

func TestSignedByAllItIsHandedInOnceAndDecided(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	handIn := func(hash []byte) error {
		return d.do(func(tx *sqlx.Tx) error {
			return application.HandIn(t.Context(), tx, d.org, d.made.ID, hash, application.Submission{Manner: "郵送", Number: "1234-5678-9012", SubmittedOn: ledgertest.Today,
				Files: []application.SentFile{{Name: "申請書.pdf", Hash: make([]byte, 32), Bytes: 5}}}, writer, ledgertest.At)
		})
	}
	decide := func(o application.Outcome) error {
		o.DecidedOn = ledgertest.Today
		return d.do(func(tx *sqlx.Tx) error {
			return application.Decide(t.Context(), tx, d.org, d.made.ID, o, head, ledgertest.At)
		})
	}
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	hash := d.find().Hash
	if err := handIn(hash); !errors.Is(err, application.ErrNotReady) {
		t.Errorf("handed in before it is signed: %v", err)
	}
	for _, s := range []struct {
		role ledger.Role
		by   ledger.Actor
	}{{ledger.Treasurer, treasurer}, {ledger.Representative, head}} {
		if err := d.sign(hash, s.role, s.by, ""); err != nil {
			t.Fatal(err)
		}
	}
	if now := d.find(); now.Status != application.Approved {
		t.Fatalf("signed by all it is %s", now.Status)
	}
	if err := handIn(hash); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.save(application.Edit{Revision: 1, After: answers("count", "99")}, writer); !errors.Is(err, application.ErrHandedIn) {
		t.Errorf("an application that was handed in is edited: %v", err)
	}
	var bad ledger.Invalid
	if err := decide(application.Outcome{Status: application.Granted}); !errors.As(err, &bad) {
		t.Errorf("granted without an amount: %v", err)
	}
	if err := decide(application.Outcome{Status: application.PartGranted, Amount: 100_000, Reason: "予算の都合", Lesson: "見積りを二社から"}); err != nil {
		t.Fatal(err)
	}
	if err := decide(application.Outcome{Status: application.Declined}); !errors.Is(err, application.ErrNotReady) {
		t.Errorf("decided twice: %v", err)
	}
	outcomes, err := application.Outcomes(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || len(outcomes) != 1 || outcomes[0].Amount != 100_000 {
		t.Errorf("Outcomes = %+v, %v", outcomes, err)
	}
	sent, err := application.Submissions(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || len(sent) != 1 || sent[0].Files[0].Name != "申請書.pdf" || sent[0].Version != 1 {
		t.Errorf("Submissions = %+v, %v", sent, err)
	}
}

func TestAReturnNeedsAReasonAndStartsTheRoundAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	hash := d.find().Hash
	if err := d.sign(hash, ledger.Treasurer, treasurer, "金額を見直して"); err != nil {
		t.Fatal(err)
	}
	if now := d.find(); now.Status != application.Drafting {
		t.Errorf("returned it is %s", now.Status)
	}
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	if err := d.sign(hash, ledger.Treasurer, treasurer, ""); err != nil {
		t.Errorf("the same content is approved after all: %v", err)
	}
}

func TestAPublishedFormStaysAsItIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	publish := func(v template.Version) error {
		return d.do(func(tx *sqlx.Tx) error { return application.Publish(t.Context(), tx, v, "練習", ledgertest.At) })
	}
	if err := publish(smallForm); err != nil {
		t.Errorf("published again: %v", err)
	}
	changed := smallForm
	changed.Title = "大きな助成"
	if err := publish(changed); !errors.Is(err, application.ErrPublished) {
		t.Errorf("changed under the same version: %v", err)
	}
	changed.Version = "1.1"
	if err := publish(changed); err != nil {
		t.Fatal(err)
	}
	forms, err := application.Forms(t.Context(), d.db)
	if err != nil || len(forms) != 1 || forms[0].Version != "1.1" {
		t.Errorf("Forms = %+v, %v; want the newest alone", forms, err)
	}
	if form, err := application.FindForm(t.Context(), d.db, d.made.FormKey, d.made.FormVersion); err != nil || form.Title != "小さな助成" {
		t.Errorf("the draft's form is %q, %v", form.Title, err)
	}
	changed.Sections = nil
	if err := publish(changed); !errors.Is(err, application.ErrFaults) {
		t.Errorf("a form without sections: %v", err)
	}
}

func TestVersionsAreKeptOnceAndCompared(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	keep := func(want int) {
		d.must(func(tx *sqlx.Tx) error {
			n, err := application.Keep(t.Context(), tx, d.org, d.made.ID, "相談の前に", writer, ledgertest.At)
			if n != want {
				t.Errorf("Keep = version %d; want %d", n, want)
			}
			return err
		})
	}
	keep(1)
	keep(1)
	if _, _, err := d.save(application.Edit{Revision: 1, Before: d.made.Answers, After: answers("need", "x", "name", "別の名")}, writer); err != nil {
		t.Fatal(err)
	}
	keep(2)
	v, err := application.Versions(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || len(v) != 2 {
		t.Fatalf("Versions = %+v, %v", v, err)
	}
	changes := application.Diff(smallForm, v[1].Answers, v[0].Answers, v[1].Budget, v[0].Budget)
	if len(changes) != 2 || changes[0].Field != "name" || changes[0].Before.Text != "お茶の間" {
		t.Errorf("Diff = %+v", changes)
	}
}

func TestASnippetIsOfferedWhenItFits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, text := range []string{"短い文", strings.Repeat("長", 19), strings.Repeat("長", 21)} {
		d.must(func(tx *sqlx.Tx) error {
			_, err := application.KeepSnippet(t.Context(), tx, d.org, application.Snippet{Key: "need.summary", Title: "必要性", Text: text}, writer, ledgertest.At)
			return err
		})
	}
	fitting, err := application.Fitting(t.Context(), d.db, d.org, "need.summary", fields[1].Limit)
	if err != nil || len(fitting) != 2 || len([]rune(fitting[0].Text)) != 19 {
		t.Errorf("Fitting = %+v, %v; want the longest that fits first", fitting, err)
	}
	all, err := application.Fitting(t.Context(), d.db, d.org, "need.summary", nil)
	if err != nil || len(all) != 3 {
		t.Errorf("without a limit: %d, %v", len(all), err)
	}
}

func TestWhatIsKnownFillsEmptyFieldsOnly(t *testing.T) {
	known := []application.Known{
		{Source: "prefill.worksheet", Texts: map[string]string{"project.name": "通院の足", "need.summary": strings.Repeat("長", 21)}},
		{Source: "prefill.profile", Texts: map[string]string{"target.count": "12", "need.summary": "短い"}},
	}
	filled, from := application.Prefill(smallForm, answers("name", "手で書いた"), known)
	if filled["name"].Text != "手で書いた" || filled["need"].Text != "短い" || filled["count"].Text != "12" || from["need"] != "prefill.profile" {
		t.Errorf("Prefill = %+v from %v", filled, from)
	}
	if offers := application.Offers(fields[1], known); len(offers) != 2 || offers[0].Over != 1 {
		t.Errorf("Offers = %+v", offers)
	}
	other := application.Draft{ID: 9, Title: "もう一つ", Answers: answers("count", "15", "need", "別の言い方")}
	if d := application.Disagreements(smallForm, filled, other, smallForm); len(d) != 1 || d[0].Key != "target.count" || d[0].There != "15" {
		t.Errorf("Disagreements = %+v; want the headcount alone", d)
	}
}

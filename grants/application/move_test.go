package application_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// newer is smallForm a year later: the number of people is gone, the need is shorter and under another key, the outcome is new.
func newer(version string) template.Version {
	v := smallForm
	v.Version = version
	v.Sections = []template.Section{{Key: "s", Title: "内容", Fields: []template.Field{fields[0],
		{Key: "why", CommonKey: "need.summary", Label: "なぜ必要か", Type: template.LongText, Limit: &limit.Limit{Kind: limit.Chars, Max: 10}},
		{Key: "outcome", Label: "効果", Type: template.LongText}}}}
	return v
}

func (d *desk) publish(v template.Version, days int) {
	d.t.Helper()
	d.must(func(tx *sqlx.Tx) error {
		return application.Publish(d.t.Context(), tx, v, "練習", ledgertest.At.Add(time.Duration(days)*24*time.Hour))
	})
}

func (d *desk) moveForm(version string, hash []byte) error {
	return d.do(func(tx *sqlx.Tx) error {
		return application.MoveForm(d.t.Context(), tx, d.org, d.made.ID, version, hash, writer, ledgertest.At.Add(time.Hour))
	})
}

func TestADraftMovesToANewerVersionAndLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, is, err := application.NewerForm(t.Context(), d.db, "small", "1.0"); is || err != nil {
		t.Fatalf("a newer form is offered: %v", err)
	}
	if _, _, err := d.save(application.Edit{Revision: 1, Before: d.made.Answers, After: answers("need", "ひとりで食べる人がいる町です", "count", "12")}, writer); err != nil {
		t.Fatal(err)
	}
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	now := d.find()
	if err := d.sign(now.Hash, ledger.Treasurer, treasurer, ""); err != nil {
		t.Fatal(err)
	}
	d.publish(newer("1.1"), 1)
	form, is, err := application.NewerForm(t.Context(), d.db, "small", "1.0")
	if err != nil || !is || form.Version != "1.1" {
		t.Fatalf("newer: %s, %v, %v", form.Version, is, err)
	}
	if err = d.moveForm("1.1", d.made.Hash); !errors.Is(err, application.ErrChanged) {
		t.Errorf("what was read is another: %v", err)
	}
	if err = d.moveForm("1.2", now.Hash); !errors.Is(err, application.ErrNoForm) {
		t.Errorf("a version that is not there: %v", err)
	}
	if err = d.moveForm("1.1", now.Hash); err != nil {
		t.Fatal(err)
	}
	moved := d.find()
	if moved.FormVersion != "1.1" || moved.Status != application.Drafting || moved.Answers["why"].Text != "ひとりで食べる人がいる町です" || moved.Answers["name"].Text != "お茶の間" || len(moved.Answers) != 2 {
		t.Errorf("moved: %s %s %+v", moved.FormVersion, moved.Status, moved.Answers)
	}
	signed, err := application.Signatures(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || len(signed) != 1 || signed[0].Current {
		t.Errorf("a signature holds: %+v, %v", signed, err)
	}
	versions, err := application.Versions(t.Context(), d.db, d.org, d.made.ID)
	if err != nil || versions[0].Reason != "様式を第1.0版から第1.1版にした" || versions[0].FormVersion != "1.1" || versions[1].FormVersion != "1.0" {
		t.Errorf("kept: %+v, %v", versions, err)
	}
	d.publish(smallAgain("1.2"), 2) // asks for the number of people again
	if err = d.moveForm("1.2", moved.Hash); err != nil {
		t.Fatal(err)
	}
	versions, err = application.Versions(t.Context(), d.db, d.org, d.made.ID)
	if err != nil {
		t.Fatal(err)
	}
	left, err := application.Leftovers(t.Context(), d.db, "small", versions)
	if err != nil || len(left) != 1 || left[0].From != "1.0" || len(left[0].Left) != 1 || left[0].Left[0].Label != "人数" || left[0].Left[0].Text != "12" {
		t.Errorf("left over: %+v, %v", left, err)
	}
}

func smallAgain(version string) template.Version {
	v := smallForm
	v.Version = version
	return v
}

func TestAnApplicationThatWasHandedInNeverMoves(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.give(true); err != nil {
		t.Fatal(err)
	}
	now := d.find()
	for _, one := range []struct {
		role ledger.Role
		by   ledger.Actor
	}{{ledger.Treasurer, treasurer}, {ledger.Representative, head}} {
		if err := d.sign(now.Hash, one.role, one.by, ""); err != nil {
			t.Fatal(err)
		}
	}
	d.must(func(tx *sqlx.Tx) error {
		return application.HandIn(t.Context(), tx, d.org, d.made.ID, now.Hash, application.Submission{Manner: "郵送", SubmittedOn: ledgertest.Today}, head, ledgertest.At)
	})
	d.publish(newer("1.1"), 1)
	if err := d.moveForm("1.1", now.Hash); !errors.Is(err, application.ErrHandedIn) {
		t.Errorf("it moved: %v", err)
	}
	for _, statement := range []string{`UPDATE application SET form_version = '1.1'`, `UPDATE application SET form_key = 'other'`} {
		if _, err := d.db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the database let pass: %s", statement)
		}
	}
	if moved := d.find(); moved.FormVersion != "1.0" || !slices.Equal(moved.Hash, now.Hash) {
		t.Errorf("it stands under %s", moved.FormVersion)
	}
}

package application_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// bench is a form in the making and somebody who makes it.
func (d *desk) bench() (int64, application.Author) {
	d.t.Helper()
	person := ledgertest.NewPerson(d.t, d.db)
	by := application.Author{PersonID: person.ID, Name: person.Name}
	var id int64
	d.must(func(tx *sqlx.Tx) (err error) {
		next := smallForm
		next.Version = template.NextVersion(next.Version)
		id, err = application.BeginForm(d.t.Context(), tx, next, by, ledgertest.At)
		return err
	})
	return id, by
}

func TestAFormInTheMakingIsPublishedOnceAndDraftsStayWithTheirs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, by := d.bench()
	edit := func(change func(*template.Version) error) error {
		return d.do(func(tx *sqlx.Tx) error {
			_, err := application.EditForm(t.Context(), tx, id, change, by, ledgertest.At)
			return err
		})
	}
	publish := func(groups ...string) error {
		return d.do(func(tx *sqlx.Tx) error {
			_, err := application.PublishFormDraft(t.Context(), tx, id, groups, by, ledgertest.At)
			return err
		})
	}
	if err := edit(func(v *template.Version) error {
		_, err := v.AddField("s", "みどり丘食堂の困りごと", template.Single)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := publish(); !errors.Is(err, application.ErrFaults) {
		t.Errorf("a choice without answers: %v", err)
	}
	if err := edit(func(v *template.Version) error {
		return v.PutField("q1", template.Field{Key: "q1", Label: "みどり丘食堂の困りごと", Type: template.Text})
	}); err != nil {
		t.Fatal(err)
	}
	if err := publish("みどり丘食堂"); !errors.Is(err, application.ErrFaults) {
		t.Errorf("a form that names a group: %v", err)
	}
	if err := edit(func(v *template.Version) error { return v.DropField("nothing") }); !errors.Is(err, template.ErrNoPart) {
		t.Errorf("an edit that fails: %v", err)
	}
	if err := publish(); err != nil {
		t.Fatal(err)
	}
	if err := publish(); !errors.Is(err, application.ErrNoFormDraft) {
		t.Errorf("published twice: %v", err)
	}
	if d.find().FormVersion != "1.0" {
		t.Errorf("the draft went over to %s", d.find().FormVersion)
	}
	d.newest("1.1")
	d.must(func(tx *sqlx.Tx) error {
		return application.Retire(t.Context(), tx, "small", "1.1", by.Name, ledgertest.At)
	})
	d.newest("1.0")
	if err := d.do(func(tx *sqlx.Tx) error {
		return application.Retire(t.Context(), tx, "small", "1.1", by.Name, ledgertest.At)
	}); !errors.Is(err, application.ErrNoForm) {
		t.Errorf("retired twice: %v", err)
	}
	d.must(func(tx *sqlx.Tx) error { return application.Restore(t.Context(), tx, "small", "1.1") })
	d.newest("1.1")
}

func (d *desk) newest(want string) {
	d.t.Helper()
	forms, err := application.Forms(d.t.Context(), d.db)
	if err != nil || len(forms) != 1 || forms[0].Version != want {
		d.t.Errorf("forms in use: %+v, %v; want %s", forms, err, want)
	}
}

func TestAFormInTheMakingIsPutAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, by := d.bench()
	d.must(func(tx *sqlx.Tx) error { return application.DropFormDraft(t.Context(), tx, id, ledgertest.At) })
	if all, err := application.FormDrafts(t.Context(), d.db); err != nil || len(all) != 0 {
		t.Errorf("in the making: %v, %v", all, err)
	}
	var bad ledger.Invalid
	err := d.do(func(tx *sqlx.Tx) error {
		_, err := application.BeginForm(t.Context(), tx, template.Version{Key: "Z 9", Version: "1.0"}, by, ledgertest.At)
		return err
	})
	if !errors.As(err, &bad) || bad["key"] == "" || bad["title"] == "" {
		t.Errorf("a form without a name: %v", err)
	}
}

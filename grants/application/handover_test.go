package application_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// helpers are a coordinator who has a draft in hand and two of the group.
func (d *desk) helpers() (coordinator, member, other ledger.Person) {
	d.t.Helper()
	coordinator, member, other = ledgertest.NewPerson(d.t, d.db), ledgertest.NewPerson(d.t, d.db), ledgertest.NewPerson(d.t, d.db)
	d.must(func(tx *sqlx.Tx) error { return application.Hold(d.t.Context(), tx, d.org, d.made.ID, coordinator.ID) })
	return coordinator, member, other
}

func (d *desk) note(n application.Note) {
	d.t.Helper()
	d.must(func(tx *sqlx.Tx) error {
		return application.AddNote(d.t.Context(), tx, d.org, d.made.ID, n, writer, ledgertest.At)
	})
}

func TestAHandOverPassesWhatIsInHandAndNothingElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	coordinator, member, other := d.helpers()
	d.note(application.Note{Text: "見積りをとる", DueOn: ledgertest.Today.AddDays(5), ForID: coordinator.ID})
	d.note(application.Note{Text: "写真をえらぶ", DueOn: ledgertest.Today.AddDays(2), ForID: other.ID})
	give := func(h application.Handover) (given application.Handover, err error) {
		err = d.do(func(tx *sqlx.Tx) error {
			given, err = application.HandOver(t.Context(), tx, d.org, h, writer, ledgertest.At)
			return err
		})
		return given, err
	}
	var bad ledger.Invalid
	if _, err := give(application.Handover{FromID: coordinator.ID, ToID: coordinator.ID}); !errors.As(err, &bad) || bad["to"] == "" {
		t.Errorf("to himself: %v", err)
	}
	given, err := give(application.Handover{FromID: coordinator.ID, ToID: member.ID, Words: "あとは、お願いします。", EndsOn: ledgertest.Today.AddDays(14)})
	if err != nil || given.Drafts != 1 || given.Tasks != 1 {
		t.Fatalf("handed over %+v, %v; want one draft and one task", given, err)
	}
	if now := d.find(); now.HeldBy != member.ID || now.Holder != member.Name {
		t.Errorf("in the hand of %d %s, want %d", now.HeldBy, now.Holder, member.ID)
	}
	next, err := application.NextTasks(t.Context(), d.db, d.org)
	if err != nil || next[d.made.Place()].Text != "写真をえらぶ" || next[d.made.Place()].For != other.Name {
		t.Errorf("next task %+v, %v", next, err)
	}
	learn := func(person int64, steps ...string) error {
		return d.do(func(tx *sqlx.Tx) error {
			return application.Learn(t.Context(), tx, d.org, given.ID, person, steps, ledgertest.At)
		})
	}
	if err := learn(other.ID, "find"); !errors.Is(err, application.ErrNoHandover) {
		t.Errorf("taken by another: %v", err)
	}
	if err := learn(member.ID, "write", "find", "juggle"); err != nil {
		t.Fatal(err)
	}
	all, err := application.Handovers(t.Context(), d.db, d.org)
	if err != nil || len(all) != 1 || !slices.Equal(all[0].Learnt, []string{"find", "write"}) || !all[0].TakenYet || all[0].EndsOn != ledgertest.Today.AddDays(14) {
		t.Errorf("hand-overs %+v, %v", all, err)
	}
}

func TestALightSaysWhatIsStillToBeDone(t *testing.T) {
	t.Parallel()
	today := ledgertest.Today
	for name, c := range map[string]struct {
		status application.Status
		ready  bool
		left   int
		want   application.Light
	}{
		"handed in":                 {application.Submitted, true, -3, application.Waiting},
		"past":                      {application.Approved, true, -1, application.Late},
		"only to be sent, 3 days":   {application.Approved, true, 3, application.Careful},
		"only to be sent, 2 days":   {application.Approved, true, 2, application.Hurry},
		"only to be sent, 10 days":  {application.Approved, true, 10, application.Steady},
		"with the signers, 9 days":  {application.Review, true, 9, application.Hurry},
		"with the signers, 10 days": {application.Review, true, 10, application.Careful},
		"half written, 16 days":     {application.Drafting, false, 16, application.Hurry},
		"half written, 24 days":     {application.Drafting, false, 24, application.Steady},
		"written, 16 days":          {application.Drafting, true, 16, application.Careful},
	} {
		d := application.Draft{Status: c.status, DueOn: today.AddDays(c.left)}
		if got := d.Stand(c.ready, today).Light; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := (application.Draft{Status: application.Drafting}).Stand(true, today).Light; got != application.NoDay {
		t.Errorf("without a day: %s", got)
	}
}

func TestASnippetIsEditedTaggedAndPutAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := application.Snippet{Key: "need.summary", Title: "孤食", Text: "ひとりで食べる人がいる", Tags: []string{"食堂", "高齢者"}, SaidOn: ledgertest.Today}
	d.must(func(tx *sqlx.Tx) (err error) {
		s.ID, err = application.KeepSnippet(t.Context(), tx, d.org, s, writer, ledgertest.At)
		return err
	})
	s.Text, s.Tags = "ひとりで夕食をとる人が15人いる", []string{"食堂"}
	d.must(func(tx *sqlx.Tx) error {
		return application.EditSnippet(t.Context(), tx, d.org, s, writer, ledgertest.At)
	})
	now, err := application.FindSnippet(t.Context(), d.db, d.org, s.ID)
	if err != nil || now.Text != s.Text || !slices.Equal(now.Tags, s.Tags) || now.SaidOn != ledgertest.Today || now.By != writer.Name {
		t.Errorf("the text is %+v, %v", now, err)
	}
	personal := application.Snippet{Key: "org.rep_name", Title: "代表", Text: "練習 代表"}
	var bad ledger.Invalid
	err = d.do(func(tx *sqlx.Tx) error {
		_, err := application.KeepSnippet(t.Context(), tx, d.org, personal, writer, ledgertest.At)
		return err
	})
	if !errors.As(err, &bad) || bad["key"] == "" {
		t.Errorf("a person's name is kept: %v", err)
	}
	d.must(func(tx *sqlx.Tx) error { return application.RetireSnippet(t.Context(), tx, d.org, s.ID, ledgertest.At) })
	if all, err := application.Snippets(t.Context(), d.db, d.org); err != nil || len(all) != 0 {
		t.Errorf("the library holds %v, %v", all, err)
	}
	if err = d.do(func(tx *sqlx.Tx) error {
		return application.EditSnippet(t.Context(), tx, d.org, s, writer, ledgertest.At)
	}); !errors.Is(err, application.ErrNoDraft) {
		t.Errorf("edited after it was put away: %v", err)
	}
}

package vetting_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var at, today = ledgertest.At, ledgertest.Today

// group is one that nobody has looked at, with its representative, and an operator.
type group struct {
	t        *testing.T
	db       *pgtest.DB
	org      ledger.Organisation
	head     ledger.Actor
	operator ledger.Actor
}

func newGroup(t *testing.T, edits ...func(*ledger.Organisation)) group {
	t.Helper()
	g := group{t: t, db: pgtest.New(t)}
	g.org = ledger.Organisation{Name: "練習 ひろばの会", Kind: "volunteer", Representative: "練習 代表", BankAccount: "練習銀行", Slug: "hiroba", CreatedAt: at}
	for _, edit := range edits {
		edit(&g.org)
	}
	g.must(func(tx *sqlx.Tx) (err error) {
		g.org.ID, err = ledger.FoundOrganisation(t.Context(), tx, g.org)
		return err
	})
	g.head = ledgertest.NewMember(t, g.db.App, g.org.ID, ledger.Representative)
	person := ledgertest.NewPerson(t, g.db.App)
	g.operator = ledger.ByPerson(person.ID, person.Name)
	g.seat(person.ID)
	return g
}

func (g group) seat(person int64) {
	g.t.Helper()
	if _, err := g.db.Owner.ExecContext(g.t.Context(), `INSERT INTO operator (person_id, since_on) VALUES ($1, $2)`, person, today); err != nil {
		g.t.Fatal(err)
	}
}

func (g group) try(fn func(tx *sqlx.Tx) error) error { return ledger.InTx(g.t.Context(), g.db.App, fn) }

func (g group) must(fn func(tx *sqlx.Tx) error) { g.t.Helper(); ledgertest.Must(g.t, g.db.App, fn) }

func (g group) ask(when time.Time) error {
	return g.try(func(tx *sqlx.Tx) error {
		return vetting.Ask(g.t.Context(), tx, g.org.ID, "窓口へ持っていきます。", g.head, when)
	})
}

func (g group) approve(seen []vetting.Seen, by ledger.Actor) error {
	return g.try(func(tx *sqlx.Tx) error { return vetting.Approve(g.t.Context(), tx, g.org.ID, seen, by, at) })
}

func (g group) vetted() bool {
	g.t.Helper()
	is, err := vetting.Vetted(g.t.Context(), g.db.App, g.org.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	return is
}

func (g group) newest() vetting.Vetting {
	g.t.Helper()
	v, err := vetting.Newest(g.t.Context(), g.db.App, g.org.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	return v
}

func seen(papers ...vetting.Paper) (list []vetting.Seen) {
	for _, p := range papers {
		list = append(list, vetting.Seen{Paper: p, On: today, How: vetting.Original})
	}
	return list
}

func TestGroupIsRefusedAsksAgainAndIsApproved(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	if _, err := vetting.Newest(t.Context(), g.db.App, g.org.ID); !errors.Is(err, vetting.ErrNone) {
		t.Errorf("before anything: %v, want ErrNone", err)
	}
	if err := g.ask(at); err != nil {
		t.Fatal(err)
	}
	if err := g.ask(at); !errors.Is(err, vetting.ErrAsked) {
		t.Errorf("asking twice: %v, want ErrAsked", err)
	}
	g.must(func(tx *sqlx.Tx) error {
		return vetting.Refuse(t.Context(), tx, g.org.ID, "規約に代表の決め方がありません。", "総会の議事録を見せてください。", g.operator, at)
	})
	if v := g.newest(); v.Status != vetting.Refused || v.Next != "総会の議事録を見せてください。" || v.AskedBy != g.head.Name || g.vetted() {
		t.Errorf("refused: %+v", v)
	}
	if err := g.ask(at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	list := seen(vetting.Rules, vetting.Minutes, vetting.Identity, vetting.Account)
	list[1].Note = "2026年5月の総会"
	if err := g.approve(list, g.operator); err != nil {
		t.Fatal(err)
	}
	v, err := vetting.InForce(t.Context(), g.db.App, g.org.ID)
	if err != nil || !g.vetted() || v.Own || len(v.Seen) != 4 || v.Seen[1] != list[1] || v.Changed(g.org) {
		t.Errorf("approved: %+v, %v", v, err)
	}
	for _, change := range []func(*ledger.Organisation){func(o *ledger.Organisation) { o.Representative = "練習 次郎" }, func(o *ledger.Organisation) { o.BankAccount = "練習信金" }} {
		o := g.org
		if change(&o); !v.Changed(o) {
			t.Errorf("another representative or account is not noticed: %+v", o)
		}
	}
}

func TestOperatorsAloneDecide(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	list := seen(vetting.Rules, vetting.Identity, vetting.Account)
	if err := g.approve(list, g.head); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the representative approves: %v, want ErrNotFound", err)
	}
	_, err := g.db.App.ExecContext(t.Context(), `
		WITH who AS (
		  INSERT INTO actor (organisation_id, kind, subject_id, name) VALUES ($1, 'person', $2, 'x') RETURNING id)
		INSERT INTO vetting (organisation_id, status, asked_at, decided_by, decided_person_id, decided_at, described)
		SELECT $1, 'approved', $3, who.id, $2, $3, sha256('x') FROM who`, g.org.ID, g.head.SubjectID, at)
	if !errors.Is(ledger.Classify(err), ledger.ErrNoRight) {
		t.Errorf("past the program: %v, want ErrNoRight", err)
	}
	g.seat(g.head.SubjectID)
	if err := g.approve(list, g.head); err != nil {
		t.Fatal(err)
	}
	if v := g.newest(); !v.Own {
		t.Error("an operator of the group's own is not told apart")
	}
	_, err = g.db.App.ExecContext(t.Context(), `UPDATE vetting SET status = 'refused', reason = 'x', next = 'x' WHERE organisation_id = $1`, g.org.ID)
	if !errors.Is(ledger.Classify(err), ledger.ErrFrozen) {
		t.Errorf("changing a decision: %v, want ErrFrozen", err)
	}
}

func TestListLacksWhatAGroupOfItsKindBrings(t *testing.T) {
	t.Parallel()
	kind := func(kind string) func(*ledger.Organisation) {
		return func(o *ledger.Organisation) { o.Kind = kind }
	}
	late := seen(vetting.Rules, vetting.Identity, vetting.Account)
	late[0].On = today.AddDays(1)
	late[1].How = ""
	late[2].Note = "口座番号 １２３ ４５６７"
	for name, c := range map[string]struct {
		edit func(*ledger.Organisation)
		seen []vetting.Seen
		want string
	}{
		"nothing":                   {kind("npo"), nil, "account identity register"},
		"rules are no register":     {kind("npo"), seen(vetting.Rules, vetting.Identity, vetting.Account), "register"},
		"neighbours need a meeting": {kind("chonaikai"), seen(vetting.Rules, vetting.Identity, vetting.Account), "minutes"},
		"neighbours":                {kind("chonaikai"), seen(vetting.Permit, vetting.Officers, vetting.Identity, vetting.Account), ""},
		"no account, none shown":    {func(o *ledger.Organisation) { o.BankAccount = "" }, seen(vetting.Minutes, vetting.Identity), ""},
		"other needs words":         {kind("other"), seen(vetting.Rules, vetting.Identity, vetting.Account, vetting.Other), "other_note"},
		"days, ways, numbers":       {kind("other"), late, "account_note identity_how rules_on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGroup(t, c.edit)
			var bad ledger.Invalid
			if err := g.approve(c.seen, g.operator); err != nil && !errors.As(err, &bad) {
				t.Fatal(err)
			}
			if got := strings.Join(slices.Sorted(maps.Keys(bad)), " "); got != c.want || g.vetted() != (c.want == "") {
				t.Errorf("got %q, vetted %v; want %q", got, g.vetted(), c.want)
			}
		})
	}
}

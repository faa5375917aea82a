package access_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const site = "https://tsukaimichi.example"

var at, today = ledgertest.At, ledgertest.Today

// house is an organisation with its representative, and an operator of the program.
type house struct {
	t        *testing.T
	db       *pgtest.DB
	org      ledger.Organisation
	head     ledger.Actor
	operator ledger.Person
}

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{t: t, db: pgtest.New(t)}
	h.org = ledgertest.NewOrganisation(t, h.db.App)
	h.head = ledgertest.NewMember(t, h.db.App, h.org.ID, ledger.Representative)
	h.operator = ledgertest.NewPerson(t, h.db.App)
	if _, err := h.db.Owner.ExecContext(t.Context(), `INSERT INTO operator (person_id, since_on) VALUES ($1, $2)`, h.operator.ID, today); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h house) try(fn func(tx *sqlx.Tx) error) error { return ledger.InTx(h.t.Context(), h.db.App, fn) }

func (h house) ask() access.Grant {
	h.t.Helper()
	if err := h.try(func(tx *sqlx.Tx) error {
		return access.Ask(h.t.Context(), tx, h.org.ID, h.operator.ID, "領収書の印刷が合わないわけをしらべる", site, at)
	}); err != nil {
		h.t.Fatal(err)
	}
	return h.newest()
}

func (h house) newest() access.Grant {
	h.t.Helper()
	all, err := access.Grants(h.t.Context(), h.db.App, h.org.ID)
	if err != nil || len(all) == 0 {
		h.t.Fatalf("%d grants, %v", len(all), err)
	}
	return all[0]
}

func (h house) allow(id int64, until ledger.Date) error {
	return h.try(func(tx *sqlx.Tx) error { return access.Allow(h.t.Context(), tx, h.org.ID, id, until, h.head, at) })
}

func (h house) end(id int64) error {
	return h.try(func(tx *sqlx.Tx) error { return access.End(h.t.Context(), tx, h.org.ID, id, h.head, at) })
}

// may says whether the operator may read on a day.
func (h house) may(on ledger.Date) bool {
	h.t.Helper()
	_, err := access.Standing(h.t.Context(), h.db.App, h.org.ID, h.operator.ID, on)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		h.t.Fatal(err)
	}
	return err == nil
}

func (h house) letters(kind string) (n int) {
	h.t.Helper()
	if err := h.db.App.GetContext(h.t.Context(), &n, `SELECT count(*) FROM mail WHERE kind = $1`, kind); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestOperatorReadsFromTheGrantUntilItsLastDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.ask()
	if h.may(today) || h.letters("access-asked") != 1 {
		t.Errorf("asked: may read %v, %d letters to the representative", h.may(today), h.letters("access-asked"))
	}
	if err := h.try(func(tx *sqlx.Tx) error {
		return access.Ask(t.Context(), tx, h.org.ID, h.operator.ID, "もう一度", site, at)
	}); !errors.Is(err, access.ErrAsked) {
		t.Errorf("asked twice: %v, want ErrAsked", err)
	}
	if err := h.allow(g.ID, today.AddDays(13)); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[int]bool{-1: false, 0: true, 13: true, 14: false} {
		if got := h.may(today.AddDays(day)); got != want {
			t.Errorf("day %d: %v, want %v", day, got, want)
		}
	}
	if err := h.allow(g.ID, today); !errors.Is(err, ledger.ErrDecided) {
		t.Errorf("allowed twice: %v, want ErrDecided", err)
	}
	if err := h.end(g.ID); err != nil {
		t.Fatal(err)
	}
	if h.may(today) {
		t.Error("reads after the end")
	}
	if err := h.end(g.ID); !errors.Is(err, ledger.ErrDecided) {
		t.Errorf("ended twice: %v, want ErrDecided", err)
	}
	if got := h.letters("access-granted") + h.letters("access-ended"); got != 2 {
		t.Errorf("%d letters to the operator, want 2", got)
	}
}

func TestRefusedOperatorReadsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.ask()
	if err := h.try(func(tx *sqlx.Tx) error { return access.Refuse(t.Context(), tx, h.org.ID, g.ID, h.head, at) }); err != nil {
		t.Fatal(err)
	}
	if h.may(today) || h.newest().Status != access.Refused {
		t.Errorf("may read %v, status %s", h.may(today), h.newest().Status)
	}
	if err := h.allow(g.ID, today); !errors.Is(err, ledger.ErrDecided) {
		t.Errorf("allowed after refusing: %v, want ErrDecided", err)
	}
}

func TestGrantNeedsAPurposeADayAndAnOperator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	somebody := ledgertest.NewPerson(t, h.db.App)
	give := func(person int64, purpose string, until ledger.Date) error {
		return h.try(func(tx *sqlx.Tx) error {
			return access.Give(t.Context(), tx, h.org.ID, person, purpose, until, h.head, at)
		})
	}
	for name, c := range map[string]struct {
		purpose string
		until   ledger.Date
		want    string
	}{
		"no purpose": {" ", today, "purpose: access.purpose_missing"}, "no day": {"x", ledger.Date{}, "until: access.until_missing"},
		"a past day": {"x", today.AddDays(-1), "until: access.until_past"}, "a fifteenth day": {"x", today.AddDays(14), "until: access.until_far"},
		"neither": {"", ledger.Date{}, "purpose: access.purpose_missing, until: access.until_missing"},
	} {
		if err := give(h.operator.ID, c.purpose, c.until); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if err := give(somebody.ID, "x", today); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("to somebody who is no operator: %v, want ErrNotFound", err)
	}
	if err := give(h.operator.ID, "x", today); err != nil || !h.may(today) {
		t.Errorf("%v, may read %v", err, h.may(today))
	}
}

// TestDecidedGrantIsNeverChanged, not even past the package.
func TestDecidedGrantIsNeverChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.ask()
	if err := h.allow(g.ID, today.AddDays(3)); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{
		`UPDATE access_grant SET until_on = until_on + 1`, `UPDATE access_grant SET status = 'asked', decided_by = NULL, decided_at = NULL, from_on = NULL, until_on = NULL`,
		`UPDATE access_grant SET purpose = 'x'`, `UPDATE access_grant SET person_id = person_id`, `DELETE FROM access_grant`,
	} {
		for role, db := range map[string]*sqlx.DB{"app": h.db.App, "owner": h.db.Owner} {
			if _, err := db.ExecContext(t.Context(), change); err == nil {
				t.Errorf("%s: %s went through", role, change)
			}
		}
	}
	if _, err := h.db.App.ExecContext(t.Context(), `
		INSERT INTO access_grant (organisation_id, person_id, status, purpose, asked_at, decided_by, decided_at, from_on, until_on)
		SELECT organisation_id, person_id, status, purpose, asked_at, decided_by, decided_at, from_on, from_on + 14
		  FROM access_grant`); ledger.ConstraintName(err) != "access_grant_term" {
		t.Errorf("fifteen days: %v", err)
	}
}

func TestRepresentativesAreToldOnceThatACoordinatorsRoleEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ledgertest.NewMember(t, h.db.App, h.org.ID, ledger.Representative)
	person := ledgertest.NewPerson(t, h.db.App)
	m := ledger.Membership{OrganisationID: h.org.ID, PersonID: person.ID, Role: ledger.Coordinator, FromOn: today, UntilOn: today.AddDays(60)}
	ledgertest.Must(t, h.db.App, func(tx *sqlx.Tx) error { return ledger.AddMember(t.Context(), tx, m) })
	for _, c := range []struct{ day, letters, shown int }{{45, 0, 0}, {46, 2, 1}, {47, 2, 1}, {59, 2, 1}, {60, 2, 0}} {
		then := at.Add(time.Duration(c.day) * 24 * time.Hour)
		if err := access.Remind(t.Context(), h.db.App, h.org.ID, site, then); err != nil {
			t.Fatal(err)
		}
		ending, err := access.Ending(t.Context(), h.db.App, h.org.ID, today.AddDays(c.day))
		if got := h.letters("role-ending"); err != nil || got != c.letters || len(ending) != c.shown {
			t.Errorf("day %d: %d letters, %d on the console, %v; want %d and %d", c.day, got, len(ending), err, c.letters, c.shown)
		}
	}
	m.FromOn, m.UntilOn = today.AddDays(59), today.AddDays(200)
	ledgertest.Must(t, h.db.App, func(tx *sqlx.Tx) error { return ledger.AddMember(t.Context(), tx, m) })
	if ending, err := access.Ending(t.Context(), h.db.App, h.org.ID, today.AddDays(59)); err != nil || len(ending) != 0 {
		t.Errorf("renewed, and still %d end, %v", len(ending), err)
	}
}

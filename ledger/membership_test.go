package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// term is a role of one person of a fresh organisation, and what is done to it.
type term struct {
	t    *testing.T
	db   *sqlx.DB
	role ledger.Role
	ledger.Membership
}

func newTerm(t *testing.T, role ledger.Role) term {
	t.Helper()
	db := pgtest.New(t).App
	m := ledger.Membership{OrganisationID: ledgertest.NewOrganisation(t, db).ID, PersonID: ledgertest.NewPerson(t, db).ID, Role: role}
	return term{t, db, role, m}
}

func (m term) add(from, until ledger.Date) error {
	m.FromOn, m.UntilOn = from, until
	return ledger.InTx(m.t.Context(), m.db, func(tx *sqlx.Tx) error { return ledger.AddMember(m.t.Context(), tx, m.Membership) })
}

func (m term) end(on ledger.Date) {
	m.t.Helper()
	ledgertest.Must(m.t, m.db, func(tx *sqlx.Tx) error {
		return ledger.EndMember(m.t.Context(), tx, m.OrganisationID, m.PersonID, m.role, on)
	})
}

// on says how often the person has the role on a day, and until when.
func (m term) on(day ledger.Date) (times int, until ledger.Date) {
	m.t.Helper()
	all, err := ledger.Members(m.t.Context(), m.db, m.OrganisationID, day)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, one := range all {
		times, until = times+1, one.UntilOn
	}
	return times, until
}

func TestRoleIsRenewed(t *testing.T) {
	t.Parallel()
	today, none := ledgertest.Today, ledger.Date{}
	for name, c := range map[string]struct {
		role          ledger.Role
		before        func(m term)
		from, until   ledger.Date
		at, wantUntil ledger.Date
	}{
		"ended on the day it began": {ledger.Member, func(m term) { _ = m.add(today, none); m.end(today) }, today, none, today.AddDays(400), none},
		"ended today, begun long ago": {ledger.Treasurer, func(m term) { _ = m.add(today.AddDays(-500), none); m.end(today) },
			today, none, today.AddDays(1), none},
		"ended before": {ledger.Member, func(m term) { _ = m.add(today.AddDays(-500), none); m.end(today.AddDays(-1)) }, today, none, today, none},
		"a coordinator's, before it ends": {ledger.Coordinator, func(m term) { _ = m.add(today.AddDays(-300), today.AddDays(14)) },
			today, today.AddDays(200), today.AddDays(200), today.AddDays(200)},
		"never made shorter":         {ledger.Coordinator, func(m term) { _ = m.add(today, today.AddDays(300)) }, today, today.AddDays(10), today.AddDays(300), today.AddDays(300)},
		"one without end keeps none": {ledger.Member, func(m term) { _ = m.add(today, none) }, today, today.AddDays(10), today.AddDays(99), none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTerm(t, c.role)
			c.before(m)
			if err := m.add(c.from, c.until); err != nil {
				t.Fatal(err)
			}
			if times, until := m.on(c.at); times != 1 || until != c.wantUntil {
				t.Errorf("on %s: %d times, until %s; want once, until %s", c.at, times, until, c.wantUntil)
			}
		})
	}
}

func TestCoordinatorsRoleEndsWithinAYear(t *testing.T) {
	t.Parallel()
	today := ledgertest.Today // 2026-11-24
	for name, c := range map[string]struct {
		role  ledger.Role
		until ledger.Date
		want  string
	}{
		"no end":                {ledger.Coordinator, ledger.Date{}, "console.until_missing"},
		"a day past a year":     {ledger.Coordinator, ledger.NewDate(2027, 11, 25), "console.until_far"},
		"a year":                {ledger.Coordinator, ledger.NewDate(2027, 11, 24), ""},
		"before it begins":      {ledger.Coordinator, today.AddDays(-1), "console.until_past"},
		"another for ever":      {ledger.Auditor, ledger.Date{}, ""},
		"another for two years": {ledger.Auditor, today.AddDays(730), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newTerm(t, c.role).add(today, c.until)
			var bad ledger.Invalid
			if errors.As(err, &bad); bad["until"] != c.want || (c.want == "") != (err == nil) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

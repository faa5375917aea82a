package auth_test

import (
	"context"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestRouteOpensForItsRolesOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role         ledger.Role
		money, audit int
	}{
		{ledger.Representative, 200, 403},
		{ledger.Treasurer, 200, 403},
		{ledger.Auditor, 403, 200},
		{ledger.Member, 403, 403},
		{ledger.Coordinator, 403, 403},
		{"", 403, 403},
	} {
		t.Run(string(c.role), func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t).App
			person, organisation := newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db)
			if c.role != "" {
				newMember(t, db, organisation, person, c.role)
			}
			newMember(t, db, newOrganisation(t, db), person, ledger.Representative) // of another organisation
			newMember(t, db, newOrganisation(t, db), person, ledger.Auditor)
			s := newSite(t, db, person, organisation)
			s.status("/money", 401)
			s.ask("POST", "/in")
			s.status("/money", c.money)
			s.status("/audit", c.audit)
			s.status("/nobody", 403)
			s.status("/operator", 403)
		})
	}
}

func TestRoleCountsOnItsDaysOnly(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person, organisation := newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db)
	newMember(t, db, organisation, person, ledger.Treasurer, func(m *ledger.Membership) {
		m.FromOn, m.UntilOn = today, today.AddDays(30)
	})
	s := newSite(t, db, person, organisation)
	s.ask("POST", "/in")
	for days, want := range map[int]int{-1: 403, 0: 200, 30: 200, 31: 403} {
		s.day = today.AddDays(days)
		s.status("/money", want)
	}
}

func TestMemberHasEveryRoleHeHasToday(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person, organisation := newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db)
	newMember(t, db, organisation, person, ledger.Treasurer)
	newMember(t, db, organisation, person, ledger.Member)
	newMember(t, db, organisation, person, ledger.Auditor, func(m *ledger.Membership) { m.UntilOn = today.AddDays(-1) })
	s := newSite(t, db, person, organisation)
	s.ask("POST", "/in")
	if _, body, _ := s.ask("GET", "/money"); body != "練習 花子 member+treasurer" {
		t.Errorf("page %q; want both roles of today", body)
	}
	got, err := auth.Roles(context.Background(), db, person, today)
	if err != nil || len(got) != 2 || got[0].OrganisationID != organisation {
		t.Errorf("Roles = %+v, %v; want two", got, err)
	}
}

func TestOperatorHasNoRoleInAnOrganisation(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	person, organisation := newPerson(t, db.App, "練習 運営", "unei@example.jp"), newOrganisation(t, db.App)
	db.Owner.MustExec(`INSERT INTO operator (person_id, since_on) VALUES ($1, $2)`, person, today)
	s := newSite(t, db.App, person, organisation)
	s.ask("POST", "/in")
	s.status("/operator", 200)
	s.status("/money", 403)
	s.status("/audit", 403)
	s.day = today.AddDays(-1)
	s.status("/operator", 403)
}

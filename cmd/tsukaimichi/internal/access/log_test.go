package access_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// opened writes a row of the log.
func (h house) opened(person, grant int64, what access.What, when time.Time) {
	h.t.Helper()
	err := access.Log(h.t.Context(), h.db.App, access.Opening{OrganisationID: h.org.ID, PersonID: person, GrantID: grant, What: what, Route: "GET /desk/{org}/gifts/{id}", SubjectID: 7}, when)
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h house) rows(f access.Filter) []access.Opened {
	h.t.Helper()
	rows, err := access.Openings(h.t.Context(), h.db.App, h.org.ID, f, access.Place{}, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	return rows
}

func TestLogSaysWhoOpenedWhat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.ask()
	member := ledgertest.NewPerson(t, h.db.App)
	h.opened(member.ID, 0, access.OneGift, at)
	h.opened(h.operator.ID, g.ID, access.Page, at.Add(time.Second))
	h.opened(0, 0, access.Change, at.Add(40*24*time.Hour))
	var got []string
	for _, row := range h.rows(access.Filter{}) {
		got = append(got, row.Who+" "+row.Name+" "+string(row.What))
	}
	if want := "command  change, operator " + h.operator.Name + " page, member " + member.Name + " gift"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if n := len(h.rows(access.Filter{Month: today})); n != 2 {
		t.Errorf("%d rows in the month, want 2", n)
	}
	if n := len(h.rows(access.Filter{PersonID: member.ID, Month: today})); n != 1 {
		t.Errorf("%d rows of the member, want 1", n)
	}
	people, err := access.People(t.Context(), h.db.App, h.org.ID)
	if err != nil || len(people) != 2 {
		t.Errorf("%d people, %v, want 2", len(people), err)
	}
	if others := ledgertest.NewOrganisation(t, h.db.App); len(house{h.t, h.db, others, h.head, h.operator}.rows(access.Filter{})) != 0 {
		t.Error("another organisation sees them")
	}
}

// TestLogTakesNoAddress: what somebody searched for stands in addresses.
func TestLogTakesNoAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, route := range []string{"GET /desk/a/book?q=x", "/練習", "", "a@b.example", strings.Repeat("x", 101)} {
		err := access.Log(t.Context(), h.db.App, access.Opening{OrganisationID: h.org.ID, PersonID: h.operator.ID, What: access.OneGift, Route: route}, at)
		if ledger.ConstraintName(err) != "access_route_shape" {
			t.Errorf("%q: %v", route, err)
		}
	}
}

func TestLogIsPagedWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 25 {
		h.opened(h.operator.ID, 0, access.OneGift, at.Add(time.Duration(i/3)*time.Second)) // three at one instant
	}
	seen := map[int64]bool{}
	for after := (access.Place{}); ; {
		rows, err := access.Openings(t.Context(), h.db.App, h.org.ID, access.Filter{}, after, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if seen[row.ID] {
				t.Errorf("row %d twice", row.ID)
			}
			seen[row.ID], after = true, access.Place{At: row.At, ID: row.ID}
		}
		if len(rows) < 4 {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d rows, want 25", len(seen))
	}
}

func TestLogIsNeverChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.opened(h.operator.ID, 0, access.OneGift, time.Now())
	for _, change := range []string{
		`UPDATE access SET subject_id = 8`, `DELETE FROM access`, `TRUNCATE access`, `UPDATE access_purge SET rows = 1`, `DELETE FROM access_purge`,
		`INSERT INTO access_purge (organisation_id, at, newest_at, rows) VALUES (1, now(), now(), 1)`,
	} {
		if _, err := h.db.App.ExecContext(t.Context(), change); err == nil {
			t.Errorf("app: %s went through", change)
		}
		if strings.HasPrefix(change, "INSERT") || strings.HasSuffix(change, "_purge") {
			continue // the owner's own rows
		}
		if _, err := h.db.Owner.ExecContext(t.Context(), change); !errors.Is(ledger.Classify(err), ledger.ErrFrozen) && !strings.Contains(change, "_purge") {
			t.Errorf("owner: %s: %v, want ErrFrozen", change, err)
		}
	}
}

// TestPurgeTakesWholeMonthsAfterTwoYearsAndSaysSo: by the database's clock, whatever the program's says.
func TestPurgeTakesWholeMonthsAfterTwoYearsAndSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	now := time.Now().In(ledger.Tokyo) // where every day has 24 hours
	for _, age := range []int{0, 300, 720, 800, 900} {
		h.opened(h.operator.ID, 0, access.OneGift, now.AddDate(0, 0, -age))
	}
	if gone, err := access.Purge(t.Context(), h.db.App, h.org.ID, now); err != nil || gone != 2 {
		t.Errorf("%d gone, %v, want 2", gone, err)
	}
	if p, err := access.LastPurged(t.Context(), h.db.App, h.org.ID); err != nil || p.Rows != 2 || now.Sub(p.NewestAt).Round(time.Hour) != 800*24*time.Hour {
		t.Errorf("written down: %+v, %v", p, err)
	}
	if gone, err := access.Purge(t.Context(), h.db.App, h.org.ID, now.AddDate(50, 0, 0)); err != nil || gone != 0 {
		t.Errorf("a clock moved ahead takes out %d, %v", gone, err)
	}
	if n := len(h.rows(access.Filter{})); n != 3 {
		t.Errorf("%d rows left, want 3", n)
	}
	h.opened(h.operator.ID, 0, access.OneGift, now.AddDate(-3, 0, 0))
	if _, err := h.db.Owner.ExecContext(t.Context(), `DELETE FROM access WHERE at < now() - interval '2 years'`); err != nil {
		t.Fatal(err)
	}
	if p, err := access.LastPurged(t.Context(), h.db.App, h.org.ID); err != nil || p.Rows != 1 {
		t.Errorf("what the owner takes out by hand is not written down: %+v, %v", p, err)
	}
}

// TestLogIsReadByIndexHoweverLongItIs asks the planner, with rows of ten years and many people.
func TestLogIsReadByIndexHoweverLongItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, err := h.db.App.ExecContext(t.Context(), `
		INSERT INTO access (organisation_id, at, who, person_id, what, route)
		SELECT $1, $2::timestamptz - n * interval '1 hour', 'member', $3, 'gift', 'GET /desk/{org}/gifts/{id}'
		  FROM generate_series(1, 20000) AS n`, h.org.ID, at, h.operator.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Owner.ExecContext(t.Context(), `ANALYZE access`); err != nil {
		t.Fatal(err)
	}
	for name, where := range map[string]string{"all": "", "one person": " AND a.person_id = 1"} {
		var plan []string
		err := h.db.App.SelectContext(t.Context(), &plan, `
			EXPLAIN SELECT a.id FROM access a
			 WHERE a.organisation_id = 1 AND a.at >= '1900-01-01' AND a.at < '9999-01-01' AND (a.at, a.id) < ('2026-01-01', 5)`+where+`
			 ORDER BY a.at DESC, a.id DESC LIMIT 50`)
		text := strings.Join(plan, "\n")
		if err != nil || !strings.Contains(text, "Index") || strings.Contains(text, "Sort") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	tx, err := h.db.App.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err = access.People(t.Context(), tx, h.org.ID); err != nil {
		t.Fatal(err)
	}
	var read int
	err = tx.GetContext(t.Context(), &read, `SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'access'`)
	if err != nil || read > 20 {
		t.Errorf("for one person %d rows were read, %v", read, err)
	}
}

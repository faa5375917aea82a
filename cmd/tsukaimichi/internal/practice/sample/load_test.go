package sample_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/sample"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// morning is an early hour, before the writer's noon.
var morning = time.Date(2026, 11, 24, 7, 30, 0, 0, ledger.Tokyo)

// database is an empty one that has an operator.
func database(t *testing.T) *sqlx.DB {
	t.Helper()
	db := pgtest.New(t)
	person := ledgertest.NewPerson(t, db.App, func(p *ledger.Person) { p.Name, p.Mail = "練習 運営", "unei@renshu.example" })
	if err := access.Seat(t.Context(), db.Owner, person.ID, ledger.NewDate(2020, 1, 1)); err != nil {
		t.Fatal(err)
	}
	return db.App
}

func load(t *testing.T, db *sqlx.DB, at time.Time) sample.Sample {
	t.Helper()
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s, err := sample.Load(t.Context(), db, store, at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func organisations(t *testing.T, db *sqlx.DB) []ledger.Organisation {
	t.Helper()
	all, err := ledger.Organisations(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryBookOfTheSampleHolds(t *testing.T) {
	t.Parallel()
	db := database(t)
	s := load(t, db, morning)
	all := organisations(t, db)
	if len(all) != 5 {
		t.Fatalf("%d organisations, want 5", len(all))
	}
	for _, o := range all {
		if !o.Practice || !strings.HasPrefix(o.Name, "【練習】") {
			t.Errorf("%s is not marked as practice", o.Name)
		}
		faults, checked, err := ledger.Verify(t.Context(), db, o.ID)
		if err != nil || len(faults) > 0 || checked == 0 {
			t.Errorf("%s: %d checked, %v, %v", o.Name, checked, faults, err)
		}
	}
	roles := map[ledger.Role]int{}
	for _, p := range s.People {
		roles[p.Role]++
		if !strings.HasPrefix(p.Name, "練習 ") || !strings.HasSuffix(p.Mail, "renshu.example") {
			t.Errorf("%s <%s> is not marked as practice", p.Name, p.Mail)
		}
	}
	for _, role := range []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator} {
		if roles[role] != 5 {
			t.Errorf("%d can sign in as %s, want one in each organisation", roles[role], role)
		}
	}
}

func TestLoadingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := database(t)
	first := load(t, db, morning)
	again := load(t, db, morning.AddDate(0, 0, 3))
	if len(organisations(t, db)) != 5 || len(again.People) != len(first.People) {
		t.Errorf("%d organisations, %d people; want 5 and %d", len(organisations(t, db)), len(again.People), len(first.People))
	}
}

func TestNothingIsLoadedBesideARealOrganisation(t *testing.T) {
	t.Parallel()
	db := database(t)
	err := ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		_, err := ledger.FoundOrganisation(t.Context(), tx, ledger.Organisation{Name: "ある会", Kind: "other", Slug: "aru-kai", CreatedAt: morning})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := load(t, db, morning); len(s.People) != 0 || len(organisations(t, db)) != 1 {
		t.Errorf("loaded %+v", s)
	}
}

// progress returns a campaign of the sample by its public name and where it stands.
func progress(t *testing.T, db *sqlx.DB, slug string) (campaigns.Campaign, campaigns.Progress) {
	t.Helper()
	c, err := campaigns.FindPublic(t.Context(), db, slug)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := campaigns.FindPlan(t.Context(), db, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		t.Fatal(err)
	}
	p, err := campaigns.FindProgress(t.Context(), db, c, plan)
	if err != nil {
		t.Fatal(err)
	}
	return c, p
}

func TestOneCampaignCollectsToday(t *testing.T) {
	t.Parallel()
	db := database(t)
	load(t, db, morning)
	c, p := progress(t, db, "renshu-yugohan")
	if c.Status != campaigns.Open || p.Promised != 400_000 || p.Received != 263_937 || p.InKind != 5_000 || p.Pending != 2_000 {
		t.Errorf("campaign %s: %+v", c.Status, p)
	}
	if p.Spent != 54_862 || p.Waiting != 19_800 || p.Left != 209_075 || p.Papers != 5 {
		t.Errorf("spent %s, unchecked %s, left %s, %d papers", p.Spent, p.Waiting, p.Left, p.Papers)
	}
	if want := (campaigns.People{Persons: 4, Households: 28, Companies: 3, Nameless: 2}); p.People != want {
		t.Errorf("people %+v, want %+v", p.People, want)
	}
	waiting, err := ledger.ExpensesToCheck(t.Context(), db, c.OrganisationID)
	if err != nil || len(waiting) != 1 || waiting[0].Amount != 19_800 {
		t.Errorf("to check: %+v, %v", waiting, err)
	}
	refs, err := campaigns.WaitingAttempts(t.Context(), db, c.OrganisationID)
	if err != nil || len(refs) != 0 {
		t.Errorf("pages the practice Stripe does not know: %v, %v", refs, err)
	}
	all, err := ledger.AccountBalances(t.Context(), db, c.OrganisationID, ledger.DateOf(morning))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Balance < 0 && a.Place || a.Balance != 0 && (a.Code == ledger.StripeBalance || a.Code == ledger.InTransit || a.Code == ledger.Payable) {
			t.Errorf("%s holds %s", a.Name, a.Balance)
		}
	}
}

func TestOneReportIsDueInThreeDays(t *testing.T) {
	t.Parallel()
	db := database(t)
	load(t, db, morning)
	c, p := progress(t, db, "renshu-saimatsu")
	if c.Status != campaigns.Closed || p.Carried != 293_951 || p.Received != 3_977_943 || p.Spent != 2_840_274 || p.Left != 1_431_620 || p.Waiting != 0 {
		t.Errorf("campaign %s: %+v", c.Status, p)
	}
	for day, want := range map[int]int{3: 0, 4: 1} {
		owed, err := campaigns.Overdue(t.Context(), db, c.OrganisationID, 0, ledger.DateOf(morning).AddDays(day))
		if err != nil || len(owed) != want {
			t.Errorf("in %d days %d reports are overdue, %v, want %d", day, len(owed), err, want)
		}
	}
}

func TestOneCampaignIsADraft(t *testing.T) {
	t.Parallel()
	db := database(t)
	load(t, db, morning)
	drafts := 0
	for _, o := range organisations(t, db) {
		all, err := campaigns.List(t.Context(), db, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.Status != campaigns.Draft {
				continue
			}
			drafts++
			p, err := campaigns.FindPlan(t.Context(), db, o.ID, c.ID, 0)
			if err != nil || p.Total() != 694_300 || p.Uncovered != "未定" {
				t.Errorf("draft of %s: %s, %v", o.Name, p.Total(), err)
			}
		}
	}
	if drafts != 1 {
		t.Errorf("%d drafts, want 1", drafts)
	}
}

func TestTheSampleLoadsAtAnyHour(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		time.Date(2026, 12, 31, 23, 59, 59, 0, ledger.Tokyo), time.Date(2027, 3, 1, 0, 0, 1, 0, ledger.Tokyo), time.Date(2028, 2, 29, 15, 0, 0, 0, time.UTC),
	} {
		load(t, database(t), at)
	}
}

package search_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var (
	today  = ledger.DateOf(ledgertest.At)
	author = catalogue.Author{Name: "練習 コーディネーター"}
)

// round is a call that closes after so many days.
func round(programme string, days int, edits ...func(*catalogue.Call)) catalogue.Opportunity {
	c := catalogue.Call{Title: programme + "の助成", Summary: "高齢者の居場所をひらく団体に", Purposes: []string{"居場所"}, Areas: []string{"鹿児島県"}, Most: 300_000,
		Deadlines: []catalogue.Deadline{{Kind: catalogue.Closing, On: today.AddDays(days), Rule: "必着"}}}
	for _, edit := range edits {
		edit(&c)
	}
	return catalogue.Opportunity{Funder: "練習財団", Programme: programme, FiscalYear: 2026, Status: catalogue.Open, Source: catalogue.Manual, Call: c}
}

func TestACallMeetsAllThatIsLookedFor(t *testing.T) {
	t.Parallel()
	all := []catalogue.Opportunity{
		round("ア", 20), round("イ", 80, func(c *catalogue.Call) { c.Most, c.Areas = 50_000, []string{fit.Everywhere} }),
		round("ウ", 20, func(c *catalogue.Call) {
			c.Purposes, c.Summary, c.Areas = []string{"防災"}, "炊き出しのＫＩＴ", []string{"徳島県"}
		}),
		round("エ", 0, func(c *catalogue.Call) {
			c.Deadlines, c.Most = []catalogue.Deadline{{Kind: catalogue.Closing, Rule: "随時"}}, 0
			c.Rules = []fit.Rule{{Key: "members", Test: fit.AtLeast, Value: 5, Must: true, Quote: "5人以上"}}
		}),
	}
	few := int64(2)
	s := search.Seeker{Group: fit.Group{Facts: fit.Facts{"members": {Number: &few, On: today}, "area": {Words: []string{"鹿児島県"}, On: today}}},
		Sheet: plans.Worksheet{ID: 1, Body: plans.Body{Name: "居場所", Assessed: "高齢者の居場所がない", Costs: []plans.Cost{{What: "会場", Price: 100_000}}}}}
	for _, test := range []struct {
		name  string
		query search.Query
		want  string
	}{
		{"nothing", search.Query{}, "アイウエ"}, {"a word of any width", search.Query{Words: "kit"}, "ウ"}, {"two words", search.Query{Words: "財団　居場所"}, "アイエ"},
		{"an area and everywhere", search.Query{Area: "鹿児島県"}, "アイエ"}, {"what it is for", search.Query{Purpose: "防災"}, "ウ"},
		{"an amount, or none named", search.Query{Least: 100_000}, "アウエ"}, {"a window", search.Query{Within: 30}, "アウ"}, {"both", search.Query{Within: 30, Area: "鹿児島"}, "ア"},
		{"what suits the plan", search.Query{Fits: true}, "アイ"},
	} {
		got := ""
		for _, o := range test.query.Select(all, s, today) {
			got += o.Programme
		}
		if got != test.want {
			t.Errorf("%s: %s; want %s", test.name, got, test.want)
		}
	}
}

func TestPastGrantsAreReadAsPeopleTellThem(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	o := ledgertest.NewOrganisation(t, db)
	by := ledgertest.NewMember(t, db, o.ID, ledger.Member)
	ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
		return profile.Say(t.Context(), tx, o.ID, profile.Fact{Key: fit.PastAwards, Value: profile.Value{Words: []string{"なし", "奄美市社協２０２４年度", "別の財団", "2022", "三つ目"}}}, by, ledgertest.At)
	})
	s, err := search.Seek(t.Context(), db, o.ID, 0, today)
	want := []fit.Award{
		{Funder: "奄美市社協", On: ledger.NewDate(2024, 4, 1), Until: ledger.NewDate(2025, 3, 31)},
		{Funder: "別の財団", On: ledger.NewDate(2022, 4, 1), Until: ledger.NewDate(2023, 3, 31)}, {Funder: "三つ目", Until: today},
	}
	if err != nil || !slices.Equal(s.Group.Awards, want) {
		t.Errorf("awards are %+v, %v; want %+v", s.Group.Awards, err, want)
	}
}

// keeping is a member with a search for 居場所 that found one call when it was kept.
type keeping struct {
	*testing.T
	db     *sqlx.DB
	member ledger.Actor
	search search.Saved
}

func (k *keeping) do(fn func(tx *sqlx.Tx) error) {
	k.Helper()
	ledgertest.Must(k, k.db, fn)
}

func (k *keeping) found() []catalogue.Opportunity {
	k.Helper()
	all, err := catalogue.Current(k.Context(), k.db, today)
	if err != nil {
		k.Fatal(err)
	}
	return k.search.Query.Select(all, search.Seeker{}, today)
}

func (k *keeping) news() []search.News {
	k.Helper()
	news, err := k.search.News(k.Context(), k.db, k.found())
	if err != nil {
		k.Fatal(err)
	}
	return news
}

func (k *keeping) enter(o catalogue.Opportunity) (id int64) {
	k.Helper()
	k.do(func(tx *sqlx.Tx) (err error) {
		id, err = catalogue.Enter(k.Context(), tx, o, author, ledgertest.At)
		return err
	})
	return id
}

func (k *keeping) change(id int64, edit func(*catalogue.Opportunity)) {
	k.Helper()
	k.do(func(tx *sqlx.Tx) error {
		o, err := catalogue.Find(k.Context(), tx, id)
		if err == nil {
			edit(&o)
			_, err = catalogue.Change(k.Context(), tx, o, "直した", author, ledgertest.At)
		}
		return err
	})
}

func keep(t *testing.T) (*keeping, int64) {
	t.Helper()
	k := &keeping{T: t, db: pgtest.New(t).App}
	o := ledgertest.NewOrganisation(t, k.db)
	k.member = ledgertest.NewMember(t, k.db, o.ID, ledger.Member)
	k.search = search.Saved{OrganisationID: o.ID, PersonID: k.member.SubjectID, Name: " 居場所 ", Query: search.Query{Purpose: "居場所"}}
	first := k.enter(round("初め", 30))
	k.do(func(tx *sqlx.Tx) (err error) {
		k.search.ID, err = search.Save(t.Context(), tx, k.search, k.found(), ledgertest.At)
		return err
	})
	return k, first
}

func TestNewAndChangedCallsAreNewsOnce(t *testing.T) {
	t.Parallel()
	k, first := keep(t)
	if news := k.news(); len(news) != 0 {
		t.Fatalf("what was there when the search was kept is news: %v", news)
	}
	second := k.enter(round("次", 40))
	k.enter(round("ほか", 40, func(c *catalogue.Call) { c.Purposes, c.Summary = []string{"防災"}, "炊き出し" }))
	k.change(first, func(o *catalogue.Opportunity) { o.VerifiedOn = today })
	if news := k.news(); len(news) != 1 || news[0].ID != second || len(news[0].Changed) != 0 {
		t.Fatalf("news are %v; want the new call alone: only the day of checking changed of the other", news)
	}
	k.change(first, func(o *catalogue.Opportunity) { o.Call.Most = 500_000 })
	k.change(first, func(o *catalogue.Opportunity) { o.Call.Deadlines[0].On = today.AddDays(31) })
	k.change(first, func(o *catalogue.Opportunity) { o.Status = catalogue.Announced })
	news := k.news()
	if len(news) != 2 || news[0].ID != first || !slices.Equal(news[0].Changed, []string{"deadlines", "most", "status"}) {
		t.Fatalf("news are %+v; want what changed of the first in three versions", news)
	}
	for range 2 {
		k.do(func(tx *sqlx.Tx) error { return k.search.Tell(t.Context(), tx, news, today) })
	}
	if again := k.news(); len(again) != 0 {
		t.Errorf("told again: %v", again)
	}
	told, err := k.search.Told(t.Context(), k.db, 10)
	if err != nil || len(told) != 2 || told[0].Call.Most != 500_000 || told[0].FoundOn != today {
		t.Errorf("told %+v, %v", told, err)
	}
}

func TestASearchIsItsKeepersAlone(t *testing.T) {
	t.Parallel()
	k, _ := keep(t)
	other := ledgertest.NewMember(t, k.db, k.search.OrganisationID, ledger.Member)
	for name, do := range map[string]func(tx *sqlx.Tx) error{
		"rename": func(tx *sqlx.Tx) error {
			return search.Rename(t.Context(), tx, k.search.OrganisationID, other.SubjectID, k.search.ID, "x")
		},
		"delete": func(tx *sqlx.Tx) error {
			return search.Delete(t.Context(), tx, k.search.OrganisationID, other.SubjectID, k.search.ID)
		},
	} {
		if err := ledger.InTx(t.Context(), k.db, do); !errors.Is(err, search.ErrNoSearch) {
			t.Errorf("somebody else may %s: %v", name, err)
		}
	}
	own := func() []search.Saved {
		all, err := search.List(t.Context(), k.db, k.search.OrganisationID, k.member.SubjectID)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	k.do(func(tx *sqlx.Tx) error {
		return search.Rename(t.Context(), tx, k.search.OrganisationID, k.member.SubjectID, k.search.ID, "新しい名前")
	})
	if all := own(); len(all) != 1 || all[0].Name != "新しい名前" || all[0].Query != k.search.Query {
		t.Errorf("searches are %+v", all)
	}
	k.do(func(tx *sqlx.Tx) error {
		return search.Delete(t.Context(), tx, k.search.OrganisationID, k.member.SubjectID, k.search.ID)
	})
	if all := own(); len(all) != 0 {
		t.Errorf("deleted, it stands: %+v", all)
	}
}

func TestSearchesWithoutNameOrWithoutEndAreRefused(t *testing.T) {
	t.Parallel()
	k, _ := keep(t)
	save := func(s search.Saved) error {
		return ledger.InTx(t.Context(), k.db, func(tx *sqlx.Tx) error {
			_, err := search.Save(t.Context(), tx, s, nil, ledgertest.At)
			return err
		})
	}
	for name, edit := range map[string]func(*search.Saved){
		"name": func(s *search.Saved) { s.Name = "　" }, "": func(s *search.Saved) { s.Query = search.Query{} }, "within": func(s *search.Saved) { s.Query.Within = 31 },
		"purpose": func(s *search.Saved) { s.Query.Purpose = "x" }, "least": func(s *search.Saved) { s.Query.Least = -1 },
	} {
		s := k.search
		edit(&s)
		var bad ledger.Invalid
		if err := save(s); !errors.As(err, &bad) || bad[name] == "" {
			t.Errorf("%q: Save = %v", name, err)
		}
	}
	var err error
	for range 20 {
		if err = save(k.search); err != nil {
			break
		}
	}
	if !errors.Is(err, search.ErrMany) {
		t.Errorf("the 21st search: %v", err)
	}
}

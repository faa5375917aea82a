package profile_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var treasurer = ledger.ByPerson(1, "練習 会計")

func say(t *testing.T, db *sqlx.DB, book ledgertest.Book, f profile.Fact) error {
	t.Helper()
	return ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return profile.Say(t.Context(), tx, book.ID, f, treasurer, ledgertest.At) })
}

func number(n int64) profile.Value { return profile.Value{Number: &n} }

func TestALaterFactCountsAndTheEarlierStaysTrueForItsDay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for on, n := range map[string]int64{"2025-04-01": 11, "2026-04-01": 14} {
		day, _ := ledger.ParseDate(on)
		if err := say(t, db.App, book, profile.Fact{Key: "members", Value: number(n), SaidOn: day}); err != nil {
			t.Fatal(err)
		}
	}
	for on, want := range map[string]int64{"2025-12-31": 11, "2026-11-24": 14} {
		day, _ := ledger.ParseDate(on)
		facts, err := profile.Facts(t.Context(), db.App, book.ID, day)
		if err != nil || *facts["members"].Value.Number != want {
			t.Errorf("members on %s = %+v, %v; want %d", on, facts["members"], err, want)
		}
	}
	facts, err := profile.Facts(t.Context(), db.App, book.ID, ledgertest.Today)
	if err != nil || facts["members"].Stale(ledgertest.Today) || !facts["members"].Stale(ledgertest.Today.AddDays(300)) {
		t.Errorf("a figure of April is %+v; want fresh in November and stale a year later", facts["members"])
	}
	other := ledgertest.NewBook(t, db.App)
	if foreign, err := profile.Facts(t.Context(), db.App, other.ID, ledgertest.Today); err != nil || len(foreign) > 0 {
		t.Errorf("another organisation sees %v, %v", foreign, err)
	}
}

func TestFactsOfTheWrongKindAreRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	if err := say(t, db.App, book, profile.Fact{Key: "shoe_size", Value: number(5)}); !errors.Is(err, profile.ErrUnknownKey) {
		t.Errorf("an unknown key: %v", err)
	}
	text := "十二"
	for name, value := range map[string]profile.Value{"words": {Text: &text}, "negative": number(-1), "nothing": {}} {
		var bad ledger.Invalid
		if err := say(t, db.App, book, profile.Fact{Key: "members", Value: value}); !errors.As(err, &bad) || bad["members"] == "" {
			t.Errorf("%s: %v; want Invalid at members", name, err)
		}
	}
}

func TestANewerPaperOfItsKindAndYearReplacesTheOlder(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	add := func(p profile.Paper) (id int64, err error) {
		p.Hash, p.Bytes, p.Mime = make([]byte, 32), 10, "application/pdf"
		err = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			id, err = profile.AddPaper(t.Context(), tx, book.ID, p, treasurer, ledgertest.At)
			return err
		})
		return id, err
	}
	for _, p := range []profile.Paper{
		{Kind: "規約", Name: "規約.pdf"}, {Kind: "規約", Name: "規約(改正).pdf"}, {Kind: "決算書", Name: "R6.pdf", FiscalYear: 2024}, {Kind: "決算書", Name: "R7.pdf", FiscalYear: 2025},
		{Kind: "見積書", Name: "a.pdf"}, {Kind: "見積書", Name: "b.pdf", ExpiresOn: ledgertest.Today.AddDays(-1)},
	} {
		if _, err := add(p); err != nil {
			t.Fatal(err)
		}
	}
	papers, err := profile.Papers(t.Context(), db.App, book.ID)
	if err != nil || len(papers) != 5 {
		t.Fatalf("Papers = %+v, %v; want five", papers, err)
	}
	expired := 0
	for _, p := range papers {
		if p.Expired(ledgertest.Today) {
			expired++
		}
		if p.Name == "規約.pdf" {
			t.Error("the replaced 規約 is still listed")
		}
	}
	if expired != 1 {
		t.Errorf("%d papers are out of date; want 1", expired)
	}
	var bad ledger.Invalid
	if _, err = add(profile.Paper{Kind: "落書き", Name: " ", FiscalYear: 5}); !errors.As(err, &bad) || len(bad) != 3 {
		t.Errorf("a senseless paper: %v; want three problems", err)
	}
}

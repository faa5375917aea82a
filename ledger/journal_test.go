package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// journal returns the whole journal of a book under a filter.
func journal(t *testing.T, book ledgertest.Book, filter ledger.JournalFilter) []ledger.JournalLine {
	t.Helper()
	lines, err := ledger.Journal(t.Context(), book.DB, book.ID, filter, ledger.JournalPlace{}, 1_000)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestJournalShowsTheNewestFirstWithItsEntries(t *testing.T) {
	t.Parallel()
	book := rich(t)
	first := journal(t, book, ledger.JournalFilter{})[0].ID
	early := book.Post(t, october)
	id := book.Enter(t)
	late := found(t, book, id).TransactionID
	lines := journal(t, book, ledger.JournalFilter{})
	var ids []int64
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	if want := []int64{late, early, first}; !slices.Equal(ids, want) {
		t.Fatalf("got %v; want %v", ids, want)
	}
	l := lines[0]
	if l.ExpenseID != id || !l.Unchecked || l.Payee != "練習青果店" || l.Memo != "食材" || l.Out != 1_000 || l.In != 0 || l.Kind != ledger.ExpensePaid {
		t.Errorf("got %+v", l)
	}
	want := []ledger.JournalEntry{
		{TransactionID: late, Account: 5240, AccountName: "食材費", Plain: "食材", Fund: "一般", Initiative: l.Entries[0].Initiative, Segment: "program", Amount: 1_000},
		{TransactionID: late, Account: 1110, AccountName: "現金", Plain: "手元のお金", Fund: "一般", Amount: -1_000},
	}
	if !slices.Equal(l.Entries, want) || l.Entries[0].Initiative == "" {
		t.Errorf("entries %+v; want %+v", l.Entries, want)
	}
}

func TestJournalNarrows(t *testing.T) {
	t.Parallel()
	book := rich(t)
	fund := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Kind = ledger.AwardFund })
	use := ledgertest.NewUse(t, book.DB, book.ID, fund.ID)
	other := ledgertest.NewInitiative(t, book.DB, book.ID)
	meal := book.Post(t, october)
	of := func(e *ledger.Expense) {
		e.PaidOn, e.Payee, e.What = day("2026-10-06"), "練習印刷", "100％果汁_2本"
		e.Amount, e.Lines[0].Amount = 777, 777
		e.Lines[0].FundID, e.Lines[0].UseID, e.Lines[0].InitiativeID = fund.ID, use.ID, other.ID
	}
	print := found(t, book, book.Enter(t, of)).TransactionID
	opening := journal(t, book, ledger.JournalFilter{Kind: ledger.OpeningBalance})[0].ID
	for name, c := range map[string]struct {
		filter ledger.JournalFilter
		want   []int64
	}{
		"nothing":              {ledger.JournalFilter{}, []int64{print, meal, opening}},
		"from":                 {ledger.JournalFilter{From: day("2026-10-06")}, []int64{print}},
		"until":                {ledger.JournalFilter{Until: day("2026-10-05")}, []int64{meal, opening}},
		"one day":              {ledger.JournalFilter{From: day("2026-10-05"), Until: day("2026-10-05")}, []int64{meal}},
		"fund":                 {ledger.JournalFilter{FundID: fund.ID}, []int64{print}},
		"use":                  {ledger.JournalFilter{UseID: use.ID}, []int64{print}},
		"initiative":           {ledger.JournalFilter{InitiativeID: other.ID}, []int64{print}},
		"account":              {ledger.JournalFilter{Account: 4411}, []int64{meal}},
		"kind":                 {ledger.JournalFilter{Kind: ledger.ExpensePaid}, []int64{print}},
		"unchecked":            {ledger.JournalFilter{Unchecked: true}, []int64{print}},
		"amount":               {ledger.JournalFilter{Amount: 777}, []int64{print}},
		"amount of a credit":   {ledger.JournalFilter{Amount: 500}, []int64{meal}},
		"payee":                {ledger.JournalFilter{Text: "印刷"}, []int64{print}},
		"memo":                 {ledger.JournalFilter{Text: "果汁"}, []int64{print}},
		"account name":         {ledger.JournalFilter{Text: "食事代収益"}, []int64{meal}},
		"account plain":        {ledger.JournalFilter{Text: "手元のお金"}, []int64{print, meal, opening}},
		"％ is a letter":        {ledger.JournalFilter{Text: "100％"}, []int64{print}},
		"％ is no wildcard":     {ledger.JournalFilter{Text: "1％汁"}, nil},
		"% is no wildcard":     {ledger.JournalFilter{Text: "%"}, nil},
		"_ is a letter":        {ledger.JournalFilter{Text: "汁_2"}, []int64{print}},
		"_ is no wildcard":     {ledger.JournalFilter{Text: "_00"}, nil},
		"a backslash":          {ledger.JournalFilter{Text: `\`}, nil},
		"fund and account":     {ledger.JournalFilter{FundID: fund.ID, Account: 5240}, []int64{print}},
		"not on one entry":     {ledger.JournalFilter{UseID: use.ID, Account: 1110}, nil},
		"another organisation": {ledger.JournalFilter{FundID: ledgertest.NewBook(t, book.DB).General}, nil},
	} {
		var got []int64
		for _, l := range journal(t, book, c.filter) {
			got = append(got, l.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
		}
	}
}

func TestJournalPagesLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	for n := range 37 { // most of them on the same day and at the same instant
		book.Post(t, func(x *ledger.Transaction) {
			if n%5 == 0 {
				x.On = x.On.AddDays(-n % 3)
			}
			if n%7 == 0 {
				x.At = x.At.Add(1)
			}
		})
	}
	want := journal(t, book, ledger.JournalFilter{})
	for _, limit := range []int{1, 2, 5, 36, 37, 38} {
		var got []ledger.JournalLine
		for after := (ledger.JournalPlace{}); ; {
			page, err := ledger.Journal(t.Context(), book.DB, book.ID, ledger.JournalFilter{}, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			last := page[len(page)-1]
			after = ledger.JournalPlace{On: last.BookedOn, At: last.PostedAt, ID: last.ID}
			// What is posted meanwhile stands above and moves nothing.
			if limit == 5 && len(got) == 5 {
				book.Post(t, func(x *ledger.Transaction) { x.At = x.At.Add(1e9) })
			}
		}
		if fmt.Sprint(idsOf(got)) != fmt.Sprint(idsOf(want)) {
			t.Errorf("in pages of %d: got %v; want %v", limit, idsOf(got), idsOf(want))
		}
		want = journal(t, book, ledger.JournalFilter{})
	}
}

func idsOf(lines []ledger.JournalLine) []int64 {
	var ids []int64
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}

func TestJournalIsTheOrganisationsOwn(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book, other := ledgertest.NewBook(t, db.App), ledgertest.NewBook(t, db.App)
	id := book.Post(t)
	if lines := journal(t, other, ledger.JournalFilter{}); len(lines) != 0 {
		t.Errorf("another sees %v", idsOf(lines))
	}
	if _, err := ledger.FindJournalLine(t.Context(), db.App, other.ID, id); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("another finds it: %v; want ErrNotFound", err)
	}
}

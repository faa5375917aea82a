package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// model is the book as a list in memory.
type model struct {
	book   ledgertest.Book
	funds  []int64         // the general one first
	uses   map[int64]int64 // of a fund
	posted []postedOnce
	closed ledger.Date // the last closed day
}

type postedOnce struct {
	id       int64
	source   string
	booked   ledger.Date
	entries  []ledger.Entry
	reversed bool
	mirror   bool
}

// Whatever is posted, reversed, closed and moved between funds, in whatever order: the book says what a list in memory says.
func TestBookAgreesWithAListInMemory(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t, db.App)
		for _, act := range rapid.SliceOfN(rapid.SampledFrom([]string{
			"post", "post", "post again", "reverse", "reverse", "transfer", "close", "unbalanced",
		}), 1, 14).Draw(rt, "acts") {
			switch act {
			case "post":
				m.post(rt)
			case "post again":
				m.postAgain(rt)
			case "reverse":
				m.reverse(rt)
			case "transfer":
				m.transfer(rt)
			case "close":
				m.closeMonth(rt)
			case "unbalanced":
				m.unbalanced(rt)
			}
			m.agree(rt)
		}
	})
}

func newModel(t *testing.T, db *sqlx.DB) *model {
	m := &model{book: ledgertest.NewBook(t, db), uses: map[int64]int64{}}
	m.funds = append(m.funds, m.book.General)
	for range 2 {
		f := ledgertest.NewFund(t, db, m.book.ID)
		m.funds = append(m.funds, f.ID)
		m.uses[f.ID] = ledgertest.NewUse(t, db, m.book.ID, f.ID).ID
	}
	return m
}

func (m *model) inTx(t *rapid.T, fn func(tx *sqlx.Tx) error) error {
	return ledger.InTx(t.Context(), m.book.DB, fn)
}

func (m *model) day(t *rapid.T) ledger.Date {
	return day("2026-06-01").AddDays(rapid.IntRange(0, 175).Draw(t, "day")) // until 2026-11-23
}

// booked is the day a transaction is booked on: its own, or the first open one.
func (m *model) booked(on ledger.Date) ledger.Date {
	if !on.After(m.closed) {
		return m.closed.AddDays(1)
	}
	return on
}

// entries draws a transaction that balances in each of up to three funds.
func (m *model) entries(t *rapid.T) []ledger.Entry {
	var entries []ledger.Entry
	for _, fund := range m.funds[:rapid.IntRange(1, 3).Draw(t, "funds")] {
		var sum ledger.Yen
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			e := ledger.Entry{
				Account: rapid.SampledFrom([]int{1120, 1143, 2110, 4411, 4520, 5240, 5290}).Draw(t, "account"), FundID: fund,
				Amount: ledger.Yen(rapid.Int64Range(1, 1_000_000).Draw(t, "amount")),
			}
			if rapid.Bool().Draw(t, "credit") {
				e.Amount = -e.Amount
			}
			if e.Account >= 5000 {
				e.Segment = ledger.Administration
				if rapid.Bool().Draw(t, "with use") {
					e.UseID = m.uses[fund]
				}
			}
			sum += e.Amount
			entries = append(entries, e)
		}
		if sum == 0 {
			sum = 1
			entries = append(entries, ledger.Entry{Account: 1120, FundID: fund, Amount: 1})
		}
		entries = append(entries, ledger.Entry{Account: ledger.CashBox, FundID: fund, Amount: -sum})
	}
	return entries
}

func (m *model) post(t *rapid.T) {
	on, entries, source := m.day(t), m.entries(t), fmt.Sprintf("model:%d", sequence.Add(1))
	if err := m.write(t, on, entries, source); err != nil {
		t.Fatal(err)
	}
}

func (m *model) write(t *rapid.T, on ledger.Date, entries []ledger.Entry, source string) error {
	var id int64
	err := m.inTx(t, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Post(t.Context(), tx, m.book.Transaction(func(x *ledger.Transaction) {
			x.On, x.Entries, x.Source = on, entries, source
		}))
		return err
	})
	if err == nil {
		m.posted = append(m.posted, postedOnce{id: id, source: source, booked: m.booked(on), entries: entries})
	}
	return err
}

func (m *model) postAgain(t *rapid.T) {
	if len(m.posted) == 0 {
		return
	}
	known := rapid.SampledFrom(m.posted).Draw(t, "known")
	if err := m.write(t, m.day(t), m.entries(t), known.source); !errors.Is(err, ledger.ErrPostedBefore) {
		t.Fatalf("posting %s again: %v; want ErrPostedBefore", known.source, err)
	}
}

func (m *model) unbalanced(t *rapid.T) {
	entries := m.entries(t)
	i := rapid.IntRange(0, len(entries)-1).Draw(t, "entry")
	if entries[i].Amount++; entries[i].Amount == 0 {
		entries[i].Amount++
	}
	source := fmt.Sprintf("model:%d", sequence.Add(1))
	if err := m.write(t, m.day(t), entries, source); !errors.Is(err, ledger.ErrUnbalanced) {
		t.Fatalf("got %v; want ErrUnbalanced", err)
	}
}

func (m *model) reverse(t *rapid.T) {
	if len(m.posted) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.posted)-1).Draw(t, "posted")
	p, on := m.posted[i], m.day(t)
	var id int64
	err := m.inTx(t, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Reverse(t.Context(), tx, m.book.ID, p.id, m.book.Treasurer, ledgertest.At, on, "誤記")
		return err
	})
	if p.reversed || p.mirror {
		if !errors.Is(err, ledger.ErrReversed) {
			t.Fatalf("got %v; want ErrReversed", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	m.posted[i].reversed = true
	mirror := slices.Clone(p.entries)
	for i := range mirror {
		mirror[i].Amount = -mirror[i].Amount
	}
	if on.Before(p.booked) {
		on = p.booked
	}
	m.posted = append(m.posted, postedOnce{id: id, source: fmt.Sprintf("reverse:%d", p.id), booked: m.booked(on), entries: mirror, mirror: true})
}

func (m *model) transfer(t *rapid.T) {
	funds := rapid.Permutation(m.funds).Draw(t, "funds")
	x := ledger.Transferred{
		OrganisationID: m.book.ID, On: m.day(t), From: funds[0], To: funds[1], Reason: "補う", Key: fmt.Sprint(sequence.Add(1)),
		Amount: ledger.Yen(rapid.Int64Range(1, 1_000_000).Draw(t, "amount")),
	}
	if rapid.Bool().Draw(t, "with use") {
		x.FromUse = m.uses[x.From]
	}
	var id int64
	if err := m.inTx(t, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Transfer(t.Context(), tx, x, m.book.Treasurer, ledgertest.At)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	m.posted = append(m.posted, postedOnce{id: id, source: "transfer:" + x.Key, booked: m.booked(x.On), entries: []ledger.Entry{
		{Account: 3200, FundID: x.From, UseID: x.FromUse, Amount: x.Amount}, {Account: 1120, FundID: x.From, Amount: -x.Amount},
		{Account: 1120, FundID: x.To, Amount: x.Amount}, {Account: 3200, FundID: x.To, Amount: -x.Amount},
	}})
}

func (m *model) closeMonth(t *rapid.T) {
	until := ledger.NewDate(2026, 7, 1)
	if !m.closed.IsZero() {
		until = ledger.NewDate(m.closed.Year(), m.closed.Month()+2, 1)
	}
	until = until.AddDays(-1)
	if until.After(day("2026-10-31")) {
		return // all months that are over are
	}
	if err := m.inTx(t, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, m.book.ID, ledger.Month, until, m.book.Treasurer, ledgertest.At, "")
	}); err != nil {
		t.Fatal(err)
	}
	m.closed = until
}

// agree compares every balance: by account on some day, by fund, by use, and the sum of all entries.
func (m *model) agree(t *rapid.T) {
	on := rapid.SampledFrom([]ledger.Date{m.day(t), day("2999-12-31")}).Draw(t, "on")
	want := map[int]ledger.Yen{}
	m.each(func(p postedOnce, e ledger.Entry) {
		if !p.booked.After(on) {
			want[e.Account] += e.Amount
		}
	})
	all, err := ledger.AccountBalances(t.Context(), m.book.DB, m.book.ID, on)
	if err != nil {
		t.Fatal(err)
	}
	got, sum := map[int]ledger.Yen{}, ledger.Yen(0)
	for _, a := range all {
		got[a.Code] = a.Balance
		sum += a.Balance
	}
	if !maps.Equal(got, want) {
		t.Fatalf("accounts on %s: got %v; want %v", on, got, want)
	}
	if sum != 0 {
		t.Fatalf("all accounts on %s come to %d; want 0", on, sum)
	}
	for _, fund := range m.funds {
		m.fundAgrees(t, fund)
	}
	m.flowsAgree(t, rapid.SampledFrom(m.funds).Draw(t, "fund"))
}

func (m *model) fundAgrees(t *rapid.T, fund int64) {
	var left ledger.Yen
	spent := map[int64]ledger.Yen{}
	m.each(func(_ postedOnce, e ledger.Entry) {
		if e.FundID != fund {
			return
		}
		if e.Account < 3000 {
			left += e.Amount
		}
		if e.Account >= 5000 || (e.Account == 3200 && e.UseID > 0) {
			spent[e.UseID] += e.Amount
		}
	})
	got, err := ledger.FundBalance(t.Context(), m.book.DB, m.book.ID, fund)
	if err != nil || got != left {
		t.Fatalf("left of fund %d: got %d, %v; want %d", fund, got, err, left)
	}
	uses, err := ledger.UsesSpent(t.Context(), m.book.DB, m.book.ID, fund)
	if err != nil {
		t.Fatal(err)
	}
	found := map[int64]ledger.Yen{}
	for _, u := range uses {
		found[u.UseID] = u.Spent
	}
	if !maps.Equal(found, spent) {
		t.Fatalf("spent of fund %d: got %v; want %v", fund, found, spent)
	}
}

// flowsAgree compares what flowed through a fund between two days, by account.
func (m *model) flowsAgree(t *rapid.T, fund int64) {
	from, until := m.day(t), m.day(t)
	want, got := map[int]ledger.Yen{}, map[int]ledger.Yen{}
	m.each(func(p postedOnce, e ledger.Entry) {
		if e.FundID == fund && e.Account >= 3000 && !p.booked.Before(from) && !p.booked.After(until) {
			want[e.Account] += e.Amount
		}
	})
	flows, err := ledger.FundFlows(t.Context(), m.book.DB, m.book.ID, fund, from, until)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flows {
		got[f.Account] += f.Amount
	}
	if !maps.Equal(got, want) {
		t.Fatalf("flows of fund %d from %s until %s: got %v; want %v", fund, from, until, got, want)
	}
}

func (m *model) each(fn func(p postedOnce, e ledger.Entry)) {
	for _, p := range m.posted {
		for _, e := range p.entries {
			fn(p, e)
		}
	}
}

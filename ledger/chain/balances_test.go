package chain_test

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// whiled is a book over half a year, of which some is sealed and some is not.
type whiled struct {
	ledgertest.Book
	funds []int64
	uses  []int64 // of the second fund; 0 names none
	start ledger.Date
}

func drawWhiled(t *testing.T, rt *rapid.T, db *sqlx.DB) whiled {
	book := ledgertest.NewBook(t, db)
	fund := ledgertest.NewFund(t, db, book.ID).ID
	w := whiled{book, []int64{book.General, fund}, []int64{0, ledgertest.NewUse(t, db, book.ID, fund).ID}, ledger.NewDate(2026, 5, 1)}
	for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
		fund := rapid.SampledFrom(w.funds).Draw(rt, "fund")
		amount := ledger.Yen(rapid.Int64Range(1, 100_000).Draw(rt, "amount"))
		on := w.start.AddDays(rapid.IntRange(0, 180).Draw(rt, "day"))
		into := ledger.Entry{Account: rapid.SampledFrom([]int{ledger.CashBox, 1120, 4411, 5240}).Draw(rt, "account"), FundID: fund, Amount: amount}
		if into.Account == 5240 {
			into.Segment, into.InitiativeID = ledger.Program, book.Initiative
			if fund == w.funds[1] {
				into.UseID = rapid.SampledFrom(w.uses).Draw(rt, "use")
			}
		}
		out := ledger.Entry{Account: rapid.SampledFrom([]int{ledger.CashBox, 4412}).Draw(rt, "from"), FundID: fund, Amount: -amount}
		book.Post(t, func(x *ledger.Transaction) { x.On, x.Entries = on, []ledger.Entry{into, out} })
		if rapid.IntRange(0, 3).Draw(rt, "seal") == 0 {
			seal(t, book)
		}
	}
	return w
}

// sums asks the entries themselves.
func (w whiled) sums(rt *rapid.T, query string, args ...any) string {
	var lines []string
	if err := w.DB.Select(&lines, query, append([]any{w.ID}, args...)...); err != nil {
		rt.Fatal(err)
	}
	return fmt.Sprint(lines)
}

// told writes figures as sums does.
func told[T any](rt *rapid.T, err error, figures []T, line func(T) string) string {
	if err != nil {
		rt.Fatal(err)
	}
	lines := make([]string, len(figures))
	for i, f := range figures {
		lines[i] = line(f)
	}
	return fmt.Sprint(lines)
}

func TestBalancesAreTheSumOfTheEntriesOnEveryDay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWhiled(t, rt, db)
		byAccount := func(b ledger.AccountBalance) string { return fmt.Sprintf("%d %d", b.Code, b.Balance) }
		for range 4 {
			on := w.start.AddDays(rapid.IntRange(-3, 190).Draw(rt, "asked"))
			from := on.AddDays(-rapid.IntRange(0, 100).Draw(rt, "days before"))

			all, err := ledger.Balances(t.Context(), db, w.ID, on)
			got := told(rt, err, all, func(b ledger.Balance) string { return fmt.Sprintf("%d %d %d", b.FundID, b.Account, b.Amount) })
			if want := w.sums(rt, `
				SELECT concat_ws(' ', fund_id, account, sum(amount))
				  FROM entry
				 WHERE organisation_id = $1 AND booked_on <= $2
				 GROUP BY fund_id, account
				HAVING sum(amount) <> 0
				 ORDER BY fund_id, account`, on); got != want {
				rt.Fatalf("%s: got %v; want %v", on, got, want)
			}

			accounts, err := ledger.AccountBalances(t.Context(), db, w.ID, on)
			if got, want := told(rt, err, accounts, byAccount), w.sums(rt, `
				SELECT concat_ws(' ', account, sum(amount))
				  FROM entry
				 WHERE organisation_id = $1 AND booked_on <= $2
				 GROUP BY account
				 ORDER BY account`, on); got != want {
				rt.Fatalf("accounts on %s: got %v; want %v", on, got, want)
			}

			flows, err := ledger.AccountFlows(t.Context(), db, w.ID, from, on)
			if got, want := told(rt, err, flows, byAccount), w.sums(rt, `
				SELECT concat_ws(' ', account, sum(amount))
				  FROM entry
				 WHERE organisation_id = $1 AND booked_on BETWEEN $2 AND $3
				 GROUP BY account
				HAVING sum(amount) <> 0
				 ORDER BY account`, from, on); got != want {
				rt.Fatalf("accounts from %s to %s: got %v; want %v", from, on, got, want)
			}

			left, err := ledger.FundBalances(t.Context(), db, w.ID, on)
			if got, want := told(rt, err, w.funds, func(f int64) string { return fmt.Sprintf("%d %d", f, left[f]) }), w.sums(rt, `
				SELECT concat_ws(' ', f.id, coalesce(sum(e.amount), 0))
				  FROM fund f
				  LEFT JOIN entry e ON e.organisation_id = f.organisation_id AND e.fund_id = f.id AND e.account < 3000 AND e.booked_on <= $2
				 WHERE f.organisation_id = $1
				 GROUP BY f.id
				 ORDER BY f.id`, on); got != want {
				rt.Fatalf("funds on %s: got %v; want %v", on, got, want)
			}
		}
	})
}

func TestFundsAndUsesAreTheSumOfTheirEntries(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWhiled(t, rt, db)
		for _, fund := range w.funds {
			left, err := ledger.FundBalance(t.Context(), db, w.ID, fund)
			if got, want := told(rt, err, []ledger.Yen{left}, func(y ledger.Yen) string { return fmt.Sprint(int64(y)) }), w.sums(rt, `
				SELECT coalesce(sum(amount), 0)::text
				  FROM entry
				 WHERE organisation_id = $1 AND fund_id = $2 AND account < 3000`, fund); got != want {
				rt.Fatalf("fund %d: got %v; want %v", fund, got, want)
			}
			spent, err := ledger.UsesSpent(t.Context(), db, w.ID, fund)
			if got, want := told(rt, err, spent, func(u ledger.UseSpent) string { return fmt.Sprintf("%d %d", u.UseID, u.Spent) }), w.sums(rt, `
				SELECT concat_ws(' ', coalesce(use_id, 0), sum(amount))
				  FROM entry
				 WHERE organisation_id = $1 AND fund_id = $2 AND account >= 5000
				 GROUP BY coalesce(use_id, 0)
				 ORDER BY coalesce(use_id, 0)`, fund); got != want {
				rt.Fatalf("uses of fund %d: got %v; want %v", fund, got, want)
			}
		}
	})
}

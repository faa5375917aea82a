package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func array(values []int64) any { return pq.Array(values) }

// figure is something that is asked of a large book.
type figure struct {
	name string
	ask  func(ctx context.Context, b *largeBook, round int) error
}

// figures are what pages ask for, and what the same would cost by adding entries up.
var figures = []figure{
	{"every balance, now", func(ctx context.Context, b *largeBook, _ int) error { return b.ask(ctx, bookEnds) }},
	{"every balance, at a past day", func(ctx context.Context, b *largeBook, i int) error { return b.ask(ctx, pastDay(i)) }},
	{"accounts (home, money)", func(ctx context.Context, b *largeBook, _ int) error {
		all, err := ledger.AccountBalances(ctx, b.db, b.organisation, bookEnds)
		return some(len(all), err)
	}},
	{"funds (home, forms)", func(ctx context.Context, b *largeBook, _ int) error {
		all, err := ledger.FundBalances(ctx, b.db, b.organisation, bookEnds)
		return some(len(all), err)
	}},
	{"one fund (checking an expense)", func(ctx context.Context, b *largeBook, i int) error {
		left, err := ledger.FundBalance(ctx, b.db, b.organisation, b.funds[i%len(b.funds)])
		return some(int(left), err)
	}},
	{"what came and went this year", func(ctx context.Context, b *largeBook, _ int) error {
		all, err := ledger.AccountFlows(ctx, b.db, b.organisation, ledger.NewDate(bookEnds.Year(), time.April, 1), bookEnds)
		return some(len(all), err)
	}},
	{"a page of the journal", func(ctx context.Context, b *largeBook, _ int) error {
		all, err := ledger.Journal(ctx, b.db, b.organisation, ledger.JournalFilter{}, ledger.JournalPlace{}, 50)
		return some(len(all), err)
	}},
	{"the same of one fund", func(ctx context.Context, b *largeBook, i int) error {
		all, err := ledger.Journal(ctx, b.db, b.organisation, ledger.JournalFilter{FundID: b.funds[i%len(b.funds)]}, ledger.JournalPlace{}, 50)
		return some(len(all), err)
	}},
	{"by adding entries: every balance", func(ctx context.Context, b *largeBook, i int) error { return b.add(ctx, pastDay(i)) }},
}

// some takes an empty answer for an error: it would have cost nothing.
func some(n int, err error) error {
	if err == nil && n == 0 {
		err = errors.New("the book holds nothing")
	}
	return err
}

// measureBalances measures the figures of a book as it grows.
func measureBalances(ctx context.Context, args []string, out io.Writer) (err error) {
	set := flag.NewFlagSet("balances", flag.ContinueOnError)
	sizes := set.String("sizes", "10000,100000,1000000", "transactions in the book, one after the other")
	rounds := set.Int("rounds", 101, "questions of each kind; the median counts")
	funds := set.Int("funds", 5, "funds the transactions are spread over")
	if err = set.Parse(args); err != nil {
		return err
	}
	d, err := openDatabase(ctx, 4)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	b, err := foundLargeBook(ctx, d.app, *funds, time.Now())
	if err != nil {
		return err
	}
	t := &table{
		title: "The figures of a book, in milliseconds, by how many transactions are in it", machine: machine(d.version), head: []string{""},
		notes: []string{
			fmt.Sprintf("One organisation, %d funds, five accounts, spread over %d years; a hundred transactions, or a tenth, wait to be sealed.", *funds, bookYears),
			"Now is the last day of the book; a past day differs from question to question. By adding: sum(amount) up to such a day.",
			fmt.Sprintf("Medians of %d questions, on one connection.", *rounds),
		},
	}
	for _, f := range figures {
		t.add(f.name)
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		size, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return fmt.Errorf("-sizes: %w", err)
		}
		if err = b.growWaiting(ctx, size, min(100, size/10)); err != nil {
			return err
		}
		if _, err = d.owner.ExecContext(ctx, `VACUUM (ANALYZE) entry, transaction, log_record, rollup, unsealed`); err != nil { // as autovacuum does some minutes later
			return err
		}
		t.head = append(t.head, text)
		for i, f := range figures {
			took, err := timed(*rounds, func(round int) error { return f.ask(ctx, b, round) })
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			t.rows[i] = append(t.rows[i], tenths(took))
		}
	}
	return t.write(out)
}

// pastDay is some day of the book's years.
func pastDay(i int) ledger.Date { return bookEnds.AddDays(-(30 + i*37%(bookYears*365-60))) }

func (b *largeBook) ask(ctx context.Context, on ledger.Date) error {
	all, err := ledger.Balances(ctx, b.db, b.organisation, on)
	return some(len(all), err)
}

func (b *largeBook) add(ctx context.Context, on ledger.Date) error {
	var all []ledger.Balance
	return b.db.SelectContext(ctx, &all, `
		SELECT fund_id, account, sum(amount)::bigint AS amount
		  FROM entry
		 WHERE organisation_id = $1 AND booked_on <= $2
		 GROUP BY fund_id, account`, b.organisation, on)
}

// timed is the median of how many milliseconds an act takes, after one that does not count.
func timed(rounds int, act func(round int) error) (float64, error) {
	var took []float64
	for i := range rounds + 1 {
		begun := time.Now()
		if err := act(i); err != nil {
			return 0, err
		}
		if i > 0 {
			took = append(took, time.Since(begun).Seconds()*1000)
		}
	}
	return median(took), nil
}

func tenths(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

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

// measureBalances measures all balances of a book at its end and at a past day, as the book grows.
func measureBalances(ctx context.Context, args []string, out io.Writer) (err error) {
	set := flag.NewFlagSet("balances", flag.ContinueOnError)
	sizes := set.String("sizes", "10000,100000,1000000", "transactions in the book, one after the other")
	rounds := set.Int("rounds", 101, "questions of each kind; the median counts")
	if err = set.Parse(args); err != nil {
		return err
	}
	d, err := openDatabase(ctx, 4)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	b, err := foundLargeBook(ctx, d.app, time.Now())
	if err != nil {
		return err
	}
	t := &table{
		title: "ledger.Balances: every balance of an organisation, by fund and account", machine: machine(d.version),
		head: []string{"transactions", "now", "at a past day", "by adding all entries", "add/past"},
		notes: []string{
			fmt.Sprintf("Milliseconds. One organisation, five funds, five accounts, spread over %d years.", bookYears),
			"Now is the last day of the book; a past day differs from question to question. By adding: sum(amount) up to that day.",
			fmt.Sprintf("Median of %d questions.", *rounds),
		},
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		size, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return fmt.Errorf("-sizes: %w", err)
		}
		if err = b.grow(ctx, size); err != nil {
			return err
		}
		if _, err = d.owner.ExecContext(ctx, `VACUUM (ANALYZE) entry, rollup, unsealed`); err != nil { // as autovacuum does some minutes later
			return err
		}
		now, err := timed(*rounds, func(int) error { return b.ask(ctx, bookEnds) })
		if err != nil {
			return err
		}
		past, err := timed(*rounds, func(i int) error { return b.ask(ctx, pastDay(i)) })
		if err != nil {
			return err
		}
		added, err := timed(min(*rounds, 7), func(i int) error { return b.add(ctx, pastDay(i)) })
		if err != nil {
			return err
		}
		t.add(strconv.FormatInt(size, 10), tenths(now), tenths(past), tenths(added), ratio(added, past))
	}
	return t.write(out)
}

// pastDay is some day of the book's years.
func pastDay(i int) ledger.Date { return bookEnds.AddDays(-(30 + i*37%(bookYears*365-60))) }

func (b *largeBook) ask(ctx context.Context, on ledger.Date) error {
	all, err := ledger.Balances(ctx, b.db, b.organisation, on)
	if err == nil && len(all) == 0 {
		err = errors.New("no balances")
	}
	return err
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

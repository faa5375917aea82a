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
)

// postFlags say how long and how hard.
type postFlags struct {
	during  time.Duration
	rounds  int
	clients []int
	profile string
}

// parsePost reads the flags; usual is how many seconds a round has unless they say it.
func parsePost(args []string, usual float64) (f postFlags, err error) {
	set := flag.NewFlagSet("post", flag.ContinueOnError)
	seconds := set.Float64("seconds", usual, "length of each round of each side, in seconds")
	clients := set.String("clients", "1,8,32", "numbers of clients, each measured by itself")
	set.IntVar(&f.rounds, "rounds", 15, "rounds; the median counts")
	set.StringVar(&f.profile, "cpuprofile", "", "write a profile of this process to the file")
	if err = set.Parse(args); err != nil {
		return f, err
	}
	f.during = time.Duration(*seconds * float64(time.Second))
	for text := range strings.SplitSeq(*clients, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 {
			return f, fmt.Errorf("-clients: %q is no number of clients", text)
		}
		f.clients = append(f.clients, n)
	}
	return f, nil
}

// side is one of those that take turns.
type side struct {
	name string
	act  func(ctx context.Context, client, turn int) error
}

// The sides of the measurement, in their order.
const (
	rawAlone = iota
	rawInTx
	oursDistinct
	oursHot
)

// measurePost measures ledger.Post against plain inserts of the same rows.
func measurePost(ctx context.Context, args []string, out io.Writer) (err error) {
	f, err := parsePost(args, 1)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, max(40, highest(f.clients)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	p, err := preparePosting(ctx, d)
	if err != nil {
		return err
	}
	stop, err := profile(f.profile)
	if err != nil {
		return err
	}
	defer stop()
	t := &table{
		title: "ledger.Post: transactions of two entries per second, one commit each", machine: machine(d.version),
		head: []string{"clients", "insert alone", "in a transaction", "Post, 64 books", "one hot fund", "Post/alone", "Post/in tx", "hot/in tx", "hot/64 books"},
		notes: []string{
			"insert alone: the same three rows into two tables with primary keys only, by one prepared statement that commits by itself.",
			"in a transaction: the same statement between BEGIN and COMMIT, which is how Post is called.",
			"Post: ledger.InTx with ledger.Post, by the program's own role. Its guards, keys, indexes and log record are in; sealing and",
			"roll-ups come after the commit and are not: bench seal has them.",
			fmt.Sprintf("Medians of %d rounds of %v, sides taking turns; a ratio is the median of the rounds' own. Clients and server share the cores; fsync on.", f.rounds, f.during),
		},
	}
	for _, clients := range f.clients {
		r, err := takeTurns(ctx, clients, f.rounds, f.during, p.sides())
		if err != nil {
			return err
		}
		t.add(strconv.Itoa(clients), whole(median(r[rawAlone])), whole(median(r[rawInTx])), whole(median(r[oursDistinct])), whole(median(r[oursHot])),
			r[oursDistinct].of(r[rawAlone]), r[oursDistinct].of(r[rawInTx]), r[oursHot].of(r[rawInTx]), r[oursHot].of(r[oursDistinct]))
	}
	if err = p.check(ctx); err != nil {
		return err
	}
	return t.write(out)
}

// takeTurns lets each side act in every round and returns what each reached in each round. A first, short round warms up.
func takeTurns(ctx context.Context, clients, rounds int, during time.Duration, sides []side) ([]rates, error) {
	reached := make([]rates, len(sides))
	for round := range rounds + 1 {
		length := during
		if round == 0 {
			length = min(during, 500*time.Millisecond)
		}
		for i, s := range sides {
			rate, err := load(ctx, clients, length, s.act)
			if err != nil {
				return nil, fmt.Errorf("%s, %d clients: %w", s.name, clients, err)
			}
			if round > 0 {
				reached[i] = append(reached[i], rate)
			}
		}
	}
	return reached, nil
}

func highest(numbers []int) int {
	most := 0
	for _, n := range numbers {
		most = max(most, n)
	}
	return most
}

func whole(rate float64) string { return strconv.FormatFloat(rate, 'f', 0, 64) }

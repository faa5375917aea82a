package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// pageFlags say how long and how hard.
type pageFlags struct {
	during  time.Duration
	rounds  int
	readers int
	entries int
}

func parsePage(args []string) (f pageFlags, err error) {
	set := flag.NewFlagSet("page", flag.ContinueOnError)
	seconds := set.Float64("seconds", 1, "length of each round of each side, in seconds")
	set.IntVar(&f.rounds, "rounds", 15, "rounds; the median counts")
	set.IntVar(&f.readers, "readers", 16, "connections that ask at the same time")
	set.IntVar(&f.entries, "entries", 200_000, "entries of ten years in other funds of the same organisation")
	err = set.Parse(args)
	f.during = time.Duration(*seconds * float64(time.Second))
	return f, err
}

// measurePage measures the public page of a campaign against a server that says "ok".
func measurePage(ctx context.Context, args []string, out io.Writer) (err error) {
	f, err := parsePage(args)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, max(10, f.readers))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	c, err := makeCall(ctx, d.app, time.Now())
	if err != nil {
		return err
	}
	plain, err := startBare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plain.stop()) }()
	program, err := startProgram(ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.stop()) }()

	path := "/c/" + callSlug
	sides := []asked{
		{name: "net/http, \"ok\"", address: plain.address, path: "/"},
		{name: "campaign page", address: program.address, path: path},
		{name: "campaign page, gzip", address: program.address, path: path, compressed: true},
		{name: "made anew, gzip", address: program.address, path: path, compressed: true, before: d.change},
		{name: "unchanged, 304", address: program.address, path: path, compressed: true, known: true},
		{name: "unchanged, other changes, 304", address: program.address, path: path, compressed: true, known: true, before: d.change},
	}
	t := &table{
		title: "The public campaign page from the database: pages per second, and what comes over the line", machine: machine(d.version),
		head: []string{"", "pages/s", "of \"ok\"", "of the page", "bytes", "of the page"},
	}
	if err = measurePages(ctx, f, t, sides, ""); err != nil {
		return err
	}
	if err = c.age(ctx, f.entries/2); err != nil {
		return err
	}
	if _, err = d.owner.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
		return err
	}
	if err = measurePages(ctx, f, t, sides, fmt.Sprintf(", with %d older entries", f.entries)); err != nil {
		return err
	}
	t.notes = []string{
		fmt.Sprintf("A campaign of 5 uses, %d gifts and %d expenses, by the program as it is served, all middleware on.", callGifts, callExpenses),
		fmt.Sprintf("Medians of %d rounds of %v, sides taking turns, %d connections kept open. Readers, server and PostgreSQL share the cores.",
			f.rounds, f.during, f.readers),
		"The program keeps a page until something is committed, and asks the database each time whether that is so. Made anew: every reader",
		"commits a change before it asks, so that pages are read from the book and rendered; a crowd that asks at once shares one making.",
		"Unchanged: every reader has the page and asks with its validator. Other changes: something that does not concern the page is committed before each asking.",
		"Of the page: to the campaign page as browsers take it, gzip. Bytes are of one answer, headers included.",
		"The older entries are ten years of other funds of the same organisation: the page must not grow with them.",
	}
	return t.write(out)
}

// asked is a page and who is asked for it.
type asked struct {
	name, address, path string
	compressed          bool
	known               bool                            // asked by somebody who has it
	before              func(ctx context.Context) error // done before each asking; may be nil
}

// fullPage is the side that others are compared with: the page as browsers take it.
const fullPage = 2

func measurePages(ctx context.Context, f pageFlags, t *table, all []asked, suffix string) error {
	var sides []side
	weights := make([]float64, len(all))
	for n, a := range all {
		if a.path != "/" {
			shown, err := text(ctx, a.address, a.path, a.compressed)
			if err != nil {
				return err
			}
			if !strings.Contains(shown, "百円食堂をつづけたい") || !strings.Contains(shown, "</html>") {
				return fmt.Errorf("%s: not the page of the campaign", a.path)
			}
		}
		readers := make([]*reader, f.readers)
		for i := range readers {
			var err error
			if readers[i], err = newReader(ctx, a.address, a.path, a.compressed); err != nil {
				return err
			}
			defer readers[i].conn.Close()
			if a.known {
				if err = readers[i].remember(); err != nil {
					return err
				}
			}
		}
		before := readers[0].down
		if err := readers[0].read(io.Discard); err != nil {
			return err
		}
		weights[n] = float64(readers[0].down - before)
		sides = append(sides, side{a.name, func(ctx context.Context, client, _ int) error {
			if a.before != nil {
				if err := a.before(ctx); err != nil {
					return err
				}
			}
			return readers[client].read(io.Discard)
		}})
	}
	reached, err := takeTurns(ctx, f.readers, f.rounds, f.during, sides)
	if err != nil {
		return err
	}
	for i, a := range all {
		t.add(a.name+suffix, whole(median(reached[i])), reached[i].of(reached[0]), reached[i].of(reached[fullPage]), whole(weights[i]), ratio(weights[i], weights[fullPage]))
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// printing is one paper, printed by both sides.
type printing struct {
	name   string
	make   func() document.Document // from the figures in hand
	factor float64                  // how many times faster we want to be
}

// measurePDF measures a receipt and a usage report against Chromium printing the same words, started for each as one would.
func measurePDF(ctx context.Context, args []string, out io.Writer) (err error) {
	set := flag.NewFlagSet("pdf", flag.ContinueOnError)
	rounds := set.Int("rounds", 5, "rounds, each one start of Chromium; the median counts")
	times := set.Int("times", 10, "how often we print in each round")
	if err = set.Parse(args); err != nil {
		return err
	}
	d, err := openDatabase(ctx, 4)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	papers, err := papersOf(ctx, d)
	if err != nil {
		return err
	}
	browser, err := findChromium(ctx)
	if err != nil && !errors.Is(err, errNoChromium) {
		return err
	}
	t := &table{
		title: "Printing a PDF: milliseconds each", machine: machine(""),
		head: []string{"", "pages", "ours", "Chromium, cold", "times faster", "wanted"},
		notes: []string{
			fmt.Sprintf("Ours: from the figures in hand to bytes, median of %d rounds of %d. Chromium: one start for each, the same words as a page.", *rounds, *times),
		},
	}
	if browser == nil {
		t.notes = append(t.notes, errNoChromium.Error()+".")
	} else {
		t.notes = append(t.notes, browser.version+", headless, a fresh profile each time. It writes a tagged PDF, which ours is not.")
	}
	for _, p := range papers {
		if err = printBoth(ctx, t, p, browser, *rounds, *times); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return t.write(out)
}

func printBoth(ctx context.Context, t *table, p printing, browser *chromium, rounds, times int) error {
	printed, err := pdf.Render(ctx, p.make()) // once unmeasured: fonts are read once in the life of the program
	if err != nil {
		return err
	}
	var ours, theirs []float64
	for range rounds {
		for range times {
			begun := time.Now()
			if _, err = pdf.Render(ctx, p.make()); err != nil {
				return err
			}
			ours = append(ours, milliseconds(begun))
		}
		if browser == nil {
			continue
		}
		took, err := browser.print(ctx, p.make())
		if err != nil {
			return err
		}
		theirs = append(theirs, took)
	}
	theirsText := "-"
	if browser != nil {
		theirsText = whole(median(theirs))
	}
	t.add(p.name, strconv.Itoa(printed.Pages), fmt.Sprintf("%.1f", median(ours)), theirsText, ratio(median(theirs), median(ours)), whole(p.factor))
	return nil
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

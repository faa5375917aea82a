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

// stormFlags say how hard it blows.
type stormFlags struct {
	webhooks    int
	connections int
	quiet       time.Duration
	patience    time.Duration
}

func parseStorm(args []string) (f stormFlags, err error) {
	set := flag.NewFlagSet("storm", flag.ContinueOnError)
	set.IntVar(&f.webhooks, "webhooks", 5000, "webhooks sent at once, each of a gift of its own")
	set.IntVar(&f.connections, "connections", 100, "connections they come on")
	quiet := set.Float64("quiet", 15, "how long visitors are measured before, in seconds")
	set.DurationVar(&f.patience, "patience", 10*time.Minute, "how long all may take to be booked")
	err = set.Parse(args)
	f.quiet = time.Duration(*quiet * float64(time.Second))
	if err == nil && (f.webhooks < 1 || f.connections < 1) {
		err = errors.New("storm: at least one webhook on one connection")
	}
	return f, err
}

// measureStorm sends thousands of webhooks at once to the program as it is served, while visitors read and give, and counts what became of them.
func measureStorm(ctx context.Context, args []string, out io.Writer) (err error) {
	f, err := parseStorm(args)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, 20)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	c, err := makeCall(ctx, d.app, time.Now())
	if err != nil {
		return err
	}
	fake, err := startFakeStripe(d.dir, c.organisation)
	if err != nil {
		return err
	}
	defer fake.close()
	letters, err := startMailbox(ctx)
	if err != nil {
		return err
	}
	defer letters.close()
	program, err := startProgramWith(ctx, d, []string{"--behind-proxy", "--smtp-port", letters.port()}, fake.environment())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.stop()) }()
	if err = connectStripe(ctx, d, program, fake); err != nil {
		return err
	}
	s := &storm{stormFlags: f, database: d, call: c, fake: fake, program: program, letters: letters}
	if err = s.blow(ctx); err != nil {
		return err
	}
	return s.table().write(out)
}

// storm is one run and what it found.
type storm struct {
	stormFlags
	database *database
	call     *call
	fake     *fakeStripe
	program  *site
	letters  *mailbox

	bare, answered answers       // of the server that keeps a row, of the program
	booked         time.Duration // from the first webhook to the last booking
	kept           kept
	calm, stormy   []visits // by sort of visit
}

// blow measures the bare server, then visitors alone, then visitors and webhooks.
func (s *storm) blow(ctx context.Context) error {
	gifts, err := s.pendingGifts(ctx)
	if err != nil {
		return err
	}
	if _, err = s.database.owner.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
		return err
	}
	payloads := s.fake.events(gifts)
	if err = s.sendBare(ctx, payloads); err != nil {
		return err
	}
	if s.calm, err = s.visit(ctx, func(ctx context.Context) error { return sleep(ctx, s.quiet) }); err != nil {
		return err
	}
	s.stormy, err = s.visit(ctx, func(ctx context.Context) error {
		begun := time.Now()
		var err error
		if s.answered, err = send(ctx, s.program.address, s.fake.hook(), s.fake.secret, s.connections, payloads); err != nil {
			return err
		}
		err = s.untilBooked(ctx, len(gifts))
		s.booked = time.Since(begun)
		return err
	})
	if err != nil {
		return err
	}
	return s.count(ctx, gifts)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *storm) table() *table {
	t := &table{
		title: fmt.Sprintf("%d webhooks at once on %d connections, while visitors read and give", s.webhooks, s.connections), machine: machine(s.database.version),
		head: []string{"", "in all", "a second", "of bare", "half within ms", "99 of 100", "all"},
	}
	rate := func(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
	bare, answered := rate(s.webhooks, s.bare.took), rate(s.webhooks, s.answered.took)
	t.add(append([]string{"bare server, one row kept", whole(float64(s.webhooks)), whole(bare), "1"}, s.bare.each.cells()...)...)
	t.add(append([]string{"webhooks acknowledged", whole(float64(s.answered.accepted)), whole(answered), ratio(answered, bare)}, s.answered.each.cells()...)...)
	t.add("gifts booked from them", whole(float64(s.kept.Booked)), whole(rate(s.webhooks, s.booked)), ratio(rate(s.webhooks, s.booked), bare), "", "", "")
	for _, part := range []struct {
		when string
		all  []visits
	}{{"before", s.calm}, {"meanwhile", s.stormy}} {
		for _, v := range part.all {
			t.add(append([]string{v.name + ", " + part.when, whole(float64(len(v.took))), "", ""}, v.took.cells()...)...)
		}
	}
	t.notes = []string{
		fmt.Sprintf("Of %d: %d events kept, %d followed, %d gifts paid, %d bookings of them and %d of anything twice; %d receipts issued, %d letters sent so far.",
			s.webhooks, s.kept.Events, s.kept.Followed, s.kept.Paid, s.kept.Booked, s.kept.Twice, s.kept.Receipts, s.letters.count()),
		fmt.Sprintf("All was booked %s after the first webhook; for each the program asks Stripe, which here answers at once.", s.booked.Round(100*time.Millisecond)),
		"The bare server checks nothing and keeps each webhook as one row. A visit's time counts from when it was due, not from when it could be asked.",
		"Visitors, webhooks, Stripe, the program and PostgreSQL share the cores; every third gift wants a receipt, which is printed meanwhile.",
	}
	return t
}

// stormNotes is what a table of a storm that lost something would lack.
func (k kept) whole(n int) bool {
	return k.Events == n && k.Followed == n && k.Paid == n && k.Booked == n && k.Twice == 0
}

var errLost = errors.New("storm: something was lost or booked twice")

func (s *storm) count(ctx context.Context, gifts []pendingGift) error {
	var err error
	if s.kept, err = countKept(ctx, s.database, s.call.organisation, gifts); err != nil {
		return err
	}
	if !s.kept.whole(len(gifts)) || s.answered.accepted != len(gifts) {
		return fmt.Errorf("%w: %d acknowledged, %s", errLost, s.answered.accepted, strings.TrimPrefix(fmt.Sprintf("%+v", s.kept), "main."))
	}
	return nil
}

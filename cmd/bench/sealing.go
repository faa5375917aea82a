package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// How long the sealer rests, how many rests a short queue may wait, and how many organisations it seals at a time: as in the program.
const (
	sealEvery    = time.Second
	sealPatience = 4
	sealAbreast  = 2
)

// measureSealing measures Post with the sealer at work. A round ends when everything posted in it is sealed.
func measureSealing(ctx context.Context, args []string, out io.Writer) (err error) {
	f, err := parsePost(args, 2*sealPatience) // long enough for what waits to be sealed in its time
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, 2+max(40, highest(f.clients)))
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
		title: "ledger.Post with the sealer running: transactions of two entries per second, posted, sealed and rolled up", machine: machine(d.version),
		head: []string{"clients", "in a transaction", "Post, 64 books", "and sealed", "one hot fund, sealed", "Post/in tx", "sealed/in tx", "hot/in tx", "hot/64 books"},
		notes: []string{
			"in a transaction: plain inserts of the same three rows into two tables with primary keys only.",
			fmt.Sprintf("sealed: one sealer works beside the clients every %v, on %d organisations at a time, and lets a short queue wait %d times;", sealEvery, sealAbreast, sealPatience),
			"the clock stops when nothing is left unsealed.",
			fmt.Sprintf("A ratio is the median of the ratios of %d rounds of %v. Clients, sealer and server share the cores; fsync on.", f.rounds, f.during),
		},
	}
	sealer := &chain.Sealer{DB: p.db, Patience: sealPatience, Abreast: sealAbreast}
	for _, clients := range f.clients {
		if err = p.sealingRow(ctx, sealer, t, clients, f); err != nil {
			return err
		}
	}
	return t.write(out)
}

// sealingRow lets the sides take turns and adds what they reached.
func (p *posting) sealingRow(ctx context.Context, sealer *chain.Sealer, t *table, clients int, f postFlags) error {
	sides := p.sides()
	var reached, ratios [4][]float64
	for round := range f.rounds + 1 {
		length := f.during
		if round == 0 {
			length = min(length, 500*time.Millisecond)
		}
		var r [4]float64
		var err error
		if r[0], err = load(ctx, clients, length, sides[rawInTx].act); err != nil {
			return err
		}
		if r[1], err = load(ctx, clients, length, sides[oursDistinct].act); err != nil {
			return err
		}
		if err = sealRest(ctx, sealer); err != nil { // the round before owes nothing to the next
			return err
		}
		for i, s := range []side{sides[oursDistinct], sides[oursHot]} {
			if r[2+i], err = p.loadSealed(ctx, sealer, clients, length, s.act); err != nil {
				return err
			}
		}
		if round == 0 {
			continue
		}
		for i, pair := range [4][2]int{{1, 0}, {2, 0}, {3, 0}, {3, 2}} {
			reached[i] = append(reached[i], r[i])
			ratios[i] = append(ratios[i], r[pair[0]]/r[pair[1]])
		}
	}
	cells := []string{strconv.Itoa(clients)}
	for i := range reached {
		cells = append(cells, whole(median(reached[i])))
	}
	for i := range ratios {
		cells = append(cells, ratio(median(ratios[i]), 1))
	}
	t.add(cells...)
	return p.checkSealed(ctx)
}

// loadSealed is load with a sealer beside it; what is still unsealed at the end counts into the time.
func (p *posting) loadSealed(ctx context.Context, sealer *chain.Sealer, clients int, during time.Duration, act func(ctx context.Context, client, turn int) error) (float64, error) {
	resting, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	var sealErr error
	begun := time.Now()
	beside.Go(func() {
		for {
			select {
			case <-resting.Done():
				return
			case <-time.After(sealEvery):
			}
			if _, err := sealer.SealAll(ctx); err != nil {
				sealErr = err
				return
			}
		}
	})
	rate, err := load(ctx, clients, during, act)
	posting := time.Since(begun)
	stop()
	beside.Wait()
	if err = errors.Join(err, sealErr); err != nil {
		return 0, err
	}
	if err = sealRest(ctx, sealer); err != nil {
		return 0, err
	}
	return rate * posting.Seconds() / time.Since(begun).Seconds(), nil
}

// sealRest seals until nothing waits.
func sealRest(ctx context.Context, sealer *chain.Sealer) error {
	for range sealPatience + 1 {
		if _, err := sealer.SealAll(ctx); err != nil {
			return err
		}
	}
	return nil
}

// checkSealed makes sure that the whole work was timed: nothing unsealed, every record with a number, every entry rolled up.
func (p *posting) checkSealed(ctx context.Context) error {
	var n struct {
		Records  int64 `db:"records"`
		Seals    int64 `db:"seals"`
		Heads    int64 `db:"heads"`
		Unsealed int64 `db:"unsealed"`
		Entries  int64 `db:"entries"`
		Rolled   int64 `db:"rolled"`
	}
	err := p.db.GetContext(ctx, &n, `
		SELECT (SELECT count(*) FROM log_record) AS records, (SELECT count(*) FROM seal) AS seals,
		       (SELECT sum(sequence)::bigint FROM log_heads) AS heads, (SELECT count(*) FROM unsealed) AS unsealed,
		       (SELECT count(*) FROM entry) AS entries, (SELECT sum(entries)::bigint FROM rollup) AS rolled`)
	if err != nil {
		return err
	}
	if n.Records == 0 || n.Seals != n.Records || n.Heads != n.Records || n.Unsealed != 0 || n.Rolled != n.Entries {
		return fmt.Errorf("the log does not hold what was posted: %+v", n)
	}
	return nil
}

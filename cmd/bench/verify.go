package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// measureVerify measures sealing and verifying a book of one organisation.
func measureVerify(ctx context.Context, args []string, out io.Writer) (err error) {
	set := flag.NewFlagSet("verify", flag.ContinueOnError)
	size := set.Int64("records", 1_000_000, "records in the log")
	file := set.String("cpuprofile", "", "write a profile of this process verifying to the file")
	if err = set.Parse(args); err != nil {
		return err
	}
	d, err := openDatabase(ctx, 4)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	b, err := foundLargeBook(ctx, d.app, 5, time.Now())
	if err != nil {
		return err
	}
	t := &table{
		title: "verify: the log of one organisation, each record a transaction of two entries", machine: machine(d.version),
		head: []string{"records", "log, s", "records/s", "rules, s", "together, s", "heap at most, MB"},
		notes: []string{
			"Log: every record's two parts, hash, chain and tree, the head, and the roll-up against the entries. Rules: ledger.Verify, what the",
			"book asks of gifts, refunds and reversals, in SQL. Both as `tsukaimichi verify` runs them, from one snapshot.",
		},
	}
	for _, n := range []int64{*size / 10, *size} {
		if err = b.grow(ctx, n); err != nil {
			return err
		}
		if _, err = d.owner.ExecContext(ctx, `VACUUM (ANALYZE)`); err != nil { // as autovacuum does some minutes later
			return err
		}
		stop, err := profile(*file) // the last one stays
		if err != nil {
			return err
		}
		err = b.verify(ctx, t)
		stop()
		if err != nil {
			return err
		}
	}
	return t.write(out)
}

func (b *largeBook) verify(ctx context.Context, t *table) error {
	tx, err := b.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var heap uint64
	runtime.GC()
	begun := time.Now()
	found, err := chain.Verify(ctx, tx, b.organisation, chain.Examination{Progress: func(int64, int64) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = max(heap, m.HeapAlloc)
	}})
	if err != nil {
		return err
	}
	log := time.Since(begun)
	faults, _, err := ledger.Verify(ctx, tx, b.organisation)
	if err != nil {
		return err
	}
	all := time.Since(begun)
	if len(found.Faults)+len(faults) > 0 || found.Records != b.size {
		return fmt.Errorf("%d records, faults %v %v", found.Records, found.Faults, faults)
	}
	t.add(strconv.FormatInt(found.Records, 10), tenths(log.Seconds()), whole(float64(found.Records)/log.Seconds()), tenths((all - log).Seconds()), tenths(all.Seconds()),
		strconv.FormatUint(heap>>20, 10))
	return nil
}

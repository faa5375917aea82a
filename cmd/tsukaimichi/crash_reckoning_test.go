package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// left is what still has to be done by itself, by name.
func (w *trial) left() (map[string]int, error) {
	left := map[string]int{}
	for name, query := range map[string]string{
		"records unsealed":       `SELECT count(*) FROM unsealed`,
		"webhooks not looked at": `SELECT count(*) FROM stripe_event WHERE processed_at IS NULL`,
		"letters not sent":       `SELECT count(*) FROM mail WHERE sent_at IS NULL`,
		"receipts not printed":   `SELECT count(*) FROM receipt r WHERE NOT EXISTS (SELECT FROM receipt_file f WHERE f.organisation_id = r.organisation_id AND f.receipt_id = r.id)`,
		"jobs in hand":           `SELECT count(*) FROM river.river_job WHERE state = 'running' AND kind IN ('receipt', 'payments_events', 'payments_refund')`,
	} {
		var n int
		if err := w.look.Get(&n, query); err != nil {
			return nil, err
		}
		if n > 0 {
			left[name] = n
		}
	}
	var waiting int
	err := w.stripeDB.Get(&waiting, `SELECT count(*) FROM practice.stripe_delivery WHERE status = 'waiting'`)
	if waiting > 0 {
		left["webhooks on their way"] = waiting
	}
	return left, err
}

// settle waits until the program has caught up by itself. What waits for its time, because who was at it died, is let wait no longer: a letter in hand ten
// minutes, a webhook whose first look failed ten seconds, a job that failed some times a minute. Somebody gives now and then, so that webhooks go on.
func (c *crowd) settle() {
	c.t.Helper()
	c.payouts.Lock() // for good: the last one would never be heard of
	const within = 3 * time.Minute
	began, hastened := time.Now(), 0
	var left map[string]int
	for time.Since(began) < within {
		var err error
		if left, err = c.left(); err != nil {
			c.t.Fatal(err)
		}
		if len(left) == 0 {
			c.t.Logf("caught up after %v", time.Since(began).Round(10*time.Millisecond))
			return
		}
		if time.Since(began) > time.Duration(3+7*hastened)*time.Second {
			hastened++
			c.hasten()
			c.give(900_000+hastened, 500)
		}
		time.Sleep(100 * time.Millisecond)
	}
	var jobs []string
	_ = c.look.Select(&jobs, `
		SELECT concat_ws(' ', kind, state, attempt, scheduled_at, attempted_at) FROM river.river_job WHERE finalized_at IS NULL`)
	c.t.Fatalf("not done after %v: %v\n%s", within, left, strings.Join(jobs, "\n"))
}

// hasten lets time pass for what waits.
func (w *trial) hasten() {
	w.t.Helper()
	for _, statement := range []string{
		`UPDATE mail SET next_at = now() WHERE sent_at IS NULL AND attempts > 0`,
		`UPDATE stripe_event SET next_at = now() WHERE processed_at IS NULL AND attempts > 0`,
		`UPDATE river.river_job SET state = 'available', scheduled_at = now() WHERE state = 'retryable'`,
	} {
		result, err := w.look.Exec(statement)
		if err != nil {
			w.t.Fatal(err)
		}
		if n, _ := result.RowsAffected(); n > 0 {
			w.t.Logf("let time pass for %d: %s", n, statement)
		}
	}
}

// reckon compares everything with what was acknowledged.
func (c *crowd) reckon() {
	c.t.Helper()
	c.done(c.t)
	c.reckonGifts()
	c.reckonExpenses()
	c.reckonReceipts()
	c.reckonLog()
	c.reckonStripe()
	c.reckonLetters()
	failed, err := jobs.Troubles(context.Background(), c.db)
	for _, f := range failed {
		if f.GivenUp && f.Error != deathNote { // many kills may meet one job each time; what it was for is looked at above
			c.t.Errorf("a job was given up: %+v", f)
		}
	}
	if err != nil {
		c.t.Error(err)
	}
}

// booked is a gift as the database has it.
type booked struct {
	ID       int64
	Key      string
	Amount   int
	Channel  string
	Status   string
	Bookings int
	Receipts int
	Letters  int
}

func (c *crowd) reckonGifts() {
	c.t.Helper()
	var all []booked
	err := c.look.Select(&all, `
		SELECT d.id, d.key, d.amount, d.channel, d.status,
		       (SELECT count(*) FROM transaction t WHERE t.organisation_id = d.organisation_id AND t.donation_id = d.id AND t.kind = 'donation') AS bookings,
		       (SELECT count(*) FROM receipt r WHERE r.organisation_id = d.organisation_id AND r.donation_id = d.id) AS receipts,
		       (SELECT count(*) FROM mail m WHERE m.organisation_id = d.organisation_id AND m.key = 'donation:' || d.id || ':donation-thanks') AS letters
		  FROM donation d`)
	if err != nil {
		c.t.Fatal(err)
	}
	byKey := map[string]booked{}
	for _, d := range all {
		byKey[d.Key] = d
		want := map[string]int{"paid": 1}[d.Status]
		if d.Bookings != want {
			c.t.Errorf("gift %d is %s and booked %d times", d.ID, d.Status, d.Bookings)
		}
	}
	for _, p := range c.gifts {
		d, receipts := byKey[p.key], 0
		if p.receipt {
			receipts = 1
		}
		if d.Amount != p.yen || d.Status != "paid" || d.Receipts != receipts || d.Letters != 1 {
			c.t.Errorf("a gift of %d yen was paid: %+v", p.yen, d)
		}
	}
	for _, p := range c.envelopes {
		if d := byKey[p.key]; d.Amount != p.yen || d.Status != "paid" || d.Channel != "envelope" {
			c.t.Errorf("an envelope of %d yen was acknowledged: %+v", p.yen, d)
		}
	}
	var given, income int
	err = c.look.QueryRow(`SELECT (SELECT sum(amount) FROM donation WHERE status = 'paid'), (SELECT -sum(amount) FROM entry WHERE account = $1)`, ledger.Gifts).Scan(&given, &income)
	if err != nil || given != income {
		c.t.Errorf("given %d, booked %d, %v", given, income, err)
	}
}

func (c *crowd) reckonExpenses() {
	c.t.Helper()
	var all []struct {
		ID     int64
		Key    string
		Amount int
		Status string
		Booked int
		Papers int
	}
	err := c.look.Select(&all, `
		SELECT x.id, x.key, x.amount, x.status,
		       (SELECT coalesce(sum(e.amount), 0) FROM entry e
		         WHERE e.organisation_id = x.organisation_id AND e.transaction_id = x.transaction_id AND e.account = 5240) AS booked,
		       (SELECT count(*) FROM evidence v WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id) AS papers
		  FROM expense x`)
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[string]string{}
	for _, x := range all {
		found[x.Key] = fmt.Sprintf("%d yen, %s", x.Amount, x.Status)
		if x.Booked != x.Amount || x.Papers != 1 {
			c.t.Errorf("expense %d of %d yen: booked %d, papers %d", x.ID, x.Amount, x.Booked, x.Papers)
		}
	}
	for _, p := range c.expenses {
		want := fmt.Sprintf("%d yen, checked", p.yen)
		if got := found[p.key]; got != want && (p.done || got != fmt.Sprintf("%d yen, unchecked", p.yen)) {
			c.t.Errorf("an expense: got %q, want %s", got, want)
		}
	}
	c.reckonFiles("expense papers", files.KindEvidence, `SELECT file_hash FROM evidence`)
}

func (c *crowd) reckonFiles(what string, kind files.Kind, query string) {
	c.t.Helper()
	store := c.files()
	var hashes [][]byte
	if err := c.look.Select(&hashes, query); err != nil {
		c.t.Fatal(err)
	}
	for _, h := range hashes {
		if _, err := store.Read(context.Background(), c.organisation, kind, files.Hash(h)); err != nil {
			c.t.Errorf("%s: %v", what, err)
		}
	}
}

func (c *crowd) reckonReceipts() {
	c.t.Helper()
	var n, highest, last, gifts int
	err := c.look.QueryRow(`
		SELECT count(*), coalesce(max(number), 0), (SELECT coalesce(max(last), 0) FROM receipt_counter), count(DISTINCT donation_id)
		  FROM receipt`).Scan(&n, &highest, &last, &gifts)
	if err != nil || n != highest || n != last || n != gifts {
		c.t.Errorf("%d receipts of %d gifts, numbered to %d, counted to %d, %v", n, gifts, highest, last, err)
	}
	c.reckonFiles("receipts", files.KindReceipt, `SELECT file_hash FROM receipt_file`)
}

func (c *crowd) reckonLog() {
	c.t.Helper()
	var sealed, first, last, records int
	err := c.look.QueryRow(`SELECT count(*), min(sequence), max(sequence), (SELECT count(*) FROM log_record) FROM seal`).Scan(&sealed, &first, &last, &records)
	if err != nil || first != 1 || sealed != last || sealed != records {
		c.t.Errorf("%d records, %d sealed, numbered %d to %d, %v", records, sealed, first, last, err)
	}
	tx, err := c.db.BeginTxx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		c.t.Fatal(err)
	}
	defer tx.Rollback()
	log, err := chain.Verify(context.Background(), tx, c.organisation, chain.Examination{})
	if err != nil || len(log.Faults) > 0 || int(log.Records) != sealed {
		c.t.Errorf("the log of %d records: %v, %v", log.Records, log.Faults, err)
	}
	faults, _, err := ledger.Verify(context.Background(), tx, c.organisation)
	if err != nil || len(faults) > 0 {
		c.t.Errorf("the book: %v, %v", faults, err)
	}
}

// reckonStripe compares with what Stripe has: its balance, its payouts, each of its lines.
func (c *crowd) reckonStripe() {
	c.t.Helper()
	ctx := context.Background()
	var balance, book, lines, bookings int
	err := c.stripeDB.QueryRow(`
		SELECT coalesce(sum((body->>'net')::bigint), 0), count(*) FROM practice.stripe_object WHERE kind = 'balance_transaction'`).Scan(&balance, &lines)
	if err != nil {
		c.t.Fatal(err)
	}
	err = c.look.QueryRow(`
		SELECT (SELECT coalesce(sum(amount), 0) FROM entry WHERE account = $1), (SELECT count(*) FROM transaction WHERE source LIKE 'stripe:%')`,
		ledger.StripeBalance).Scan(&book, &bookings)
	if err != nil || book != balance || bookings != lines {
		c.t.Errorf("Stripe has %d yen and %d lines, the book %d yen and %d bookings, %v", balance, lines, book, bookings, err)
	}
	if err = c.till.Check(ctx, c.organisation); err != nil {
		c.t.Error(err)
	}
	problems, err := payments.Problems(ctx, c.db, c.organisation)
	if err != nil || len(problems) > 0 {
		c.t.Errorf("put aside: %+v, %v", problems, err)
	}
}

// reckonLetters: each letter went out. One that was in hand when its process died goes again, with the same Message-ID.
func (c *crowd) reckonLetters() {
	c.t.Helper()
	var written, twiceTried int
	err := c.look.QueryRow(`SELECT count(*), count(*) FILTER (WHERE attempts > 1) FROM mail`).Scan(&written, &twiceTried)
	different, again := c.post.letters()
	if err != nil || different != written || again > twiceTried {
		c.t.Errorf("%d letters written, %d tried again; %d arrived, %d of them again, %v", written, twiceTried, different, again, err)
	}
	c.t.Logf("letters: %d, again with the same Message-ID: %d", different, again)
}

// deathNote is what is noted of an attempt whose process died.
const deathNote = "the process at work on it is gone"

// takenUp is how many jobs were taken up after the process at work on them had died.
func (w *trial) takenUp() int {
	w.t.Helper()
	var n int
	err := w.look.Get(&n, `SELECT count(*) FROM river.river_job WHERE array_to_string(errors, ' ') LIKE '%' || $1 || '%'`, deathNote)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

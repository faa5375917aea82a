package payments_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// liver lives through the fates of a group.
type liver struct {
	*world
	t       testing.TB
	r       *rand.Rand     // nil in the calm
	dice    *dice          // what goes wrong
	replica *payments.Till // another program on the same database
	crowded bool           // all that can be done at once is
	hour    sync.RWMutex   // time does not pass while a payment page is open
	gifts   []campaigns.Donation
	pages   []string
}

// dice is chance that many throw at once.
type dice struct {
	mu       sync.Mutex
	r        *rand.Rand
	database int // percent of the statements of our own program that fail
}

func (d *dice) chance(percent int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r != nil && percent > 0 && d.r.IntN(100) < percent
}

func (d *dice) set(database int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.database = database
}

func (d *dice) databaseFails() bool {
	d.mu.Lock()
	percent := d.database
	d.mu.Unlock()
	return d.chance(percent)
}

func live(t *testing.T, fates []fate, r *rand.Rand, crowded bool) outcome {
	t.Helper()
	l := &liver{t: t, dice: &dice{}, crowded: crowded}
	if r != nil {
		l.r, l.dice.r = rand.New(rand.NewPCG(r.Uint64(), 1)), r
	}
	l.world = newWorld(t, func(w *world) {
		w.chance = l.dice.chance
		var err error
		if w.db.App, err = prepared.Open(w.db.AppDSN); err != nil {
			t.Fatal(err)
		}
		w.db.App.SetMaxIdleConns(24)
		t.Cleanup(func() { _ = w.db.App.Close() })
	})
	l.till.Hurried = true
	l.till.DB = fragile(t, l.db.AppDSN, l.dice.databaseFails)
	l.replica = &payments.Till{
		DB: l.till.DB, Box: l.till.Box, Now: l.till.Now, BaseURL: l.till.BaseURL, Site: l.till.Site, Log: l.till.Log, Enqueue: l.till.Enqueue, Limits: l.till.Limits, Hurried: true,
	}
	l.each(fates, l.give)
	l.each(fates, l.after)
	l.settle()
	l.calm()
	l.pass(30 * day)
	l.each(fates, l.muchLater)
	l.settle()
	l.outlive()
	return l.outcome()
}

// each does something with every gift while the weather changes, and lets what happened come in now and then.
func (l *liver) each(fates []fate, do func(i int, f fate)) {
	var under sync.WaitGroup
	for i, f := range fates {
		if i%20 == 0 {
			under.Wait()
			l.weather()
		}
		if l.crowded {
			under.Go(func() { do(i, f) })
		} else {
			do(i, f)
		}
		if i%25 == 24 {
			l.hear()
		}
		if i%50 == 49 {
			under.Wait()
			l.db.Super.MustExec(`ANALYZE practice.stripe_object, practice.stripe_delivery, donation, checkout, donor, transaction, entry, receipt`)
			l.pass(5 * time.Hour)
		}
	}
	under.Wait()
}

// weather is what goes wrong from now on.
func (l *liver) weather() {
	if l.r == nil {
		return
	}
	upTo := func(most int) int {
		if l.r.IntN(2) == 0 {
			return 0
		}
		return 1 + l.r.IntN(most)
	}
	for _, s := range []struct {
		name stripe.Switch
		most int
	}{
		{stripe.Duplicate, 60}, {stripe.Reverse, 60}, {stripe.Lose, 60}, {stripe.Delay, 40}, {stripe.Version, 60}, {stripe.Thin, 30}, {stripe.Down, 60},
		{stripe.Error, 15}, {stripe.Busy, 20}, {stripe.Silence, 30}, {stripe.Bounce, 50},
	} {
		l.set(s.name, upTo(s.most))
	}
	l.dice.set(upTo(2))
}

// calm ends all that is wrong.
func (l *liver) calm() {
	for _, s := range stripe.Switches {
		l.set(s, 0)
	}
	l.dice.set(0)
}

// hear lets webhooks come and now and then the sweep run; in a storm all of it may fail.
func (l *liver) hear() {
	if l.r == nil {
		l.world.hear()
		return
	}
	all := []func(){
		func() { _, _ = l.stripe.Deliver(ctx) },
		func() { _ = l.till.Process(ctx, l.group.ID) },
		func() { _ = l.replica.Process(ctx, l.group.ID) },
		func() {
			if l.r.IntN(4) == 0 {
				_ = l.till.Sweep(ctx, l.group.ID)
			}
		},
	}
	var under sync.WaitGroup
	for _, do := range all {
		if l.crowded {
			under.Go(do)
		} else {
			do()
		}
	}
	under.Wait()
}

// insist does something until it succeeds, as people do; what fails for a reason that does not pass is an error at once.
func (l *liver) insist(what string, do func(try int) error) {
	for try := 0; ; try++ {
		err := do(try)
		if err == nil {
			return
		}
		if l.r == nil || !passes(err) || try > 500 {
			l.t.Errorf("%s: %v", what, err)
			return
		}
	}
}

// later comes back to a page after half an hour: an error sticks to its key. Nobody else has one open then.
func (l *liver) later(try int) {
	if try <= 8 {
		return
	}
	l.hour.RUnlock()
	l.hour.Lock()
	l.advance(35 * time.Minute)
	l.hour.Unlock()
	l.hour.RLock()
}

// advance lets time go by at Stripe as well; the group's own instant stays where it was.
func (l *liver) advance(d time.Duration) {
	if err := l.clock.Advance(ctx, d); err != nil {
		l.t.Error(err)
	}
	if _, err := l.stripe.Tick(ctx); err != nil {
		l.t.Error(err)
	}
}

// passes reports whether an error is one of those a storm makes.
func passes(err error) bool {
	return errors.Is(err, campaigns.ErrPaymentUnavailable) || errors.Is(err, errTorn)
}

// give opens the payment page, as often as the giver has to ask, and does what the payer does there.
func (l *liver) give(i int, f fate) {
	d := l.group.Give(l.call, f.amount, func(g *campaigns.Gift) {
		g.Donor.Mail = fmt.Sprintf("renshu-%d@example.jp", i)
		if f.konbini {
			konbini(g)
		}
		if f.receipt {
			receiptByMail(g)
		}
	})
	var page string
	l.hour.RLock()
	defer l.hour.RUnlock()
	l.insist(fmt.Sprintf("page of gift %d", i), func(try int) (err error) {
		l.later(try)
		page, err = l.till.Open(ctx, l.opening(d))
		return err
	})
	l.keep(i, d, page)
	switch {
	case f.act == "left" || page == "":
	case f.konbini:
		voucher := l.press(page, "konbini")
		if f.act == "paid" {
			l.press(voucher, "paid")
		}
	case f.act == "twice":
		second := l.second(d)
		l.press(page, "card")
		l.press(second, "card")
	default:
		if f.act == "declined" {
			l.press(page, "decline")
		}
		l.press(page, "card")
	}
}

// keep notes a gift in its place: in a crowd they come in any order.
func (l *liver) keep(i int, d campaigns.Donation, page string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.gifts) <= i {
		l.gifts, l.pages = append(l.gifts, campaigns.Donation{}), append(l.pages, "")
	}
	l.gifts[i], l.pages[i] = d, page
}

func (l *liver) kept(i int) (campaigns.Donation, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gifts[i], l.pages[i]
}

// second opens a second payment page of a gift, as a program that forgot the first one would.
func (l *liver) second(d campaigns.Donation) (page string) {
	l.insist("second page", func(try int) error {
		checkout, err := l.account().Begin(ctx, l.request(d, 100+try, d.Amount))
		page = checkout.URL
		return err
	})
	return page
}

// after is what happens to a gift that was paid: a dispute, a refund by staff, the second payment given back.
func (l *liver) after(i int, f fate) {
	d, page := l.kept(i)
	if f.dispute != "" && !f.late {
		l.object(page, f.dispute)
	}
	if f.act == "twice" {
		l.giveSecondBack(d)
	}
	if f.refund == 0 {
		return
	}
	l.insist(fmt.Sprintf("booking of gift %d", i), func(int) error {
		if l.group.Gift(d.ID).Status == campaigns.Paid {
			return nil
		}
		return errors.Join(errTorn, l.till.Sweep(ctx, l.group.ID))
	})
	wish := payments.RefundWish{OrganisationID: l.group.ID, DonationID: d.ID, Amount: f.refund, Reason: "まちがい", By: l.group.Treasurer}
	for range 2 { // pressed twice
		l.insist(fmt.Sprintf("refund of gift %d", i), func(int) error {
			if err := l.till.Refund(ctx, wish); !errors.Is(err, payments.ErrAskedBefore) {
				return err
			}
			return nil
		})
	}
}

// object is a payer who does not know his payment, and his bank's word.
func (l *liver) object(page, word string) {
	l.press(page, "dispute")
	if l.r == nil || l.dice.chance(50) {
		_, _ = l.stripe.Deliver(ctx)
	}
	l.press(page, word)
}

// giveSecondBack gives the second payment of a gift back as soon as it is known.
func (l *liver) giveSecondBack(d campaigns.Donation) {
	var ref string
	l.insist("second payment", func(try int) error {
		if try > 8 { // it may come with news that are late: the treasurer looks again
			l.advance(11 * time.Minute)
		}
		for _, p := range l.problems() {
			if p.Kind == payments.YenUnclear && p.DonationID == d.ID && p.Detail == string(campaigns.MovementCharge) {
				ref = p.Ref
				return nil
			}
		}
		return errors.Join(errTorn, l.till.Sweep(ctx, l.group.ID))
	})
	for range 2 { // pressed twice
		l.insist("second payment given back", func(try int) error {
			if try > 8 { // an answer sticks to its key: the treasurer comes back later
				l.advance(11 * time.Minute)
			}
			return l.till.GiveUnclearBack(ctx, l.group.ID, ref)
		})
	}
}

// muchLater is what happens after weeks: payers who object only now, and bank accounts named.
func (l *liver) muchLater(i int, f fate) {
	_, page := l.kept(i)
	switch {
	case f.dispute != "" && f.late:
		l.object(page, f.dispute)
	case f.refund > 0 && f.konbini && f.bank:
		l.press(page, "bank")
	}
}

// settle lets the storm end and everything come in: a day and more passes, so that what sticks to a key is forgotten.
func (l *liver) settle() {
	l.calm()
	for round := range 3 {
		l.pass(13 * time.Hour)
		_, _ = l.stripe.Deliver(ctx)
		err := errors.Join(l.till.Process(ctx, l.group.ID), l.till.Sweep(ctx, l.group.ID))
		if err != nil && (round == 2 || l.r == nil || !passes(err)) {
			l.t.Error(err)
		}
	}
}

// outlive lets vouchers run out, payouts be made and refunds nobody answers come back, and checks the book against Stripe.
func (l *liver) outlive() {
	for range 4 {
		l.pass(16 * day)
		_, _ = l.stripe.Deliver(ctx)
		if err := errors.Join(l.till.Process(ctx, l.group.ID), l.till.Check(ctx, l.group.ID)); err != nil {
			l.t.Error(err)
		}
	}
	for _, p := range l.problems() {
		if p.Kind != payments.NotRefunded {
			l.t.Errorf("put aside: %+v", p)
		}
	}
	l.group.MustBalance()
	if left := l.group.Holds(ledger.Unclear); left != 0 {
		l.t.Errorf("%d yen are unclear", left)
	}
}

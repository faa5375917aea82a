package payments_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	seedFlag  = flag.Uint64("seed", 1, "what the randomised test begins with; 0 takes another each time")
	giftsFlag = flag.Int("gifts", 150, "how many gifts the randomised test gives")
)

// fate is what becomes of one gift. It is drawn before anything happens, so that the calm run and the stormy one have the same to do.
type fate struct {
	amount  ledger.Yen
	konbini bool
	receipt bool
	act     string // paid, left, declined (then paid), unpaid (a voucher), twice
	refund  ledger.Yen
	dispute string // won, lost, or nothing
}

func drawn(r *rand.Rand, n int) []fate {
	all := make([]fate, n)
	for i := range all {
		f := fate{amount: ledger.Yen(500 + r.IntN(9500)), konbini: r.IntN(3) == 0, receipt: r.IntN(3) == 0, act: "paid"}
		switch x := r.IntN(20); {
		case x == 0:
			f.act = "left"
		case x == 1 && f.konbini:
			f.act = "unpaid"
		case x == 2 && !f.konbini:
			f.act = "declined"
		}
		if f.act == "paid" {
			switch x := r.IntN(20); {
			case x == 0:
				f.refund = f.amount
			case x == 1:
				f.refund = 1 + ledger.Yen(r.IntN(int(f.amount)-1))
			case x == 2 && !f.konbini:
				f.dispute = "win"
			case x == 3 && !f.konbini:
				f.dispute = "lose"
			}
		}
		all[i] = f
	}
	return all
}

// storm is what goes wrong on the way, drawn anew every few gifts.
func (w *world) storm(r *rand.Rand) {
	for _, s := range []struct {
		name stripe.Switch
		most int
	}{
		{stripe.Duplicate, 60}, {stripe.Reverse, 60}, {stripe.Lose, 60}, {stripe.Delay, 40}, {stripe.Version, 60}, {stripe.Thin, 30},
		{stripe.Error, 8}, {stripe.Busy, 20}, {stripe.Silence, 5}, {stripe.Bounce, 50}, // stripe-go rests after an error or silence
	} {
		value := 0
		if r.IntN(2) == 0 {
			value = 1 + r.IntN(s.most)
		}
		w.set(s.name, value)
	}
}

// calm ends all that is wrong.
func (w *world) calm() {
	for _, s := range stripe.Switches {
		w.set(s, 0)
	}
}

// TestStormEndsAsTheCalmDoes gives the same gifts twice, once with nothing wrong and once with webhooks lost, doubled, late, out of order and strange, and
// requests failing in every way. In the end the gifts, the book and the receipts are the same.
//
//	go test ./cmd/tsukaimichi/internal/payments -run Storm -gifts 10000 -seed 0
func TestStormEndsAsTheCalmDoes(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d -gifts %d", seed, *giftsFlag)
	fates := drawn(rand.New(rand.NewPCG(seed, 1)), *giftsFlag)
	var calm, stormy outcome
	var both sync.WaitGroup
	both.Go(func() { calm = live(t, fates, nil) })
	both.Go(func() { stormy = live(t, fates, rand.New(rand.NewPCG(seed, 2))) })
	both.Wait()
	if t.Failed() {
		return
	}
	for i, want := range calm.gifts {
		if got := stormy.gifts[i]; got != want {
			t.Errorf("gift %d of %+v: %s, in the calm %s", i, fates[i], got, want)
		}
	}
	if stormy.book != calm.book {
		t.Errorf("book\n%s, in the calm\n%s", stormy.book, calm.book)
	}
	t.Log(calm.book)
}

// outcome is what there is in the end: of each gift, and of the whole book.
type outcome struct {
	gifts []string
	book  string
}

// liver lives through the fates of a world.
type liver struct {
	*world
	r     *rand.Rand // nil in the calm
	gifts []campaigns.Donation
	pages []string
}

func live(t *testing.T, fates []fate, r *rand.Rand) outcome {
	var lock sync.Mutex
	w := newWorld(t, func(w *world) {
		w.chance = func(percent int) bool {
			lock.Lock()
			defer lock.Unlock()
			return r != nil && r.IntN(100) < percent
		}
	})
	var own *rand.Rand
	if r != nil {
		own = rand.New(rand.NewPCG(r.Uint64(), 3))
	}
	l := &liver{world: w, r: own}
	for i, f := range fates {
		if own != nil && i%20 == 0 {
			w.storm(own)
		}
		l.give(i, f)
		l.hearMaybe(i)
	}
	for i, f := range fates {
		if own != nil && i%20 == 0 {
			w.storm(own)
		}
		l.after(i, f)
		l.hearMaybe(i)
	}
	l.settle()
	l.outlive()
	return l.outcome()
}

// hearMaybe lets webhooks come, and now and then time pass and the sweep run; in a storm all of it may fail.
func (l *liver) hearMaybe(i int) {
	if i%25 != 24 {
		return
	}
	_, _ = l.stripe.Deliver(ctx)
	err := l.till.Process(ctx, l.group.ID)
	if l.r == nil && err != nil {
		l.t.Errorf("calm, but: %v", err)
	}
	if l.r != nil && i%200 == 199 {
		_ = l.till.Sweep(ctx, l.group.ID)
	}
	if i%50 == 49 {
		l.pass(5 * time.Hour)
	}
}

// give opens the payment page, as often as the giver has to ask, and does what the payer does there.
func (l *liver) give(i int, f fate) {
	l.group.At = l.clock.Now()
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
	for try := 0; page == ""; try++ {
		var err error
		page, err = l.till.Open(ctx, l.opening(d))
		if err != nil && (l.r == nil || !errors.Is(err, campaigns.ErrPaymentUnavailable) || try > 200) {
			l.t.Errorf("gift %d: %v", i, err)
			return
		}
		if err != nil && try > 8 { // an answer sticks to its key: the giver comes back an hour later
			l.pass(35 * time.Minute)
		}
	}
	switch {
	case f.act == "left":
	case f.konbini:
		voucher := l.press(page, "konbini")
		if f.act == "paid" {
			l.press(voucher, "paid")
		}
	default:
		if f.act == "declined" {
			l.press(page, "decline")
		}
		l.press(page, "card")
	}
	l.gifts, l.pages = append(l.gifts, d), append(l.pages, page)
}

// after is what happens to a gift that was paid: a refund by staff, a dispute. A refund needs the gift to be booked.
func (l *liver) after(i int, f fate) {
	if i >= len(l.gifts) {
		return
	}
	d := l.gifts[i]
	if f.dispute != "" {
		l.press(l.pages[i], "dispute")
		if l.r == nil || l.r.IntN(2) == 0 {
			_, _ = l.stripe.Deliver(ctx)
		}
		l.press(l.pages[i], f.dispute)
	}
	if f.refund == 0 {
		return
	}
	for try := 0; l.group.Gift(d.ID).Status != campaigns.Paid; try++ {
		if try > 200 {
			l.t.Errorf("gift %d is never booked", i)
			return
		}
		_ = l.till.Sweep(ctx, l.group.ID)
	}
	for range 2 { // pressed twice
		err := l.till.Refund(ctx, payments.RefundWish{
			OrganisationID: l.group.ID, DonationID: d.ID, Amount: f.refund, Reason: "まちがい", By: l.group.Treasurer,
		})
		if err != nil && !errors.Is(err, payments.ErrAskedBefore) {
			l.t.Errorf("refund of gift %d: %v", i, err)
		}
	}
}

// settle lets the storm end and everything come in: a day and more passes, so that what sticks to a key is forgotten.
func (l *liver) settle() {
	l.calm()
	for range 3 {
		l.pass(13 * time.Hour)
		_, _ = l.stripe.Deliver(ctx)
		if err := l.till.Process(ctx, l.group.ID); err != nil {
			l.t.Error(err)
		}
		if err := l.till.Sweep(ctx, l.group.ID); err != nil {
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
}

func (l *liver) outcome() outcome {
	var o outcome
	for _, d := range l.gifts {
		var gift string
		err := l.db.Super.Get(&gift, `
			SELECT concat_ws(' ', d.status, d.amount, d.refunded,
			         (SELECT string_agg(concat(t.kind, e.account, e.amount), ',' ORDER BY t.kind, e.account, e.amount)
			            FROM transaction t
			            JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id
			           WHERE t.donation_id = d.id),
			         (SELECT string_agg(concat(r.payload->>'amount', v.reason IS NULL), ',' ORDER BY r.branch)
			            FROM receipt r
			            LEFT JOIN receipt_void v ON v.receipt_id = r.id
			           WHERE r.donation_id = d.id))
			  FROM donation d
			 WHERE d.id = $1`, d.ID)
		if err != nil {
			l.t.Error(err)
		}
		o.gifts = append(o.gifts, gift)
	}
	err := l.db.Super.Get(&o.book, `
		SELECT concat((SELECT string_agg(concat(account, ' ', sum), ' · ' ORDER BY account)
		                 FROM (SELECT account, sum(amount) FROM entry GROUP BY account) AS a),
		              ' | receipts ', (SELECT concat(count(DISTINCT number), ' to ', max(number)) FROM receipt),
		              ' | thanks ', (SELECT count(*) FROM mail WHERE kind = 'donation-thanks'))`)
	if err != nil {
		l.t.Error(err)
	}
	return o
}

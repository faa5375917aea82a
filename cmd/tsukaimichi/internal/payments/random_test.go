package payments_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "what the randomised test begins with; 0 takes another each time")
	giftsFlag = flag.Int("gifts", 2000, "how many gifts the randomised test gives")
)

const (
	// crowd is how many gifts one group gets: every group has its own program, account and database.
	crowd = 125
	// storms are how often the same gifts are given in a storm, each time another; in the last one all is done at once.
	storms = 3
)

// fate is what becomes of one gift. It is drawn before anything happens, so that the calm run and the stormy one have the same to do.
type fate struct {
	amount  ledger.Yen
	konbini bool
	receipt bool
	act     string // paid, left, declined (then paid), unpaid (a voucher), twice (by two cards; one goes back)
	refund  ledger.Yen
	bank    bool   // the payer names a bank account for his refund
	dispute string // win, lose, or nothing
	late    bool   // the dispute comes weeks later
}

func drawn(r *rand.Rand, n int) []fate {
	all := make([]fate, n)
	for i := range all {
		f := fate{amount: ledger.Yen(500 + r.IntN(9500)), konbini: r.IntN(3) == 0, receipt: r.IntN(3) == 0, bank: r.IntN(2) == 0, late: r.IntN(2) == 0, act: "paid"}
		switch x := r.IntN(20); {
		case x == 0:
			f.act = "left"
		case x == 1 && f.konbini:
			f.act = "unpaid"
		case x == 2 && !f.konbini:
			f.act = "declined"
		case x == 3 && !f.konbini:
			f.act = "twice"
		}
		if f.act == "paid" {
			switch x := r.IntN(16); {
			case x == 0:
				f.refund = f.amount
			case x <= 2:
				f.refund = 1 + ledger.Yen(r.IntN(int(f.amount)-1))
			case x == 3 && !f.konbini:
				f.dispute = "win"
			case x == 4 && !f.konbini:
				f.dispute = "lose"
			}
		}
		all[i] = f
	}
	return all
}

// TestStormEndsAsTheCalmDoes gives the same gifts with nothing wrong, and in three storms: webhooks lost, doubled, late, out of order and strange, requests and
// database failing in every way, in the third all at once. In the end the gifts, the book, the receipts and the letters are the same. The seed draws
// the gifts' fates and what goes wrong; of what happens at once, the machine decides the order.
//
//	go test ./cmd/tsukaimichi/internal/payments -run Storm -gifts 10000 -seed 7
func TestStormEndsAsTheCalmDoes(t *testing.T) {
	t.Parallel()
	seed, gifts := *seedFlag, *giftsFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	if testing.Short() {
		gifts = min(gifts, crowd)
	}
	t.Logf("-seed %d -gifts %d", seed, gifts)
	draw := func(set, what int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64((storms+1)*set+what))) }
	for set := 0; storms*set*crowd < gifts; set++ {
		left := gifts - storms*set*crowd
		t.Run(fmt.Sprint(set), func(t *testing.T) {
			t.Parallel()
			fates := drawn(draw(set, 0), min(crowd, left))
			calm := live(t, fates, nil, false)
			for storm := 1; storm <= storms && (storm-1)*crowd < left && !t.Failed(); storm++ {
				compare(t, fates, live(t, fates, draw(set, storm), storm == storms), calm)
			}
			if t.Failed() {
				t.Logf("-seed %d -gifts %d", seed, gifts)
			}
		})
	}
}

func compare(t *testing.T, fates []fate, got, want outcome) {
	t.Helper()
	for i := range want.gifts {
		if got.gifts[i] != want.gifts[i] {
			t.Errorf("gift %d of %+v: %s, in the calm %s", i, fates[i], got.gifts[i], want.gifts[i])
		}
	}
	if got.book != want.book {
		t.Errorf("book\n%s, in the calm\n%s", got.book, want.book)
	}
}

// outcome is what there is in the end: of each gift, and of the whole book. Letters on the way are left out: about a page whose answer was lost nobody is written to.
type outcome struct {
	gifts []string
	book  string
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
		              ' | letters ', (SELECT string_agg(concat(kind, ' ', n), ', ' ORDER BY kind)
		                               FROM (SELECT kind, count(*) AS n FROM mail WHERE kind NOT IN ('donation-voucher', 'donation-ended') GROUP BY kind) AS m))`)
	if err != nil {
		l.t.Error(err)
	}
	return o
}

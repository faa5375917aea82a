package campaigns_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func giveBack(t *testing.T, g *campaigntest.Group, d campaigns.Donation, amount ledger.Yen) error {
	t.Helper()
	return g.Try(func(tx *sqlx.Tx) error {
		return campaigns.RefundInHand(t.Context(), tx, g.ID, d.ID, amount, ledger.CashBox, g.Treasurer, g.At, g.Today(), "本人の希望")
	})
}

func TestAGiftIsGivenBackInPartsUpToWhatItWas(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Enter(c, 3_000, func(x *campaigns.Gift) { x.Donor.Name = "練習 花子" })
	mustNeed(t, "more than it was", giveBack(t, g, d, 3_001), "amount", "refund.too_much")
	if err := giveBack(t, g, d, 1_000); err != nil {
		t.Fatal(err)
	}
	if p := g.Progress(c); p.Received != 2_000 || p.Left != 2_000 || p.People.Persons != 1 {
		t.Errorf("after a part: %+v", p)
	}
	mustNeed(t, "more than is left", giveBack(t, g, d, 2_001), "amount", "refund.too_much")
	if err := giveBack(t, g, d, 2_000); err != nil {
		t.Fatal(err)
	}
	mustNeed(t, "when nothing is left", giveBack(t, g, d, 1), "amount", "refund.too_much")
	if p := g.Progress(c); p.Received != 0 || p.Left != 0 || p.People.Persons != 0 {
		t.Errorf("after the whole: %+v", p)
	}
	if got := g.Gift(d.ID); got.Status != campaigns.Paid || got.Refunded != 3_000 || got.Stands() {
		t.Errorf("the gift %+v", got)
	}
	all, err := campaigns.Refunds(t.Context(), g.DB, g.ID, d.ID)
	if err != nil || len(all) != 2 || all[0].Amount != 1_000 || all[1].Amount != 2_000 || all[1].Reason != "本人の希望" {
		t.Errorf("refunds %+v, %v", all, err)
	}
}

func TestGivingBackSaysWhatToMend(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	paid, pending := g.Enter(c, 3_000), g.Give(c, 3_000)
	for name, x := range map[string]struct {
		d          campaigns.Donation
		amount     ledger.Yen
		place, day int
		reason     string
		field, key string
	}{
		"not paid":          {pending, 1_000, 1110, 0, "希望", "amount", "refund.not_paid"},
		"nothing":           {paid, 0, 1110, 0, "希望", "amount", "income.amount_missing"},
		"no reason":         {paid, 1_000, 1110, 0, "", "reason", "reverse.reason_missing"},
		"tomorrow":          {paid, 1_000, 1110, 1, "希望", "on", "income.day_missing"},
		"before it came":    {paid, 1_000, 1110, -1, "希望", "on", "income.day_missing"},
		"from goods":        {paid, 1_000, 1160, 0, "希望", "place", "income.place_missing"},
		"from the service":  {paid, 1_000, ledger.StripeBalance, 0, "希望", "place", "income.place_missing"},
		"negative and late": {paid, -1, 1110, 0, "希望", "amount", "income.amount_missing"},
	} {
		err := g.Try(func(tx *sqlx.Tx) error {
			return campaigns.RefundInHand(t.Context(), tx, g.ID, x.d.ID, x.amount, x.place, g.Treasurer, g.At, g.Today().AddDays(x.day), x.reason)
		})
		mustNeed(t, name, err, x.field, x.key)
	}
}

func TestRefundsAreCappedPastTheProgramToo(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	d := g.Enter(g.Announce(), 3_000)
	if err := giveBack(t, g, d, 1_000); err != nil {
		t.Fatal(err)
	}
	const insert = `
		INSERT INTO refund (organisation_id, donation_id, amount, status, reason, asked_by, asked_at)
		SELECT organisation_id, id, $3::bigint, $4, '手で', entered_by, now()
		  FROM donation
		 WHERE organisation_id = $1 AND id = $2`
	for _, asked := range []*sqlx.DB{db.App, db.Owner} {
		sqlMustBreak(t, asked, ledger.ErrRefundTooMuch, insert, g.ID, d.ID, 2_001, "paid")
		sqlMustBreak(t, asked, ledger.ErrRefundTooMuch, insert, g.ID, d.ID, 2_001, "pending")
		sqlMustName(t, asked, "donation_refunded_is_sum", `UPDATE donation SET refunded = 0 WHERE organisation_id = $1 AND id = $2`, g.ID, d.ID)
		sqlMustBreak(t, asked, ledger.ErrFrozen, `UPDATE refund SET amount = 1 WHERE organisation_id = $1`, g.ID)
	}
	sqlMustBreak(t, db.Owner, ledger.ErrFrozen, `DELETE FROM refund WHERE organisation_id = $1`, g.ID)
	sqlMustName(t, db.App, "refund_amount_positive", insert, g.ID, d.ID, -1, "paid")
}

func TestOfManyRefundsOfSixtyPercentOneWins(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Enter(c, 1_000)
	var won, tooMuch atomic.Int32
	var wg sync.WaitGroup
	for range 12 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := giveBack(t, g, d, 600)
			var bad ledger.Invalid
			switch {
			case err == nil:
				won.Add(1)
			case errors.As(err, &bad) && bad["amount"] == "refund.too_much", errors.Is(err, ledger.ErrRefundTooMuch):
				tooMuch.Add(1)
			default:
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if won.Load() != 1 || tooMuch.Load() != 11 || g.Gift(d.ID).Refunded != 600 || g.Left(c.FundID) != 400 {
		t.Errorf("%d won, %d too much, refunded %s, left %s", won.Load(), tooMuch.Load(), g.Gift(d.ID).Refunded, g.Left(c.FundID))
	}
}

func TestARefundAskedOnlineCountsFromTheAsking(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, _ := g.Pay(c, 3_000, 108)
	ask := func(amount ledger.Yen) (r campaigns.Refund, err error) {
		err = g.Try(func(tx *sqlx.Tx) error {
			r, err = campaigns.AskRefund(t.Context(), tx, g.ID, d.ID, amount, g.Treasurer, g.At, "二重の寄付")
			return err
		})
		return r, err
	}
	r, err := ask(2_000)
	if err != nil || r.Status != campaigns.RefundPending || g.Gift(d.ID).Refunded != 2_000 || g.Left(c.FundID) != 3_000 {
		t.Fatalf("asked %+v, %v; refunded %s, left %s", r, err, g.Gift(d.ID).Refunded, g.Left(c.FundID))
	}
	_, err = ask(1_001)
	mustNeed(t, "more than is left", err, "amount", "refund.too_much")
	// The answer was lost; the movement finds the refund all the same, and a second one is the same refund.
	m := moved(g, campaigns.MovementRefund, -2_000, 0)
	m.DonationID, m.SourceRef, m.ChargeRef = d.ID, "re_1", d.ChargeRef
	g.Book(m)
	all, err := campaigns.Refunds(t.Context(), g.DB, g.ID, d.ID)
	if err != nil || len(all) != 1 || all[0].Status != campaigns.RefundPaid || all[0].Ref != "re_1" || g.Left(c.FundID) != 1_000 {
		t.Errorf("refunds %+v, %v; left %s", all, err, g.Left(c.FundID))
	}
	g.In(func(tx *sqlx.Tx) error { return campaigns.RefundAsked(t.Context(), tx, r, "re_1") })
}

func TestARefusedRefundGivesItsPartFreeAgain(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d, _ := g.Pay(g.Announce(), 3_000, 108)
	g.In(func(tx *sqlx.Tx) error {
		r, err := campaigns.AskRefund(t.Context(), tx, g.ID, d.ID, 3_000, g.Treasurer, g.At, "希望")
		if err != nil {
			return err
		}
		return campaigns.RefundRefused(t.Context(), tx, r)
	})
	if got := g.Gift(d.ID); got.Refunded != 0 || !got.Stands() {
		t.Errorf("the gift %+v", got)
	}
	cash := g.Enter(g.Campaign(d.CampaignID), 500)
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.AskRefund(t.Context(), tx, g.ID, cash.ID, 500, g.Treasurer, g.At, "希望")
		return err
	})
	mustNeed(t, "cash is not given back online", err, "amount", "refund.not_online")
}

func TestAFailedRefundIsTheGiftsAgain(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, _ := g.Pay(c, 3_000, 108)
	line := func(kind campaigns.MovementKind, gross ledger.Yen) {
		m := moved(g, kind, gross, 0)
		m.DonationID, m.SourceRef, m.ChargeRef = d.ID, "re_1", d.ChargeRef
		g.Book(m)
	}
	line(campaigns.MovementRefund, -3_000)
	if got := g.Gift(d.ID); got.Refunded != 3_000 || g.Progress(c).People.Persons != 0 {
		t.Errorf("the gift %+v", got)
	}
	line(campaigns.MovementRefundFailure, 3_000)
	if got := g.Gift(d.ID); got.Refunded != 0 || !got.Stands() || g.Left(c.FundID) != 3_000 || g.Progress(c).People.Persons != 1 {
		t.Errorf("the gift %+v, left %s", got, g.Left(c.FundID))
	}
}

func TestMoreGivenBackAtTheServiceThanIsLeftIsUnclear(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, _ := g.Pay(c, 3_000, 108)
	g.Enter(c, 10_000)
	if err := giveBack(t, g, d, 2_000); err != nil { // by hand, then somebody presses the button at the service as well
		t.Fatal(err)
	}
	m := moved(g, campaigns.MovementRefund, -3_000, 0)
	m.DonationID, m.SourceRef, m.ChargeRef = d.ID, "re_1", d.ChargeRef
	g.Book(m)
	if got, want := g.Entries("stripe:"+m.Ref, c.FundID), "G 1145 3000 · G 1143 -3000"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	if got := g.Gift(d.ID); got.Refunded != 2_000 {
		t.Errorf("refunded %s, want 2,000", got.Refunded)
	}
}

func TestAFullRefundLeavesTheFundShortByItsCosts(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce(campaigntest.CostsOnUse)
	d, _ := g.Pay(c, 3_000, 108)
	m := moved(g, campaigns.MovementRefund, -3_000, 0)
	m.DonationID, m.SourceRef, m.ChargeRef = d.ID, "re_1", d.ChargeRef
	g.Book(m)
	if p := g.Progress(c); g.Left(c.FundID) != -108 || p.Left != -108 || p.Received != 0 || p.Spent != 108 {
		t.Errorf("F %s, progress %+v; want -108", g.Left(c.FundID), p)
	}
	g.In(func(tx *sqlx.Tx) error { // 「一般から補う」
		_, err := ledger.Transfer(t.Context(), tx, ledger.Transferred{
			OrganisationID: g.ID, On: g.Today(), From: g.General, To: c.FundID, Amount: 108, Reason: "返金の手数料", Key: campaigntest.Unique("cover"),
		}, g.Treasurer, g.At)
		return err
	})
	if p := g.Progress(c); g.Left(c.FundID) != 0 || p.Carried != 108 || p.Left != 0 {
		t.Errorf("covered: F %s, %+v", g.Left(c.FundID), p)
	}
}

func TestAReversedBookingTakesTheGiftOut(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Enter(c, 30_000, func(x *campaigns.Gift) { x.Donor.Name, x.UseID = "練習 花子", g.Uses(c)[1].ID }) // meant 3,000
	reverse := func(source string) {
		g.In(func(tx *sqlx.Tx) error {
			var id int64
			if err := tx.GetContext(t.Context(), &id, `SELECT id FROM transaction WHERE organisation_id = $1 AND source = $2`, g.ID, source); err != nil {
				return err
			}
			_, err := ledger.Reverse(t.Context(), tx, g.ID, id, g.Treasurer, g.At, g.Today(), "金額の打ちまちがい")
			return err
		})
	}
	reverse(sourceOf(d))
	got := g.Gift(d.ID)
	if got.Stands() || !got.ReversedAt.Equal(g.At) || g.Left(c.FundID) != 0 {
		t.Errorf("the gift %+v, left %s", got, g.Left(c.FundID))
	}
	if p := g.Progress(c); p.Received != 0 || p.People.Persons != 0 || p.Uses[1].Received != 0 {
		t.Errorf("progress %+v", p)
	}
	mustNeed(t, "give it back", giveBack(t, g, d, 1_000), "amount", "refund.not_paid")
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Issue(t.Context(), tx, g.ID, d.ID, g.Treasurer, g.At)
		return err
	})
	mustBe(t, "receipt of it", err, campaigns.ErrNotPaid)
	right := g.Enter(c, 3_000)
	if err := giveBack(t, g, right, 3_000); err != nil {
		t.Fatal(err)
	}
	all, err := campaigns.Refunds(t.Context(), g.DB, g.ID, right.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	reverse(refundSource(all[0]))
	if got = g.Gift(right.ID); got.Refunded != 0 || !got.Stands() || g.Left(c.FundID) != 3_000 {
		t.Errorf("a refund that did not happen: %+v, left %s", got, g.Left(c.FundID))
	}
}

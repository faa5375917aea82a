package payments_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// booked lists the entries of every transaction of a kind in the order they were posted, F for the campaign's fund, G for the general one.
func (w *world) booked(kind ledger.TransactionKind) string {
	w.t.Helper()
	var sources []string
	err := w.db.Super.Select(&sources, `SELECT source FROM transaction WHERE organisation_id = $1 AND kind = $2 ORDER BY posted_at, id`, w.group.ID, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, source := range sources {
		all = append(all, w.group.Entries(source, w.call.FundID))
	}
	return strings.Join(all, " / ")
}

func (w *world) wantBooked(kind ledger.TransactionKind, want string) {
	w.t.Helper()
	if got := w.booked(kind); got != want {
		w.t.Errorf("%s is booked as\n%s, want\n%s", kind, got, want)
	}
}

func TestCardAndKonbiniAreBookedFromTheStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	d, page := w.give(1000, konbini)
	voucher := w.press(page, "konbini")
	w.hear()
	if got := w.count(`SELECT count(*) FROM transaction WHERE donation_id = $1`, d.ID); got != 0 {
		t.Error("a voucher is no entry")
	}
	if got := w.mails("donation-voucher"); got != 1 {
		t.Errorf("%d letters with the voucher", got)
	}
	w.press(voucher, "paid")
	w.hear()
	w.wantBooked(ledger.GiftReceived, "F 1143 3000 · F 4210 -3000 · G 5421 108 · G 1143 -108 / F 1143 1000 · F 4210 -1000 · G 5421 120 · G 1143 -120")
	w.wantSound()
}

func TestRefundsInPartAndWholeAreBookedAndTheCostStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000)
	refund(w, d, 1000)
	w.hear()
	refund(w, d, 2000)
	w.hear()
	w.wantBooked(ledger.GiftRefunded, "F 4219 1000 · F 1143 -1000 / F 4219 2000 · F 1143 -2000")
	w.wantBook(ledger.StripeBalance, -108, ledger.ProcessingCost, 108)
	if d = w.group.Gift(d.ID); d.Refunded != 3000 || d.Stands() {
		t.Errorf("refunded %d", d.Refunded)
	}
	if got := w.mails("donation-refund"); got != 2 {
		t.Errorf("%d letters", got)
	}
	w.wantSound()
}

func TestRefundByTheDashboardIsBookedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000, receiptByMail)
	status, answer := w.post("/v1/refunds", "charge="+w.chargeOf(d)+"&amount=500")
	if status != 200 {
		t.Fatal(answer)
	}
	w.hear()
	w.wantBook(ledger.GiftsReturned, 500)
	w.wantReceipts(d, "3000 void", "2500")
	w.wantSound()
}

// TestKonbiniRefundNobodyAnswersComesBack lets the 45 days pass in which the giver may name a bank account.
func TestKonbiniRefundNobodyAnswersComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000, konbini, receiptByMail)
	w.press(w.press(page, "konbini"), "paid")
	w.hear()
	refund(w, d, 3000)
	w.hear()
	w.wantBooked(ledger.GiftRefunded, "F 4219 3000 · F 1143 -3000")
	w.wantReceipts(d, "3000 void")
	w.pass(46 * day)
	w.hear()
	w.wantBooked(ledger.RefundFailed, "F 4219 -3000 · F 1143 3000")
	if d = w.group.Gift(d.ID); d.Refunded != 0 || !d.Stands() {
		t.Errorf("refunded %d", d.Refunded)
	}
	w.wantReceipts(d, "3000 void", "3000")
	if w.mails("donation-refund-failed") != 1 {
		t.Error("the giver was not told")
	}
	w.wantSound(payments.NotRefunded)
}

// TestKonbiniRefundGoesToTheBankAccountTheGiverNames lets the giver answer the mail that asks for it.
func TestKonbiniRefundGoesToTheBankAccountTheGiverNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000, konbini, receiptByMail)
	w.press(w.press(page, "konbini"), "paid")
	w.hear()
	refund(w, d, 1200)
	w.hear()
	w.press(page, "bank")
	w.pass(60 * day) // by then it would have come back
	w.hear()
	w.sweep()
	w.wantBooked(ledger.GiftRefunded, "F 4219 1200 · F 1143 -1200")
	w.wantBooked(ledger.RefundFailed, "")
	if d = w.group.Gift(d.ID); d.Refunded != 1200 {
		t.Errorf("refunded %d", d.Refunded)
	}
	w.wantReceipts(d, "3000 void", "1800")
	if w.mails("donation-refund-failed") != 0 {
		t.Error("the giver was told that it failed")
	}
	w.wantSound()
}

func TestDisputeIsWithheldThenWon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.paid(3000)
	w.press(page, "dispute")
	w.hear()
	w.wantBooked(ledger.Dispute, "F 1146 3000 · F 1143 -3000 · G 5422 1500 · G 1143 -1500")
	w.wantSound(payments.Disputed)
	if p := w.problems()[0]; p.DonationID != d.ID || p.DueAt.Sub(w.clock.Now()).Round(day) != 7*day {
		t.Errorf("told as %+v", p)
	}
	if open, err := w.till.InDispute(ctx, w.group.ID, d.ID); err != nil || !open {
		t.Errorf("in dispute %v, %v", open, err)
	}
	if err := w.till.Solve(ctx, w.group.ID, payments.Disputed, w.problems()[0].Ref); err != nil {
		t.Fatal(err)
	}
	w.sweep()
	w.wantProblems() // a person has looked after it: it does not come back
	w.press(page, "win")
	w.hear()
	if open, err := w.till.InDispute(ctx, w.group.ID, d.ID); err != nil || open {
		t.Errorf("in dispute after it was won %v, %v", open, err)
	}
	w.wantBook(ledger.InDispute, 0, ledger.DisputeCharge, 1500, ledger.Gifts, -3000, ledger.GiftsReturned, 0)
	w.wantSound()
}

func TestDisputeThatIsLostIsAnEntryOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*world, string){
		"by the bank's word":       func(w *world, page string) { w.press(page, "lose") },
		"as nobody answered":       func(w *world, _ string) { w.pass(8 * day) },
		"and the word of it, lost": func(w *world, page string) { w.set(stripe.Lose, 100); w.press(page, "lose"); w.hear(); w.sweep() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d, page := w.paid(3000, receiptByMail)
			w.press(page, "dispute")
			w.hear()
			w.wantReceipts(d, "3000")
			lose(w, page)
			w.hear()
			w.hear()
			w.sweep()
			w.wantBooked(ledger.GiftRefunded, "F 4219 3000 · F 1146 -3000")
			w.wantBook(ledger.InDispute, 0, ledger.StripeBalance, -1608)
			w.wantReceipts(d, "3000 void")
			w.wantSound()
		})
	}
}

// TestDisputeOfASecondPaymentNeverTouchesTheGift disputes the second of two cards.
func TestDisputeOfASecondPaymentNeverTouchesTheGift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	second := w.page(d, 2, 3000)
	w.press(page, "card")
	w.hear()
	w.press(second, "card")
	w.press(second, "dispute")
	w.press(second, "lose")
	w.hear()
	w.sweep()
	if d = w.wantStatus(d, campaigns.Paid); d.Refunded != 0 {
		t.Errorf("refunded %d", d.Refunded)
	}
	w.wantBook(ledger.Unclear, 0, ledger.InDispute, 0, ledger.GiftsReturned, 0)
	w.wantSound()
}

func TestPayoutIsInTransitAndBouncesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Bounce, 100)
	w.paid(3000)
	w.pass(11 * day) // Friday
	w.sweep()
	w.wantBooked(ledger.Payout, "G 1144 2892 · G 1143 -2892")
	w.wantSound()
	w.pass(3 * day)
	w.hear()
	w.wantSound() // arrived: matched to the bank's own line by a person
	w.set(stripe.Bounce, 0)
	w.pass(2 * day)
	w.hear()
	w.wantBooked(ledger.Payout, "G 1144 2892 · G 1143 -2892 / G 1144 -2892 · G 1143 2892")
	w.wantBook(ledger.InTransit, 0, ledger.StripeBalance, 2892)
	w.wantSound()
}

// TestPayoutOfKonbiniMoneyBouncesBackAndGoesOutAgain has money of both ways in one payout.
func TestPayoutOfKonbiniMoneyBouncesBackAndGoesOutAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Bounce, 100)
	w.paid(3000)
	_, page := w.give(1000, konbini)
	w.press(w.press(page, "konbini"), "paid")
	w.hear()
	w.pass(11 * day) // Friday
	w.sweep()
	w.pass(3 * day)
	w.set(stripe.Bounce, 0)
	w.pass(2 * day)
	w.hear()
	w.wantBooked(ledger.Payout, "G 1144 3772 · G 1143 -3772 / G 1144 -3772 · G 1143 3772")
	w.wantBook(ledger.InTransit, 0, ledger.StripeBalance, 3772)
	w.wantSound()
	w.pass(7 * day)
	w.sweep()
	w.pass(3 * day)
	w.hear()
	w.wantBook(ledger.InTransit, 3772, ledger.StripeBalance, 0)
	w.wantSound()
}

// TestPayoutMatchedAtTheBankStaysSound books what matching the bank's line books.
func TestPayoutMatchedAtTheBankStaysSound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	w.pass(15 * day)
	w.sweep()
	tx := w.db.App.MustBegin()
	if _, err := ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: w.group.ID, Kind: ledger.PlaceMovement, Source: "test:bank", On: ledger.DateOf(w.clock.Now()), By: w.group.Treasurer, At: w.clock.Now(),
		Entries: []ledger.Entry{
			{Account: ledger.Bank, FundID: w.group.General, Amount: 2892}, {Account: ledger.InTransit, FundID: w.group.General, Amount: -2892},
		},
	}); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	w.wantBook(ledger.Bank, 2892, ledger.InTransit, 0)
	w.wantSound()
}

func TestWhatNobodyUnderstandsIsUnclearAndSaidSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	w.line("fee", "stripe_fee", -330, 0, w.clock.Now())
	w.line("other_adjustment", "adjustment", -50, 0, w.clock.Now())
	w.line("topup", "topup", 700, 0, w.clock.Now())
	w.line("something_new", "unheard_of", 0, 40, w.clock.Now())
	w.sweep()
	w.wantBooked(ledger.Cost, "G 5421 330 · G 1143 -330")
	w.wantBook(ledger.Unclear, -650, ledger.ProcessingCost, 108+330+40, ledger.StripeBalance, 2892-330-50+700-40)
	var kinds []payments.ProblemKind
	for range 3 {
		kinds = append(kinds, payments.YenUnclear)
	}
	w.wantSound(append(kinds, payments.CheckFailed)...)
}

func TestDailyCheckFindsEachDifference(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(w *world)
		want  string
		by    ledger.Yen
	}{
		"Stripe says less": {func(w *world) {
			w.db.Super.MustExec(`
				UPDATE practice.stripe_object
				   SET body = jsonb_set(body, '{net}', '2890')
				 WHERE kind = 'balance_transaction'`)
		}, payments.CheckBalance, 2},
		"a line is not booked": {func(w *world) {
			w.line("charge", "charge", 700, 0, w.clock.Now(), func(b map[string]any) { b["currency"], b["net"] = "usd", 0 })
		}, payments.CheckBooked, 1},
		"something is unclear": {func(w *world) {
			w.line("topup", "topup", 700, 0, w.clock.Now())
		}, payments.CheckUnclear, -700},
		"the book does not add up": {func(w *world) {
			w.db.Super.MustExec(`SET session_replication_role = replica`)
			w.db.Super.MustExec(`ALTER TABLE entry DISABLE TRIGGER ALL`)
			w.db.Super.MustExec(`UPDATE entry SET amount = amount + 5 WHERE account = 5421`)
		}, payments.CheckSum, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.paid(3000)
			w.wantSound()
			c.spoil(w)
			if err := w.till.Check(ctx, w.group.ID); err != nil {
				t.Fatal(err)
			}
			var found []payments.Problem
			for _, p := range w.problems() {
				if p.Kind == payments.CheckFailed {
					found = append(found, p)
				}
			}
			if len(found) != 1 || found[0].Ref != c.want || found[0].Amount != c.by {
				t.Errorf("alarm: %+v, want %s by %d", found, c.want, c.by)
			}
		})
	}
}

// TestWhatTheAccountDidBeforeIsNotBooked connects an account that was used for other things, to a book that was begun by hand.
func TestWhatTheAccountDidBeforeIsNotBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Super.MustExec(`ALTER TABLE stripe_account DISABLE TRIGGER ALL`)
	w.db.Super.MustExec(`DELETE FROM stripe_account`)
	w.line("charge", "charge", 8000, 288, w.clock.Now())
	w.line("payout", "payout", -5000, 0, w.clock.Now())
	w.group.Book(campaigns.Movement{Ref: "by_hand", Kind: campaigns.MovementPayout, Gross: -300, Net: -300, At: w.clock.Now()})
	w.pass(2 * time.Second)
	if err := w.till.Connect(ctx, w.group.ID, w.key()); err != nil {
		t.Fatal(err)
	}
	w.sweep()
	w.wantBook(ledger.Unclear, 0, ledger.StripeBalance, -300)
	w.wantSound()
	w.paid(3000)
	w.wantBook(ledger.StripeBalance, 2892-300)
	w.wantSound()
	if err := w.till.Connect(ctx, w.group.ID, w.key()); err != nil { // a new key is no new beginning
		t.Fatal(err)
	}
	w.line("topup", "topup", 10, 0, w.clock.Now())
	w.sweep()
	w.wantBook(ledger.Unclear, -10)
}

// wantReceipts lists the receipts of a gift by branch: the yen they say, and whether they are void.
func (w *world) wantReceipts(d campaigns.Donation, want ...string) {
	w.t.Helper()
	var got []string
	err := w.db.Super.Select(&got, `
		SELECT (r.payload->>'amount') || CASE WHEN v.receipt_id IS NULL THEN '' ELSE ' void' END
		  FROM receipt r
		  LEFT JOIN receipt_void v ON v.organisation_id = r.organisation_id AND v.receipt_id = r.id
		 WHERE r.organisation_id = $1 AND r.donation_id = $2
		 ORDER BY r.branch`, w.group.ID, d.ID)
	if err != nil || strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.t.Errorf("receipts %v, %v; want %v", got, err, want)
	}
}

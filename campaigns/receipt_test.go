package campaigns_test

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func issue(t *testing.T, g *campaigntest.Group, d campaigns.Donation) (campaigns.Receipt, error) {
	t.Helper()
	var r campaigns.Receipt
	err := g.Try(func(tx *sqlx.Tx) (err error) {
		r, err = campaigns.Issue(t.Context(), tx, g.ID, d.ID, g.Treasurer, g.At)
		return err
	})
	return r, err
}

func mustIssue(t *testing.T, g *campaigntest.Group, d campaigns.Donation) campaigns.Receipt {
	t.Helper()
	r, err := issue(t, g, d)
	if err != nil {
		t.Fatal(err)
	}
	r, err = campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func void(t *testing.T, g *campaigntest.Group, id int64) error {
	t.Helper()
	return g.Try(func(tx *sqlx.Tx) error {
		return campaigns.Void(t.Context(), tx, g.ID, id, g.Treasurer, g.At, "宛名のまちがい")
	})
}

func TestNamesOnReceiptsAreKeptToTheByte(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for _, name := range []string{"髙橋 﨑子", "𠮷田 花子", "葛󠄀城 練習", "Müller", "Mu\u0308ller", "أحمد", "ｶﾅ ﾀﾛｳ", "  前後の空白  ", `"引用" <&> \`} {
		d := g.Enter(c, 1_000, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: name, Address: name + "町"} })
		if r := mustIssue(t, g, d); r.Payload.DonorName != name || r.Payload.DonorAddress != name+"町" {
			t.Errorf("%q became %q at %q", name, r.Payload.DonorName, r.Payload.DonorAddress)
		}
	}
}

func TestAReceiptSaysWhatIsTrueWhenItIsIssued(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Enter(g.Announce(), 3_000, func(x *campaigns.Gift) {
		x.Donor = campaigns.Donor{Name: "練習 花子", PostalCode: "000-0001", Address: "練習町2"}
	})
	g.Pass(3)
	r := mustIssue(t, g, d)
	want := campaigns.ReceiptPayload{
		Number: "2026-0001", Organisation: "練習つどいの会", Representative: "練習 代表", PostalCode: "000-0000", Address: "練習県練習市一丁目1番1号",
		Phone: "000-000-0000", DonorName: "練習 花子", DonorPostalCode: "000-0001", DonorAddress: "練習町2", Amount: 3_000,
		ReceivedOn: ledger.NewDate(2026, 10, 1), Channel: campaigns.Cash, Campaign: "見守り配食をつづけたい", Practice: true, IssuedOn: ledger.NewDate(2026, 10, 4),
	}
	if r.Payload != want {
		t.Errorf("receipt says %+v\nwant %+v", r.Payload, want)
	}
	g.In(func(tx *sqlx.Tx) error { // the group moves; the receipt does not
		o, err := ledger.FindOrganisation(t.Context(), tx, g.ID)
		if err != nil {
			return err
		}
		o.Address = "別の町"
		return ledger.UpdateOrganisation(t.Context(), tx, o)
	})
	again, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil || again.Payload != want {
		t.Errorf("later it says %+v, %v", again.Payload, err)
	}
}

func TestReceiptNumbersHaveNoGapUnderConcurrencyAndRollback(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	var gifts []campaigns.Donation
	for range 24 {
		gifts = append(gifts, g.Enter(c, 500))
	}
	rolledBack := errors.New("rolled back")
	numbers := make([]int, len(gifts))
	var wg sync.WaitGroup
	for i, d := range gifts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := g.Try(func(tx *sqlx.Tx) error {
				r, err := campaigns.Issue(t.Context(), tx, g.ID, d.ID, g.Treasurer, g.At)
				if err == nil && i%3 == 0 {
					return rolledBack
				}
				numbers[i] = r.Number
				return err
			})
			if err != nil && !errors.Is(err, rolledBack) {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	var issued []int
	for _, n := range numbers {
		if n > 0 {
			issued = append(issued, n)
		}
	}
	slices.Sort(issued)
	for i, n := range issued {
		if n != i+1 || len(issued) != 16 {
			t.Fatalf("numbers %v, want 1 to 16", issued)
		}
	}
	if n := mustIssue(t, g, gifts[0]).Number; n != 17 {
		t.Errorf("the next is %d, want 17", n)
	}
}

func TestNumbersBeginAnewEachCalendarYearAndInEachOrganisation(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	first, second := g.Enter(c, 500), g.Enter(c, 500)
	other := campaigntest.Found(t, g.DB)
	theirs := other.Enter(other.Announce(), 500)
	if a, b := mustIssue(t, g, first).Label(), mustIssue(t, other, theirs).Label(); a != "2026-0001" || b != "2026-0001" {
		t.Errorf("labels %s and %s", a, b)
	}
	g.At = time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC) // midnight in Tokyo
	if r := mustIssue(t, g, second); r.Label() != "2027-0001" || r.Payload.ReceivedOn != ledger.NewDate(2026, 10, 1) {
		t.Errorf("in the new year: %s for %s", r.Label(), r.Payload.ReceivedOn)
	}
}

func TestAReissueKeepsTheNumberAndTakesTheNextBranch(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Enter(c, 3_000)
	r := mustIssue(t, g, d)
	_, err := issue(t, g, d)
	mustBe(t, "a second one", err, campaigns.ErrReceiptInForce)
	if err = void(t, g, r.ID); err != nil {
		t.Fatal(err)
	}
	mustBe(t, "void twice", void(t, g, r.ID), campaigns.ErrVoided)
	mustBe(t, "void nothing", void(t, g, 999), ledger.ErrNoSuchRow)
	mustNeed(t, "void without a reason", g.Try(func(tx *sqlx.Tx) error {
		return campaigns.Void(t.Context(), tx, g.ID, r.ID, g.Treasurer, g.At, "")
	}), "reason", "reverse.reason_missing")
	mustIssue(t, g, g.Enter(c, 500)) // 2
	again := mustIssue(t, g, d)
	if again.Label() != "2026-0001-2" || !again.Payload.Reissued || again.Payload.Number != "2026-0001-2" {
		t.Errorf("re-issued as %s: %+v", again.Label(), again.Payload)
	}
	old, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil || old.VoidedWhy != "宛名のまちがい" || old.Payload.Reissued {
		t.Errorf("the first %+v, %v", old, err)
	}
	ids, err := campaigns.ReceiptsOfGift(t.Context(), g.DB, g.ID, d.ID)
	if err != nil || len(ids) != 2 || ids[0] != again.ID {
		t.Errorf("receipts %v, %v", ids, err)
	}
	gifts, err := campaigns.Gifts(t.Context(), g.DB, g.ID, campaigns.GiftFilter{CampaignID: c.ID}, time.Time{}, 0, 10)
	if err != nil || len(gifts) != 2 || gifts[1].ReceiptID != again.ID {
		t.Errorf("gifts %+v, %v", gifts, err)
	}
}

func TestOnlyAPaidGiftHasAReceipt(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	_, err := issue(t, g, g.Give(c, 3_000))
	mustBe(t, "pending", err, campaigns.ErrNotPaid)
	_, err = issue(t, g, campaigns.Donation{ID: 999})
	mustBe(t, "none", err, campaigns.ErrNotFound)
	whole, part := g.Enter(c, 3_000), g.Enter(c, 3_000)
	for d, amount := range map[campaigns.Donation]ledger.Yen{whole: 3_000, part: 1_000} {
		if err = giveBack(t, g, d, amount); err != nil {
			t.Fatal(err)
		}
	}
	_, err = issue(t, g, whole)
	mustBe(t, "given back whole", err, campaigns.ErrNotPaid)
	if r := mustIssue(t, g, part); r.Payload.Amount != 2_000 {
		t.Errorf("of 3,000 with 1,000 given back: %s, want 2,000", r.Payload.Amount)
	}
}

func TestTaxWordingNeedsACertificationOnTheDayOfTheGift(t *testing.T) {
	t.Parallel()
	today := ledger.DateOf(campaigntest.Now)
	g := campaigntest.Found(t, pgtest.New(t).App, func(o *ledger.Organisation) {
		o.Kind, o.CertifiedNumber, o.CertifiedFrom, o.CertifiedUntil = "npo", "練習第1号", today.AddDays(1), today.AddDays(3)
	})
	c := g.Announce()
	for day, want := range []string{"", "練習第1号", "練習第1号", "練習第1号", ""} {
		d := g.Enter(c, 3_000)
		g.At = campaigntest.Now.AddDate(0, 0, 2) // the day of issue does not matter
		if r := mustIssue(t, g, d); r.Payload.CertifiedNumber != want || (want != "" && r.Payload.CertifiedFrom != today.AddDays(1)) {
			t.Errorf("day %d: certified %q from %s, want %q", day, r.Payload.CertifiedNumber, r.Payload.CertifiedFrom, want)
		}
		g.At = campaigntest.Now.AddDate(0, 0, day+1)
	}
}

func TestReceiptsAreFrozen(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	r := mustIssue(t, g, g.Enter(g.Announce(), 3_000))
	for name, asked := range map[string]*sqlx.DB{"app": db.App, "owner": db.Owner} {
		who := breaker{t, name, asked}
		who.refuse(`UPDATE receipt SET number = 7 WHERE organisation_id = $1 AND id = $2`, g.ID, r.ID)
		who.refuse(`DELETE FROM receipt WHERE organisation_id = $1 AND id = $2`, g.ID, r.ID)
		who.refuse(`TRUNCATE receipt CASCADE`)
		who.refuse(`DELETE FROM receipt_person WHERE organisation_id = $1`, g.ID)
	}
}

func TestThePaperIsMadeAndSentOnce(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	r := mustIssue(t, g, g.Enter(g.Announce(), 3_000))
	first, second := sha256.Sum256([]byte("紙")), sha256.Sum256([]byte("別の紙"))
	var sent []bool
	g.In(func(tx *sqlx.Tx) error {
		for _, hash := range [][]byte{first[:], second[:]} {
			if err := campaigns.PaperMade(t.Context(), tx, g.ID, r.ID, hash, "𰻞", g.At); err != nil {
				return err
			}
			now, err := campaigns.PaperSent(t.Context(), tx, g.ID, r.ID, g.At)
			if err != nil {
				return err
			}
			sent = append(sent, now)
		}
		return nil
	})
	got, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil || !slices.Equal(got.FileHash, first[:]) || got.Missing != "𰻞" || !got.Sent || !slices.Equal(sent, []bool{true, false}) {
		t.Errorf("paper %+v, sent %v, %v", got, sent, err)
	}
}

func TestErasingADonorLeavesTheFigures(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Enter(c, 3_000, func(x *campaigns.Gift) {
		x.Donor = campaigns.Donor{Name: "練習 けす子", Kana: "れんしゅう けすこ", Mail: "kesuko@example.jp", PostalCode: "999-9999", Address: "けす町", Phone: "099-9999"}
		x.Display, x.Message, x.ToldBy = campaigns.FullName, "けす子の言葉", "けす子の娘から電話で"
	})
	r := mustIssue(t, g, d)
	before := g.Progress(c)
	erase := func(id int64) error {
		return g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.EraseDonor(t.Context(), tx, g.ID, id, g.Treasurer, g.At)
			return err
		})
	}
	if err := erase(d.DonorID); err != nil {
		t.Fatal(err)
	}
	mustBe(t, "nobody", erase(999), campaigns.ErrNotFound)
	if after := g.Progress(c); after.Received != 3_000 || after.People != before.People || g.Left(c.FundID) != 3_000 {
		t.Errorf("figures changed: %+v", after)
	}
	got, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil || got.Payload.DonorName != "" || got.Payload.Amount != 3_000 || got.Label() != "2026-0001" {
		t.Errorf("receipt %+v, %v", got, err)
	}
	for _, table := range []string{"donor", "donation", "receipt", "receipt_person", "log_record", "history", "memo", "actor", "counterparty"} {
		var left []string
		if err := g.DB.SelectContext(t.Context(), &left, `SELECT r::text FROM `+table+` r WHERE organisation_id = $1`, g.ID); err != nil {
			t.Fatal(err)
		}
		for _, row := range left {
			for _, personal := range []string{"けす", "kesuko", "999-9999", "099-9999"} {
				if strings.Contains(row, personal) {
					t.Errorf("%s still holds %s", table, personal)
				}
			}
		}
	}
}

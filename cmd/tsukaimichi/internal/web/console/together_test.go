package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// atOnce does something four times at the same moment.
func atOnce(do func()) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for range 4 {
		all.Go(func() {
			<-start
			do()
		})
	}
	close(start)
	all.Wait()
}

func TestPressesAtTheSameMomentBookOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	gift := o.named(campaign, "k1")
	expense := o.spent(nil)
	values := cashGift(campaign, "k2")
	values.Set("do", "right")
	paid := o.expenseValues("k3")

	atOnce(func() { o.post(o.member, "/gifts/new", values) })
	atOnce(func() { o.upload(o.treasurer, "/expenses/new", paid, photo(t, 0xaa)) })
	atOnce(func() { o.upload(o.member, expense+"/papers", url.Values{}, photo(t, 0xbb)) })
	atOnce(func() { o.post(o.treasurer, gift+"/receipt", url.Values{}) })
	atOnce(func() {
		o.post(o.treasurer, gift+"/refund", url.Values{"refunded": {"0"}, "amount": {"1,000"}, "on": {"2026-11-24"}, "place": {"1110"}, "reason": {"取りちがえ"}})
	})
	atOnce(func() {
		o.post(o.head, "/campaigns", url.Values{"slug": {"midori-2026-9"}, "title": {"夏"}, "initiative": {"ふれあい食堂"}})
	})
	atOnce(func() { o.post(o.auditor, expense+"/check", url.Values{}) })

	for what, test := range map[string]struct {
		query string
		want  int
	}{
		"gifts":    {`SELECT count(*) FROM donation WHERE organisation_id = $1 AND key = 'k2'`, 1},
		"expenses": {`SELECT count(*) FROM expense WHERE organisation_id = $1 AND key = 'k3'`, 1},
		"papers":   {`SELECT count(*) FROM evidence WHERE organisation_id = $1`, 2},
		"receipts": {`SELECT count(*) FROM receipt WHERE organisation_id = $1`, 2}, // and the one over what is left after the refund
		"voidings": {`SELECT count(*) FROM receipt_void WHERE organisation_id = $1`, 1},
		"refunds":  {`SELECT count(*) FROM refund WHERE organisation_id = $1`, 1},
		"drafts":   {`SELECT count(*) FROM campaign WHERE organisation_id = $1 AND status = 'draft'`, 1},
		"checks":   {`SELECT count(*) FROM history WHERE organisation_id = $1 AND subject = 'expense' AND step = 'checked'`, 1},
	} {
		var got int
		if err := o.db.Get(&got, test.query, o.org.ID); err != nil || got != test.want {
			t.Errorf("got %d %s, %v, want %d", got, what, err, test.want)
		}
	}
}

func TestBothRepresentativesCannotLeaveAtOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	second := ledger.Person{Name: "練習 二郎", Mail: "second@example.jp", CreatedAt: o.now}
	o.inTx(func(tx *sqlx.Tx) error {
		var err error
		if second.ID, err = ledger.AddPerson(t.Context(), tx, second); err != nil {
			return err
		}
		return ledger.AddMember(t.Context(), tx, ledger.Membership{OrganisationID: o.org.ID, PersonID: second.ID, Role: ledger.Representative, FromOn: ledger.NewDate(2026, 4, 1)})
	})
	var all sync.WaitGroup
	for _, who := range []int64{o.head.ID, second.ID} {
		all.Go(func() {
			o.post(o.head, "/settings/members/end", url.Values{"person": {fmt.Sprint(who)}, "role": {"representative"}})
		})
	}
	all.Wait()
	members, err := ledger.Members(t.Context(), o.db, o.org.ID, ledger.DateOf(o.now).AddDays(1))
	left := 0
	for _, m := range members {
		if m.Role == ledger.Representative {
			left++
		}
	}
	if err != nil || left != 1 {
		t.Errorf("%d representatives are left, %v, want 1", left, err)
	}
}

func TestNamelessPersonIsReadBackAsAGift(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	values := cashGift(o.announced(), "k1")
	values.Set("counts_as", string(campaigns.CountsPerson))
	values.Set("counted", "1")
	o.post(o.member, "/gifts/new", values).says(http.StatusOK, "1件", "「人」ではなく「件」で数えます")
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TestReceiptWithLettersWeLackWaitsForAPerson: a name in Arabic is kept as it is; its receipt is made, held back and shown to the treasurer, who
// looks and sends it.
func TestReceiptWithLettersWeLackWaitsForAPerson(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	ctx := context.Background()
	f := p.found("hoshino")
	var gift campaigns.Donation
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		campaign, err := campaigns.StartDraft(ctx, tx, f.organisation, f.initiative, "fuyu", threadPlan(ledger.DateOf(p.clock.Now())), f.treasurer, p.clock.Now())
		if err != nil {
			return err
		}
		if err = campaigns.Announce(ctx, tx, f.organisation, campaign, f.representative, p.clock.Now()); err != nil {
			return err
		}
		gift, err = campaigns.Enter(ctx, tx, campaigns.Gift{
			OrganisationID: f.organisation, CampaignID: campaign, Donor: campaigns.Donor{Name: "أحمد", Mail: "ahmad@renshu.example"}, Channel: campaigns.Cash,
			Amount: 1000, CountsAs: campaigns.CountsPerson, Counted: 1, GivenOn: ledger.DateOf(p.clock.Now()), ReceiptWanted: "mail", ToldBy: "窓口で", Token: "one", Key: "one",
		}, ledger.CashBox, f.treasurer, p.clock.Now())
		if err != nil {
			return err
		}
		receipt, err := campaigns.Issue(ctx, tx, f.organisation, gift.ID, f.treasurer, p.clock.Now())
		if err != nil {
			return err
		}
		return p.jobs.Enqueue(ctx, tx, "receipt", f.organisation, receipt.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	treasurer := p.member(f.organisation, ledger.Treasurer)
	seen := func(path string) string {
		response, err := treasurer.Get(p.at + path)
		return p.answer(response, err)
	}
	at := fmt.Sprintf("/desk/hoshino/gifts/%d", gift.ID)
	p.eventually("the receipt that waits", func() bool { return strings.Contains(seen(at), "印刷できない字があります") })
	if strings.Contains(p.get("/practice/mail"), "寄附金受領証") {
		t.Fatal("the receipt was sent before anybody looked")
	}
	ids, err := campaigns.ReceiptsOfGift(ctx, p.db, f.organisation, gift.ID)
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	for range 2 { // a double click sends it once
		response, err := treasurer.PostForm(fmt.Sprintf("%s/desk/hoshino/receipts/%d/send", p.at, ids[0]), url.Values{})
		if err != nil || response.StatusCode != http.StatusSeeOther {
			t.Fatal(response.Status, err)
		}
		response.Body.Close()
	}
	if n := strings.Count(p.get("/practice/mail"), "寄附金受領証をお送りします"); n != 1 {
		t.Errorf("sent %d times, want once", n)
	}
}

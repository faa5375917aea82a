package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// refundOnlineAct gives a gift back the way it came.
func refundOnlineAct(d Desk, v giftView, of formOf) Act {
	if v.ChargeRef == "" {
		return Act{}
	}
	values, problems := of("refund-online")
	left := v.Amount - v.Refunded
	b := builder{form: page.NewForm(values, problems), prefix: "online"}
	act := Act{ID: "refund-online", Summary: "カードに返す", Action: d.Path("gifts", v.ID, "refund-online"), Button: "返す手つづきをする", Plain: true, Open: problems != nil,
		Lead:   "Stripeが、払ったカードに返します。返せるのは" + page.YenText(left) + "円までです。手数料は、もどりません。\n領収書は自動で取り消し、寄付した人にメールで知らせます。",
		Hidden: []Hidden{{"refunded", fmt.Sprint(int64(v.Refunded))}}}
	if v.Channel == campaigns.Konbini {
		act.Summary = "Stripeから返す"
		act.Lead = "コンビニではお返しできないので、Stripeが寄付した人に口座をたずねるメールを送ります。45日のうちに答えがないと、団体にもどります。返せるのは" +
			page.YenText(left) + "円までです。手数料は、もどりません。\n領収書は自動で取り消し、寄付した人にメールで知らせます。"
	}
	act.Items = []Item{b.field(yenField("amount", "返す金額", "")), b.reason("返す理由", "例：まちがえて2回払った。")}
	act.Problems = b.form.Problems()
	return act
}

// pressedTwice tells the same press of a button that came twice, which is done, from another refund that was faster: of that the person has to know, for his own was
// not made.
func (p *Pages) pressedTwice(ctx context.Context, q sqlx.QueryerContext, d Desk, donationID int64, amount ledger.Yen, reason string) error {
	all, err := campaigns.Refunds(ctx, q, d.Organisation.ID, donationID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Amount == amount && r.Reason == reason && r.Status != campaigns.RefundFailed {
			return nil
		}
	}
	return ledger.Invalid{"": "refund.another_faster"}
}

// RefundOnline asks the payment service to give a gift back. Pressing twice is one refund.
func (p *Pages) RefundOnline(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if _, err = campaigns.FindDonation(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return err
	}
	wish := payments.RefundWish{OrganisationID: d.Organisation.ID, DonationID: id, Amount: t.yen("amount"), Before: ledger.Yen(t.id("refunded")), Reason: t.text("reason"), By: d.By()}
	if err = t.bad.Err(); err == nil {
		err = p.Till.Refund(r.Context(), wish)
	}
	switch {
	case errors.Is(err, payments.ErrAskedBefore):
		err = p.pressedTwice(r.Context(), p.DB, d, id, wish.Amount, wish.Reason)
	case errors.Is(err, payments.ErrNoAccount):
		err = ledger.Invalid{"amount": "refund.not_online"}
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.gift(w, r, http.StatusUnprocessableEntity, "refund-online", t.Values, problems)
	}
	return redirect(w, r, d.Path("gifts", id), "refund_asked")
}

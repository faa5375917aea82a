package console

import (
	"fmt"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// receiptFits says what becomes of the receipt of a gift that is given back.
const receiptFits = "領収書を出していたときは、取り消して、残りの金額で出し直します。全額を返したときは、取り消すだけです。紙で渡した方には、新しい領収書を渡してください。"

func refundAct(d Desk, v giftView, of formOf) Act {
	values, problems := of("refund")
	b := builder{form: page.NewForm(values, problems), prefix: "refund"}
	act := Act{ID: "refund", Summary: "寄付を返す", Action: d.Path("gifts", v.ID, "refund"), Button: "返したことを帳簿に入れる", Plain: true, Open: problems != nil,
		Lead:   "手元のお金か銀行から返したときに入れます。返せるのは" + page.YenText(v.Amount-v.Refunded) + "円までです。" + receiptFits,
		Hidden: []Hidden{{"refunded", fmt.Sprint(int64(v.Refunded))}}}
	if v.ChargeRef != "" {
		act.Summary = "手元のお金か銀行から返した"
	}
	act.Items = []Item{
		b.field(yenField("amount", "返した金額", "")), b.field(dayField("on", "返した日", d.Today().String())),
		b.field(page.Field{Name: "place", Label: "どこから返したか", Options: selectOptions("選んでください", placeOptions(v.Places))}),
		b.reason("返した理由", ""),
	}
	act.Problems = b.form.Problems()
	return act
}

// RefundGift books that a gift was given back from a place of the group, and keeps its receipt to what is left. Pressing twice is one refund: the second try finds that
// more was refunded than its form knew.
func (p *Pages) RefundGift(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	disputed, err := p.Till.InDispute(r.Context(), d.Organisation.ID, id)
	if err != nil {
		return err
	}
	if disputed { // its yen are with the bank: given back by hand, they would go out twice
		return p.gift(w, r, http.StatusConflict, "refund", t.Values, map[string]string{"": locale.Japanese.T("refund.disputed")})
	}
	amount, on := t.yen("amount"), t.day("on")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := alone(r.Context(), tx, d.Organisation.ID, fmt.Sprintf("refund of gift %d", id)); err != nil {
			return err
		}
		gift, err := campaigns.FindDonation(r.Context(), tx, d.Organisation.ID, id)
		if err != nil {
			return err
		}
		if ledger.Yen(t.id("refunded")) != gift.Refunded {
			return p.pressedTwice(r.Context(), tx, d, id, amount, t.text("reason"))
		}
		if err = campaigns.RefundInHand(r.Context(), tx, d.Organisation.ID, id, amount, int(t.id("place")), d.By(), d.Now, on, t.text("reason")); err != nil {
			return err
		}
		_, err = p.fitReceipt(r.Context(), tx, d, id)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.gift(w, r, http.StatusUnprocessableEntity, "refund", t.Values, problems)
	}
	return redirect(w, r, d.Path("gifts", id), "refunded")
}

package give

import (
	"errors"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TakeBack answers POST /g/{org}/{token}/back: the giver takes his gift back whole, within eight days and while its money is still at the payment
// service. Too late, the page says whom to ask.
func (p *Pages) TakeBack(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	err = p.Till.TakeBack(r.Context(), o.donation)
	if err == nil {
		http.Redirect(w, r, o.path+"/gift", http.StatusSeeOther)
		return nil
	}
	status, said, err := notTakenBack(err)
	if err != nil {
		return err
	}
	kept, err := p.kept(r.Context(), o)
	if err != nil {
		return err
	}
	kept.BackUntil = ledger.Date{}
	shown := NewGiftPage(kept, nil, nil)
	shown.Said = said
	return p.Renderer.Render(w, status, shown)
}

// notTakenBack says kindly why a gift could not be taken back here; any other error comes back.
func notTakenBack(err error) (int, page.Notice, error) {
	said := page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "できませんでした"}, Attend: true, Head: "ここからは、取り消せません",
		Text: "お金は動いていません。お金が団体の銀行へ送られたあとなどは、団体が返します。電話かメールで、団体に知らせてください。"}
	var invalid ledger.Invalid
	switch {
	case errors.Is(err, payments.ErrTakeBackOver), errors.Is(err, payments.ErrNoAccount):
		return http.StatusConflict, said, nil
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, said, nil
	}
	return 0, said, err
}

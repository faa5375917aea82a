package public

import (
	"context"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Law answers /o/{slug}/law: 特定商取引法に基づく表記.
func (p *Pages) Law(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		o, err := p.organisation(r)
		if err != nil {
			return nil, err
		}
		online, err := p.Online(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		return newLawPage(o, online, p.today()), nil
	})
}

func newLawPage(o ledger.Organisation, online bool, today ledger.Date) LawPage {
	f := LawFacts{
		Name: o.Name, Head: o.Representative, Tel: o.Phone, Hours: o.PhoneHours, Mail: o.Mail,
		Amount: "寄付する方が決めます。", Extra: "銀行の振込のときは、振込の手数料。", Ways: "現金の持参、銀行の振込", PayBy: "寄付するとき。",
		Delivery: "領収書（希望する方）。使いみちの報告を、募金のページに書いた日までに公開します。",
		Refund:   "原則としてお返しできません。まちがえたときは、早めに知らせてください。募金をやめたときは、募金のページに書いたとおりにします。",
	}
	if o.AddressDisclosed {
		f.Address = o.Address
	}
	if online {
		f.Amount = page.YenText(campaigns.OnlineMinimum) + "円から" + page.YenText(campaigns.OnlineMaximum) + "円まで、寄付する方が決めます。"
		f.Extra += "カードとコンビニではかかりません。"
		f.Ways = "クレジットカード、コンビニ、" + f.Ways
		f.PayBy = "カードは申し込みのとき。コンビニは、申し込みのあとに出る期限まで。"
	}
	if o.Certified(today) {
		f.Qualification = "認定NPO法人です（" + o.CertifiedNumber + "、" + page.DayOnly(o.CertifiedUntil) + "まで有効）。"
	}
	return LawPage{
		Public:       page.Public{Title: "特定商取引法に基づく表記", Crumbs: []page.Link{{Href: "/o/" + o.Slug, Text: o.Name}}},
		Organisation: o.Name, Facts: f.Pairs(),
	}
}

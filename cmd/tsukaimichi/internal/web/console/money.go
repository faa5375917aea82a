package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MoneyPage is お金の出入り: what can be entered, and where the money is.
type MoneyPage struct {
	page.Console
	Groups []MoneyGroup
	Places page.Agree
	Funds  page.Agree
}

// MoneyGroup is a few things one can do about one kind of money.
type MoneyGroup struct {
	Heading string
	Docs    []page.Document
}

// Template names the template of the page.
func (MoneyPage) Template() string { return "console/money" }

// Money shows what can be entered and where the money is.
func (p *Pages) Money(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	balances, err := ledger.AccountBalances(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	funds, err := fundsLeft(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	money := MoneyPage{Groups: moneyGroups(d)}
	money.Places, money.Funds, _ = moneyNow(waiting{Places: balances, Funds: funds})
	money.Console = d.Frame(r, "お金の出入り", page.Money)
	return p.Renderer.Render(w, http.StatusOK, money)
}

func moneyGroups(d Desk) []MoneyGroup {
	doc := func(text, note string, parts ...any) page.Document {
		return page.Document{Link: page.Link{Href: d.Path(parts...), Text: text}, Note: note}
	}
	in := MoneyGroup{Heading: "入るお金", Docs: []page.Document{doc("寄付の一覧", "さがす・領収書を出す", "gifts")}}
	out := MoneyGroup{Heading: "出るお金", Docs: []page.Document{doc("支出の一覧", "確認する・立替えを返す", "expenses")}}
	if d.May(enterers...) {
		in.Docs = append(in.Docs, doc("寄付を入れる", "現金・封筒・振込", "gifts", "new"))
		in.Docs = append(in.Docs, doc("品物の寄付を入れる", "米・野菜など", "money", "goods"))
		out.Docs = append(out.Docs, doc("レシートを入れる", "写真か PDF", "expenses", "new"))
	}
	groups := []MoneyGroup{in, out}
	if d.May(treasurer...) {
		groups[0].Docs = append(in.Docs, doc("そのほかの入金を入れる", "利用料・協賛・助成金・会費", "money", "income"))
		groups = append(groups, MoneyGroup{Heading: "動かすお金", Docs: []page.Document{
			doc("預ける・引き出す", "手元と銀行の間", "money", "move"), doc("補う・使いみちを移す", "一般のお金から補うなど", "money", "cover")}})
	}
	return groups
}

package rehearsal

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TroublesPage lets one make the practice Stripe do wrong what Stripe and the network sometimes do, and be a payer's bank.
type TroublesPage struct {
	page.Public
	Switches []TroubleSwitch
	Payments []PaidCard
	None     page.Empty
}

// Template names the page.
func (TroublesPage) Template() string { return "rehearsal/troubles" }

// TroubleSwitch is something that can go wrong, and how often it does now.
type TroubleSwitch struct {
	Name, Text, Note string
	On               bool
	Now              string
	Steps            []TroubleStep
}

// TroubleStep is a button of a switch.
type TroubleStep struct {
	Value int
	Text  string
}

// PaidCard is a card payment whose payer's bank one can be.
type PaidCard struct {
	Page page.Link
	Note string
}

// troubles are the switches in plain words.
var troubles = map[stripe.Switch][2]string{
	stripe.Duplicate: {"知らせが2回ずつ届く", "同じ寄付が2回数えられないことを、たしかめられます。"},
	stripe.Reverse:   {"知らせが逆の順に届く", "あとのことが、先に届きます。"},
	stripe.Lose:      {"知らせが届かない", "10分ごとの見まわりが、なくなった知らせを補います。"},
	stripe.Delay:     {"知らせが遅れる", "時計をすすめると、届きます。"},
	stripe.Version:   {"知らせが知らない形で届く", "中身は読まず、Stripeに聞き直します。"},
	stripe.Thin:      {"知らせに中身がない", "何も起きません。見まわりが補います。"},
	stripe.Error:     {"Stripeが「エラー」と答える", "やったのかどうか、わからない答えです。"},
	stripe.Busy:      {"Stripeが「あとで」と答える", "少し待って、やり直します。"},
	stripe.Silence:   {"Stripeの答えが途中で消える", "2回たのんでも、1回だけになります。"},
	stripe.Down:      {"こちらの帳簿が止まっている", "知らせを受け取れません。Stripeが、あとでまた知らせてきます。"},
	stripe.Late:      {"あとから「覚えがない」と言われる", "カードで払った人が、45日あとにカード会社に言います。時計をすすめてください。"},
	stripe.Bounce:    {"銀行が入金を送り返す", "届いた次の日に、Stripeにもどります。"},
}

// Troubles answers GET /practice/troubles.
func (p *Pages) Troubles(w http.ResponseWriter, r *http.Request) error {
	on, err := p.Stripe.Settings(r.Context())
	if err != nil {
		return err
	}
	paid, err := p.Stripe.Recent(r.Context(), 20)
	if err != nil {
		return err
	}
	shown := TroublesPage{Public: page.Public{Title: "うまくいかないとき", Private: true, Crumbs: []page.Link{{Href: "/practice", Text: "練習のはじめ方"}}},
		None: page.Empty{Text: "カードの支払いは、まだありません。"}}
	for _, name := range stripe.Switches {
		shown.Switches = append(shown.Switches, troubleSwitch(name, on[name]))
	}
	for _, payment := range paid {
		card := PaidCard{Page: page.Link{Href: payment.Page, Text: payment.Title + "　" + page.YenText(payment.Amount) + "円"}, Note: page.Minute(payment.At)}
		if payment.Disputed {
			card.Note += "・「覚えがない」と言われています"
		}
		shown.Payments = append(shown.Payments, card)
	}
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func troubleSwitch(name stripe.Switch, value int) TroubleSwitch {
	words := troubles[name]
	s := TroubleSwitch{Name: string(name), Text: words[0], Note: words[1], On: value > 0, Now: "起きません"}
	steps := []TroubleStep{{0, "止める"}, {30, "ときどき"}, {100, "いつも"}}
	if name == stripe.Delay {
		steps = []TroubleStep{{0, "止める"}, {10, "10分"}, {60, "1時間"}}
	}
	for _, step := range steps {
		if step.Value == value && value > 0 {
			s.Now = step.Text
			continue
		}
		if step.Value != value {
			s.Steps = append(s.Steps, step)
		}
	}
	if s.On && s.Now == "起きません" {
		s.Now = strconv.Itoa(value)
	}
	return s
}

// SetTrouble answers POST /practice/troubles.
func (p *Pages) SetTrouble(w http.ResponseWriter, r *http.Request) error {
	value, err := strconv.Atoi(r.FormValue("value"))
	if err != nil {
		return ledger.ErrNotFound
	}
	err = p.Stripe.Set(r.Context(), stripe.Switch(r.FormValue("name")), value)
	if errors.Is(err, stripe.ErrSwitch) {
		return ledger.ErrNotFound
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/practice/troubles#"+r.FormValue("name"), http.StatusSeeOther)
	return nil
}

// Stripe is the practice Stripe as its switches see it.
type Stripe interface {
	Settings(ctx context.Context) (map[stripe.Switch]int, error)
	Set(ctx context.Context, name stripe.Switch, value int) error
	Recent(ctx context.Context, limit int) ([]stripe.Payment, error)
}

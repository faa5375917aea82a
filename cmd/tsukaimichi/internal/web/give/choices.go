package give

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// showChoices: how the public sees the giver; anonymous unless he says otherwise. full says where the name comes from.
func showChoices(full string) page.Choices {
	return page.Choices{Name: "display", Label: "お名前の出し方", Value: string(campaigns.Anonymous), Options: []page.Option{
		{Value: string(campaigns.Anonymous), Text: "名前を出さない", Note: "人数にだけ数えます"},
		{Value: string(campaigns.Initials), Text: "イニシャルだけ", Note: "例：や・は さん"},
		{Value: string(campaigns.FullName), Text: "名前を出す", Note: full},
	}}
}

// receiptChoices: note says what the receipt is good for.
func receiptChoices(note string) page.Choices {
	return page.Choices{Name: "receipt", Label: "領収書", Legend: true, Value: "none", Hint: note, Options: []page.Option{
		{Value: "none", Text: "いらない"},
		{Value: "mail", Text: "メールで受け取る（PDF）", Note: "お名前とメールアドレスを書いてください"},
		{Value: "paper", Text: "紙で受け取る", Note: "お名前とご住所を書いてください"},
	}}
}

// channelChoices are the ways that go on to the payment page. None is chosen for the giver.
func channelChoices(p Promise) page.Choices {
	c := page.Choices{Name: "channel", Label: "払い方"}
	for _, channel := range p.Online {
		c.Options = append(c.Options, page.Option{Value: string(channel), Text: ChannelName(channel), Note: channelNote(p, channel)})
	}
	return c
}

func channelNote(p Promise, channel campaigns.Channel) string {
	switch channel {
	case campaigns.Card:
		return "すぐに終わります。カードの番号は、支払いの会社の画面で入れます"
	case campaigns.Konbini:
		return "番号を持って、レジで払います。" + page.YenText(p.Konbini) + "円まで。セブン-イレブンでは払えません"
	}
	return ""
}

// ChannelName is a way to give in the words of a reader.
func ChannelName(channel campaigns.Channel) string {
	switch channel {
	case campaigns.Card:
		return "クレジットカード"
	case campaigns.Konbini:
		return "コンビニ"
	case campaigns.Transfer:
		return "銀行・郵便局の振込"
	case campaigns.Slip:
		return "払込取扱票"
	case campaigns.Cash:
		return "現金（持参）"
	case campaigns.Box:
		return "募金箱"
	case campaigns.Envelope:
		return "封筒（戸別）"
	}
	return "そのほか"
}

package give

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FormPage is the form of a gift.
type FormPage struct {
	page.Public
	Organisation string
	Action       string
	Key          string // of this form: sent twice it is one gift
	Problems     page.Problems

	Amount  page.Field
	Use     page.Field // offered where a gift may name a use
	UseAsk  bool
	Show    page.Choices
	Name    page.Field
	Kana    page.Field
	Mail    page.Field
	Message page.Field
	Receipt page.Choices
	Postal  page.Field
	Address page.Field

	Promise   Promise
	Uses      page.Table
	WhatIf    []page.Pair
	Agree     page.Tick
	Channel   page.Choices
	OtherWays []page.Pair
	Costs     string
	LawHref   string
	Tel       page.Pair
}

// Template names the page.
func (FormPage) Template() string { return "give/form" }

// Promise is what a giver agrees to, as the form needs it.
type Promise struct {
	Campaign     page.Link
	Organisation string
	Action       string
	Edition      string // 第2版
	VersionOn    ledger.Date
	Uses         []PromiseUse
	Total        ledger.Yen
	IfTooLittle  string
	IfTooMuch    string
	IfStopped    string
	ReportDueOn  ledger.Date
	CostsBorneBy string // the name of the use that carries the processing costs; empty: the group's own money
	Changing     page.Notice

	Online    []campaigns.Channel // ways that go on to the payment page; none where the group has no payment service
	OtherWays []page.Pair         // 振込, 持参 …: where and how
	UseMay    bool                // a gift may name a use
	Receipt   string              // what the receipt is: いまは税金の控除には使えません。
	Terms     string              // 贈与契約の文
	LawHref   string
	Tel       string
	Hours     string
	Least     ledger.Yen
	Most      ledger.Yen
	Konbini   ledger.Yen // most at a konbini
}

// PromiseUse is a stated use.
type PromiseUse struct {
	ID     string
	Name   string
	Amount ledger.Yen
}

// NewFormPage builds the form. values is nil for a new one; wrong holds a sentence for each field that has to be put right.
func NewFormPage(p Promise, key string, values url.Values, wrong map[string]string) FormPage {
	form := page.NewForm(values, wrong)
	f := FormPage{
		Public: page.Public{Title: "寄付する", Description: p.Organisation + "への寄付", NeedsFix: len(wrong) > 0,
			Crumbs: []page.Link{p.Campaign}},
		Organisation: p.Organisation, Action: p.Action, Key: key, Promise: p, UseAsk: p.UseMay && len(p.Uses) > 1,
		Uses: usesTable(p), WhatIf: whatIf(p), OtherWays: p.OtherWays, Costs: costs(p), LawHref: p.LawHref,
		Tel: page.Pair{Tel: p.Tel, Text: p.Hours},
	}
	// In the order of the page, so that problems are listed in it.
	f.Amount = form.Field(page.Field{Name: "amount", Label: "寄付する金額", Unit: "円", Required: true,
		Aside: page.YenText(p.Least) + "円から" + page.YenText(p.Most) + "円まで"})
	if f.UseAsk {
		f.Use = form.Field(page.Field{Name: "use", Label: "使いみちを選ぶ", Aside: "選ばなくてもよい", Options: useOptions(p)})
	}
	f.Show = form.Choices(showChoices("下の欄に書いたとおりに出ます"))
	f.Name = form.Field(page.Field{Name: "name", Label: "お名前", Aside: "書かなくてもよい", Autocomplete: "name",
		Hint: "書かないと、団体にもお名前は伝わりません。"})
	f.Kana = form.Field(page.Field{Name: "kana", Label: "お名前の読み", Aside: "書かなくてもよい", Hint: "イニシャルは、読みから作ります。例：やまだ はなこ"})
	f.Mail = form.Field(page.Field{Name: "mail", Label: "メールアドレス", Type: "email", Autocomplete: "email",
		Aside: "書かなくてもよい", Hint: "寄付のページのリンクと、使いみちの報告が届きます。コンビニで払うときは書いてください。"})
	f.Message = form.Field(page.Field{Name: "message", Label: "団体へのひとこと", Aside: "書かなくてもよい", Rows: 3, MostRunes: 400,
		Hint: "団体の人だけが読みます。"})
	f.Receipt = form.Choices(receiptChoices(p.Receipt))
	f.Postal = form.Field(page.Field{Name: "postal_code", Label: "郵便番号", Autocomplete: "postal-code", InputMode: "numeric", Aside: "紙の領収書のとき"})
	f.Address = form.Field(page.Field{Name: "address", Label: "ご住所", Autocomplete: "street-address", Aside: "紙の領収書のとき"})
	f.Agree = form.Tick(page.Tick{Name: "terms", Label: "この使いみちで寄付します", Note: "下の「贈与契約の文」に同意したことになります。"})
	f.Channel = form.Choices(channelChoices(p))
	f.Problems = form.Problems()
	return f
}

func usesTable(p Promise) page.Table {
	t := page.Table{Caption: "使いみちの約束", Narrow: true, Columns: []page.Column{{Text: "使いみち"}, {Text: "約束", Number: true}}}
	for i, use := range p.Uses {
		t.Rows = append(t.Rows, page.Row{Name: page.Count(i+1) + " " + use.Name, Cells: []string{page.YenText(use.Amount) + "円"}})
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{page.YenText(p.Total) + "円"}}}
	return t
}

func useOptions(p Promise) []page.Option {
	options := []page.Option{{Value: "", Text: "団体にまかせる（上から順に使う）"}}
	for i, use := range p.Uses {
		options = append(options, page.Option{Value: use.ID, Text: page.Count(i+1) + " " + use.Name})
	}
	return options
}

func whatIf(p Promise) []page.Pair {
	return []page.Pair{
		{Term: "足りないとき", Text: p.IfTooLittle},
		{Term: "多いとき", Text: p.IfTooMuch},
		{Term: "中止のとき", Text: p.IfStopped},
		{Term: "報告", Text: page.Day(p.ReportDueOn) + "まで"},
	}
}

func costs(p Promise) string {
	if len(p.Online) == 0 {
		return ""
	}
	if p.CostsBorneBy != "" {
		return "カードやコンビニの手数料は、使いみちの「" + p.CostsBorneBy + "」から払います。あなたが払うのは、寄付の金額だけです。"
	}
	return "カードやコンビニの手数料は、団体の自由に使えるお金から払います。あなたの寄付は、全額がこの使いみちに入ります。"
}

package public

import "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"

// HowPage is しくみ: the four steps, how the lines are read, who holds the money.
type HowPage struct {
	page.Public
	Total   page.Bar
	Running []page.Bar
	Final   []page.Bar
}

// Template names the page.
func (HowPage) Template() string { return "public/how" }

// NewHowPage is the page; its figures are examples and say so.
func NewHowPage() HowPage {
	return HowPage{
		Public: page.Public{Title: "しくみ", Description: "使いみちを先に約束して、集めて、使って、報告する。そのしくみと、線の見方です。", Current: "/how"},
		Total:  page.Bar{Name: "ぜんぶの使いみち（例）", Total: true, Promised: 400000, Received: 268000, Spent: 91025, Left: 176975},
		Running: []page.Bar{
			{Number: "1", Name: "始まったばかり", Say: "線だけが見えます。約束が先にあることを、まず見せます。", Promised: 60000},
			{Number: "2", Name: "届いたが、まだ使っていない", Say: "ななめの線は、届いて残っているお金です。", Promised: 60000, Received: 40200, Left: 40200},
			{Number: "3", Name: "使いはじめた", Say: "ぬった所は、もう使ったお金です。", Promised: 60000, Received: 40200, Spent: 25000, Left: 15200},
			{Number: "4", Name: "届く前に、だれかが立て替えた", Say: "たてじまは、まだお金が届いていない分です。", Promised: 60000, Received: 20000, Spent: 25000, Left: -5000},
			{Number: "5", Name: "約束より多く届いた", Say: "旗は約束の場所に残ります。先の分の使い方は「もしものとき」に書いてあります。", Promised: 60000, Received: 71400, Spent: 25000, Left: 46400},
		},
		Final: []page.Bar{
			{Number: "6", Name: "約束より多く使った", Final: true, Promised: 156000, Spent: 171860, Why: "理由をかならず書きます。"},
			{Number: "7", Name: "約束より少なく使った", Final: true, Promised: 40000, Spent: 28450, Why: "残った分の使いみちを、報告に書きます。"},
		},
	}
}

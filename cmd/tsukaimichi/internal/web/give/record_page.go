package give

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// HeldState is how far the proof of a gift has come.
type HeldState int

// Nothing is booked; a signature is awaited; the proof stands; the log does not fit its own signature.
const (
	HeldNothing HeldState = iota
	HeldWaiting
	HeldProven
	HeldBroken
	HeldRefused // number and digits of a paper do not go together
)

// Held is what the holder of a private link may see of the log.
type Held struct {
	Organisation ledger.Organisation
	Donation     campaigns.Donation
	Receipt      *campaigns.Receipt // the latest; nil where there is none
	State        HeldState
	Proof        *chain.Proof
	Shown        chain.Shown
	Accounts     map[int64]string // their names
	GiftHref     string
	ProofHref    string
	Paper        []Hidden // number and digits of the paper, where these opened the record in place of the private link
}

// Hidden is a value that a form takes along.
type Hidden struct{ Name, Value string }

// mark is what the receipt printed of the log.
func (h Held) mark() chain.Mark {
	if h.Receipt == nil {
		return chain.Mark{}
	}
	return h.Receipt.Payload.Log
}

// name names the file of the proof.
func (h Held) name() string {
	if h.Receipt == nil {
		return strconv.FormatInt(h.Donation.ID, 10)
	}
	return h.Receipt.Label()
}

// RecordPage is この受取証の記録を確かめる.
type RecordPage struct {
	page.Public
	Lead      string
	State     page.Notice
	Records   []HeldRecord
	Signed    []page.Pair
	ProofHref string   // empty while there is none
	Paper     []Hidden // the file is asked for by a form, so that the digits stand in no address
	LogHref   string
}

// HeldRecord is one record as its holder sees it.
type HeldRecord struct {
	ID      string // of its heading
	Head    string
	Public  []page.Pair
	Private []page.Pair
	Closed  string // why the private part is not shown
}

// Template names the page.
func (RecordPage) Template() string { return "give/record" }

// NewRecordPage builds the page.
func NewRecordPage(h Held) RecordPage {
	p := RecordPage{
		Public:  page.Public{Title: "この受取証の記録を確かめる", Private: true, Crumbs: []page.Link{crumb(h)}},
		Lead:    "あなたの寄付が、" + h.Organisation.Name + "のお金の記録に入っていて、あとから書きかえられていないことを確かめます。",
		LogHref: "/o/" + h.Organisation.Slug + "/log",
	}
	switch h.State {
	case HeldRefused:
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "ありません"}, Head: "その番号の組み合わせは、ありません", Attend: true, Alert: true,
			Text: "領収書の号の番号（2026-0012 など）と、下のほうにある12けたの「確かめる番号」を、もう一度見てください。", Link: page.Link{Href: p.LogHref + "#mine", Text: "もう一度入れる"}}
	case HeldNothing:
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "まだありません"}, Head: "この寄付の記録は、まだありません", Text: "お金が団体に届くと、記録に番号がつきます。"}
	case HeldWaiting:
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "署名を待っています"}, Head: "記録は入りました。署名は10分ごとです", Text: "しばらくして、このページをもう一度開いてください。"}
	case HeldBroken:
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "合いません"}, Head: "この記録は、署名と合いません", Attend: true,
			Text: "記録が書きかえられたかもしれません。団体の監事に知らせてください。"}
	case HeldProven:
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "確かめました"}, Head: "記録は入っています。署名と合っています",
			Text: "下のファイルを使うと、この場を信じなくても、自分で計算して確かめられます。"}
		p.ProofHref, p.Paper, p.Signed = h.ProofHref, h.Paper, signedPairs(h)
		for i, r := range h.Shown.Records {
			p.Records = append(p.Records, heldRecord(i, r, h.Accounts))
		}
	}
	return p
}

// crumb leads back to where the holder came from.
func crumb(h Held) page.Link {
	if h.GiftHref == "" {
		return page.Link{Href: "/o/" + h.Organisation.Slug + "/log", Text: "お金の記録"}
	}
	return page.Link{Href: h.GiftHref, Text: "あなたの寄付"}
}

// signedPairs say which signature it is, and how it goes with what the paper says.
func signedPairs(h Held) []page.Pair {
	c := h.Shown.Checkpoint
	pairs := []page.Pair{
		{Term: "署名した記録", Text: "第" + page.Count(int(c.Size)) + "番まで"},
		{Term: "その指紋", Text: c.Fingerprint(), Strong: true},
	}
	mark := h.mark()
	switch {
	case mark.IsZero() && h.Receipt != nil:
		return append(pairs, page.Pair{Term: "紙の指紋", Text: "この受取証には印刷してありません（そのころは、まだ署名がありませんでした）。"})
	case mark.IsZero():
		return pairs
	case h.Shown.Printed == nil:
		return append(pairs, page.Pair{Term: "紙の指紋", Text: mark.Digits() + "\nこの指紋の署名は、見つかりません。団体の監事に知らせてください。"})
	}
	return append(pairs, page.Pair{Term: "紙の指紋", Text: mark.Digits() + "（第" + page.Count(int(mark.Size)) + "番まで）\nいまの記録は、紙に印刷したときの記録の、つづきです。"})
}

func heldRecord(i int, r chain.ShownRecord, accounts map[int64]string) HeldRecord {
	h := HeldRecord{ID: "record" + strconv.Itoa(i+1), Public: []page.Pair{
		{Term: "記録の番号", Text: "第" + page.Count(int(r.Sequence)) + "番"},
		{Term: "ハッシュ", Text: r.Hash.String()},
	}}
	if r.Public.Kind == string(ledger.ReceiptRecord) {
		h.Head = "受取証の記録"
		h.Public = append(h.Public, page.Pair{Term: "中身", Text: receiptContent(r.Public.Content)})
	} else {
		h.Head = "お金が届いた記録"
		h.Public = append(h.Public, page.Pair{Term: "中身", Text: publicLines(r.Public, accounts)})
	}
	if r.Private == nil {
		h.Closed = "この部分は、個人の情報を消したときに閉じました。もう、だれにも開けません。"
		return h
	}
	h.Private = []page.Pair{{Term: "記録した日時", Text: page.Minute(r.Private.At)}}
	t := r.Private.Posted
	if t == nil {
		return h
	}
	h.Private = append(h.Private,
		page.Pair{Term: "届いた日", Text: page.Day(t.BelongsOn)}, page.Pair{Term: "記帳した日", Text: page.Day(t.BookedOn)},
		page.Pair{Term: "記帳した人", Text: t.Actor}, page.Pair{Term: "仕訳", Text: entryLines(*t, accounts)})
	if t.Memo != "" {
		h.Private = append(h.Private, page.Pair{Term: "メモ", Text: t.Memo})
	}
	return h
}

// publicLines are the lines of the public list in the record: of a gift there are none but costs, because gifts stand there by the month.
func publicLines(p chain.Public, accounts map[int64]string) string {
	text := fmt.Sprintf("%s・%d年%d月", cmp.Or(map[string]string{"donation": "寄付"}[p.Posted], p.Posted), p.Month.Year(), p.Month.Month())
	for _, l := range p.Lines {
		text += entryLine(l.Account, l.Amount, accounts)
	}
	return text + "\n金額は、みんなに見える部分には入れていません。"
}

func entryLines(t chain.PrivatePosting, accounts map[int64]string) string {
	text := ""
	for _, e := range t.Entries {
		text += entryLine(e.Account, e.Amount, accounts)
	}
	return strings.TrimPrefix(text, "\n")
}

func entryLine(account int64, amount ledger.Yen, accounts map[int64]string) string {
	return fmt.Sprintf("\n%s（%d）　%s円", accounts[account], account, page.SignedYen(amount))
}

// receiptContent reads what campaigns.Issue recorded of a receipt; as it stands where it is of another shape.
func receiptContent(content string) string {
	var c struct {
		Number string     `json:"number"`
		Amount ledger.Yen `json:"amount"`
	}
	if err := json.Unmarshal([]byte(content), &c); err != nil || c.Number == "" {
		return content
	}
	return "第" + c.Number + "号　" + page.YenText(c.Amount) + "円"
}

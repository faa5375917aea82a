package door

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// AccountPage is 自分のこと: name, what one can show, and where one is signed in.
type AccountPage struct {
	page.Console
	Pairs    []page.Pair
	None     page.Notice // there is nothing to show yet
	Passkeys []PasskeyRow
	Origin   string // where a passkey can be made; "" nowhere
	App      page.Document
	AppGone  page.Link // to taking it away
	Sheet    page.Document
	Sessions []SessionRow
	Others   bool // there are sessions elsewhere
}

// Template names the page.
func (AccountPage) Template() string { return "door/account" }

// PasskeyRow is a passkey in the list.
type PasskeyRow struct {
	Name   string
	Note   string
	Remove page.Link
}

// SessionRow is an open session in the list.
type SessionRow struct {
	ID      int64
	Browser string
	Since   string
	Here    bool
}

// frame is the frame of the door's pages for who is signed in: above all organisations.
func frame(p auth.Person, title string, crumbs ...page.Link) page.Console {
	return page.Console{Title: title, Person: p.Name, Home: "/desk", Crumbs: crumbs}
}

var toDesk, toAccount = page.Link{Href: "/desk", Text: "団体の仕事"}, page.Link{Href: "/account", Text: "自分のこと"}

func newAccountPage(p auth.Person, held auth.Held, opened []auth.Opened, origin string) AccountPage {
	a := AccountPage{Console: frame(p, "自分のこと", toDesk), Origin: origin, Pairs: []page.Pair{{Term: "名前", Text: p.Name}, {Term: "メール", Text: p.Mail}}}
	if !held.Some() {
		a.None = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "まだありません"}, Attend: true, Head: "ご本人と確かめる方法を、1つ用意してください",
			Text: "代表と会計の方が、振込先やメンバーを変えるときにいります。メールを人に読まれても、お金の行き先を変えられないようにするためです。"}
	}
	for _, k := range held.Passkeys {
		row := PasskeyRow{Name: k.Name, Note: page.DayOnly(ledger.DateOf(k.CreatedAt)) + "に足しました。まだ使っていません",
			Remove: page.Link{Href: fmt.Sprintf("/account/passkeys/%d/remove", k.ID), Text: "「" + k.Name + "」を消す"}}
		if k.UsedAt != nil {
			row.Note = page.DayOnly(ledger.DateOf(k.CreatedAt)) + "に足しました。" + page.DayOnly(ledger.DateOf(*k.UsedAt)) + "に使いました"
		}
		a.Passkeys = append(a.Passkeys, row)
	}
	a.App = page.Document{Link: page.Link{Href: "/account/app", Text: "確認アプリを設定する"}, Note: "使っていません"}
	if !held.AppSince.IsZero() {
		a.App = page.Document{Link: page.Link{Href: "/account/app", Text: "確認アプリを設定し直す"}, Note: page.DayOnly(ledger.DateOf(held.AppSince)) + "から使っています"}
		a.AppGone = page.Link{Href: "/account/app/remove", Text: "確認アプリを使うのをやめる"}
	}
	a.Sheet = page.Document{Link: page.Link{Href: "/account/sheet", Text: "「困ったときの紙」をつくる"}, Note: sheetNote(held.Sheet)}
	for _, o := range opened {
		a.Sessions = append(a.Sessions, SessionRow{ID: o.ID, Browser: o.Browser, Since: page.Minute(o.StartedAt) + "から", Here: o.Here})
		a.Others = a.Others || !o.Here
	}
	return a
}

func sheetNote(s auth.Sheet) string {
	if s.MadeAt.IsZero() {
		return "まだありません"
	}
	return fmt.Sprintf("%sにつくりました。あと%d回使えます", page.DayOnly(ledger.DateOf(s.MadeAt)), s.Left)
}

// RemovePage has the button that takes something away.
type RemovePage struct {
	page.Console
	Heading, Text string
	Action        string
	Button        string
}

// Template names the page.
func (RemovePage) Template() string { return "door/remove" }

func newRemovePage(p auth.Person, r RemovePage) RemovePage {
	r.Console = frame(p, r.Heading, toAccount)
	return r
}

const othersEnd = "ほかの所でサインインしているものは、みな終わります。この画面は、そのまま使えます。"

func removePasskey(k auth.Passkey) RemovePage {
	return RemovePage{Heading: "パスキー「" + k.Name + "」を消す", Text: "消すと、このパスキーでは入れなくなります。携帯電話やパソコンに残ったパスキーは、その機械の設定から消してください。\n" + othersEnd,
		Action: fmt.Sprintf("/account/passkeys/%d/remove", k.ID), Button: "このパスキーを消す"}
}

func removeApp() RemovePage {
	return RemovePage{Heading: "確認アプリを使うのをやめる", Text: "アプリの数字では、確かめられなくなります。アプリに残った「使い道」は、アプリの中で消してください。\n" + othersEnd,
		Action: "/account/app/remove", Button: "使うのをやめる"}
}

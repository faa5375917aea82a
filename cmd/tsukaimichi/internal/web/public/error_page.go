package public

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// ErrorPage says that something cannot be shown or done, why as far as the reader can know it, and what to do.
type ErrorPage struct {
	page.Public
	Head    string
	Texts   []string
	Links   []page.Link
	Trace   string       // to be told on the telephone; empty where it helps nobody
	Written page.Written // what the reader had sent, where it was a form
}

// Template names the page.
func (ErrorPage) Template() string { return "public/error" }

// errorText is what is said for a status.
type errorText struct {
	head  string
	texts []string
}

var errorTexts = map[int]errorText{
	http.StatusForbidden: {"このページは見られません", []string{
		"このページは、団体の中の決まった人だけが見られます。", "自分が見られるはずのときは、団体の代表に聞いてください。"}},
	http.StatusNotFound: {"そのページはありません", []string{
		"住所（リンク）が途中で切れているか、ページがなくなりました。", "もう一度、はじめから打つか、下の「募金をさがす」からさがしてください。"}},
	http.StatusMethodNotAllowed: {"この開き方はできません", []string{
		"ボタンから進むページです。前のページに戻って、ボタンを押してください。"}},
	http.StatusBadRequest: {"受け取れませんでした", []string{
		"送られたものが、読める形になっていません。", "前のページに戻って、もう一度してください。"}},
	http.StatusUnprocessableEntity: {"入力を受け取れませんでした", []string{
		"画面が古くなったか、入力の一部が足りません。", "前のページを開き直して、もう一度してください。お金も記録も動いていません。"}},
	http.StatusConflict: {"先に、ほかの人が変えました", []string{
		"あなたがこのページを開いたあとに、ほかの人が同じものを変えました。あなたの入力は、まだ入っていません。", "前のページを開き直して、いまの内容を見てから、もう一度してください。"}},
	http.StatusRequestEntityTooLarge: {"大きすぎて受け取れません", []string{
		"送られたものが大きすぎます。写真やPDFは、ひとつずつ、20MBまでにしてください。"}},
	http.StatusTooManyRequests: {"少し待ってください", []string{
		"短い間に、何度も送られました。安全のため、いったん止めています。", "1分ほど待ってから、もう一度してください。お金は動いていません。"}},
	http.StatusServiceUnavailable: {"いま、つながりません", []string{
		"支払いの会社か、こちらの機械に、つながりません。お金は動いていません。", "しばらくして、もう一度してください。"}},
	http.StatusInternalServerError: {"こちらの都合で、表示できません", []string{
		"こちらの機械に、まちがいがありました。おわびします。記録を残しましたので、直します。", "しばらくして、もう一度してください。寄付の途中だった方は、先に寄付のページかメールを見てください。二重に払うことを防げます。"}},
}

// notCollecting is said to whoever wants to give to a campaign that takes no gifts today: nobody was faster than he.
var notCollecting = errorText{"いまは、この募金に寄付できません", []string{
	"募金の期間の前か、もう終わったか、とちゅうでやめた募金です。お金は動いていません。", "募金のページで、期間や、いまのようすを見てください。"}}

// gone is said of a form about something that is not there any more.
var gone = errorText{"送り先が、見つかりません", []string{
	"開いている間に、なくなったか、ほかの所へ移りました。入れたものは、まだ入っていません。", "いまのようすを見てから、もう一度してください。"}}

// NewGonePage is the page for a form about something that is not there any more; desk is set for members' forms.
func NewGonePage(desk bool) ErrorPage {
	p := NewErrorPage(http.StatusNotFound, "")
	p.Title, p.Head, p.Texts = gone.head, gone.head, gone.texts
	if desk {
		p.Links = append([]page.Link{{Href: "/desk", Text: "団体の仕事"}}, p.Links...)
	}
	return p
}

// NewNotCollectingPage is the page for who wants to give to the campaign of that name, which takes no gifts today.
func NewNotCollectingPage(slug string) ErrorPage {
	p := NewErrorPage(http.StatusConflict, "")
	p.Title, p.Head, p.Texts = notCollecting.head, notCollecting.head, notCollecting.texts
	if slug != "" {
		p.Links = append([]page.Link{{Href: "/c/" + slug, Text: "この募金のページを見る"}}, p.Links...)
	}
	return p
}

// NewErrorPage is the page for a status; statuses without words of their own get those of 500. The trace is shown with 5xx alone.
func NewErrorPage(status int, trace string) ErrorPage {
	text, ok := errorTexts[status]
	if !ok {
		text = errorTexts[http.StatusInternalServerError]
	}
	p := ErrorPage{
		Public: page.Public{Title: text.head, Private: true},
		Head:   text.head,
		Texts:  text.texts,
		Links:  []page.Link{{Href: "/", Text: "募金をさがす"}, {Href: "/contact", Text: "電話の窓口"}},
	}
	if status >= 500 || !ok {
		p.Trace = trace
	}
	return p
}

package public

import (
	"context"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// TextPage is a page of plain words: who to ask, what is kept of people, how the figures can be checked.
type TextPage struct {
	page.Public
	Lead     string
	Sections []TextSection
}

// TextSection is a heading with its paragraphs.
type TextSection struct {
	Head string
	Text string // an empty line ends a paragraph
}

// Template names the page.
func (TextPage) Template() string { return "public/text" }

func textPage(path, title, lead string, sections ...TextSection) TextPage {
	return TextPage{Public: page.Public{Title: title, Description: lead, Current: path}, Lead: lead, Sections: sections}
}

// textPages are the pages of plain words by their path.
var textPages = map[string]TextPage{
	"/contact": textPage("/contact", "紙でほしい方・電話の窓口", "スマートフォンやパソコンを使わなくても、寄付も、報告を読むこともできます。",
		TextSection{"寄付したい", "募金のページにある団体の電話番号に、かけてください。現金の持参や、銀行の振込で寄付できます。\n\n団体の人が、あなたの代わりに記録し、領収書を紙でお渡しします。"},
		TextSection{"報告を紙で読みたい", "どの報告にも、A4の紙の版があります。団体に「報告を紙でほしい」と伝えてください。"},
		TextSection{"おかしいと思ったとき", "まず、その団体に聞いてください。どのページの下にも、できることへのリンクがあります。\n\n記録は、あとから消したり書きかえたりできません。"}),
	"/verify": textPage("/verify", "数字を自分で確かめる", "ここに出る数字は、だれかが打ちこんだものではなく、すべて帳簿からの計算です。",
		TextSection{"足し算で確かめる", "募金のページの「記録の一覧」を開くと、届いたお金と使ったお金が1行ずつ並んでいます。足すと、ページの合計と同じになります。\n\n5件に足りない月の寄付は、だれの金額か分からないように、ほかの月とまとめています。"},
		TextSection{"書きかえられていないか確かめる", "報告と領収書には、お金の記録の「指紋」（20けたの数字）が印刷してあります。団体のページの「自分で確かめる方法」で、同じ番号の指紋とくらべられます。寄付をした方は、自分の記録が入っていることを、「あなたの寄付」のページから確かめられます。\n\n報告には、ファイルの「指紋」（SHA-256）もついています。手元のPDFの指紋を計算して、ページに書かれたものと同じなら、書きかえられていません。"},
		TextSection{"訂正", "まちがいは、消さずに、取り消しの記録をたして直します。報告を直したときは、訂正版を出し、前の版も残します。"}),
	"/privacy": textPage("/privacy", "個人情報", "寄付をした方の名前や連絡先は、その団体の中だけで使います。",
		TextSection{"あずかるもの", "お名前、メールアドレス、領収書のための住所、団体へのひとこと。どれも、書かなくても寄付できます。\n\nカードの番号は、支払いの会社の画面で入れるので、ここには残りません。\n\n英語のページで寄付した方には、英語でメールを送れるように、そのことを残します。"},
		TextSection{"使いみち", "お礼、領収書、使いみちの報告を届けるために使います。ほかの人や会社に渡しません。"},
		TextSection{"みんなに見えるもの", "選んだときだけ、お名前かイニシャルが出ます。金額は、だれのものも出しません。"},
		TextSection{"消してほしいとき", "「あなたの寄付」のページの「個人の情報を消してほしい」から、または電話で、団体に伝えてください。お名前・連絡先・ひとことと、送ったメールの中身を消します。理由はいりません。\n\nお金の記録は、だれのものか分からない形で残ります。認定NPO法人の領収書のあて名と住所は、帳簿と同じ7年がすぎるまで残し、そのあと自動で消します。\n\n頼まれなくても、帳簿を残す7年がすぎると消えます。"}),
	"/accessibility": textPage("/accessibility", "読みやすさの方針", "72歳の会計の方と、80歳の読む方が、困らないことを目指しています。",
		TextSection{"目標", "WCAG 2.2 のレベルAとAAに配慮しています。ブラウザの文字を200％に大きくしても、横に動かさずに読めます。\n\nマウスがなくても、キーボードだけで使えます。JavaScriptがなくても読めて、寄付できます。"},
		TextSection{"ふりがな", "ページの上の「ふりがな」を押すと、漢字に読みがつきます。もう一度押すと、なくなります。選んだことだけを、ブラウザが1年おぼえています。\n\n読みは、辞書でつけています。まちがうことがあります。人の名前や、読み方の決められないことばには、つけません。"},
		TextSection{"English", "ページの上の「English」を押すと、この場の文が英語になります。「日本語」を押すと、もどります。団体の書いた文と、紙（PDF）、メールは、日本語のままです。"},
		TextSection{"PDFについて", "PDFには読み上げのための目印がついていません。読み上げで読む方は、同じ内容のページを使ってください。"},
		TextSection{"困ったとき", "読みにくい所があれば、団体の電話か、この場を動かしている団体に知らせてください。"}),
	page.OfflinePath: textPage(page.OfflinePath, "いま、つながっていません", "このページは、まだ保存していません。インターネットにつながったら、もう一度ひらいてください。",
		TextSection{"つながらなくても読めるページ", "一度ひらいた募金や報告のページは、つながらなくても、読んだときのまま読めます。寄付の画面と、あなたの寄付のページは、保存していません。"}),
	"/help": textPage("/help", "使い方", "会計の一年を、順番に。",
		TextSection{"1. 約束する", "「募金」で下書きを作り、使いみちを書きます。足りないところは、画面が教えます。代表が公表すると、集められるようになります。"},
		TextSection{"2. 集める", "カードとコンビニは自動で記帳されます。現金・封筒・振込は「寄付を入れる」で記帳します。"},
		TextSection{"3. 使う", "「支出を入れる」で、レシートの写真をつけて記帳します。入れた人とは別の人が確認します。"},
		TextSection{"4. 報告する", "「報告」で、数字はそのまま出ます。ちがいの理由と、したことを書いて、公表します。"},
		TextSection{"まちがえたとき", "消すことはできません。「取り消す」で、理由を書いて取り消し、正しいものを入れ直します。"}),
}

// Text answers the pages of plain words.
func (p *Pages) Text(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(context.Context) (page.Page, error) { return textPages[r.URL.Path], nil })
}

// TextPaths are the paths of the pages of plain words.
func TextPaths() []string {
	return []string{"/contact", "/verify", "/privacy", "/accessibility", "/help", page.OfflinePath}
}

package campaign

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// story is a small group's first campaign, from the first key to the last figure. Its people use the keyboard alone.
type story struct {
	t                                         *testing.T
	at                                        string // address of the program
	treasurer, representative, auditor, giver *chromium.Hands
	today                                     ledger.Date
	slug                                      string // of the organisation
	report                                    string // path of the published report
	examiner                                  *chromium.Examiner
}

func TestMain(m *testing.M) { rehearsed.Main(m) }

// TestACampaignFromPromiseToReportByKeyboard begins in an empty folder. Every sum is written out here.
func TestACampaignFromPromiseToReportByKeyboard(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Browser(t)
	chromium.Tool(t, "pdftotext")
	s := &story{t: t, today: rehearsed.Today(t), at: rehearsed.Begin(t), examiner: x}
	began := time.Now()
	for _, chapter := range []struct {
		name string
		tell func()
	}{
		{"the group is founded", s.found}, {"the promise is drafted", s.draft}, {"the operator looks at who the group is", s.vet}, {"it is announced", s.announce}, {"a resident gives by card", s.giveByCard},
		{"and at the konbini", s.giveAtKonbini}, {"envelopes come in", s.envelopes}, {"money is spent", s.spend}, {"somebody else checks it", s.check},
		{"the report is written", s.write}, {"and read", s.read}, {"and printed", s.print}, {"letters went out", s.letters}, {"the book holds it all", s.book},
	} {
		chapter.tell()
		t.Logf("%v: %s", time.Since(began).Round(time.Second/10), chapter.name)
		if t.Failed() {
			t.Log(rehearsed.Said())
			return
		}
	}
}

// found founds a group of one's own and says who it is.
func (s *story) found() {
	s.representative = chromium.Sit(s.t, "代表", s.at)
	r := s.representative
	r.GoTo("/practice")
	r.Fills("団体の名前", "ほしぞら食堂")
	r.Presses("団体をつくる")
	r.Presses("代表（練習 代表）になる") // the focus goes on from the new group
	r.Sees("【練習】ほしぞら食堂", "はじめにすること")
	s.slug = strings.Split(r.Path(), "/")[2]
	r.Presses("団体のことを書く")
	r.Fills("代表の名前", "練習 花子")
	r.Fills("郵便番号", "000-0000")
	r.Fills("住所", "練習県練習市一丁目1番1号")
	r.Fills("電話", "000-000-0000")
	r.Fills("電話に出られる時間", "火曜 10時から15時まで")
	r.Fills("持って来られる所と時間", "練習集会所 火曜 10時から15時まで")
	r.Presses("この内容で残す")

	s.treasurer, s.auditor = s.become("会計"), s.become("監事")
}

// become goes to the practice page and becomes somebody of the group.
func (s *story) become(role string) *chromium.Hands {
	h := chromium.Sit(s.t, role, s.at)
	h.GoTo("/practice#" + s.slug)
	h.Presses(role + "（練習 " + role + "）になる")
	h.Sees("【練習】ほしぞら食堂")
	return h
}

// looks has the page looked at as the crawl does: these pages no link leads to.
func (s *story) looks(h *chromium.Hands) {
	s.t.Helper()
	faults, err := s.examiner.Page(h.Tab)
	h.Must(err)
	for _, fault := range faults {
		s.t.Errorf("%s: %s", h.Path(), fault)
	}
	h.Must(h.Do(chromedp.EmulateViewport(1280, 800)))
}

// draft writes the promise, and finds out on the way what is missing.
func (s *story) draft() {
	h := s.treasurer
	h.Presses("下書きを始める")
	h.Fills("募金の名前", "冬の夕ごはんを16回")
	h.Fills("どの取り組みのためか", "ふれあい食堂")
	h.Presses("下書きを始める")
	h.Sees("公表までに、あと", "まだ、だれにも見えません")
	h.Presses("書いたところまで残す")
	h.Fills("はじめの2文", "ひとりで夕ごはんを食べる方と、子どものための食堂です。冬の火曜日に16回ひらきます。")
	h.Fills("なぜ、お金がいるか", "冬は、外に出る日がへります。")
	h.Fills("ほかのお金でまかなう分", "参加費 おとな300円")
	h.Fills("まだ決まっていないお金", "ありません")
	h.Fills("何に使うか", "食材費")
	h.Fills("数", "16")
	h.Fills("数の単位", "回")
	h.Fills("1つの金額", "15000")
	h.Fills("いつまでに使うか", s.today.AddDays(100).String())
	h.Fills("何で示すか", "レシート")
	h.Presses("使いみちを足す")
	h.Sees("16回 × 15,000円 ＝ 240,000円")
	h.Fills("何に使うか", "会場") // of the second use: the focus is on it
	h.Fills("金額数と単価", "60000")
	h.Fills("いつまでに使うか", s.today.AddDays(100).String())
	h.Fills("何で示すか", "領収書")
	h.Chooses("団体の一般のお金から出す")
	h.Fills("集め始める日", s.today.String())
	h.Fills("集め終わる日", s.today.AddDays(30).String())
	h.Fills("報告する日", s.today.AddDays(120).String())
	h.Fills("足りないとき", "回数をへらします。")
	h.Fills("多く集まったとき", "回数をふやします。")
	h.Fills("中止したとき", "お返しします。")
	h.Fills("責任を持つ人", "練習 会計")
	h.Fills("ページのアドレス", "hoshizora-fuyu")
	h.Presses("書いたところまで残す")
	h.Sees("書くところは、みな書けています", "使いみちの合計（目標）300,000円")
}

// vet has the group show its papers to the operator, without which it cannot announce.
func (s *story) vet() {
	h := s.representative
	h.GoTo("/desk/" + s.slug)
	h.Presses("用意するものを見る")
	h.Fills("書類を、どうやって見せるか", "火曜に窓口へ持っていきます。")
	h.Presses("確認をたのむ")
	h.Sees("返事待ち")
	o := chromium.Sit(s.t, "運営", s.at)
	o.GoTo("/practice")
	o.Presses("運営（練習 運営）になる")
	o.Presses("【練習】ほしぞら食堂")
	o.Ticks("定款・規約・会則を見ました")
	o.Picks("見方", "原本")
	o.PressesInVain("確認したことを残し")
	o.Ticks("代表者の本人確認書類を見ました")
	o.Picks("見方", "原本")
	o.Presses("確認したことを残し")
	o.Sees("確認ずみ", "募金を公表できます")
}

func (s *story) announce() {
	h := s.representative
	h.GoTo("/desk/" + s.slug)
	h.Presses("募金")
	h.Presses("冬の夕ごはんを16回")
	h.Presses("残して、公表の確認へ進む")
	h.Sees("240,000", "60,000", "300,000")
	h.PressesInVain("公表して、募金を始める") // without the tick
	h.Ticks("この約束で公表します")
	h.Presses("公表して、募金を始める")
	h.Sees("募金中")
}

// giveByCard finds the campaign, reads the promise and gives 3,000 yen.
func (s *story) giveByCard() {
	s.giver = chromium.Sit(s.t, "住民", s.at)
	h := s.giver
	h.GoTo("/")
	h.Presses("冬の夕ごはんを16回")
	h.Sees("約束 300,000円", "まだ、だれも参加していません")
	h.Presses("寄付する")
	h.PressesInVain("支払いの画面へ進む")
	h.Fills("寄付する金額", "３，０００円")
	h.Chooses("イニシャルだけ")
	h.Fills("お名前", "𠮷田 葛󠄀城")
	h.Fills("お名前の読み", "よしだ かつらぎ")
	h.Fills("メールアドレス", "kifu@renshu.example")
	h.Chooses("メールで受け取る")
	h.Ticks("この使いみちで寄付します")
	h.Chooses("カード")
	h.Presses("支払いの画面へ進む")
	h.Sees("3,000円", "お金は動きません")
	s.looks(h)
	h.Presses("カードで3,000円を払う")
	h.WaitsFor("寄付が届きました")
	h.Sees("3,000円")
	s.looks(h)
	h.Presses("寄付のページを開く")
	h.Sees("3,000円")
	s.looks(h)
	h.GoTo("/c/hoshizora-fuyu")
	h.Sees("5人未満", "届いた 3,000円")
}

// giveAtKonbini gets a voucher first: until it is paid nobody has taken part.
func (s *story) giveAtKonbini() {
	h := s.giver
	h.Presses("寄付する")
	h.Fills("寄付する金額", "1000")
	h.Chooses("名前を出さない")
	h.Fills("お名前", "練習 次郎")
	h.Fills("メールアドレス", "jiro@renshu.example")
	h.Chooses("いらない")
	h.Ticks("この使いみちで寄付します")
	h.Chooses("コンビニ")
	h.Presses("支払いの画面へ進む")
	h.Presses("コンビニで払う番号を受けとる")
	s.pendingTellsTheTruth(h)
	h.WaitsFor("寄付が届きました")
	h.GoTo("/c/hoshizora-fuyu")
	h.Sees("5人未満", "届いた 4,000円")
}

func (s *story) pendingTellsTheTruth(h *chromium.Hands) {
	h.Sees("コンビニで払う番号", "1,000円")
	s.looks(h)
	h.Presses("払わずに、団体のページへ戻る")
	h.WaitsFor("お支払いは、まだです")
	h.Sees("1,000", "数えません")
	s.looks(h)
	pending := h.Path()
	h.GoTo("/c/hoshizora-fuyu")
	h.Sees("5人未満", "届いた 3,000円")
	h.GoTo(pending)
	h.Presses("払い方の案内を開く")
	h.Presses("コンビニで払った")
	h.Presses("団体のページへ戻る")
}

// envelopes are typed in by the treasurer: twelve households, 6,500 yen.
func (s *story) envelopes() {
	h := s.treasurer
	h.GoTo("/desk/" + s.slug)
	h.Presses("お金の出入り")
	h.Presses("寄付を入れる")
	h.Fills("金額", "6500")
	h.Chooses("封筒")
	h.Picks("どの募金へ", "おまかせ")
	h.Chooses("世帯")
	h.Fills("いくつ分か", "12")
	h.Fills("だれが・どうやって知らせたか", "1班の班長から受け取った")
	h.Presses("入れた内容を確かめる")
	h.Sees("6,500円", "12世帯")
	s.looks(h)
	h.Presses("この内容で帳簿に入れる")
}

// spend enters a receipt with a photo that says where it was taken.
func (s *story) spend() {
	h := s.treasurer
	photo := filepath.Join(s.t.TempDir(), "レシート.jpg")
	h.Must(os.WriteFile(photo, rehearsed.PhotoWithPlace(s.t), 0o600))
	h.GoTo("/desk/" + s.slug)
	h.Presses("レシートを入れる")
	h.Attaches("レシート・請求書の写真かPDF", photo)
	h.Fills("払った金額", "2400")
	h.Fills("払った先", "練習青果店")
	h.Fills("何を買ったか", "大根・米")
	h.Picks("使いみち", "食材費")
	h.Picks("お金の分類", "食材")
	h.Chooses("手元")
	h.Presses("入れて、確認をたのむ")
	h.Sees("2,400円", "確認", "練習青果店")
	s.photoForgetsItsPlace(h)
}

// photoForgetsItsPlace looks at the photo as it is kept and shown.
func (s *story) photoForgetsItsPlace(h *chromium.Hands) {
	s.t.Helper()
	source, err := chromium.Ask[string](h.Tab, `document.querySelector("main img").src`)
	h.Must(err)
	kept := s.fetch(h, source)
	if !bytes.HasPrefix(kept, []byte("\xff\xd8")) {
		s.t.Errorf("the photo is served as %q", kept[:min(12, len(kept))])
	}
	for _, trace := range []string{"Exif", "GPS", "練習カメラ"} {
		if bytes.Contains(kept, []byte(trace)) {
			s.t.Errorf("the photo still says %s", trace)
		}
	}
}

// fetch gets a file as the person at the keyboard would save it.
func (s *story) fetch(h *chromium.Hands, address string) []byte {
	s.t.Helper()
	cookies, err := h.Cookies()
	h.Must(err)
	request, err := http.NewRequest(http.MethodGet, address, nil)
	h.Must(err)
	request.Header.Set("Cookie", cookies)
	response, err := http.DefaultClient.Do(request)
	h.Must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	h.Must(err)
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", address, response.Status)
	}
	return body
}

// check is done by another person.
func (s *story) check() {
	h := s.auditor
	h.GoTo("/desk/" + s.slug)
	h.Presses("確認する")
	h.Sees("大根・米", "2,400円")
	h.Presses("確認しました")
	h.GoTo("/c/hoshizora-fuyu")
	h.Sees("12世帯", "ほか", "届いた 10,500円", "使った 2,400円", "残り 8,100円")
}

// write writes the report: nobody types a figure.
func (s *story) write() {
	h := s.treasurer
	h.GoTo("/desk/" + s.slug)
	h.Presses("募金")
	h.Presses("冬の夕ごはんを16回")
	h.Presses("報告を書く")
	h.Sees("公表までに、あと")
	h.Fills("「食材費」がちがった理由", "始めたばかりで、1回だけひらきました。")
	h.Fills("「会場」がちがった理由", "集会所を無料で借りられました。")
	h.Fills("したこと", "夕ごはんを1回ひらき、子どもと大人が食べました。")
	h.Fills("回数", "1")
	h.Fills("のべ人数", "21")
	h.Fills("うまくいかなかったこと", "雪で1回中止しました。")
	h.Fills("残りをどうするか", "1月からの食材費に使います。")
	h.Fills("確かめた人の名前", "練習 監事")
	h.Fills("確かめた日", s.today.String())
	h.Presses("書いたところまで残す")
	h.Sees("書くところは、みな書けています")

	r := s.representative
	r.GoTo(h.Path())
	r.Presses("残して、公表の確認へ進む")
	r.Sees("約束 300,000円、届いた 10,500円、使った 2,400円、残り 8,100円")
	r.Ticks("この内容で公表します")
	r.Presses("公表して、寄付した方に知らせる")
	r.Sees("公表ずみ")
}

// read follows the way of a resident to the report.
func (s *story) read() {
	h := s.giver
	h.GoTo("/c/hoshizora-fuyu")
	h.Presses("報告")
	s.report = h.Path()
	h.Unfolds("同じ数字を表で見る")
	h.Sees("食材費", "240,000", "2,400", "−237,600", "会場", "60,000", "雪で1回中止しました。", "10,500", "8,100", "練習 監事")
}

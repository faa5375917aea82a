package main

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
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// story is a small group's first campaign, from the first key to the last figure. Its people use the keyboard alone.
type story struct {
	*practising
	treasurer, representative, auditor, giver *hands
	today                                     ledger.Date
	slug                                      string // of the organisation
	report                                    string // path of the published report
	examiner                                  *chromium.Examiner
}

// TestACampaignFromPromiseToReportByKeyboard begins in an empty folder. Every sum is written out here.
func TestACampaignFromPromiseToReportByKeyboard(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Browser(t)
	chromium.Tool(t, "pdftotext")
	p := practise(t, false)
	began := time.Now()
	s := &story{practising: p, today: ledger.DateOf(p.clock.Now()), examiner: x}
	for _, chapter := range []struct {
		name string
		tell func()
	}{
		{"the group is founded", s.found}, {"the promise is drafted", s.draft}, {"it is announced", s.announce}, {"a resident gives by card", s.giveByCard},
		{"and at the konbini", s.giveAtKonbini}, {"envelopes come in", s.envelopes}, {"money is spent", s.spend}, {"somebody else checks it", s.check},
		{"the report is written", s.write}, {"and read", s.read}, {"and printed", s.print}, {"letters went out", s.letters}, {"the book holds it all", s.book},
	} {
		chapter.tell()
		t.Logf("%v: %s", time.Since(began).Round(time.Second/10), chapter.name)
		if t.Failed() {
			return
		}
	}
}

// found founds a group of one's own and says who it is.
func (s *story) found() {
	s.representative = sit(s.t, "代表", s.at)
	r := s.representative
	r.goTo("/practice")
	r.fills("団体の名前", "ほしぞら食堂")
	r.presses("団体をつくる")
	r.presses("代表（練習 代表）になる") // the focus goes on from the new group
	r.sees("【練習】ほしぞら食堂", "はじめにすること")
	s.slug = strings.Split(s.pathOf(r), "/")[2]
	r.presses("団体のことを書く")
	r.fills("代表の名前", "練習 花子")
	r.fills("郵便番号", "000-0000")
	r.fills("住所", "練習県練習市一丁目1番1号")
	r.fills("電話", "000-000-0000")
	r.fills("電話に出られる時間", "火曜 10時から15時まで")
	r.fills("持って来られる所と時間", "練習集会所 火曜 10時から15時まで")
	r.presses("この内容で残す")

	s.treasurer, s.auditor = s.become("会計"), s.become("監事")
}

// become goes to the practice page and becomes somebody of the group.
func (s *story) become(role string) *hands {
	h := sit(s.t, role, s.at)
	h.goTo("/practice#" + s.slug)
	h.presses(role + "（練習 " + role + "）になる")
	h.sees("【練習】ほしぞら食堂")
	return h
}

func (s *story) pathOf(h *hands) string {
	s.t.Helper()
	path, err := chromium.Ask[string](h.Tab, `location.pathname`)
	h.must(err)
	return path
}

// looks has the page looked at as the crawl does: these pages no link leads to.
func (s *story) looks(h *hands) {
	s.t.Helper()
	faults, err := s.examiner.Page(h.Tab)
	h.must(err)
	for _, fault := range faults {
		s.t.Errorf("%s: %s", s.pathOf(h), fault)
	}
	h.must(h.Do(chromedp.EmulateViewport(1280, 800)))
}

// draft writes the promise, and finds out on the way what is missing.
func (s *story) draft() {
	h := s.treasurer
	h.presses("下書きを始める")
	h.fills("募金の名前", "冬の夕ごはんを16回")
	h.fills("どの取り組みのためか", "ふれあい食堂")
	h.presses("下書きを始める")
	h.sees("公表までに、あと", "まだ、だれにも見えません")
	h.presses("書いたところまで残す")
	h.fills("はじめの2文", "ひとりで夕ごはんを食べる方と、子どものための食堂です。冬の火曜日に16回ひらきます。")
	h.fills("なぜ、お金がいるか", "冬は、外に出る日がへります。")
	h.fills("ほかのお金でまかなう分", "参加費 おとな300円")
	h.fills("まだ決まっていないお金", "ありません")
	h.fills("何に使うか", "食材費")
	h.fills("数", "16")
	h.fills("数の単位", "回")
	h.fills("1つの金額", "15000")
	h.fills("いつまでに使うか", s.today.AddDays(100).String())
	h.fills("何で示すか", "レシート")
	h.presses("使いみちを足す")
	h.sees("16回 × 15,000円 ＝ 240,000円")
	h.fills("何に使うか", "会場") // of the second use: the focus is on it
	h.fills("金額数と単価", "60000")
	h.fills("いつまでに使うか", s.today.AddDays(100).String())
	h.fills("何で示すか", "領収書")
	h.chooses("団体の一般のお金から出す")
	h.fills("集め始める日", s.today.String())
	h.fills("集め終わる日", s.today.AddDays(30).String())
	h.fills("報告する日", s.today.AddDays(120).String())
	h.fills("足りないとき", "回数をへらします。")
	h.fills("多く集まったとき", "回数をふやします。")
	h.fills("中止したとき", "お返しします。")
	h.fills("責任を持つ人", "練習 会計")
	h.fills("ページのアドレス", "hoshizora-fuyu")
	h.presses("書いたところまで残す")
	h.sees("書くところは、みな書けています", "使いみちの合計（目標）300,000円")
}

func (s *story) announce() {
	h := s.representative
	h.goTo("/desk/" + s.slug)
	h.presses("募金")
	h.presses("冬の夕ごはんを16回")
	h.presses("残して、公表の確認へ進む")
	h.sees("240,000", "60,000", "300,000")
	h.pressesInVain("公表して、募金を始める") // without the tick
	h.ticks("この約束で公表します")
	h.presses("公表して、募金を始める")
	h.sees("募金中")
}

// giveByCard finds the campaign, reads the promise and gives 3,000 yen.
func (s *story) giveByCard() {
	s.giver = sit(s.t, "住民", s.at)
	h := s.giver
	h.goTo("/")
	h.presses("冬の夕ごはんを16回")
	h.sees("約束 300,000円", "まだ、だれも参加していません")
	h.presses("寄付する")
	h.pressesInVain("支払いの画面へ進む")
	h.fills("寄付する金額", "３，０００円")
	h.chooses("イニシャルだけ")
	h.fills("お名前", "𠮷田 葛󠄀城")
	h.fills("お名前の読み", "よしだ かつらぎ")
	h.fills("メールアドレス", "kifu@renshu.example")
	h.chooses("メールで受け取る")
	h.ticks("この使いみちで寄付します")
	h.chooses("カード")
	h.presses("支払いの画面へ進む")
	h.sees("3,000円", "お金は動きません")
	s.looks(h)
	h.presses("カードで3,000円を払う")
	h.waitsFor("寄付が届きました")
	h.sees("3,000円")
	s.looks(h)
	h.presses("寄付のページを開く")
	h.sees("3,000円")
	s.looks(h)
	h.goTo("/c/hoshizora-fuyu")
	h.sees("1人", "届いた 3,000円")
}

// giveAtKonbini gets a voucher first: until it is paid nobody has taken part.
func (s *story) giveAtKonbini() {
	h := s.giver
	h.presses("寄付する")
	h.fills("寄付する金額", "1000")
	h.chooses("名前を出さない")
	h.fills("お名前", "練習 次郎")
	h.fills("メールアドレス", "jiro@renshu.example")
	h.chooses("いらない")
	h.ticks("この使いみちで寄付します")
	h.chooses("コンビニ")
	h.presses("支払いの画面へ進む")
	h.presses("コンビニで払う番号を受けとる")
	s.pendingTellsTheTruth(h)
	h.waitsFor("寄付が届きました")
	h.goTo("/c/hoshizora-fuyu")
	h.sees("2人", "届いた 4,000円")
}

func (s *story) pendingTellsTheTruth(h *hands) {
	h.sees("コンビニで払う番号", "1,000円")
	s.looks(h)
	h.presses("払わずに、団体のページへ戻る")
	h.waitsFor("お支払いは、まだです")
	h.sees("1,000", "数えません")
	s.looks(h)
	pending := s.pathOf(h)
	h.goTo("/c/hoshizora-fuyu")
	h.sees("1人", "届いた 3,000円")
	h.goTo(pending)
	h.presses("払い方の案内を開く")
	h.presses("コンビニで払った")
	h.presses("団体のページへ戻る")
}

// envelopes are typed in by the treasurer: twelve households, 6,500 yen.
func (s *story) envelopes() {
	h := s.treasurer
	h.goTo("/desk/" + s.slug)
	h.presses("お金の出入り")
	h.presses("寄付を入れる")
	h.fills("金額", "6500")
	h.chooses("封筒")
	h.picks("どの募金へ", "おまかせ")
	h.chooses("世帯")
	h.fills("いくつ分か", "12")
	h.fills("だれが・どうやって知らせたか", "1班の班長から受け取った")
	h.presses("入れた内容を確かめる")
	h.sees("6,500円", "12世帯")
	s.looks(h)
	h.presses("この内容で帳簿に入れる")
}

// spend enters a receipt with a photo that says where it was taken.
func (s *story) spend() {
	h := s.treasurer
	photo := filepath.Join(s.t.TempDir(), "レシート.jpg")
	h.must(os.WriteFile(photo, photoWithPlace(s.t), 0o600))
	h.goTo("/desk/" + s.slug)
	h.presses("レシートを入れる")
	h.attaches("レシート・請求書の写真かPDF", photo)
	h.fills("払った金額", "2400")
	h.fills("払った先", "練習青果店")
	h.fills("何を買ったか", "大根・米")
	h.picks("使いみち", "食材費")
	h.picks("お金の分類", "食材")
	h.chooses("手元")
	h.presses("入れて、確認をたのむ")
	h.sees("2,400円", "確認", "練習青果店")
	s.photoForgetsItsPlace(h)
}

// photoForgetsItsPlace looks at the photo as it is kept and shown.
func (s *story) photoForgetsItsPlace(h *hands) {
	s.t.Helper()
	source, err := chromium.Ask[string](h.Tab, `document.querySelector("main img").src`)
	h.must(err)
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
func (s *story) fetch(h *hands, address string) []byte {
	s.t.Helper()
	cookies, err := h.Cookies()
	h.must(err)
	request, err := http.NewRequest(http.MethodGet, address, nil)
	h.must(err)
	request.Header.Set("Cookie", cookies)
	response, err := http.DefaultClient.Do(request)
	h.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	h.must(err)
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", address, response.Status)
	}
	return body
}

// check is done by another person.
func (s *story) check() {
	h := s.auditor
	h.goTo("/desk/" + s.slug)
	h.presses("確認する")
	h.sees("大根・米", "2,400円")
	h.presses("確認しました")
	h.goTo("/c/hoshizora-fuyu")
	h.sees("2人", "12世帯", "届いた 10,500円", "使った 2,400円", "残り 8,100円")
}

// write writes the report: nobody types a figure.
func (s *story) write() {
	h := s.treasurer
	h.goTo("/desk/" + s.slug)
	h.presses("募金")
	h.presses("冬の夕ごはんを16回")
	h.presses("報告を書く")
	h.sees("公表までに、あと")
	h.fills("「食材費」がちがった理由", "始めたばかりで、1回だけひらきました。")
	h.fills("「会場」がちがった理由", "集会所を無料で借りられました。")
	h.fills("したこと", "夕ごはんを1回ひらき、子どもと大人が食べました。")
	h.fills("回数", "1")
	h.fills("のべ人数", "21")
	h.fills("うまくいかなかったこと", "雪で1回中止しました。")
	h.fills("残りをどうするか", "1月からの食材費に使います。")
	h.fills("確かめた人の名前", "練習 監事")
	h.fills("確かめた日", s.today.String())
	h.presses("書いたところまで残す")
	h.sees("書くところは、みな書けています")

	r := s.representative
	r.goTo(s.pathOf(h))
	r.presses("残して、公表の確認へ進む")
	r.sees("約束 300,000円、届いた 10,500円、使った 2,400円、残り 8,100円")
	r.ticks("この内容で公表します")
	r.presses("公表して、寄付した方に知らせる")
	r.sees("公表ずみ")
}

// read follows the way of a resident to the report.
func (s *story) read() {
	h := s.giver
	h.goTo("/c/hoshizora-fuyu")
	h.presses("報告")
	s.report = s.pathOf(h)
	h.unfolds("同じ数字を表で見る")
	h.sees("食材費", "240,000", "2,400", "−237,600", "会場", "60,000", "雪で1回中止しました。", "10,500", "8,100", "練習 監事")
}

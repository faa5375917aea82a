package year

import (
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// promise founds a group of one's own and drafts what it promises: 180,000 yen for ten suppers and the hall they are in.
func (s *story) promise() {
	s.representative, s.treasurer, s.auditor, s.resident = s.sits("代表"), s.sits("会計"), s.sits("監事"), s.sits("住民")
	r := s.representative
	r.GoTo("/practice")
	r.Fills("団体の名前", "夕ごはんの会")
	r.Presses("団体をつくる")
	r.Presses("代表（練習 代表）になる")
	s.slug = strings.Split(r.Path(), "/")[2]
	s.group = "/o/" + s.slug
	r.Presses("団体のことを書く")
	r.Fills("代表の名前", "練習 花子")
	r.Fills("郵便番号", "000-0000")
	r.Fills("住所", "練習県練習市一丁目1番1号")
	r.Fills("電話", "000-000-0000")
	r.Fills("電話に出られる時間", "火曜 10時から15時まで")
	r.Fills("持って来られる所と時間", "練習集会所 火曜 10時から15時まで")
	r.Presses("この内容で残す")

	h := s.treasurer
	s.become(h, "会計")
	h.Presses("下書きを始める")
	h.Fills("募金の名前", "夕ごはんの会を10回")
	h.Fills("どの取り組みのためか", "夕ごはんの会")
	h.Presses("下書きを始める")
	h.Fills("はじめの2文", "ひとりで夕ごはんを食べる方と、集会所で食べます。10回ひらきます。")
	h.Fills("なぜ、お金がいるか", "だれとも話さない日が、つづく方がいます。")
	h.Fills("ほかのお金でまかなう分", "参加費 おとな300円")
	h.Fills("まだ決まっていないお金", "ありません")
	h.Fills("何に使うか", "食材費")
	h.Fills("金額数と単価", "120000")
	h.Fills("いつまでに使うか", s.today.AddDays(150).String())
	h.Fills("何で示すか", "レシート")
	h.Presses("使いみちを足す")
	h.Fills("何に使うか", "会場")
	h.Fills("金額数と単価", "60000")
	h.Fills("いつまでに使うか", s.today.AddDays(150).String())
	h.Fills("何で示すか", "領収書")
	h.Chooses("団体の一般のお金から出す")
	h.Fills("集め始める日", s.today.String())
	h.Fills("集め終わる日", s.today.AddDays(60).String())
	h.Fills("報告する日", s.today.AddDays(180).String())
	h.Fills("足りないとき", "回数をへらします。")
	h.Fills("多く集まったとき", "回数をふやします。")
	h.Fills("中止したとき", "お返しします。")
	h.Fills("責任を持つ人", "練習 会計")
	h.Fills("ページのアドレス", "yugohan-no-kai")
	h.Presses("書いたところまで残す")
	h.Sees("書くところは、みな書けています", "180,000円")
}

// vet has an operator look at who the group is, without which it cannot announce.
func (s *story) vet() {
	h := s.representative
	h.GoTo("/desk/" + s.slug)
	h.Presses("用意するものを見る")
	h.Fills("書類を、どうやって見せるか", "火曜に窓口へ持っていきます。")
	h.Presses("確認をたのむ")
	s.sees(h)
	o := s.sits("運営")
	o.GoTo("/practice")
	o.Presses("運営（練習 運営）になる")
	o.Presses("【練習】夕ごはんの会")
	s.sees(o)
	for _, paper := range []string{"定款・規約・会則を見ました", "代表者の本人確認書類を見ました"} {
		o.Ticks(paper)
		o.Picks("見方", "原本")
	}
	o.Presses("確認したことを残し")
	o.Sees("確認ずみ", "募金を公表できます")
}

func (s *story) announce() {
	h := s.representative
	h.GoTo("/desk/" + s.slug)
	h.Presses("募金")
	h.Presses("夕ごはんの会を10回")
	h.Presses("残して、公表の確認へ進む")
	s.sees(h)
	h.Ticks("この約束で公表します")
	h.Presses("公表して、募金を始める")
	h.GoTo(call)
	h.Sees("約束 180,000円", "まだ、だれも参加していません", "36,000円まで動かす") // a fifth of the promise
	s.sees(h)
}

// give brings 180,000 yen: three gifts by card, one in cash of a person without mail, and what twelve households put in envelopes.
func (s *story) give() {
	s.givesByCard("練習 一郎", "ichiro@renshu.example", "60000")
	s.givesByCard("練習 二葉", "futaba@renshu.example", "40000")
	s.givesByCard("練習 三郎", "saburo@renshu.example", "30000")
	h := s.treasurer
	s.entersCash("20000", func() {
		h.Chooses("人")
		h.Fills("お名前", "練習 四葉")
		h.Fills("郵便番号", "000-0000")
		h.Fills("住所", "練習県練習市二丁目2番2号")
	})
	s.entersCash("30000", func() {
		h.Chooses("世帯")
		h.Fills("いくつ分か", "12")
	})
	h.GoTo(call)
	h.Sees("12世帯", "届いた 180,000円", "残り 180,000円")
	s.sees(h)
}

func (s *story) givesByCard(name, mail, amount string) {
	s.t.Helper()
	h := s.resident
	h.GoTo(call)
	h.Presses("寄付する")
	h.Fills("寄付する金額", amount)
	h.Fills("お名前", name)
	h.Fills("メールアドレス", mail)
	h.Ticks("この使いみちで寄付します")
	h.Chooses("カード")
	h.Presses("支払いの画面へ進む")
	h.Presses("カードで")
	h.WaitsFor("寄付が届きました")
}

func (s *story) entersCash(amount string, who func()) {
	s.t.Helper()
	h := s.treasurer
	h.GoTo("/desk/" + s.slug + "/gifts/new")
	h.Fills("金額", amount)
	h.Chooses("封筒")
	h.Picks("どの募金へ", "おまかせ")
	who()
	h.Presses("入れた内容を確かめる")
	h.Presses("この内容で帳簿に入れる")
}

// tell publishes an update with a photo for everybody.
func (s *story) tell() {
	h := s.representative
	h.GoTo("/desk/" + s.slug)
	h.Presses("募金")
	h.Presses("夕ごはんの会を10回")
	h.Presses("活動だより")
	h.Presses("新しいたよりを書く")
	h.Fills("見出し", "1回めをひらきました")
	h.Fills("本文", "14人で、カレーを食べました。\n\n次は火曜日です。")
	h.Attaches("写真を足す", s.photo())
	h.Presses("書いたところまで残す")
	h.Fills("何が写っているか", "なべに入ったカレー")
	h.Ticks("写っている人（子どもは保護者）みなに")
	h.Presses("残して、読まれる姿を確かめる")
	s.sees(h)
	h.Ticks("この内容で出します")
	h.Presses("活動だよりを出す")
	h.GoTo(call)
	h.Presses("1回めをひらきました")
	h.Sees("14人で、カレーを食べました。")
	s.sees(h)
	s.photoIsKept(h)
	s.letter("ichiro@renshu.example", "1回めをひらきました", "/c/")
}

// photo is a picture as a telephone takes it.
func (s *story) photo() string {
	s.t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			picture.Set(x, y, color.RGBA{uint8(180 + x/32), uint8(120 + y/16), 40, 255})
		}
	}
	path := filepath.Join(s.t.TempDir(), "カレー.jpg")
	file, err := os.Create(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if err = errors.Join(jpeg.Encode(file, picture, nil), file.Close()); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// photoIsKept looks at how a photo of a public page comes: once it is seen, and not again for a day.
func (s *story) photoIsKept(h *chromium.Hands) {
	s.t.Helper()
	source, err := chromium.Ask[string](h.Tab, `document.querySelector('main img[loading="lazy"][alt="なべに入ったカレー"]').getAttribute("src")`)
	h.Must(err)
	answer, err := http.Get(s.at + source)
	h.Must(err)
	defer answer.Body.Close()
	tag := answer.Header.Get("ETag")
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Cache-Control") != "public, max-age=86400" || tag == "" {
		s.t.Errorf("the photo comes with %d, %v", answer.StatusCode, answer.Header)
	}
	if status, _ := s.known(source, tag); status != http.StatusNotModified {
		s.t.Errorf("the photo again: %d", status)
	}
}

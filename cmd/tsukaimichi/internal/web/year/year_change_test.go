package year

import "strconv"

// change takes the hall out of the promise and a car into it: 60,000 of 180,000 yen, where 36,000 may move without asking.
func (s *story) change() {
	h := s.treasurer
	h.GoTo("/desk/" + s.slug)
	h.Presses("募金")
	h.Presses("夕ごはんの会を10回")
	h.Presses("使いみちの約束を変える")
	s.sees(h)
	h.Fills("変える理由", "集会所が工事で使えません。公民館は無料なので、送り迎えの車を借ります。")
	h.Presses("使いみち2をやめる")
	h.Presses("使いみちを足す")
	h.Fills("何に使うか", "送り迎えの車")
	h.Fills("金額数と単価", "60000")
	h.Fills("いつまでに使うか", s.today.AddDays(150).String())
	h.Fills("何で示すか", "領収書")
	h.Presses("残して、違いを確かめる")
	h.Sees("やめる使いみち", "新しい使いみち", "60,000円", "36,000円", "公表するのは、代表です")
	s.sees(h)

	r := s.representative
	r.GoTo(h.Path())
	r.Ticks("この約束を公表します")
	r.Presses("公表して、寄付した方にたずねる")
	r.Sees("たずねた方", "4人", "まだ使っていないお金 60,000円", "練習 四葉")
	s.sees(r)
	r.GoTo(call)
	r.Sees("寄付した方にお聞きしています", "約束 180,000円", "会場")
	s.sees(r)
	r.Presses("何が変わるかを読む")
	r.Sees("集会所が工事で使えません", "まだ始まっていません")
	s.sees(r)
}

// choose: one wants his part back, one gives it to the group as it is, one says nothing; who has no mail says it on paper.
func (s *story) choose() {
	h := s.resident
	for _, giver := range []struct{ mail, share, answer, told string }{
		{"ichiro@renshu.example", "20,000円", "返してもらう", "返してもらう"},
		{"futaba@renshu.example", "13,333円", "団体", "団体"},
	} {
		h.GoTo(s.letter(giver.mail, "使いみち", "/choice/"))
		h.Sees("あなたの分は" + giver.share)
		s.sees(h)
		h.Chooses(giver.answer)
		h.Presses("この答えを伝える")
		h.Sees("受け取りました", giver.told)
		s.sees(h)
	}
	t := s.treasurer
	t.GoTo("/desk/" + s.slug)
	t.Presses("答えを見る・入れる")
	t.Picks("どなたの答えか", "練習 四葉")
	t.Chooses("返してもらう")
	t.Picks("どうやって聞いたか", "紙")
	t.Presses("この答えを入れる")
	t.Sees("返す 2人・26,667円", "ほかへまわす 1人・13,333円")
	s.sees(t)
}

// decide lets the two weeks pass: the card is refunded by itself, the cash by hand.
func (s *story) decide() {
	s.passes(7, 7, 1)
	h := s.resident
	h.GoTo(changed)
	h.Sees("いまの約束", "送り迎えの車")
	s.sees(h)
	t := s.treasurer
	s.become(t, "会計")
	t.Presses("返すお金の一覧")
	t.WaitsFor("返しました") // to the card
	s.sees(t)
	t.Picks("どなたに返したか", "練習 四葉")
	t.Picks("どこから返したか", "手元")
	t.Presses("返したことを帳簿に入れる")
	t.Sees("これから返す 0円", "返した 26,667円")
	h.GoTo(call)
	h.Sees("約束 180,000円", "送り迎えの車", "残り "+yen(180_000-26_667-13_333)+"円")
	s.sees(h)
}

// closeFull: a company brings more than was promised, and the group closes before its day.
func (s *story) closeFull() {
	h := s.treasurer
	s.entersCash("60000", func() {
		h.Chooses("会社・団体")
		h.Fills("お名前", "練習商店")
	})
	r := s.representative
	s.become(r, "代表")
	r.Presses("募金")
	r.Presses("夕ごはんの会を10回")
	r.Unfolds("予定より早く終える")
	r.Fills("早く終える理由", "約束したお金が届きました。")
	r.Presses("きょうで終える")
	s.sees(r)
	s.passes(1)
	h = s.resident
	h.GoTo(call)
	h.Sees("募集おわり", "集まった結果", "多く集まったら", "回数をふやします。", "残り 200,000円")
	s.sees(h)
}

func yen(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

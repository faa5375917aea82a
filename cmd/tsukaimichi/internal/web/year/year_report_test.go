package year

import (
	"encoding/csv"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// spend buys food for 118,000 yen and a car for 52,000, and has the auditor check both.
func (s *story) spend() {
	h := s.treasurer
	s.become(h, "会計")
	for _, paid := range []struct{ amount, to, what, use, account string }{
		{"118000", "練習青果店", "米・野菜・肉", "食材費", "食材"}, {"52000", "練習レンタカー", "車を借りる", "送り迎えの車", "借り"},
	} {
		h.GoTo("/desk/" + s.slug)
		h.Presses("レシートを入れる")
		h.Picks("レシートがないとき", "振込・口座振替")
		h.Fills("払った金額", paid.amount)
		h.Fills("払った先", paid.to)
		h.Fills("何を買ったか", paid.what)
		h.Picks("使いみち", paid.use)
		h.Picks("お金の分類", paid.account)
		h.Chooses("銀行")
		h.Presses("入れて、確認をたのむ")
		h.Sees("確認", paid.to)
	}
	a := s.auditor
	s.become(a, "監事")
	for range 2 {
		a.GoTo("/desk/" + s.slug)
		a.Presses("確認する")
		a.Presses("確認しました")
	}
	h.GoTo(call)
	h.Sees("使った 170,000円", "残り 30,000円")
	s.sees(h)
}

// late: the day of the report passes, and everybody reads so.
func (s *story) late() {
	s.passes(180)
	h := s.resident
	h.GoTo(call)
	h.Sees("報告待ち", "報告の期限がすぎています")
	s.sees(h)
	h.GoTo("/")
	h.Sees("報告待ち")
	h.GoTo(s.group)
	h.Sees("報告待ち")
	s.sees(h)
	r := s.representative
	s.become(r, "代表")
	r.Sees("報告待ち", "日すぎています")
	s.sees(r)
}

// report comes late and says what becomes of the 30,000 yen that are left: the day for them is the next one.
func (s *story) report() {
	h := s.treasurer
	s.become(h, "会計")
	h.Presses("報告を書く")
	h.Fills("「送り迎えの車」がちがった理由", "1日は、知り合いの車を借りられました。")
	h.Fills("したこと", "夕ごはんを10回ひらきました。")
	h.Fills("回数", "10")
	h.Fills("のべ人数", "143")
	h.Fills("うまくいかなかったこと", "雪で1回のばしました。報告もおくれました。")
	h.Fills("残りをどうするか", "来年の春の食材費に使います。")
	h.Fills("いつまでに使うか", s.today.AddDays(90).String())
	h.Fills("確かめた人の名前", "練習 監事")
	h.Fills("確かめた日", s.today.String())
	h.Presses("書いたところまで残す")
	h.Sees("書くところは、みな書けています")
	s.sees(h)

	r := s.representative
	r.GoTo(h.Path())
	r.Presses("残して、公表の確認へ進む")
	s.sees(r)
	r.Ticks("この内容で公表します")
	r.Presses("公表して、寄付した方に知らせる")
	r.Sees("次の報告は", "残ったお金をどうしたかを、また報告します")
	s.sees(r)

	h = s.resident
	h.GoTo(call)
	h.Sees("報告ずみ・つづく")
	s.sees(h)
	h.Presses("使いみちの報告を読む")
	s.reported = h.Path()
	h.Sees("雪で1回のばしました。", "来年の春の食材費に使います。", "170,000", "30,000")
	s.sees(h)
	h.GoTo(s.group)
	h.Sees("おくれて")
	s.sees(h)
}

// ask asks a question under the report, which is read by all once it is answered.
func (s *story) ask() {
	h := s.resident
	h.GoTo(s.reported + "/ask")
	h.Fills("質問", "車は、だれが運転しましたか。")
	h.Presses("質問を送る")
	h.Sees("質問を受け取りました")
	s.sees(h)
	r := s.representative
	r.GoTo("/desk/" + s.slug)
	r.Presses("質問を読む")
	s.sees(r)
	r.Fills("への答え", "会の者が、ふたりで運転しました。")
	r.Presses("質問と答えを出す")
	h.GoTo(s.reported)
	h.Sees("車は、だれが運転しましたか。", "ふたりで運転しました。")
	s.sees(h)
}

// addUp finds every yen again in what everybody can read: what was given is spent as promised, moved, returned or left. What was returned to fewer than five stands
// in no line of its own; the list says that the sum of the gifts is less by it.
func (s *story) addUp() {
	const given, returned, moved, spent, left = 60_000 + 40_000 + 30_000 + 20_000 + 30_000 + 60_000, 20_000 + 6_667, 13_333, 118_000 + 52_000, 30_000
	if given != spent+moved+returned+left {
		s.t.Errorf("the story itself does not add up")
	}
	h := s.resident
	h.GoTo(call)
	h.Sees("使った "+yen(spent)+"円", "残り "+yen(left)+"円", page.DayOnly(s.today.AddDays(90)))
	got, sum := s.records()
	want := map[string]int{"寄付": given - returned, "使いみちの間の移動": -moved, "食材": -118_000, "借りる費用": -52_000}
	if !maps.Equal(got, want) {
		s.t.Errorf("the list of entries says %v, want %v", got, want)
	}
	if sum != left {
		s.t.Errorf("the list of entries adds up to %d, and %d yen are left", sum, left)
	}
}

// records adds up the public list of entries, by what they are and in all: what came in less what went out.
func (s *story) records() (all map[string]int, sum int) {
	s.t.Helper()
	answer, err := http.Get(s.at + call + "/records.csv")
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	all = map[string]int{}
	for _, line := range lines[1:] {
		for column, sign := range map[int]int{4: 1, 5: -1} {
			if line[column] == "" {
				continue
			}
			amount, err := strconv.Atoi(line[column])
			if err != nil {
				s.t.Fatal(err)
			}
			what, _, _ := strings.Cut(strings.ReplaceAll(line[2], " ", "（"), "（") // without how many, or that what was returned is taken off
			all[what] += sign * amount
			sum += sign * amount
		}
	}
	return all, sum
}

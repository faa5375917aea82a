package need

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// What is typed in the story, to be found again in every paper.
const (
	sheet   = "夕ごはんを毎週ひらく"
	project = "みんなの夕ごはん（毎週）"
	need    = "町内に、夕ごはんをひとりで食べる人が12人いる。"
	content = "集会所で、毎週火曜に夕ごはんをひらく。"
	voice   = "火曜のほかの日は、ひとりで食べています。"
	effect  = "週に一度は、だれかと食べられる。"
	street  = "役員が街頭に立つ。"
	home    = "練習県練習市あおぞら一丁目1番1号"
)

// worksheet has boxes filled and one price altered: 360,000 + 48,000 + 4 times 12,000 yen.
func (s *story) worksheet() {
	s.coordinator = s.becomes("コーディネーター")
	h := s.coordinator
	h.GoTo(desk + "/plans")
	s.sees(h)
	h.Presses(sheet)
	h.Fills("専門職の見立て", need)
	h.Fills("内容", content)
	h.Fills("単価（円） 3行目", "12000")
	h.Presses("書いたところまで残す")
	h.Sees("残しました。", "必要経費の合計 456,000円")
	s.sees(h)
	h.GoTo(h.Path())
	s.holds(h, "assessed", need)
	s.holds(h, "content", content)
}

// fit has every rule shown with its sentence and what it is held against; what nobody knows is asked once.
func (s *story) fit() {
	h := s.coordinator
	h.GoTo(desk + "/grants")
	h.Sees("「"+sheet+"」に合うものから並べています", "地域福祉活動支援事業助成", "対象外のもの（1件）")
	h.Unfolds("対象外のもの")
	h.Sees("ボランティア活動の用具助成") // not for a 町内会
	s.sees(h)
	h.Presses("地域福祉活動支援事業助成")
	h.Sees("「構成員が5人以上の団体」", "会員・構成員の人数：32", "「会計を公開していること」", "「規約の写しを添えること」", "足りない書類：規約",
		"「同じ事業にほかの公的な助成を受けていないこと」", "合う度合い", "教えてください")
	s.sees(h)
	call := h.Path()
	h.Picks("同じ事業にほかの公的なお金を受ける", "いいえ")
	h.Presses("答える")
	h.Sees("同じ事業にほかの公的なお金を受ける：いいえ")
	h.GoTo(call)
	s.silent(h, "教えてください")
	s.sees(h)
}

// draftChest begins an application of T3 for the call: what the worksheet and the profile know stands there, what a person said does not.
func (s *story) draftChest() {
	h := s.coordinator
	h.Presses("この募集に申請を書く")
	s.sees(h)
	h.Presses("書き始める")
	h.Sees("書き始めました。", "共同募金 地域福祉 公募助成（型）")
	s.chest = h.Path()
	s.sees(h)

	s.head(s.chest)

	h.GoTo(s.chest)
	h.Presses("事業の概要")
	s.holds(h, "a_name", project)
	s.holds(h, "a_issue", need)
	s.holds(h, "a_content", content)
	s.silent(h, voice)
	h.Chooses("新規")
	h.Fills("いつから", s.today.AddDays(60).String())
	h.Fills("いつまで", s.today.AddDays(120).String())
	h.Fills("対象者の人数", "15")
	h.Fills("担い手の人数", "8")
	h.Fills("期待する効果", effect)
	h.Fills("共同募金への参加・協力", street)
	h.Presses("書いたところまで残す")
	h.Sees("残しました。")
	s.sees(h)

	h.GoTo(s.chest)
	h.Presses("収支予算")
	h.Chooses("概算（先に受け取る）")
	h.Presses("書いたところまで残す")
	s.oath(s.chest)
}

// head fills in what a form asks of the group; what the profile has is there already.
func (s *story) head(at string) {
	s.t.Helper()
	h := s.coordinator
	h.GoTo(at)
	h.Presses("団体について")
	s.holds(h, "a_members", "32")
	s.holds(h, "a_org_purpose", "火曜の夜に、みんなの食堂をひらきます。")
	h.Fills("代表者", "練習 代表")
	h.Fills("住所", home)
	h.Fills("電話", "000-000-0000")
	h.Fills("連絡の担当者", "練習 会計")
	h.Presses("書いたところまで残す")
	h.Sees("残しました。")
}

func (s *story) oath(at string) {
	s.t.Helper()
	h := s.coordinator
	h.GoTo(at)
	h.Presses("確認と誓約")
	h.Chooses("はい")
	h.Ticks("書いたことは事実で")
	h.Presses("書いたところまで残す")
	h.Sees("残しました。")
}

// budgetChest has the lines of the worksheet as costs. What is eaten is not paid for: 96,000 of 456,000 yen is the least of three.
func (s *story) budgetChest() {
	h := s.coordinator
	h.GoTo(s.chest)
	h.Presses("予算の表")
	s.holds(h, "cost_item", "食材")
	h.Picks("科目 1行目", "飲食費")
	h.Fills("紙の見積の数 2行目", "1")
	h.Presses("予算を残す")
	h.Sees("残しました。", "求められる額 96,000円", "ほかの収入 160,000円", "団体の負担 200,000円", "なぜこの額か", "様式の決まり（共同募金 地域福祉 公募助成（型）", "総事業費 456,000円", "× 3/4 = 342,000円", "のうち少ないほう 96,000円",
		"飲食・交流の費用は対象になりません")
	s.sees(h)
}

// signChest has the treasurer sign in vain, as the coordinator edits; then all three sign what it has become.
func (s *story) signChest() {
	s.treasurer, s.representative, s.auditor = s.becomes("会計"), s.becomes("代表"), s.becomes("監事")
	h := s.coordinator
	s.give(s.chest)
	s.silent(h, "として承認する")
	s.signs(s.treasurer, s.chest)
	s.sees(s.treasurer)

	h.GoTo(s.chest)
	h.Presses("収支予算")
	h.Chooses("精算（あとで受け取る）")
	h.Presses("書いたところまで残す")
	h.GoTo(s.chest)
	h.Sees("（いまの内容の前の版）", "まだ出していません")
	s.sees(h)

	s.give(s.chest)
	s.silent(h, "承認ずみ")
	s.allSign(s.chest)
	s.sees(s.auditor)
}

func (s *story) give(at string) {
	s.t.Helper()
	h := s.coordinator
	h.GoTo(at)
	h.Presses("団体の確認へまわす")
	h.Sees("団体の確認へまわしました。", "会計の番です")
}

func (s *story) signs(h *chromium.Hands, at string) {
	s.t.Helper()
	h.GoTo(at)
	h.Presses(h.Name + "として承認する")
	h.Sees("記録しました。")
}

func (s *story) allSign(at string) {
	s.t.Helper()
	for _, h := range []*chromium.Hands{s.treasurer, s.representative, s.auditor} {
		s.signs(h, at)
	}
	s.auditor.Sees("承認ずみ")
}

// handIn is the representative's.
func (s *story) handIn() {
	h := s.representative
	h.GoTo(s.chest)
	h.Picks("出し方", "郵送")
	h.Fills("受付番号", "1234-5678-9012")
	h.Presses("出したことを記録する")
	h.Sees("出したことを記録しました。", "番号 1234-5678-9012", "ファイル3")
	s.sees(h)
}

package need

// lasting is what only T5 asks.
const lasting = "町内会の会費から、毎年3万円を出す。"

// draftSystem begins an application of T5 from the same worksheet, without a call.
func (s *story) draftSystem() {
	h := s.coordinator
	h.GoTo(desk + "/applications")
	s.sees(h)
	h.Presses("申請を始める")
	h.Fills("申請の名前", "支え合いの体制づくり")
	h.Picks("もとにする計画のシート", sheet)
	h.Chooses("支え合い体制づくり")
	h.Presses("書き始める")
	h.Sees("書き始めました。", "都道府県 支え合い体制づくり 補助（型）")
	s.system = h.Path()

	s.head(s.system)

	h.GoTo(s.system)
	h.Presses("事業計画書")
	s.holds(h, "a_name", project)
	s.holds(h, "a_issue", need)
	s.holds(h, "a_content", content)
	s.holds(h, "a_structure", "料理の会に声をかけ、衛生の講座を4回ひらく。")
	s.silent(h, voice)
	h.Fills("名称 1行目", "練習民生委員会")
	h.Fills("役割 1行目", "見守り")
	h.Fills("続けていく計画", lasting)
	h.Presses("書いたところまで残す")
	h.Sees("残しました。")
	s.sees(h)
	s.oath(s.system)
}

// budgetSystem is a claim that income lowers: 456,000 − 60,000 − 330,000 yen is less than the 96,000 it could be.
func (s *story) budgetSystem() {
	h := s.coordinator
	h.GoTo(s.system)
	h.Presses("予算の表")
	h.Picks("科目 1行目", "飲食費")
	h.Picks("科目 2行目", "備品購入費")
	h.Picks("科目 3行目", "賃金・報償費")
	h.Fills("紙の見積の数 2行目", "1")
	h.Fills("金額（円） 2行目", "330000")
	h.Presses("予算を残す")
	h.Sees("残しました。", "求められる額 66,000円", "ほかの収入 390,000円", "団体の負担 0円", "なぜこの額か", "390,000円", "のうち少ないほう 66,000円", "飲食の費用は対象になりません")
	s.sees(h)
	h.Fills("寄付がもっと集まったら", "10000")
	h.Presses("くらべる")
	h.Sees("寄付が10,000円ふえると、求められる額は10,000円へり、56,000円になります。")
}

func (s *story) signSystem() {
	s.give(s.system)
	s.allSign(s.system)
	s.printed(s.system, project, need, content, "料理の会に声をかけ、衛生の講座を4回ひらく。", "練習民生委員会", "見守り", lasting, home, "456,000", "390,000", "66,000", "団体内の承認", "練習 監事")
}

package public_test

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	open   = page.Tag{Kind: page.TagOpen, Text: "募金中"}
	late   = page.Tag{Kind: page.TagLate, Text: "報告待ち"}
	done   = page.Tag{Kind: page.TagDone, Text: "報告ずみ"}
	mottoA = page.Motto{Text: "ひとりの夕ごはんを、\n週に一度は、みんなの夕ごはんに。", By: "代表　練習 みつ子"}
)

func sampleContact() []page.Pair {
	return []page.Pair{
		{Term: "団体", Text: "みどり町ふれあい食堂（練習・法人ではない団体）"},
		{Term: "代表・責任者", Text: "練習 みつ子"},
		{Term: "住所", Text: "あおば県若葉野市みどり町2-5 みどり町集会所"},
		{Term: "電話", Tel: "0000-00-0000", Text: "火曜 10時〜15時"},
		{Term: "口座の名義", Text: "みどり町ふれあい食堂 代表 練習みつ子"},
	}
}

func sampleProof() page.Proof {
	return page.Proof{MatchedOn: ledger.NewDate(2026, time.November, 20), By: "会計", VerifyHref: "/verify", Cells: []page.ProofCell{
		page.Sequence(482), {Term: "報告の約束", Text: "2027年4月30日（金）まで", Note: "使い終わったら、このページで報告します"}}}
}

func sampleCampaign() public.CampaignPage {
	uses := []page.Bar{
		{Number: "1", Name: "食材費", How: "お米・野菜・肉・調味料", Terms: []string{"16回 × 15,000円", "2027年3月9日までに使います", "買ったときのレシートを見せます"}, Promised: 240000, Received: 160800, Spent: 30240, Left: 130560},
		{Number: "2", Name: "会場・光熱・保険", How: "集会所、ガスと電気、行事の保険", Terms: []string{"16回 × 3,750円", "2027年3月9日までに使います", "請求書・領収書を見せます"}, Promised: 60000, Received: 40200, Spent: 25000, Left: 15200, Unchecked: 5000},
		{Number: "3", Name: "大鍋と炊飯器", How: "20年使ったものの買いかえ", Terms: []string{"大鍋 2個・炊飯器 1台", "2026年12月25日までに使います", "領収書と写真を見せます"}, Promised: 52000, Received: 34840, Spent: 19800, Left: 15040},
		{Number: "4", Name: "届けるための容器とバッグ", Terms: []string{"容器 400個 × 60円、保冷バッグ 4個 × 3,500円"}, Promised: 38000, Received: 25460, Spent: 11880, Left: 13580},
		{Number: "5", Name: "受け取りの手数料", How: "カード・コンビニ払いにかかるお金", Promised: 10000, Received: 6700, Spent: 4105, Left: 2595},
	}
	total := page.Bar{Name: "ぜんぶの使いみち", Total: true, Say: "約束の67％が届き、そのうち91,025円を使いました。", Promised: 400000, Received: 268000, Spent: 91025, Left: 176975, Unchecked: 5000}
	return public.CampaignPage{
		Public: page.Public{Title: "冬の火曜日、あたたかい夕ごはんを16回", Description: "みどり町ふれあい食堂（練習）の募金。使いみちの約束と、いま。",
			Crumbs: []page.Link{{Href: "/o/midori", Text: "みどり町ふれあい食堂（練習）"}}},
		Tag: open, Period: "2026年12月20日（日）まで", Name: "冬の火曜日、あたたかい夕ごはんを16回",
		Lead:  "みどり町の集会所で、こどもからお年寄りまで、いっしょに食べる夕ごはんを開きます。来られない方には、家まで届けます。",
		Motto: mottoA, GiveHref: "/c/fuyu/give", GiveNote: "500円から。登録はいりません。",
		People: page.People{Persons: 128, Households: 36, Companies: 2}, Names: "練習 花子、や・は", PeopleNote: "世帯は、回覧の封筒でいただいた数です。",
		Total: total, Uses: uses, UsesNote: "線の長さは、それぞれの約束を100％にしています。届いたお金は、上の使いみちから順に入れています。",
		Table:   page.BarTable("使いみちごとの約束・届いた・使った・残り（2026年11月24日 午前9時）", uses, total),
		Pending: "コンビニで払うのを待っている寄付が、1件・3,000円あります。届くまで数えません。", Edition: "第2版", VersionOn: ledger.NewDate(2026, time.October, 20),
		Versions: []public.VersionRow{{Name: "第1版", On: ledger.NewDate(2026, time.September, 25), Reason: "保冷バッグの値段が分かったので、直しました。", Href: "/c/fuyu/plan/1"}},
		Margin:   "使いみちの間では、80,000円まで動かすことがあります。それより大きく変えるときは、寄付した方にたずねます。", CostsBorne: "カード・コンビニの手数料は「受け取りの手数料」から払います。",
		OtherSources: "利用料 おとな300円\n市社協のふれあい助成 200,000円", Uncovered: "配食のガソリン代（未定）",
		Proof: sampleProof(), RecordsHref: "/c/fuyu/records",
		Need: "みどり町では、75歳以上のひとり暮らしの方がふえました。\n冬は外に出る日がへります。\n\n去年の冬は10回開き、のべ386人が食べに来ました。",
		WhatIf: []page.Pair{{Term: "足りなかったら", Text: "食材費と会場を先にします。大鍋と炊飯器の買いかえは来年にのばします。"},
			{Term: "多く集まったら", Text: "食材費に入れて、開く回数をふやします（20回まで）。"}, {Term: "中止したら", Text: "使っていない分を、お返しするか、次の夏の食堂に使うか、寄付した方に選んでいただきます。"}},
		Ways: []page.Pair{{Term: "銀行の振込", Text: "練習銀行 若葉野支店 普通 0000000\nみどり町ふれあい食堂 代表 練習みつ子"}, {Term: "持参", Text: "みどり町集会所（火曜 10時〜15時）"}},
		Reports: []page.ListRow{{Tag: done, Name: "夏休みこども食堂 2026", Href: "/c/natsu", Text: "2026年9月30日に報告（期限どおり）"},
			{Tag: late, Name: "春のお花見配食 2026", Href: "/c/haru", Text: "期限の10月31日から24日すぎています"}},
		Organisation: page.Link{Href: "/o/midori", Text: "みどり町ふれあい食堂（練習）のページ"}, Contact: sampleContact(), LawHref: "/o/midori/law",
		TaxNote: "この団体への寄付は、税金の控除の対象ではありません。", LeafletHref: "/c/fuyu/leaflet.pdf",
	}
}

func sampleStopped() public.CampaignPage {
	p := sampleCampaign()
	p.Tag, p.Period, p.GiveHref, p.Versions, p.Ways, p.Reports = page.Tag{Kind: page.TagDone, Text: "やめました"}, "2026年11月20日にやめました", "", nil, nil, nil
	p.State = &page.Notice{Head: "この募金は、とちゅうでやめました", Text: "集会所が工事で使えなくなりました。残ったお金のことは「もしものとき」に書いたとおりにします。"}
	p.People, p.Proof = page.People{}, page.Proof{Cells: []page.ProofCell{page.Sequence(0)}}
	p.Report = page.Link{Href: "/r/1", Text: "報告を読む"}
	return p
}

func sampleOrganisation() public.OrganisationPage {
	return public.OrganisationPage{
		Public: page.Public{Title: "みどり町ふれあい食堂（練習）", Description: "団体のページ。入ったお金、使ったお金、報告"},
		Place:  "あおば県若葉野市みどり町", Since: "2014年から", Name: "みどり町ふれあい食堂（練習）",
		Lead:  "週に一度、集会所で夕ごはんを作り、いっしょに食べ、来られない方に届けている団体です。",
		Motto: page.Motto{Text: "食べることは、\n会うこと。", By: "団体のことば"},
		Notices: []page.Notice{{Tag: late, Head: "春のお花見配食 2026", Attend: true,
			Text: "報告の期限（2026年10月31日）から24日すぎています。報告が出るまで、この団体は新しい募金を始められません。"}},
		Campaigns: []page.ListRow{
			{Tag: open, Name: "冬の火曜日、あたたかい夕ごはんを16回", Href: "/c/fuyu", Note: "2026年12月20日（日）まで", Strong: "128人・36世帯・2社", Text: "268,000円が届き、91,025円を使いました"},
			{Tag: done, Name: "夏休みこども食堂 2026", Href: "/c/natsu", Note: "2026年9月30日に報告（第2版）", Strong: "96人・41世帯・3社", Text: "312,400円が届き、299,322円を使いました"}},
		Promises: public.Promises{Lead: "これまでに約束した報告5件のうち、4件を期限までに、1件をおくれて報告しました。", Years: page.Years{{Name: "2026年度", Kept: 1, Overdue: 1, ToCome: 2}, {Name: "2025年度", Kept: 3, Late: 1}}.Draw(),
			Each: []page.Pair{{Term: "春のお花見配食 2026", Text: "約束は2026年10月31日まで。報告待ち、24日です。"}}},
		YearNote: "2026年4月1日から11月24日まで。",
		In: page.Shares{Scale: 1156960, Rows: []page.Share{{Name: "寄付", Note: "のべ282人・104世帯・5社", Amount: 676760}, {Name: "助成金", Note: "市社協のふれあい助成 1件", Amount: 200000},
			{Name: "利用料", Note: "おとな 300円 × 614食", Amount: 184200}, {Name: "協賛", Note: "2社", Amount: 60000}, {Name: "会費", Note: "12人 × 3,000円", Amount: 36000}}, Total: page.Share{Name: "合計", Amount: 1156960}}.Draw(),
		Out: page.Shares{Scale: 1156960, Out: true, Rows: []page.Share{{Name: "食材費", Amount: 486340}, {Name: "会場・光熱・保険", Amount: 142600}, {Name: "道具と設備", Amount: 227979}}, Total: page.Share{Name: "合計", Amount: 856919}}.Draw(),
		Left: page.Agree{{Name: "4月1日にあったお金", Amount: 214305}, {Name: "入ったお金", Amount: 1156960, Signed: true}, {Name: "使ったお金", Amount: -856919, Signed: true},
			{Name: "いまあるお金", Amount: 514346, Sum: true}, {Name: "うち、使いみちの決まったお金", Amount: 273453}, {Name: "うち、団体が自由に使えるお金", Amount: 240893}},
		Vetted: public.Vetted{Tag: done, Lead: "2026年9月1日に、運営者が確認しました。", Seen: []page.Pair{{Term: "定款・規約・会則", Text: "2026年9月1日・原本"}, {Term: "代表者の本人確認書類", Text: "2026年9月1日・原本"}},
			Notes: []string{"見たのは、だれの団体かが分かる書類です。お金の使い方を約束するものではありません。"}},
		Proof:     sampleProof(),
		Documents: []page.Document{{Link: page.Link{Href: "/r/2", Text: "夏休みこども食堂 2026 使いみちの報告"}, Note: "2026年10月15日（第2版）"}},
		Contact:   sampleContact()[1:4], LawHref: "/o/midori/law",
	}
}

func sampleNewOrganisation() public.OrganisationPage {
	p := sampleOrganisation()
	p.Notices, p.Campaigns, p.Documents, p.In.Rows, p.Out.Rows = nil, nil, nil, nil, nil
	p.In.Total.Amount, p.Out.Total.Amount = 0, 0
	p.NoneYet = page.Empty{Text: "まだ募金はありません。始まると、ここに並びます。"}
	return p
}

func sampleFront(asked bool) public.FrontPage {
	p := public.FrontPage{
		Public: page.Public{Title: "募金をさがす", Description: "使いみちを先に約束する、地域の募金の一覧です。", Current: "/"},
		Search: page.Search{Action: "/", Label: "募金をさがす", Name: "q", Hint: "団体・町の名前・ことば", Kinds: []page.Select{{Name: "state", Label: "いまの状態",
			Options: []page.Option{{Value: "", Text: "すべて", Chosen: true}, {Value: "open", Text: "募金中"}, {Value: "late", Text: "報告待ち"}, {Value: "reported", Text: "報告ずみ"}}}}},
	}
	if asked {
		p.Asked, p.Search.Value, p.Found = true, "宇宙旅行", "「宇宙旅行」で0件"
		p.None = page.Empty{Text: "「宇宙旅行」の募金は見つかりませんでした。ことばを短くするか、町の名前でさがしてください。", Link: page.Link{Href: "/", Text: "ぜんぶの募金を見る"}}
		return p
	}
	p.Found = "3件"
	p.Rows = []page.ListRow{
		{Tag: open, Name: "冬の火曜日、あたたかい夕ごはんを16回", Href: "/c/fuyu", Note: "みどり町ふれあい食堂（練習）・あおば県若葉野市・2026年12月20日（日）まで", Strong: "128人・36世帯・2社", Text: "約束 400,000円のうち、268,000円が届きました"},
		{Tag: late, Name: "春のお花見配食 2026", Href: "/c/haru", Note: "みどり町ふれあい食堂（練習）・報告の期限 2026年10月31日", Strong: "58人・27世帯", Text: "84,000円が届き、74,600円を使いました"},
		{Tag: done, Name: "夏休みこども食堂 2026", Href: "/c/natsu", Note: "みどり町ふれあい食堂（練習）・2026年9月30日に報告", Strong: "96人・41世帯・3社", Text: "312,400円が届き、299,322円を使いました"},
	}
	p.Pager = page.Pager{After: page.Link{Href: "/?page=2", Text: "次の20件"}, Say: "1〜20件目／23件"}
	return p
}

func sampleLaw() public.LawPage {
	return public.LawPage{
		Public:       page.Public{Title: "特定商取引法に基づく表記", Crumbs: []page.Link{{Href: "/o/midori", Text: "みどり町ふれあい食堂（練習）"}}},
		Organisation: "みどり町ふれあい食堂（練習）",
		Facts: public.LawFacts{Name: "みどり町ふれあい食堂（練習）", Head: "練習 みつ子", Tel: "0000-00-0000", Hours: "火曜 10時〜15時", Mail: "renshu@example.jp",
			Amount: "500円から1,000,000円まで、寄付する方が決めます。", Extra: "銀行の振込のときは、振込の手数料。カードとコンビニではかかりません。", Ways: "クレジットカード、コンビニ、銀行の振込、現金の持参",
			PayBy: "カードは申し込みのとき。コンビニは申し込みから3日以内。", Delivery: "領収書（希望する方）。使いみちの報告を2027年4月30日までに公開します。", Refund: "原則としてお返しできません。まちがえたときは、早めに知らせてください。募金をやめたときは、募金のページに書いたとおりにします。"}.Pairs(),
	}
}

// sampleWithdrawn is an edition whose bytes were taken away.
func sampleWithdrawn() public.ReportPage {
	p := sampleReport(&page.Notice{Head: "この版は、取り下げました", Text: "のせてよいという了解が取り消されたため、写真1枚をはずしました。数字は変わりません。", Attend: true,
		Link: page.Link{Href: "/r/2", Text: "いまの版を読む"}})
	p.Title, p.Body, p.Paper, p.Sheets = "取り下げた報告", "", page.Link{}, nil
	return p
}

func sampleReport(state *page.Notice) public.ReportPage {
	return public.ReportPage{
		Public: page.Public{Title: "夏休みこども食堂 2026 使いみちの報告", Crumbs: []page.Link{{Href: "/o/midori", Text: "みどり町ふれあい食堂（練習）"}}},
		Tag:    done, Edition: "第2版（訂正版）・2026年10月15日", State: state,
		Body: `<div class="lead"><h1>夏休みこども食堂 2026<br>使いみちの報告</h1><p class="lead__text">夏休みに11回、集会所で昼ごはんを開きました（練習）。</p></div>` +
			`<section class="sec" aria-labelledby="b1"><div class="sec__label"><h2 id="b1">参加した人</h2></div><div><p class="people"><span><b>96</b>人</span></p></div></section>`,
		Sheets: []page.Document{{Link: page.Link{Href: "/r/2.pdf", Text: "大きな字の報告（A4 1枚）"}, Note: "掲示や、手わたし用"}}, Paper: page.Link{Href: "/r/2-full.pdf", Text: "全部を読む（PDF）"}, Records: page.Link{Href: "/r/2.csv", Text: "もとの帳簿を見る（CSV）"},
		Editions: []page.Pair{{Term: "第2版（いま）", Text: "2026年10月15日。「会場・冷房」を36,000円から33,000円に直しました。返金を入れ忘れていました。おわびします。"},
			{Term: "第1版", Text: "2026年9月30日。", Link: page.Link{Href: "/r/1", Text: "前の版を読む"}}},
		Proven: []public.Proven{{Head: "記録 412・2026年8月", Text: "食材（食材費）", Amount: 3480, Photos: []page.Photo{{Source: "/files/1/redacted/00.jpg", Alt: "記録412の書類の写し、1枚目。名前や住所などは黒くぬってあります。"}}}},
		Number: "R-2026-0031", Print: "9f2c41d7a6b0", Contact: sampleContact()[3:4],
	}
}

func sampleMisuse(kind string) public.MisusePage {
	return public.NewMisusePage(page.Site{Operator: "若葉野市 練習センター", OperatorTel: "0000-00-0001", OperatorHours: "平日 9時〜17時", OperatorMail: "renshu@example.jp"},
		&ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Kind: kind, Representative: "練習 みつ子", Phone: "0000-00-0000", PhoneHours: "火曜 10時〜15時", Slug: "midori"},
		[]page.Document{{Link: page.Link{Href: "/r/2", Text: "夏休みこども食堂 2026 使いみちの報告"}, Note: "2026年10月15日（第2版）"}})
}

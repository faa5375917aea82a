package documenttest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// Report is the full edition of the usage report, with every kind of block.
func Report() document.Document {
	d := document.Document{Meta: Meta(), Blocks: document.Blocks{
		document.Title{Kicker: "練習　みどり町ふれあい食堂", Text: "夏休みこども食堂 2026\n使いみちの報告",
			Edition: document.Join(document.Day(ledger.NewDate(2026, 10, 15)), document.Words("　第2版（訂正版）"))},
		document.Paragraph{Text: document.Words("夏休みに11回、集会所で昼ごはんを開きました。いただいたお金を何に使ったか、ひとつずつ報告します。")},
		document.People{Label: "参加した人", Counts: []document.Count{{Number: 96, Unit: "人"}, {Number: 41, Unit: "世帯"}, {Number: 3, Unit: "社"}}},
		Total,
		document.Note{Title: "この報告は訂正版です", Attend: true, Texts: []document.Text{
			document.Words("会場・冷房を36,000円から33,000円に直しました。返金を入れ忘れていました。おわびします。")}},
		document.Heading{Text: "約束と、実際", Note: "旗のところまでが約束です。旗をこえた分は、たてじまで示します。線の長さは、使いみちごとに決めています。"},
	}}
	for i, u := range Uses {
		d.Blocks = append(d.Blocks, document.Bar{Label: u.Name, Number: i + 1, Promised: u.Promised, Spent: u.Actual, Settled: true, Why: u.Reason + "。"})
	}
	d.Blocks = append(d.Blocks,
		document.Heading{Text: "同じ数字の表（円）"},
		UseTable(),
		document.Heading{Text: "届いたお金"},
		document.Shares{Name: "届いたお金", Total: 312_400, Note: "140件", Items: []document.Share{{Label: "カード", Note: "52人・52件", Amount: 156_500},
			{Label: "コンビニ", Note: "21人・21件", Amount: 48_000}, {Label: "現金・振込", Note: "23人・23件", Amount: 46_400},
			{Label: "封筒（戸別）", Note: "41世帯・41件", Amount: 31_500}, {Label: "会社・お店", Note: "3社・3件", Amount: 30_000}}},
		document.Heading{Text: "食堂のようす"},
		document.Columns{
			Left:  document.Blocks{document.Photo{Bytes: Photograph(600, 400), Alt: "練習用の色の面", Caption: "8月4日。夏野菜のカレーを、みんなで46皿。"}},
			Right: document.Blocks{document.Photo{Bytes: Photograph(600, 400), Alt: "練習用の色の面", Caption: "8月18日。いただいた板で、木の船づくり。"}},
		},
		document.Voice{Text: "夏休みは孫とふたり。ここに来ると、私まで宿題を教える先生です。", By: "70代の参加者（本人の了解あり）"},
		document.Heading{Text: "うまくいかなかったこと"},
		document.Paragraph{Text: document.Words(Story)},
		document.Heading{Text: "どうしてわかるのですか"},
		document.Proof{Cells: []document.ProofCell{
			{Label: "最後に通帳と合わせた日", Value: document.Day(ledger.NewDate(2026, 10, 10)), Note: document.Join(document.Words("帳簿と通帳の違い "), document.Yen(0))},
			{Label: "お金の記録", Value: document.Words("第318番で確定"), Note: document.Words("レシート38枚と結びついています")},
			{Label: "報告した日", Value: document.Day(ledger.NewDate(2026, 9, 30)), Note: document.Words("期限どおりです")},
		}, Stamp: &document.Stamp{Top: "通帳照合", On: ledger.NewDate(2026, 10, 10), Bottom: "会計"}},
		document.Heading{Text: "この報告の確かめ方", Sub: true},
		document.List{Ordered: true, Items: []document.Text{document.Words("このページの番号を、右のコードから開いたページの番号とくらべます。"),
			document.Join(document.Words("「"), document.Strong("もとの帳簿を見る"), document.Words("」の表を足すと、上の合計になります。"))}},
		document.List{Items: []document.Text{document.Words("表の1行は、お金の動き1つです。"), document.Words("名前は出ません。")}},
		document.Heading{Text: "版と訂正"},
		document.Facts{Items: []document.Fact{
			{Label: "第2版（いま）", Value: document.Join(document.Day(ledger.NewDate(2026, 10, 15)), document.Words("。「会場・冷房」を36,000円から33,000円に直しました。"))},
			{Label: "第1版", Value: document.Day(ledger.NewDate(2026, 9, 30))},
		}},
		document.Signature{Statement: document.Words("監査した結果、正確であることを認めます。"), On: ledger.NewDate(2026, 10, 14), Role: "監事", Name: "練習 花子",
			Stamp: &document.Stamp{Top: "監査ずみ", On: ledger.NewDate(2026, 10, 14), Bottom: "監事"}},
		document.Rule{},
		document.Paragraph{Quiet: true, Text: document.Words("問い合わせ：練習　みどり町ふれあい食堂　0000-00-0000（火曜 10時〜15時）")},
		document.QR{Text: "https://tsukaimichi.example/r/R-2026-0031", Caption: "この報告のページ。耳で聞く方は、こちらをお使いください。"},
	)
	d.Attachments = []document.Attachment{{Name: "使途明細.csv", Description: "使いみちの明細", MediaType: "text/csv",
		Bytes: []byte("\ufeff使いみち,約束,実際\r\n食材費,156000,171860\r\n")}}
	return d
}

// Story is a paragraph with what lines turn badly at: brackets, numbers with units, long katakana words, Latin, an address.
const Story = "8月11日は台風で中止しました。前の日に決めましたが、4人に知らせがまにあいませんでした。来年は、中止の連絡を電話の当番で回します。" +
	"のべ3,482名の方が「話を聞いてもらえるだけでほっとする」「また来月も楽しみにしている」と言ってくださいました……。" +
	"車両の購入費は2,400,000円を見込みましたが、1,850,000円で譲り受け、差額の550,000円を12か所への灯油（kerosene）と学習用タブレット" +
	"（第10世代・64GB）にあてました。ボランティアセンターのコーディネーターが、約50％の回で手伝いました。" +
	"使いみちの変更は令和7年10月3日にウェブサイト（https://tsukaimichi.example/campaigns/natsuyasumi-2026/changes?id=20261003）で公表しています！？"

// Receipt is a donation receipt on one page, for any name.
func Receipt(name string) document.Document {
	m := Meta()
	m.Title, m.Subject, m.Template, m.Number, m.URL = "寄附金受領証", "寄附金受領証", "receipt/v1", "2026-000123", "https://tsukaimichi.example/v/2026-000123"
	return document.Document{Meta: m, Blocks: document.Blocks{
		document.Title{Text: "寄附金受領証", Edition: document.Words("番号 2026-000123")},
		document.Addressee{Name: name, Honorific: "様"},
		document.Paragraph{Text: document.Words("次のとおり、寄附金を受け取りました。ありがとうございました。")},
		document.Facts{Items: []document.Fact{
			{Label: "金額", Value: document.Yen(30_000), Large: true},
			{Label: "受け取った日", Value: document.Day(ledger.NewDate(2026, 8, 4))},
			{Label: "使いみち", Value: document.Words("夏休みこども食堂 2026（募金の約束 第1版）")},
			{Label: "受け取り方", Value: document.Words("振込")},
		}},
		document.Signature{On: ledger.NewDate(2026, 8, 10), Role: "練習　みどり町ふれあい食堂　代表", Name: "練習 太郎"},
		document.QR{Text: m.URL, Caption: "この受領証が本物か、ここで確かめられます。"},
	}}
}

// Photograph is a JPEG of w × h pixels.
func Photograph(w, h int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(120 + x*100/w), uint8(140 + y*80/h), 150, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

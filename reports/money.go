package reports

import (
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

var channelWords = map[campaigns.Channel]string{
	campaigns.Card: "カード", campaigns.Konbini: "コンビニ", campaigns.Transfer: "銀行振込", campaigns.Slip: "払込票",
	campaigns.Cash: "現金", campaigns.Box: "募金箱", campaigns.Envelope: "封筒（戸別）",
}

// shares is money in by source, with 人, 世帯, 社 and 件.
func (u Usage) shares() document.Shares {
	f := u.Figures
	shares := document.Shares{Name: "届いたお金", Total: f.In()}
	add := func(label, note string, amount ledger.Yen) {
		shares.Items = append(shares.Items, document.Share{Label: label, Note: note, Amount: amount})
	}
	switch {
	case f.Progress.Carried > 0:
		add("前からの残り", "くりこし", f.Progress.Carried)
	case f.Progress.Carried < 0: // more was moved away than there was before
		add("ほかのお金へ移した分", "約束の変更や中止による", f.Progress.Carried)
	}
	for _, g := range f.Gifts {
		add("寄付・"+g.name(), g.note(f.toldGifts() > 0), g.Amount)
	}
	if f.Returned != 0 {
		add("返した寄付", fmt.Sprintf("%d件", f.Returns), -f.Returned)
	}
	for _, o := range f.Other {
		add(o.Plain, fmt.Sprintf("%d件", o.Count), o.Amount)
	}
	if n := f.GiftCount(); n > 0 {
		p := f.Progress.People
		shares.Note = "寄付 " + counts(p.Persons, p.Households, p.Companies, f.toldGifts())
	}
	return shares
}

func (u Usage) moneyIn() document.Blocks {
	f := u.Figures
	blocks := document.Blocks{document.Heading{Text: "届いたお金", Note: "払い方ごとの人数と金額です。"}}
	if shares := u.shares(); len(shares.Items) > 0 {
		blocks = append(blocks, shares)
	} else {
		blocks = append(blocks, document.Paragraph{Text: document.Words("まだ届いていません。")})
	}
	if f.Progress.Carried > 0 {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Words("前からの残りをのぞくと、こんど届いたお金は"),
			document.Yen(f.Progress.Received).Bold(), document.Words("です。"))})
	}
	switch {
	case f.Progress.InKindFew:
		blocks = append(blocks, document.Paragraph{Text: document.Words("ほかに、品物などをいただきました。くださった方が少ないので、額は出しません。")})
	case f.Progress.InKind != 0:
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Words("ほかに、品物などを"), document.Yen(f.Progress.InKind),
			document.Words("分いただきました。上の合計には入っていません。"))})
	}
	return blocks
}

// counts says who took part and how many gifts it were: 52人・52件. Of a number below five it is said that there are others, or, where there is nobody else,
// that they are few; and then not how many gifts there were in all.
func counts(persons, households, companies, gifts int) string {
	var said, few []string
	for _, c := range []struct {
		n    int
		unit string
	}{{persons, "人"}, {households, "世帯"}, {companies, "社"}, {gifts, "件"}} {
		switch {
		case c.unit == "件" && len(few) > 0: // not beside the others
		case campaigns.Few(c.n):
			few = append(few, fmt.Sprintf("%d%s未満", campaigns.Fewest, c.unit))
		case c.n > 0:
			said = append(said, document.Screen.Number(int64(c.n))+c.unit)
		}
	}
	switch {
	case len(said) == 0:
		said = few
	case len(few) > 0:
		said = append(said, "ほか")
	}
	return strings.Join(said, "・")
}

// incomeTable is money in for the edition on one sheet.
func (u Usage) incomeTable() document.Blocks {
	table := document.Table{
		Name:    "届いたお金。払い方ごとの人数と金額。単位は円。",
		Columns: []document.Column{{Head: "払い方", Weight: 1}, {Head: "人数", End: true}, {Head: "金額", End: true}},
	}
	shares := u.shares()
	for _, item := range shares.Items {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{
			document.Words(strings.TrimPrefix(item.Label, "寄付・")), document.Words(item.Note), document.Bare(item.Amount),
		}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{
		document.Words("合計"), document.Words(counts(0, 0, 0, u.Figures.toldGifts())), document.Bare(shares.Total),
	}})
	return document.Blocks{document.Heading{Text: "届いたお金（円）"}, table}
}

// moneyOut is money out by use and kind, each with its evidence.
func (u Usage) moneyOut() document.Blocks {
	heading := document.Heading{Text: "使ったお金", Note: "使いみちと、お金の分類ごとの金額です。"}
	if len(u.Figures.Costs) == 0 {
		return document.Blocks{heading, document.Paragraph{Text: document.Words("まだ使っていません。")}}
	}
	table := document.Table{
		Name: "使ったお金。使いみちと分類ごとの件数、レシートの枚数、金額。単位は円。",
		Columns: []document.Column{
			{Head: "使いみち", Weight: 3}, {Head: "お金の分類", Weight: 2}, {Head: "件数", End: true}, {Head: "レシート", End: true}, {Head: "金額（円）", End: true},
		},
	}
	names := map[int64]string{}
	for _, use := range u.Figures.Progress.Uses {
		names[use.UseID] = use.Name
	}
	for _, c := range u.Figures.Costs {
		name, found := names[c.UseID]
		if !found {
			name = noUse
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{
			document.Words(name), document.Words(c.kind()), document.Words(u.Figures.transactions(c)),
			document.Words(fmt.Sprintf("%d枚", c.Papers)), document.Bare(c.Amount),
		}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{
		document.Words("合計"), nil, nil, document.Words(fmt.Sprintf("%d枚", u.Figures.Papers)), document.Bare(u.Figures.Progress.Spent),
	}})
	if u.Figures.Bare > 0 {
		table.Notes = append(table.Notes, document.Words(fmt.Sprintf("レシートや領収書のない支出が%d件あります。", u.Figures.Bare)))
	}
	return document.Blocks{heading, table}
}

// kind is the kind of money a cost is, as residents read it.
func (c CostOfUse) kind() string {
	switch {
	case c.Account == ledger.FundTransfer:
		return "ほかの資金へ（使いみちどおり）"
	case c.Running:
		return c.Plain + "（管理費）"
	}
	return c.Plain
}

// costs say what taking the gifts and running the group cost.
func (u Usage) costs() document.Blocks {
	facts := document.Facts{}
	add := func(label string, value document.Text) {
		facts.Items = append(facts.Items, document.Fact{Label: label, Value: value})
	}
	f := u.Figures
	within := func(amount ledger.Yen) document.Text {
		if amount == 0 {
			return document.Yen(0)
		}
		return document.Join(document.Yen(amount), document.Words("（上の「使ったお金」に入っています）"))
	}
	add("手数料", within(f.processing()))
	if f.CostsFew {
		add("団体が払った手数料", document.Words("団体の一般のお金から出したものは、寄付した方が少ないので、額を出しません。"))
	}
	if f.BorneElsewhere != 0 {
		add("団体が払った手数料", document.Join(document.Yen(f.BorneElsewhere), document.Words("（団体の一般のお金から出しました。寄付からは引いていません）")))
	}
	add("管理費", within(f.running()))
	return document.Blocks{document.Heading{Text: "手数料と管理費", Note: "集めることと、団体を動かすことにかかったお金です。"}, facts}
}

// rest is what is left and what becomes of it.
func (u Usage) rest() document.Blocks {
	left := u.Figures.Progress.Left
	blocks := document.Blocks{document.Heading{Text: "残ったお金"}}
	switch {
	case left == 0 && u.Content.Rest == "":
		return append(blocks, document.Paragraph{Text: document.Join(document.Yen(0).Bold(), document.Words("。残りはありません。"))})
	case left < 0:
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Yen(-left).Bold(), document.Words("が足りず、団体のほかのお金で立て替えています。"))})
	default:
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Yen(left).Bold(), document.Words("が残りました。"))})
	}
	return append(blocks, document.Facts{Items: []document.Fact{
		{Label: "どうするか", Value: document.Words(orNotStated(u.Content.Rest))},
		{Label: "いつまでに", Value: dayOrNotStated(u.Content.RestBy)},
	}})
}

func dayOrNotStated(on ledger.Date) document.Text {
	if on.IsZero() {
		return document.Words(NotStated)
	}
	return document.Day(on)
}

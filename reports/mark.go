package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// markWords are the digits of the log as it was last signed, up to where, and where to compare them.
func markWords(m chain.Mark) (digits, upTo string) {
	return m.Digits(), fmt.Sprintf("第%s番まで", document.Screen.Number(m.Size))
}

// logMark prints how the report can be held against the log. The last records may be younger than the last signature: then it says so.
func (u Usage) logMark() document.Blocks {
	m := u.Figures.Log
	if m.IsZero() {
		return nil
	}
	digits, upTo := markWords(m)
	facts := document.Facts{Items: []document.Fact{
		{Label: "記録の指紋", Value: document.Words(digits + "　" + upTo)},
		{Label: "くらべる場所", Value: document.Words(m.Page)},
	}}
	if m.Size < u.Figures.Records {
		facts.Items = append(facts.Items, document.Fact{Label: "そのあと",
			Value: document.Words(fmt.Sprintf("第%s番からの指紋は、くらべる場所に出ます。", document.Screen.Number(m.Size+1)))})
	}
	return document.Blocks{facts}
}

// receiptMark prints the log as it was when the receipt was issued, small: the record of the receipt itself comes after.
func receiptMark(p campaigns.ReceiptPayload) document.Blocks {
	if p.Log.IsZero() {
		return nil
	}
	digits, upTo := markWords(p.Log)
	return document.Blocks{document.Paragraph{Quiet: true, Text: document.Words(
		"お金の記録の指紋（" + upTo + "）　" + digits + "\nこの受領証の記録は、そのあとに入ります。\nくらべる場所　" + p.Log.Page + checkWords(p))}}
}

// checkWords are the digits that open the receipt's own record there.
func checkWords(p campaigns.ReceiptPayload) string {
	if len(p.Check) != 12 {
		return ""
	}
	return "\n確かめる番号　" + p.Check[:4] + " " + p.Check[4:8] + " " + p.Check[8:] + "（ほかの人に見せないでください）"
}

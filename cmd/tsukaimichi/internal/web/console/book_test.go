package console

import (
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TestBookSaysWhatACardGiftCost is for a treasurer who compares the book's 2,892 yen with the 3,000 of the list of gifts.
func TestBookSaysWhatACardGiftCost(t *testing.T) {
	t.Parallel()
	card := ledger.JournalLine{Kind: ledger.GiftReceived, In: 3000, Out: 108, Entries: []ledger.JournalEntry{
		{Account: ledger.StripeBalance, Amount: 3000}, {Account: ledger.Gifts, Fund: "配食", Plain: "寄付", Amount: -3000},
		{Account: ledger.ProcessingCost, Fund: "一般", Plain: "手数料", Amount: 108}, {Account: ledger.StripeBalance, Amount: -108},
	}}
	line := bookLine(Desk{}, card)
	if want := "寄付 3,000円 − 手数料 108円 ＝ 届いた 2,892円"; line.Yen != 2892 || !slices.Contains(line.Where, want) {
		t.Errorf("%d yen, %q; want 2892 and %s", line.Yen, line.Where, want)
	}
	cash := ledger.JournalLine{Kind: ledger.GiftReceived, In: 3000, Entries: []ledger.JournalEntry{
		{Account: ledger.CashBox, Amount: 3000}, {Account: ledger.Gifts, Fund: "配食", Plain: "寄付", Amount: -3000},
	}}
	if line := bookLine(Desk{}, cash); line.Yen != 3000 || len(line.Where) != 1 {
		t.Errorf("in cash: %d yen, %q", line.Yen, line.Where)
	}
}

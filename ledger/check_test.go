package ledger_test

import (
	"errors"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestCheckingMayNotTakeAFundBelowZero(t *testing.T) {
	t.Parallel()
	book := rich(t)
	award := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Kind, f.Name = ledger.AwardFund, "A" })
	separate := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Name = "F" })
	of := func(fund int64) func(*ledger.Expense) {
		return func(e *ledger.Expense) { e.Lines[0].FundID = fund }
	}
	if err := checkBy(t, book, book.Enter(t, of(award.ID)), book.Representative); err != nil {
		t.Errorf("an award paid in arrears: %v", err)
	}
	poor := ledgertest.NewBook(t, pgtest.New(t).App)
	if err := checkBy(t, poor, poor.Enter(t, unpaid), poor.Representative); err != nil {
		t.Errorf("advanced to a group that has nothing yet: %v", err)
	}
	for name, id := range map[string]int64{
		"paid":   book.Enter(t, of(separate.ID)),
		"unpaid": book.Enter(t, of(separate.ID), unpaid),
	} {
		if err := checkBy(t, book, id, book.Representative); !errors.Is(err, ledger.ErrFundShort) {
			t.Errorf("%s: %v; want ErrFundShort", name, err)
		}
		if e := found(t, book, id); e.Status != ledger.Unchecked {
			t.Errorf("%s: status %s; want unchecked", name, e.Status)
		}
	}
	wantLeft(t, book, map[int64]ledger.Yen{separate.ID: -1_000, award.ID: -1_000, book.General: 10_000})
	transfer(t, book, book.General, separate.ID, 1_000, "一般から補う")
	paid, err := ledger.ExpensesToCheck(t.Context(), book.DB, book.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range paid {
		if e.Paid() {
			if err = checkBy(t, book, e.ID, book.Representative); err != nil {
				t.Errorf("covered from the general fund: %v", err)
			}
		}
	}
}

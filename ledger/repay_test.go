package ledger_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

func TestAdvanceIsRepaidOnceUnlessTakenBack(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Spend(t, unpaid)
	payment, err := repay(t, book, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = repay(t, book, id); !errors.Is(err, ledger.ErrPostedBefore) {
		t.Errorf("twice: %v; want ErrPostedBefore", err)
	}
	if _, err = reverse(t, book, payment, ledgertest.Today); err != nil {
		t.Fatal(err)
	}
	wantUnpaid(t, book, id)
	if _, err = repay(t, book, id); err != nil {
		t.Errorf("after the first was taken back: %v", err)
	}
	wantUnpaid(t, book)
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 1120: -1_000, 3100: -10_000, 5240: 1_000})
}

func TestOnlyWhatIsOwedIsRepaid(t *testing.T) {
	t.Parallel()
	book := rich(t)
	gone := book.Spend(t, unpaid)
	if err := reverseExpense(t, book, gone); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		id   int64
		want error
	}{
		"paid when entered":  {book.Spend(t), ledger.ErrDecided},
		"not checked yet":    {book.Enter(t, unpaid), ledger.ErrDecided},
		"taken back":         {gone, ledger.ErrReversed},
		"another's, or none": {1 << 40, ledger.ErrNotFound},
	} {
		if _, err := repay(t, book, c.id); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	wantUnpaid(t, book)
}

func TestSixteenRepaymentsPayOnce(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Spend(t, unpaid)
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			if _, err := repay(t, book, id); err != nil && !errors.Is(err, ledger.ErrPostedBefore) {
				t.Errorf("got %v; want ErrPostedBefore", err)
			}
		})
	}
	clients.Wait()
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 1120: -1_000, 3100: -10_000, 5240: 1_000})
}

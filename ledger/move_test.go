package ledger_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// transfer moves yen between two funds' claims and returns the transaction's id.
func transfer(t *testing.T, book ledgertest.Book, from, to int64, amount ledger.Yen, reason string, edits ...func(*ledger.Transferred)) (id int64) {
	t.Helper()
	m := ledger.Transferred{
		OrganisationID: book.ID, On: ledgertest.Today, From: from, To: to, Amount: amount, Reason: reason, Key: fmt.Sprint(sequence.Add(1)),
	}
	for _, edit := range edits {
		edit(&m)
	}
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Transfer(t.Context(), tx, m, book.Treasurer, ledgertest.At)
		return err
	})
	return id
}

// move takes yen from one place to another.
func move(t *testing.T, book ledgertest.Book, from, to int, amount ledger.Yen, on ledger.Date) (id int64, err error) {
	t.Helper()
	err = ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Move(t.Context(), tx, ledger.Moved{
			OrganisationID: book.ID, On: on, From: from, To: to, Amount: amount, Key: fmt.Sprint(sequence.Add(1)),
		}, book.Treasurer, ledgertest.At)
		return err
	})
	return id, err
}

// receive takes money in that is no gift.
func receive(t *testing.T, book ledgertest.Book, edits ...func(*ledger.Received)) (id int64, err error) {
	t.Helper()
	r := ledger.Received{
		OrganisationID: book.ID, On: ledgertest.Today, Account: 4411, Place: ledger.CashBox, FundID: book.General,
		InitiativeID: book.Initiative, From: "", Amount: 2_300, Key: fmt.Sprint(sequence.Add(1)),
	}
	for _, edit := range edits {
		edit(&r)
	}
	err = ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Receive(t.Context(), tx, r, book.Treasurer, ledgertest.At)
		return err
	})
	return id, err
}

func TestMovementLeavesEveryFundAsItIs(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id, err := move(t, book, ledger.CashBox, ledger.Bank, 4_000, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, id, "G 1120 4000", "G 1110 -4000")
	wantBalances(t, book, map[int]ledger.Yen{1110: 6_000, 1120: 4_000, 3100: -10_000})
	wantLeft(t, book, map[int64]ledger.Yen{book.General: 10_000})
	line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, id)
	if err != nil || line.In != 4_000 || line.Out != 4_000 {
		t.Errorf("in %d, out %d, %v; want 4000 both", line.In, line.Out, err)
	}
}

// 別口座: the yen of one fund lie in an account of their own, so its movements are that fund's.
func TestMovementToAFundsOwnAccountIsBookedInThatFund(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	a := ledgertest.NewFund(t, db.App, book.ID, func(f *ledger.Fund) { f.Kind, f.Name = ledger.AwardFund, "A" })
	b := ledgertest.NewFund(t, db.App, book.ID, func(f *ledger.Fund) { f.Name = "B" })
	for code, fund := range map[int]int64{1122: a.ID, 1123: b.ID} {
		db.App.MustExec(`
			INSERT INTO account (organisation_id, code, name, plain, class, place, fund_id)
			VALUES ($1, $2, '別口座', '別の口座', 'asset', true, $3)`, book.ID, code, fund)
	}
	id, err := move(t, book, ledger.Bank, 1122, 100_000, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, id, "A 1122 100000", "A 1120 -100000")
	if id, err = move(t, book, 1122, ledger.Bank, 40_000, ledgertest.Today); err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, id, "A 1120 40000", "A 1122 -40000")
	if _, err = move(t, book, 1122, 1123, 1, ledgertest.Today); !errors.As(err, &ledger.Invalid{}) {
		t.Errorf("between two funds' accounts: %v; want Invalid", err)
	}
}

func TestMovementNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	book := rich(t)
	for name, c := range map[string]struct {
		field    string
		from, to int
		amount   ledger.Yen
		on       ledger.Date
	}{
		"no day":         {"on", 1110, 1120, 1, ledger.Date{}},
		"tomorrow":       {"on", 1110, 1120, 1, ledgertest.Today.AddDays(1)},
		"from no place":  {"from", 1140, 1120, 1, ledgertest.Today},
		"to no place":    {"to", 1110, 1310, 1, ledgertest.Today},
		"to itself":      {"to", 1110, 1110, 1, ledgertest.Today},
		"nothing":        {"amount", 1110, 1120, 0, ledgertest.Today},
		"a thousand oku": {"amount", 1110, 1120, 1_000_000_000, ledgertest.Today},
	} {
		_, err := move(t, book, c.from, c.to, c.amount, c.on)
		if invalid := (ledger.Invalid{}); !errors.As(err, &invalid) || invalid[c.field] == "" || len(invalid) != 1 {
			t.Errorf("%s: got %v; want %s named alone", name, err, c.field)
		}
	}
}

func TestTransferMovesClaimsAndLeavesTheYenWhereTheyAre(t *testing.T) {
	t.Parallel()
	book := rich(t)
	w := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Name = "W" })
	id := transfer(t, book, book.General, w.ID, 3_000, "一般から補う")
	wantWritten(t, book, id, "G 3200 3000", "G 1120 -3000", "W 1120 3000", "W 3200 -3000")
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 3100: -10_000})
	wantLeft(t, book, map[int64]ledger.Yen{book.General: 7_000, w.ID: 3_000})
	line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, id)
	if err != nil || line.In != 0 || line.Out != 0 || line.Memo != "一般から補う" {
		t.Errorf("%+v, %v; want nothing in or out", line, err)
	}
}

func TestTransferNeedsNoBankAccount(t *testing.T) {
	t.Parallel()
	book := rich(t)
	mustWrite(t, book.DB, book, func(r *rows) { r.closeAccount(ledger.Bank) })
	w := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Name = "W" })
	id := transfer(t, book, book.General, w.ID, 3_000, "みんなで支える枠へ")
	wantWritten(t, book, id, "G 3200 3000", "G 1110 -3000", "W 1110 3000", "W 3200 -3000")
}

func TestMoneyInIsBookedOncePerForm(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	same := func(r *ledger.Received) { r.Key, r.From, r.What = "form", "練習 参加者", "百円食堂 23食" }
	id, err := receive(t, book, same)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, id, "G 1110 2300", "G 4411 -2300")
	if _, err = receive(t, book, same); !errors.Is(err, ledger.ErrPostedBefore) {
		t.Errorf("twice: %v; want ErrPostedBefore", err)
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 2_300, 4411: -2_300})
	line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, id)
	if err != nil || line.Payee != "練習 参加者" || line.Memo != "百円食堂 23食" || line.In != 2_300 {
		t.Errorf("%+v, %v", line, err)
	}
}

func TestMoneyInIsNoGiftAndLiesSomewhere(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	for name, c := range map[string]struct {
		field string
		edit  func(*ledger.Received)
	}{
		"a gift":          {"account", func(r *ledger.Received) { r.Account = ledger.Gifts }},
		"a gift returned": {"account", func(r *ledger.Received) { r.Account = ledger.GiftsReturned }},
		"rice":            {"account", func(r *ledger.Received) { r.Account = ledger.GiftsInKind }},
		"an expense":      {"account", func(r *ledger.Received) { r.Account = 5240 }},
		"in no place":     {"place", func(r *ledger.Received) { r.Place = 1140 }},
		"no place":        {"place", func(r *ledger.Received) { r.Place = 0 }},
		"tomorrow":        {"on", func(r *ledger.Received) { r.On = ledgertest.Today.AddDays(1) }},
		"nothing":         {"amount", func(r *ledger.Received) { r.Amount = 0 }},
		"no fund":         {"fund", func(r *ledger.Received) { r.FundID = 0 }},
		"no form":         {"key", func(r *ledger.Received) { r.Key = "" }},
	} {
		_, err := receive(t, book, c.edit)
		if invalid := (ledger.Invalid{}); !errors.As(err, &invalid) || invalid[c.field] == "" || len(invalid) != 1 {
			t.Errorf("%s: got %v; want %s named alone", name, err, c.field)
		}
	}
}

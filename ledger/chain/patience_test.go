package chain_test

import (
	"strconv"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestShortQueuesWaitOnlyWhileMuchIsPosted(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	busy, quiet := ledgertest.NewBook(t, db), ledgertest.NewBook(t, db)
	sealer := &chain.Sealer{DB: db, Patience: 2}
	sealed := func() int {
		t.Helper()
		n, err := sealer.SealAll(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	quiet.Post(t)
	if n := sealed(); n != 1 {
		t.Errorf("sealed %d of one record; nothing else was posted", n)
	}
	quiet.Post(t)
	for range 200 {
		busy.Post(t)
	}
	if n := sealed(); n != 200 {
		t.Errorf("sealed %d; want the long queue alone", n)
	}
	if n := sealed(); n != 1 {
		t.Errorf("sealed %d; want the short queue, since nothing more was posted", n)
	}

	// However much is posted, a short queue waits no longer than that.
	third := ledgertest.NewBook(t, db)
	third.Post(t)
	for range 101 {
		quiet.Post(t)
		busy.Post(t)
	}
	for call, want := range []int{0, 0, 203} {
		if n := sealed(); n != want {
			t.Errorf("call %d sealed %d; want %d", call, n, want)
		}
	}
}

func TestSealingAbreastSealsEveryOrganisation(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var books []ledgertest.Book
	for range 6 {
		book := ledgertest.NewBook(t, db.App)
		for range 5 {
			book.Post(t)
		}
		books = append(books, book)
	}
	broken := books[2]
	if _, err := db.Super.Exec(`
		ALTER TABLE log_heads DISABLE TRIGGER ALL;
		UPDATE log_heads SET hash = '\x00' WHERE organisation_id = ` + strconv.FormatInt(broken.ID, 10)); err != nil {
		t.Fatal(err)
	}
	sealer := &chain.Sealer{DB: db.App, Batch: 2, Abreast: 3}
	if n, err := sealer.SealAll(t.Context()); n != 25 || err == nil {
		t.Errorf("sealed %d, %v; want 25, and that one organisation could not be", n, err)
	}
	for _, book := range books {
		if book.ID != broken.ID {
			whole(t, book)
			sound(t, book)
		}
	}
	if n, err := (&chain.Sealer{DB: db.App, Abreast: 3}).SealAll(t.Context()); n != 0 || err == nil {
		t.Errorf("sealed %d, %v; want none, and the error again", n, err)
	}
}

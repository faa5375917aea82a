package chain_test

import (
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
	defer sealer.Close()
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

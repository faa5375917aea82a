package payments_test

import (
	"strings"
	"testing"
)

func TestGiverGetsHisPrivateLinkOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	if again := w.open(d); again != page {
		t.Fatalf("another page: %s", again)
	}
	var letters []string
	if err := w.db.Super.Select(&letters, `SELECT text FROM mail WHERE kind = 'donation-link'`); err != nil {
		t.Fatal(err)
	}
	if len(letters) != 1 || !strings.Contains(letters[0], w.till.GiftURL(w.group.ID, w.opening(d).Token)+"\n") {
		t.Errorf("letters: %q", letters)
	}
}

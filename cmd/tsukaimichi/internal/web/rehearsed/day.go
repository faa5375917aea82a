package rehearsed

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lasting is how long a story may take from its first page to its last.
const lasting = 4 * time.Minute

// Today is the day in Tokyo on which a story begins and ends. Where too little is left of it, the next one is waited for: what was typed before midnight would be of
// yesterday after it.
func Today(t testing.TB) ledger.Date {
	t.Helper()
	left := time.Until(ledger.DateOf(time.Now()).AddDays(1).Midnight())
	if left < lasting {
		t.Logf("waiting %v for a new day", left)
		time.Sleep(left)
	}
	return ledger.DateOf(time.Now())
}

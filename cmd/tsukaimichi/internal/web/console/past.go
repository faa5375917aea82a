package console

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Past is something that was done: what, when and by whom, and why.
type Past struct {
	What, When, Why string
}

// pasts are the steps of a history, the oldest first, in words.
func pasts(steps []ledger.Step, name func(string) string) []Past {
	list := make([]Past, len(steps))
	for i, step := range steps {
		list[i] = Past{What: name(step.Step), When: page.Minute(step.At) + "　" + step.Name, Why: step.Reason}
	}
	return list
}

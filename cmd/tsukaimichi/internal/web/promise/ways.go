package promise

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Ways are the ways to give that need no payment service, for a page.
func Ways(ways []campaigns.Way) []page.Pair {
	var pairs []page.Pair
	for _, w := range ways {
		pairs = append(pairs, page.Pair{Term: w.Kind.Name(), Text: w.Text()})
	}
	return pairs
}

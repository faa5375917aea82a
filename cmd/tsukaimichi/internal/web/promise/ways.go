package promise

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Ways are the ways to give to a campaign that need no payment service, for a page. What comes with a payer's name is asked to carry the campaign's
// number in front of it: only that much arrives with the money.
func Ways(ways []campaigns.Way, campaignID int64) []page.Pair {
	var pairs []page.Pair
	for _, w := range ways {
		text := w.Text()
		if w.Kind.ByName() && campaignID > 0 {
			text += fmt.Sprintf("\nお名前の前に、番号「%d」を付けてください。どの募金か、すぐに分かります。", campaignID)
		}
		pairs = append(pairs, page.Pair{Term: w.Kind.Name(), Text: text})
	}
	return pairs
}

package stripe

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// settling is how long a payment waits until it can be paid out. An assumption: four days, for card and konbini alike.
const settling = 4 * 24 * time.Hour

// processingCost is what the practice Stripe keeps of a payment: 3.6 %, at konbini at least ¥120. An assumption, near what was
// quoted in Japan in 2022; the program learns the true cost from each movement and computes none.
func processingCost(method string, amount ledger.Yen) (ledger.Yen, error) {
	cost, err := amount.Mul(36, 1000, ledger.HalfUp)
	if method == "konbini" {
		cost = max(cost, 120)
	}
	return cost, err
}

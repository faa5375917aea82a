package campaigns_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestReceiptOpensToItsDigitsAlone: a receipt of before the first signature has none, one of after opens to number and digits together.
func TestReceiptOpensToItsDigitsAlone(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	issue := func() (r campaigns.Receipt) {
		gift := g.Enter(c, 3000)
		g.In(func(tx *sqlx.Tx) (err error) {
			r, err = campaigns.Issue(t.Context(), tx, g.ID, gift.ID, g.Treasurer, g.At)
			return err
		})
		return r
	}
	before := issue()
	if before.Payload.Check != "" || !before.Payload.Log.IsZero() {
		t.Errorf("nothing was signed; the receipt says %+v", before.Payload)
	}
	sealer := &chain.Sealer{DB: g.DB}
	if _, err := sealer.Seal(t.Context(), g.ID); err != nil {
		t.Fatal(err)
	}
	keep := func(context.Context, int64, []byte) error { return nil }
	signed, err := chain.Sign(t.Context(), g.DB, g.ID, chain.Origin("https://tsukaimichi.example", g.ID), ed25519.NewKeyFromSeed(make([]byte, 32)), g.At, keep)
	if err != nil {
		t.Fatal(err)
	}
	r := issue()
	if r.Payload.Log.Size != signed.Size || r.Payload.Log.Root != signed.Root || len(r.Payload.Check) != 12 {
		t.Errorf("the receipt prints %+v; signed was %+v", r.Payload, signed)
	}
	for _, test := range []struct {
		label, check string
		opens        bool
	}{
		{r.Label(), r.Payload.Check, true}, {r.Label(), "000000000000", false}, {r.Label(), "", false}, {before.Label(), "", false},
		{before.Label(), r.Payload.Check, false}, {r.Label() + "-2", r.Payload.Check, false}, {r.Label() + "x", r.Payload.Check, false}, {"", "", false}, {"2026", r.Payload.Check, false},
	} {
		found, err := campaigns.FindReceiptByCheck(t.Context(), g.DB, g.ID, test.label, test.check)
		if test.opens && (err != nil || found.ID != r.ID) || !test.opens && !errors.Is(err, campaigns.ErrNotFound) {
			t.Errorf("%q, %q: got %d, %v", test.label, test.check, found.ID, err)
		}
	}
	kept, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, r.ID)
	if err != nil || kept.Payload != r.Payload {
		t.Errorf("kept %+v, %v; issued %+v", kept.Payload, err, r.Payload)
	}
}

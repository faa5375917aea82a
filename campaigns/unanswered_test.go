package campaigns_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

func TestAPageWhoseAnswerNeverCameEndsWithItsGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	lost, answered := g.Give(c, 3_000), g.Give(c, 2_000)
	if _, err := begin(t, g, lost); err != nil {
		t.Fatal(err)
	}
	g.OpenPage(answered)
	end := func() (ended int) {
		g.In(func(tx *sqlx.Tx) (err error) {
			ended, err = campaigns.EndUnanswered(t.Context(), tx, g.ID, g.At)
			return err
		})
		return ended
	}
	if n := end(); n != 0 {
		t.Errorf("while its time runs: %d ended", n)
	}
	g.At = g.At.Add(61 * time.Minute)
	if n := end(); n != 1 {
		t.Errorf("after its time: %d ended, want 1", n)
	}
	if got := g.Gift(lost.ID).Status; got != campaigns.Expired {
		t.Errorf("the gift is %s, want expired", got)
	}
	if got := g.Gift(answered.ID).Status; got != campaigns.Pending {
		t.Errorf("a page that was answered is %s, want pending: the payment service says what became of it", got)
	}
	if n := end(); n != 0 {
		t.Errorf("again: %d ended", n)
	}
}

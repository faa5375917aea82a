package campaigns_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

func TestOnlyThoseWhoWishedAreNamedAndNeverByAmount(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	give := func(name, kana string, display campaigns.Display) campaigns.Donation {
		return g.Enter(c, 1000, func(x *campaigns.Gift) {
			x.Donor = campaigns.Donor{Name: name, Kana: kana, Mail: fmt.Sprintf("kifu%d@renshu.example", len(name))}
			x.Display = display
		})
	}
	give("山田花子", "やまだ はなこ", campaigns.FullName)
	give("あおき", "", campaigns.FullName)
	give("田中", "たなか いち", campaigns.Initials)
	give("ひみつ", "", campaigns.Anonymous)
	back := give("もどし", "", campaigns.FullName)
	if err := giveBack(t, g, back, 1000); err != nil {
		t.Fatal(err)
	}
	got, count, err := campaigns.PublicNames(t.Context(), g.DB, g.ID, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	want := []string{"あおき", "た・い", "山田花子"}
	if !slices.Equal(got, want) || count != 3 {
		t.Errorf("got %q of %d, want %q", got, count, want)
	}
}

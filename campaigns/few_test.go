package campaigns_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// by gives as somebody with a name of his own.
func by(name string, use ledger.Use) func(*campaigns.Gift) {
	return func(x *campaigns.Gift) {
		x.Donor, x.CountsAs, x.UseID = campaigns.Donor{Name: "練習 " + name, Address: "練習町" + name, Kind: "person"}, "person", use.ID
	}
}

func TestWhatFewGiversNamedIsNotToldApart(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce() // 60,000 and 24,000
	venue := g.Uses(c)[1]
	for _, name := range []string{"一", "二", "三", "四", "五"} {
		g.Enter(c, 1_000, by(name, ledger.Use{}))
	}
	mustTell := func(what string, want ...ledger.Yen) {
		t.Helper()
		mustReceive(t, what, g.Progress(c).Told(), want...)
	}
	for i, name := range []string{"六", "七", "八", "九"} {
		g.Enter(c, 2_000, by(name, venue))
		mustTell(name+" alone among few", ledger.Yen(5_000+2_000*(i+1)), 0)
	}
	mustReceive(t, "the group itself", g.Progress(c), 5_000, 8_000)
	g.Enter(c, 2_000, by("六", venue)) // again: still four givers
	mustTell("six gifts of four givers", 15_000, 0)
	g.Enter(c, 2_000, by("十", venue))
	mustTell("five named it", 5_000, 12_000)
	mustReceive(t, "told twice is told once", g.Progress(c).Told().Told(), 5_000, 12_000)
	if p := g.Progress(c).Told(); p.Uses[1].Named != 12_000 || p.Uses[0].Named != 0 {
		t.Errorf("named %+v", p.Uses)
	}
}

func TestNothingIsToldAsNamedBesideTheGiftOfFewWhoNamedNothing(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	venue := g.Uses(c)[1]
	for _, name := range []string{"一", "二", "三", "四", "五"} {
		g.Enter(c, 1_000, by(name, venue))
	}
	mustReceive(t, "all named one use", g.Progress(c).Told(), 0, 5_000)
	g.Enter(c, 3_000, by("五", ledger.Use{})) // would stand alone with the first use
	mustReceive(t, "one gift beside them", g.Progress(c).Told(), 8_000, 0)
}

func TestPaymentsUnderWayAndGoodsOfFewAreSaidWithoutYen(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for range 4 {
		g.Give(c, 3_000)
	}
	if p := g.Progress(c); p.Pending != 12_000 || p.Told().Pending != 0 || !p.Told().PendingFew {
		t.Errorf("four under way: %+v, told %+v", p, p.Told())
	}
	g.Give(c, 3_000)
	if p := g.Progress(c).Told(); p.Pending != 15_000 || p.PendingFew || p.InKindFew {
		t.Errorf("five under way: told %+v", p)
	}
}

package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func reach(g *campaigntest.Group, c campaigns.Campaign, r campaigns.Reach) error {
	r.CampaignID, r.On = c.ID, g.Today()
	if r.Key == "" {
		r.Key = campaigntest.Unique("reach")
	}
	return g.Try(func(tx *sqlx.Tx) error { return campaigns.NoteReach(g.T.Context(), tx, g.ID, r, g.Head, g.At) })
}

// Sixty people and 300 meals beside ¥84,000: what was reached is counted by day, a mistake is taken back, and a new version may say another number.
func TestGoalsArePromisedBesideYenAndCounted(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	people := campaigns.Goal{Kind: campaigns.GoalPeople, Name: "食べに来る人", Target: 60, Unit: "人"}
	c := g.Announce(func(p *campaigns.Plan) {
		p.Goals = campaigns.Goals{people, {Kind: campaigns.GoalMeals, Name: "お弁当", Target: 300, Unit: "食"}}
	})
	for _, r := range []campaigns.Reach{{Kind: people.Kind, Name: people.Name, Unit: "人", Count: 24}, {Kind: people.Kind, Name: people.Name, Unit: "人", Count: 12, Key: "twice"},
		{Kind: people.Kind, Name: people.Name, Unit: "人", Count: 12, Key: "twice"}, {Kind: campaigns.GoalMeals, Name: "お弁当", Unit: "食", Count: 40}} {
		if err := reach(g, c, r); err != nil {
			t.Fatal(err)
		}
	}
	if p := g.Progress(c); len(p.Goals) != 2 || p.Goals[0].Goal != people || p.Goals[0].Reached != 36 || p.Goals[1].Reached != 40 || p.Promised != 84_000 {
		t.Errorf("reached are %+v", p.Goals)
	}
	all, err := campaigns.Reaches(t.Context(), g.DB, g.ID, c.ID)
	if err != nil || len(all) != 3 {
		t.Fatalf("counted are %+v, %v", all, err)
	}
	back := func() error {
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.TakeBackReach(t.Context(), tx, g.ID, all[1].ID, g.At) })
	}
	if err = back(); err != nil {
		t.Fatal(err)
	}
	if err = back(); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("taken back twice: %v", err)
	}
	if p := g.Progress(c); p.Goals[0].Reached != 24 {
		t.Errorf("after that %+v", p.Goals)
	}
	g.Change(c, func(p *campaigns.Plan) { p.Goals[0].Target = 80 })
	if p := g.Progress(g.Campaign(c.ID)); p.Goals[0].Target != 80 || p.Goals[0].Reached != 24 {
		t.Errorf("in the next version %+v", p.Goals)
	}
	for name, r := range map[string]campaigns.Reach{"nothing": {Kind: people.Kind, Name: people.Name, Unit: "人"}, "hours of nobody": {Kind: campaigns.GoalHours, Name: "手伝い", Unit: "時間", Count: 3}, "of no kind": {Kind: "yen", Name: "円", Unit: "円", Count: 3}} {
		if err := reach(g, c, r); err == nil {
			t.Errorf("%s was counted", name)
		}
	}
}

// A call for hands and things alone: no yen can enter its fund, it opens and closes by its plan, and its duty to report is like any other's.
func TestCallWithoutYenTakesHoursAndThingsAlone(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	hours := campaigns.Goals{{Kind: campaigns.GoalHours, Name: "草刈りの手", Target: 40, Unit: "時間"}}
	yenless := func(p *campaigns.Plan) { p.Uses, p.Goals = nil, hours }
	o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
	if err != nil {
		t.Fatal(err)
	}
	none := g.Plan(func(p *campaigns.Plan) {
		p.Uses, p.Goals = nil, campaigns.Goals{{Kind: campaigns.GoalPeople, Name: "来る人", Target: 9, Unit: "人"}}
	})
	if bad := none.Missing(o, g.Today()); bad["uses"] == "" {
		t.Error("a call that asks for nothing was complete")
	}
	c := g.Announce(yenless)
	err = g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Enter(t.Context(), tx, g.CashGift(c, 500), ledger.CashBox, g.Treasurer, g.At)
		return err
	})
	if !errors.Is(err, campaigns.ErrClosed) {
		t.Errorf("yen: %v", err)
	}
	for _, r := range []campaigns.Reach{{Kind: campaigns.GoalHours, Name: "草刈りの手", Unit: "時間", Count: 12, Givers: 4}, {Kind: campaigns.GoalThings, Name: "軍手", Unit: "組", Count: 20, Givers: 1}} {
		if err := reach(g, c, r); err != nil {
			t.Fatal(err)
		}
	}
	p := g.Progress(c)
	if len(p.Goals) != 2 || p.Goals[0].Reached != 12 || p.Goals[0].Givers != 4 || p.Goals[1].Target != 0 || p.Goals[1].Reached != 20 || p.Promised != 0 || p.Left != 0 {
		t.Errorf("it stands at %+v", p)
	}
	g.Pass(61)
	turnYear(g)
	if got := g.Campaign(c.ID).Status; got != campaigns.Closed {
		t.Errorf("after its last day it is %s", got)
	}
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{}, g.Head, g.At)
	})
	if d := promised(g, c); len(d) != 1 || !d[0].Met() {
		t.Errorf("promised are %+v", d)
	}
	g.MustBalance()
}

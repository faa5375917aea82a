package campaigns_test

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// season is what happens to a campaign until it ends: up to three times gifts come, something is spent, the promise changes and givers are asked; then some
// campaigns are stopped and settled.
type season struct {
	spells []spell
	stop   campaigns.Rest // empty: it goes on
}

type spell struct {
	gifts   []seasonGift
	spent   int
	remove  bool // the last use gives way to a new one; otherwise yen move between two
	choices []int
	mistake int // yen given back of the first gift while givers are asked
}

type seasonGift struct {
	amount, use int
	named, card bool
}

var seasons = rapid.Custom(func(r *rapid.T) season {
	var s season
	for range rapid.IntRange(1, 3).Draw(r, "spells") {
		t := spell{spent: rapid.IntRange(0, 3_000).Draw(r, "spent"), remove: rapid.Bool().Draw(r, "remove"), mistake: rapid.IntRange(0, 400).Draw(r, "mistake")}
		for range rapid.IntRange(1, 4).Draw(r, "gifts") {
			t.gifts = append(t.gifts, seasonGift{rapid.IntRange(500, 40_000).Draw(r, "amount"), rapid.IntRange(0, 2).Draw(r, "use"), rapid.Bool().Draw(r, "named"), rapid.Bool().Draw(r, "card")})
		}
		for range 12 {
			t.choices = append(t.choices, rapid.IntRange(0, 4).Draw(r, "choice"))
		}
		s.spells = append(s.spells, t)
	}
	s.stop = rapid.SampledFrom([]campaigns.Rest{"", campaigns.RestReturn, campaigns.RestMove}).Draw(r, "stop")
	return s
})

// played is a season as it went.
type played struct {
	g            *campaigntest.Group
	c            campaigns.Campaign
	gifts        []campaigns.Donation
	given, spent ledger.Yen
	asked        int // changes givers were asked about
}

// TestWhateverHappensInASeasonEveryYenIsFoundAgain: after changes upon changes, answers of every kind, refunds in between and a stop, what was given is what was
// spent, moved, returned and is left, to the yen; nobody got back more than he gave; and the uses hold what the fund holds.
func TestWhateverHappensInASeasonEveryYenIsFoundAgain(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	asked, moves, returns := 0, 0, 0
	for seed := range 8 {
		g.At = campaigntest.Now
		s := seasons.Example(seed)
		p := &played{g: g, c: g.Announce()}
		general := g.Left(g.General)
		for n, one := range s.spells {
			p.spell(n, one)
		}
		if s.stop != "" {
			stop(t, g, p.c)
			change, err := settleStop(t, g, p.c, s.stop)
			if err != nil {
				t.Fatal(err)
			}
			p.answer(change, s.spells[0].choices, nil)
		}
		var returned ledger.Yen
		for _, d := range p.gifts {
			now := g.Gift(d.ID)
			if now.Refunded < 0 || now.Refunded > now.Amount {
				t.Errorf("%+v: of %s %s were given back", s, now.Amount, now.Refunded)
			}
			returned += now.Refunded
		}
		moved, left := g.Left(g.General)-general, g.Left(p.c.FundID)
		asked += p.asked
		if moved > 0 {
			moves++
		}
		if returned > 0 {
			returns++
		}
		if p.given != p.spent+moved+returned+left {
			t.Errorf("%+v: given %s, spent %s, moved %s, returned %s, left %s", s, p.given, p.spent, moved, returned, left)
		}
		if s.stop != "" && left != 0 {
			t.Errorf("%+v: a stopped campaign has %s left", s, left)
		}
		progress := g.Progress(g.Campaign(p.c.ID))
		in := progress.Carried + progress.Received
		for _, u := range progress.Uses {
			in -= u.Received
		}
		if in != 0 || progress.Left != left {
			t.Errorf("%+v: the uses lack %s; left %s and %s", s, in, progress.Left, left)
		}
	}
	if asked < 8 || moves < 3 || returns < 3 {
		t.Errorf("the seasons are too calm: %d questions, %d moved money, %d returned some", asked, moves, returns)
	}
	g.MustBalance()
}

func (p *played) spell(n int, t spell) {
	plan := p.plan(p.g.Campaign(p.c.ID).Version)
	for i, gift := range t.gifts {
		p.give(fmt.Sprintf("練習 %d-%d", n, i), gift, plan)
	}
	if spent := ledger.Yen(t.spent); spent > 0 && p.g.TrySpend(ledger.Use{ID: plan.Uses[0].UseID, FundID: p.c.FundID}, spent) == nil {
		p.spent += spent
	}
	change := p.g.Change(p.g.Campaign(p.c.ID), func(plan *campaigns.Plan) {
		last := len(plan.Uses) - 1
		if t.remove {
			plan.Uses[last] = campaigns.PlanUse{Name: fmt.Sprintf("会場%d", n), Amount: plan.Uses[last].Amount, DueOn: p.g.Today().AddDays(50), Evidence: "領収書"}
			return
		}
		shift(1_000)(plan)
	})
	p.answer(change, t.choices, func() {
		if mistake := ledger.Yen(t.mistake); mistake > 0 {
			_ = p.g.Try(func(tx *sqlx.Tx) error { // where as much is left of it
				return campaigns.RefundInHand(p.g.T.Context(), tx, p.g.ID, p.gifts[0].ID, mistake, ledger.CashBox, p.g.Treasurer, p.g.At, p.g.Today(), "まちがい")
			})
		}
	})
}

func (p *played) plan(version int) campaigns.Plan {
	p.g.T.Helper()
	plan, err := campaigns.FindPlan(p.g.T.Context(), p.g.DB, p.g.ID, p.c.ID, version)
	if err != nil {
		p.g.T.Fatal(err)
	}
	return plan
}

func (p *played) give(name string, gift seasonGift, plan campaigns.Plan) {
	of := func(d *campaigns.Gift) {
		if gift.named || gift.card {
			named(name)(d)
		}
		if gift.use > 0 {
			d.UseID = plan.Uses[gift.use-1].UseID
		}
	}
	amount, c := ledger.Yen(gift.amount), p.g.Campaign(p.c.ID)
	var d campaigns.Donation
	if gift.card {
		d, _ = p.g.Pay(c, amount, 0, of)
	} else {
		d = p.g.Enter(c, amount, of)
	}
	p.gifts, p.given = append(p.gifts, d), p.given+amount
}

// answer has givers answer a change, if they are asked, and carries it out.
func (p *played) answer(change campaigns.Change, choices []int, meanwhile func()) {
	t := p.g.T
	t.Helper()
	if change.Status != campaigns.Asking {
		return
	}
	p.asked++
	for i, ask := range p.g.Asks(change) {
		choice, to := campaigns.ChooseKeep, int64(0)
		switch n := choices[i%len(choices)]; {
		case n == 0: // silence
			continue
		case n == 1 || change.Kind == campaigns.ChangeStop && n == 2:
			choice = campaigns.ChooseReturn
		case change.Kind == campaigns.ChangeStop:
		case n == 2:
			choice = campaigns.ChooseMove
		case n == 3:
			choice, to = campaigns.ChooseMove, p.plan(change.Version).Uses[0].UseID
		}
		if err := p.g.Choose(ask.Ask, choice, to); err != nil {
			t.Fatal(err)
		}
	}
	if meanwhile != nil {
		meanwhile()
	}
	p.g.Pass(15)
	p.g.Decide(change)
	payBack(p.g, change)
}

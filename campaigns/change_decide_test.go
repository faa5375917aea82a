package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// named makes a cash gift that of a person who can be reached by mail.
func named(name string) func(*campaigns.Gift) {
	return func(gift *campaigns.Gift) {
		gift.Donor = campaigns.Donor{Name: name, Mail: campaigntest.Unique("giver") + "@example.jp"}
		gift.CountsAs = campaigns.CountsPerson
	}
}

// asked is a campaign of 84,000 yen, given whole by three people and an envelope, whose second use is to be removed.
func askedGroup(t *testing.T) (*campaigntest.Group, campaigns.Campaign, campaigns.Change, []campaigns.Asked) {
	t.Helper()
	g := newGroup(t)
	c := g.Announce()
	for _, name := range []string{"一", "二", "三"} {
		g.Enter(c, 21_000, named("練習 "+name))
	}
	g.Enter(c, 21_000) // an envelope without a name
	change := g.Change(c, removed)
	asks := g.Asks(change)
	if len(asks) != 3 || asks[0].Amount != 6_000 || change.Unspent != 24_000 {
		t.Fatalf("asked %+v about %s, want three about 6,000 each of 24,000", asks, change.Unspent)
	}
	return g, c, change, asks
}

func TestEachAnswerBecomesOfItsShareWhatWasSaid(t *testing.T) {
	t.Parallel()
	g, c, change, asks := askedGroup(t)
	food := g.Uses(c)[0]
	for i, answer := range []struct {
		choice campaigns.Choice
		to     int64
	}{{campaigns.ChooseReturn, 0}, {campaigns.ChooseMove, 0}, {campaigns.ChooseMove, food.ID}} {
		if err := g.Choose(asks[i].Ask, answer.choice, answer.to); err != nil {
			t.Fatal(err)
		}
	}
	g.Pass(15)
	g.Decide(change)
	if got := g.Left(g.General); got != 6_000 {
		t.Errorf("the general fund got %s, want 6,000", got)
	}
	returns := g.Returns(change)
	if len(returns) != 1 || returns[0].Amount != 6_000 || returns[0].Way != campaigns.ReturnByHand || returns[0].Done() {
		t.Fatalf("returns %+v, want 6,000 on the treasurer's list", returns)
	}
	r := returns[0]
	for range 2 { // the treasurer presses twice
		g.In(func(tx *sqlx.Tx) error {
			return campaigns.ReturnInHand(t.Context(), tx, g.ID, change.ID, r.DonationID, ledger.CashBox, g.Treasurer, g.At, g.Today())
		})
	}
	if got := g.Gift(r.DonationID).Refunded; got != 6_000 {
		t.Errorf("given back %s, want 6,000 once", got)
	}
	var held ledger.Yen
	for _, ask := range asks {
		parts, err := campaigns.HoldingsOf(t.Context(), g.DB, g.Gift(giftOf(t, g, ask.Ask)))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range parts {
			held += h.Amount
		}
	}
	if held != 3*21_000-6_000-6_000 {
		t.Errorf("the three gifts hold %s, want 51,000", held)
	}
	if left := g.Left(c.FundID); left != 84_000-6_000-6_000 {
		t.Errorf("left in the fund %s, want 72,000", left)
	}
	if p := g.Progress(g.Campaign(c.ID)); p.Promised != 60_000 || p.Uses[0].Received != 72_000 {
		t.Errorf("progress %+v", p)
	}
	g.MustBalance()
}

func TestAnswerMayBeChangedUntilTheLastDay(t *testing.T) {
	t.Parallel()
	g, _, change, asks := askedGroup(t)
	ask := asks[0].Ask
	for _, choice := range []campaigns.Choice{campaigns.ChooseReturn, campaigns.ChooseReturn, campaigns.ChooseKeep} {
		if err := g.Choose(ask, choice, 0); err != nil {
			t.Fatal(err)
		}
	}
	mustNeed(t, "a use that is not in the new plan", g.Choose(ask, campaigns.ChooseMove, 999), "answer", "change.answer_use")
	mustNeed(t, "no answer", g.Choose(ask, "", 0), "answer", "change.answer_missing")
	tally, err := campaigns.CountAnswers(t.Context(), g.DB, change)
	if err != nil || tally.Answered != 1 || tally.Kept != 24_000 || tally.Telling() {
		t.Errorf("tally %+v, %v", tally, err)
	}
	g.Pass(14)
	if err := g.Choose(ask, campaigns.ChooseReturn, 0); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	g.Pass(1)
	mustBe(t, "the day after", g.Choose(ask, campaigns.ChooseKeep, 0), campaigns.ErrNotAsking)
	g.Decide(change)
	mustBe(t, "when it is decided", g.Choose(ask, campaigns.ChooseKeep, 0), campaigns.ErrNotAsking)
	if _, err := g.DB.Exec(`UPDATE change_ask SET choice = 'keep' WHERE organisation_id = $1`, g.ID); ledger.ConstraintName(err) != "change_ask_while_asking" {
		t.Errorf("past the program: %v", err)
	}
	link, err := campaigns.FindAskByToken(t.Context(), g.DB, g.ID, campaigntest.Secret(ask.Secret()))
	if err != nil || link.ID != ask.ID || link.Choice != campaigns.ChooseReturn {
		t.Errorf("by its link: %+v, %v", link, err)
	}
}

func TestGiftGivenBackMeanwhileHasNoMoreThanIsLeft(t *testing.T) {
	t.Parallel()
	g, _, change, asks := askedGroup(t)
	if err := g.Choose(asks[0].Ask, campaigns.ChooseReturn, 0); err != nil {
		t.Fatal(err)
	}
	gift := giftOf(t, g, asks[0].Ask)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.RefundInHand(t.Context(), tx, g.ID, gift, 20_000, ledger.CashBox, g.Treasurer, g.At, g.Today(), "まちがい")
	})
	g.Pass(15)
	g.Decide(change)
	if returns := g.Returns(change); len(returns) != 1 || returns[0].Amount != 1_000 {
		t.Errorf("returns %+v, want the 1,000 that are left", returns)
	}
}

func giftOf(t *testing.T, g *campaigntest.Group, a campaigns.Ask) int64 {
	t.Helper()
	var id int64
	if err := g.DB.Get(&id, `SELECT min(donation_id) FROM change_share WHERE organisation_id = $1 AND ask_id = $2`, g.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	return id
}

// year is what happens to a campaign in one run of the property below.
type year struct {
	gifts   []struct{ amount, use, named int }
	spent   int
	choices []int
}

var years = rapid.Custom(func(r *rapid.T) year {
	var y year
	for range rapid.IntRange(1, 6).Draw(r, "gifts") {
		y.gifts = append(y.gifts, struct{ amount, use, named int }{
			rapid.IntRange(1, 30_000).Draw(r, "amount"), rapid.IntRange(0, 2).Draw(r, "use"), rapid.IntRange(0, 1).Draw(r, "named"),
		})
		y.choices = append(y.choices, rapid.IntRange(0, 3).Draw(r, "choice"))
	}
	y.spent = rapid.IntRange(0, 5_000).Draw(r, "spent")
	return y
})

// Whatever givers choose, what is kept, moved and returned comes to what was unspent, and what was received to what was spent, moved out,
// returned and left, to the yen.
func TestWhateverGiversChooseEveryYenIsAccountedFor(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	for seed := range 12 {
		g.At = campaigntest.Now
		y := years.Example(seed)
		c := g.Announce()
		uses := g.Uses(c)
		var received ledger.Yen
		for i, gift := range y.gifts {
			received += g.Enter(c, ledger.Yen(gift.amount), func(d *campaigns.Gift) {
				if gift.named == 1 {
					named(string(rune('あ' + i)))(d)
				}
				if gift.use > 0 {
					d.UseID = uses[gift.use-1].ID
				}
			}).Amount
		}
		if y.spent > 0 {
			g.Spend(uses[0], ledger.Yen(y.spent))
		}
		change := g.Change(c, removed)
		general := g.Left(g.General)
		for i, ask := range g.Asks(change) {
			n := y.choices[i]
			choice := []campaigns.Choice{campaigns.ChooseKeep, campaigns.ChooseReturn, campaigns.ChooseMove, campaigns.ChooseMove}[n]
			if err := g.Choose(ask.Ask, choice, []int64{0, 0, 0, uses[0].ID}[n]); err != nil {
				t.Fatal(err)
			}
		}
		tally, err := campaigns.CountAnswers(t.Context(), g.DB, change)
		if err != nil || tally.Kept+tally.Moved+tally.Returned != change.Unspent || tally.Kept < 0 {
			t.Fatalf("%+v: tally %+v of %s, %v", y, tally, change.Unspent, err)
		}
		g.Pass(15)
		g.Decide(change)
		returned := payBack(g, change)
		if returned != tally.Returned {
			t.Errorf("%+v: returned %s, answered %s", y, returned, tally.Returned)
		}
		spent, moved := ledger.Yen(y.spent), g.Left(g.General)-general
		if left := g.Left(c.FundID); received != spent+moved+returned+left {
			t.Errorf("%+v: received %s, spent %s, moved %s, returned %s, left %s", y, received, spent, moved, returned, left)
		}
		p := g.Progress(g.Campaign(c.ID))
		for _, u := range p.Uses {
			p.Carried -= u.Received
		}
		if p.Carried+p.Received != 0 {
			t.Errorf("%+v: the uses hold %s less than came in", y, p.Carried+p.Received)
		}
	}
	g.MustBalance()
}

// payBack gives back in cash all that goes back.
func payBack(g *campaigntest.Group, change campaigns.Change) ledger.Yen {
	g.T.Helper()
	var returned ledger.Yen
	for _, b := range g.Returns(change) {
		returned += b.Amount
		g.In(func(tx *sqlx.Tx) error {
			return campaigns.ReturnInHand(g.T.Context(), tx, g.ID, change.ID, b.DonationID, ledger.CashBox, g.Treasurer, g.At, g.Today())
		})
	}
	return returned
}

func stop(t *testing.T, g *campaigntest.Group, c campaigns.Campaign) {
	t.Helper()
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Stop(t.Context(), tx, g.ID, c.ID, g.Head, g.At, "担い手がいなくなったため")
	})
}

func settleStop(t *testing.T, g *campaigntest.Group, c campaigns.Campaign, rest campaigns.Rest) (campaigns.Change, error) {
	t.Helper()
	var change campaigns.Change
	err := g.Try(func(tx *sqlx.Tx) (err error) {
		change, err = campaigns.SettleStop(t.Context(), tx, g.ID, c.ID, rest, g.General, campaigntest.Secret, g.Head, g.At)
		return err
	})
	return change, err
}

func TestStoppedCampaignGivesBackWhatIsLeftAndMovesTheRest(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 40_000, named("練習 一"))
	g.Enter(c, 10_000)
	_, err := settleStop(t, g, c, campaigns.RestReturn)
	mustBe(t, "before it is stopped", err, campaigns.ErrClosed)
	g.Spend(g.Uses(c)[0], 5_000)
	stop(t, g, c)
	change, err := settleStop(t, g, c, campaigns.RestReturn)
	if err != nil {
		t.Fatal(err)
	}
	_, err = settleStop(t, g, c, campaigns.RestReturn)
	mustBe(t, "said twice", err, campaigns.ErrAsking)
	asks := g.Asks(change)
	if len(asks) != 1 || asks[0].Amount != 36_000 || asks[0].Choice != campaigns.ChooseReturn {
		t.Fatalf("asked %+v, want 36,000, back by silence", asks)
	}
	g.Pass(15)
	g.Decide(change)
	if got := g.Left(g.General); got != 9_000 {
		t.Errorf("moved %s, want the 9,000 of the nameless", got)
	}
	r := g.Returns(change)[0]
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.GiveUpReturn(t.Context(), tx, g.ID, change.ID, r.DonationID, campaigns.Unreachable, g.Treasurer, g.At)
	})
	s, err := campaigns.FindStopping(t.Context(), g.DB, g.ID, c.ID)
	if err != nil || s.Moved != 45_000 || s.ToReturn != 0 {
		t.Errorf("stopping %+v, %v", s, err)
	}
	if left := g.Left(c.FundID); left != 0 {
		t.Errorf("left in the stopped campaign %s", left)
	}
	g.MustBalance()
}

func TestWhatIsOwedFromAnEarlierChangeIsNobodysToMove(t *testing.T) {
	t.Parallel()
	g, c, change, asks := askedGroup(t)
	if err := g.Choose(asks[0].Ask, campaigns.ChooseReturn, 0); err != nil {
		t.Fatal(err)
	}
	g.Pass(15)
	g.Decide(change) // 6,000 are owed, and not paid yet
	stop(t, g, c)
	rest, err := settleStop(t, g, c, campaigns.RestReturn)
	if err != nil {
		t.Fatal(err)
	}
	for _, ask := range g.Asks(rest) {
		if want := map[int64]ledger.Yen{asks[0].Ask.DonorID: 15_000}[ask.Ask.DonorID]; want > 0 && ask.Amount != want {
			t.Errorf("asked again about %s, want the %s that are not owed already", ask.Amount, want)
		}
	}
	g.Pass(15)
	g.Decide(rest)
	if left := g.Left(c.FundID); left != 3*21_000 {
		t.Errorf("left %s, want what goes back to three people", left)
	}
	paid := payBack(g, change) + payBack(g, rest)
	if left := g.Left(c.FundID); paid != 3*21_000 || left != 0 {
		t.Errorf("paid back %s, left %s", paid, left)
	}
	g.MustBalance()
}

func TestStopWaitsForPaymentsThatAreOpen(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 10_000)
	g.OpenPage(g.Give(c, 3_000))
	stop(t, g, c)
	_, err := settleStop(t, g, c, campaigns.RestMove)
	mustBe(t, "while a page is open", err, campaigns.ErrPaymentsOpen)
	if _, err = g.DB.Exec(`UPDATE donation SET status = 'expired' WHERE organisation_id = $1 AND status = 'pending'`, g.ID); err != nil {
		t.Fatal(err)
	}
	change, err := settleStop(t, g, c, campaigns.RestMove)
	if err != nil || change.Status != campaigns.InForce || g.Left(g.General) != 10_000 || g.Left(c.FundID) != 0 {
		t.Errorf("moved at once: %+v, %v, %s", change, err, g.Left(g.General))
	}
	var bad ledger.Invalid
	err = g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.SettleStop(t.Context(), tx, g.ID, c.ID, campaigns.RestMove, c.FundID, campaigntest.Secret, g.Head, g.At)
		return err
	})
	if !errors.As(err, &bad) || bad["to"] == "" {
		t.Errorf("into itself: %v", err)
	}
}

func TestStoppingTakesBackAVersionThatIsAskedAbout(t *testing.T) {
	t.Parallel()
	g, c, change, _ := askedGroup(t)
	stop(t, g, c)
	if found, _ := campaigns.FindChange(t.Context(), g.DB, g.ID, change.ID); found.Status != campaigns.Withdrawn {
		t.Errorf("the version is %s", found.Status)
	}
}

func TestFundingFollowsThePriorities(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for _, step := range []struct {
		gift, lacking, over ledger.Yen
		first, second       campaigns.FundingState
	}{
		{60_000, 24_000, 0, campaigns.FundedWhole, campaigns.FundedNot},
		{10_000, 14_000, 0, campaigns.FundedWhole, campaigns.FundedPart},
		{20_000, 0, 6_000, campaigns.FundedWhole, campaigns.FundedWhole},
	} {
		g.Enter(c, step.gift)
		f := g.Progress(c).Funding()
		if f.Lacking != step.lacking || f.Over != step.over || f.Uses[0].State != step.first || f.Uses[1].State != step.second {
			t.Errorf("after %s more: %+v", step.gift, f)
		}
	}
}

package asking_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var key = []byte("a key of private links for tests")

// asked is a group that asks about a removed use: a giver by card with a mail address, and one by name alone.
func asked(t *testing.T, gift ...func(*campaigns.Gift)) (*campaigntest.Group, *asking.Desk, campaigns.Change) {
	t.Helper()
	g := campaigntest.Found(t, pgtest.New(t).App)
	now := func() time.Time { return g.At }
	d := &asking.Desk{DB: g.DB, Till: &payments.Till{DB: g.DB, Now: now}, Now: now, Site: "https://example.jp", Key: key}
	c := g.Announce()
	g.Pay(c, 42_000, 1_512, gift...)
	g.Enter(c, 42_000, func(gift *campaigns.Gift) {
		gift.Donor, gift.CountsAs = campaigns.Donor{Name: "練習 次郎"}, campaigns.CountsPerson
	})
	g.Propose(c, func(p *campaigns.Plan) { p.Uses = p.Uses[:1] })
	var change campaigns.Change
	g.In(func(tx *sqlx.Tx) (err error) {
		change, err = campaigns.PublishChange(t.Context(), tx, g.ID, c.ID, asking.Secret(key, g.ID), g.Head, g.At)
		return err
	})
	return g, d, change
}

func letters(t *testing.T, g *campaigntest.Group, kind string) []string {
	t.Helper()
	var texts []string
	if err := g.DB.Select(&texts, `SELECT text FROM mail WHERE organisation_id = $1 AND kind = $2`, g.ID, kind); err != nil {
		t.Fatal(err)
	}
	return texts
}

func turn(t *testing.T, g *campaigntest.Group, d *asking.Desk, id int64) {
	t.Helper()
	for range 2 { // a job may run again
		if err := d.Turn(t.Context(), g.ID, id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneLetterAsksAndOneTellsTheEnd(t *testing.T) {
	t.Parallel()
	g, d, change := asked(t)
	turn(t, g, d, change.ID)
	asks := letters(t, g, "change-ask")
	if len(asks) != 1 || !strings.Contains(asks[0], "12,000円") || !strings.Contains(asks[0], "2026年10月15日まで") {
		t.Fatalf("letters that ask: %q", asks)
	}
	path := asks[0][strings.Index(asks[0], "/choice/"):]
	token := strings.Fields(path)[0]
	token = token[strings.LastIndex(token, "/")+1:]
	ask, err := campaigns.FindAskByToken(t.Context(), g.DB, g.ID, token)
	if err != nil || ask.Amount != 12_000 {
		t.Errorf("the link in the letter: %+v, %v", ask, err)
	}
	if ends := letters(t, g, "change-end"); len(ends) != 0 {
		t.Errorf("told the end before it came: %q", ends)
	}
	g.Pass(15)
	turn(t, g, d, 0)
	if ends := letters(t, g, "change-end"); len(ends) != 1 || !strings.Contains(ends[0], "新しい約束のとおりに使います") {
		t.Errorf("letters of the end: %q", ends)
	}
	if got := g.Campaign(change.CampaignID).Version; got != 2 {
		t.Errorf("version %d in force", got)
	}
}

func TestWithdrawalIsToldToThoseWhoWereAsked(t *testing.T) {
	t.Parallel()
	g, d, change := asked(t)
	turn(t, g, d, change.ID)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Withdraw(t.Context(), tx, g.ID, change.ID, g.Head, g.At, "会場が見つかったため")
	})
	turn(t, g, d, change.ID)
	if ends := letters(t, g, "change-end"); len(ends) != 1 || !strings.Contains(ends[0], "取り下げました") {
		t.Errorf("letters: %q", ends)
	}
}

// TestQuestionsComeInTheLanguageOfTheGift: each letter that a change or a stop can bring, to who gave on the English pages.
func TestQuestionsComeInTheLanguageOfTheGift(t *testing.T) {
	t.Parallel()
	own := []string{"練習つどいの会", "見守り配食をつづけたい", "練習 花子", "会場が使えなくなったため", "連絡のつく方へお返しします。"}
	english := func(gift *campaigns.Gift) { gift.Language = campaigns.English }
	for name, tell := range map[string]func(g *campaigntest.Group, d *asking.Desk, change campaigns.Change){
		"a change": func(g *campaigntest.Group, d *asking.Desk, change campaigns.Change) {
			g.Pass(15)
			turn(t, g, d, 0)
		},
		"a change that is withdrawn": func(g *campaigntest.Group, d *asking.Desk, change campaigns.Change) {
			g.In(func(tx *sqlx.Tx) error {
				return campaigns.Withdraw(t.Context(), tx, g.ID, change.ID, g.Head, g.At, "会場が見つかったため")
			})
			turn(t, g, d, change.ID)
		},
		"a stop": func(g *campaigntest.Group, d *asking.Desk, change campaigns.Change) {
			g.In(func(tx *sqlx.Tx) error {
				if err := campaigns.Stop(t.Context(), tx, g.ID, change.CampaignID, g.Head, g.At, "会場が使えなくなったため"); err != nil {
					return err
				}
				_, err := campaigns.SettleStop(t.Context(), tx, g.ID, change.CampaignID, campaigns.RestReturn, g.General, asking.Secret(key, g.ID), g.Head, g.At)
				return err
			})
			turn(t, g, d, 0)
			g.Pass(15)
			turn(t, g, d, 0)
		},
	} {
		g, d, change := asked(t, english)
		turn(t, g, d, change.ID)
		tell(g, d, change)
		sent, err := mail.Recent(t.Context(), g.DB, 100)
		if err != nil || len(sent) < 2 {
			t.Errorf("%s: %d letters, %v", name, len(sent), err)
		}
		for _, l := range sent {
			englishtest.Letter(t, name+": "+l.Kind, l.Subject, l.Text, own...)
		}
	}
}

func TestWhatCannotGoBackOnlineIsOnTheTreasurersList(t *testing.T) {
	t.Parallel()
	g, d, change := asked(t)
	for _, ask := range g.Asks(change) {
		if err := g.Choose(ask.Ask, campaigns.ChooseReturn, 0); err != nil {
			t.Fatal(err)
		}
	}
	g.Pass(15)
	turn(t, g, d, 0) // the group has no account at the payment service any more
	returns := g.Returns(change)
	if len(returns) != 2 {
		t.Fatalf("returns %+v", returns)
	}
	for _, r := range returns {
		if r.Way != campaigns.ReturnByHand || r.Done() || r.Amount != 12_000 {
			t.Errorf("return %+v, want 12,000 on the treasurer's list", r)
		}
	}
}

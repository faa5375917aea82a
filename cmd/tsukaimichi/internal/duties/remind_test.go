package duties_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/duties"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// The report is due 120 days after the call. Each letter goes to the representative and the treasurer, once.
func TestEachReminderIsWrittenOnceToWhoMustAct(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	day := 0
	for _, step := range []struct{ day, letters int }{{89, 0}, {90, 2}, {91, 2}, {113, 4}, {119, 4}, {120, 6}, {126, 6}, {127, 8}, {133, 8}, {134, 10}, {200, 12}} {
		g.Pass(step.day - day)
		day = step.day
		for range 2 {
			if err := duties.Remind(t.Context(), g.DB, g.ID, "https://tsukaimichi.example", g.At); err != nil {
				t.Fatal(err)
			}
		}
		if got := letters(t, g, "duty:%"); len(got) != step.letters {
			t.Errorf("on day %d there are %d letters, want %d", step.day, len(got), step.letters)
		}
	}
	last := strings.Join(letters(t, g, "duty:%:late11:%"), "")
	if !strings.Contains(last, "80日すぎています") || !strings.Contains(last, fmt.Sprintf("/campaigns/%d/report", c.ID)) {
		t.Errorf("on day 200 it says %q", last)
	}
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{Left: 500, By: g.Today().AddDays(20)}, g.Head, g.At)
	})
	if err := duties.Remind(t.Context(), g.DB, g.ID, "https://tsukaimichi.example", g.At); err != nil {
		t.Fatal(err)
	}
	if next := letters(t, g, "duty:%:2:30:%"); len(next) != 2 || !strings.Contains(next[0], "第2回の報告です") || !strings.Contains(next[0], "あと20日です") {
		t.Errorf("of the carry-over it says %q", next)
	}
}

func TestMoneyThatCameAfterTheLastReportIsReminded(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	g.Enter(c, 2_000)
	g.Pass(100)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{}, g.Head, g.At)
	})
	if err := duties.Remind(t.Context(), g.DB, g.ID, "", g.At); err != nil {
		t.Fatal(err)
	}
	open, err := campaigns.OpenDuty(t.Context(), g.DB, g.ID, c.ID)
	if err != nil || open.DueOn != ledger.DateOf(g.At).AddDays(90) {
		t.Errorf("owed is %+v, %v", open, err)
	}
}

// ¥5,000 come unasked and are decided about: used and reported within 60 days. Who has to act is told 30 and 7 days before, on the day and each week after,
// once each, until the report is out; a transfer to a campaign is reported on there.
func TestReportOnADecisionIsRemindedUntilItIsOut(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	g.Enter(campaigns.Campaign{}, 5_000)
	var id int64
	for _, d := range []campaigns.Decision{
		{Purpose: "集会所のやかん", Amount: 3_000, DueOn: g.Today().AddDays(60)}, {Purpose: "配食の食材に", Amount: 1_000, CampaignID: c.ID},
	} {
		d.DecidedOn, d.DecidedBy, d.Key = g.Today(), "役員会", d.Purpose
		g.In(func(tx *sqlx.Tx) error {
			made, err := campaigns.DecideUse(t.Context(), tx, g.ID, d, g.Treasurer, g.At)
			if d.CampaignID == 0 {
				id = made
			}
			return err
		})
	}
	day := 0
	remind := func(on, want int) {
		t.Helper()
		g.Pass(on - day)
		day = on
		for range 2 {
			if err := duties.Remind(t.Context(), g.DB, g.ID, "https://tsukaimichi.example", g.At); err != nil {
				t.Fatal(err)
			}
		}
		if got := letters(t, g, "decision:%"); len(got) != want {
			t.Errorf("on day %d there are %d letters, want %d", on, len(got), want)
		}
	}
	for _, step := range [][2]int{{29, 0}, {30, 2}, {52, 2}, {53, 4}, {60, 6}, {66, 6}, {67, 8}} {
		remind(step[0], step[1])
	}
	late := strings.Join(letters(t, g, fmt.Sprintf("decision:%d:late1:%%", id)), "")
	for _, want := range []string{"「集会所のやかん」", "7日すぎています", "/gifts/unasked"} {
		if !strings.Contains(late, want) {
			t.Errorf("a week late it says %q, want %q", late, want)
		}
	}
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.ReportDecision(t.Context(), tx, g.ID, id, "まだ買っていません。", "来月に買います。", g.Head, g.At)
	})
	remind(74, 8)
}

func letters(t *testing.T, g *campaigntest.Group, key string) []string {
	t.Helper()
	var texts []string
	if err := g.DB.SelectContext(t.Context(), &texts, `
		SELECT text
		  FROM mail
		 WHERE organisation_id = $1 AND kind IN ('report-due', 'decision-due') AND key LIKE $2`, g.ID, key); err != nil {
		t.Fatal(err)
	}
	return texts
}

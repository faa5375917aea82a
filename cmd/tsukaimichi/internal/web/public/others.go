package public

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed query/others.sql
var othersSQL string

// othersQuery narrows a list of campaigns; zero fields do not.
type othersQuery struct {
	organisationID int64
	but            int64 // this campaign is left out
	text           string
	state          string // open, late, reported
	on             ledger.Date
	limit, offset  int
}

// listed is a row of the list as the database gives it.
type listed struct {
	campaigns.Campaign
	campaigns.People
	Title         string      `db:"title"`
	CollectsFrom  ledger.Date `db:"collects_from"`
	CollectsUntil ledger.Date `db:"collects_until"`
	ReportDueOn   ledger.Date `db:"report_due_on"`
	OwedOn        ledger.Date `db:"owed_on"`
	Standing      bool        `db:"standing"`
	YearFrom      ledger.Date `db:"year_from"`
	Organisation  string      `db:"organisation"`
	Address       string      `db:"address"`
	Received      ledger.Yen  `db:"received"`
	Spent         ledger.Yen  `db:"spent"`
	Promised      ledger.Yen  `db:"promised"`
}

// others returns announced campaigns, those that collect longest first.
func others(ctx context.Context, q sqlx.QueryerContext, by othersQuery) ([]Other, error) {
	var found []listed
	err := sqlx.SelectContext(ctx, q, &found, othersSQL, by.organisationID, by.but, by.text, by.state, by.on, by.limit, by.offset)
	if err != nil {
		return nil, fmt.Errorf("campaigns: %w", err)
	}
	list := make([]Other, len(found))
	for i, f := range found {
		list[i] = Other{
			Campaign: f.Campaign, People: f.People, Received: f.Received, Spent: f.Spent, Owed: f.OwedOn,
			Plan: campaigns.Plan{Title: f.Title, CollectsFrom: f.CollectsFrom, CollectsUntil: f.CollectsUntil, ReportDueOn: f.ReportDueOn,
				Standing: f.Standing, YearFrom: f.YearFrom, Uses: []campaigns.PlanUse{{Amount: f.Promised}}},
		}
		if by.organisationID == 0 {
			list[i].Group, list[i].Place = f.Organisation, f.Address
		}
	}
	return list, nil
}

// rows are campaigns as a list shows them.
func rows(list []Other, today ledger.Date) []page.ListRow {
	var out []page.ListRow
	for _, c := range list {
		row := page.ListRow{
			Tag: campaignTag(c.Campaign, c.Plan, c.Owed, today), Name: c.Plan.Title, Href: "/c/" + c.Campaign.Slug,
			Note: period(c.Campaign, c.Plan, today), Strong: people(c.People).String(),
			Text: "約束 " + page.YenText(c.Plan.Total()) + "円のうち、" + page.YenText(c.Received) + "円が届き、" + page.YenText(c.Spent) + "円を使いました",
		}
		if c.Plan.Total() == 0 {
			row.Text = "お金は集めません。手伝いと品物をお願いしています"
		}
		if late := lateDays(c.Owed, today); late > 0 {
			row.Note = fmt.Sprintf("報告の期限 %s から%d日すぎています", page.DayOnly(c.Owed), late)
		}
		if c.Group != "" {
			note := c.Group
			if c.Place != "" {
				note += "・" + c.Place
			}
			row.Note = note + "・" + row.Note
		}
		out = append(out, row)
	}
	return out
}

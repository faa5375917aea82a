package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// publishOne publishes the report of the sample's closed campaign and corrects it, so that the crawl finds published pages, a superseded one
// and the letters about them.
func (p *practising) publishOne() {
	p.t.Helper()
	ctx := context.Background()
	organisation, campaign := p.closedCampaign()
	members, err := ledger.Members(ctx, p.db, organisation, ledger.DateOf(p.clock.Now()))
	if err != nil {
		p.t.Fatal(err)
	}
	by := ledger.ByPerson(members[0].PersonID, members[0].Name)
	p.publish(organisation, by, func(tx *sqlx.Tx) (int64, error) { return reports.Start(ctx, tx, organisation, campaign) })
	c, err := campaigns.Find(ctx, p.db, organisation, campaign)
	if err != nil {
		p.t.Fatal(err)
	}
	numbers, err := reports.OfCampaign(ctx, p.db, c)
	if err != nil || len(numbers) != 1 {
		p.t.Fatal(numbers, err)
	}
	first, err := reports.FindPublic(ctx, p.db, numbers[0])
	if err != nil {
		p.t.Fatal(err)
	}
	p.publish(organisation, by, func(tx *sqlx.Tx) (int64, error) {
		return reports.Correct(ctx, tx, organisation, first.ID, "回数を11回から12回に直しました。数えまちがえていました。おわびします。")
	})
}

func (p *practising) closedCampaign() (organisation, campaign int64) {
	p.t.Helper()
	err := p.db.QueryRow(`SELECT organisation_id, id FROM campaign WHERE status = 'closed' ORDER BY organisation_id LIMIT 1`).Scan(&organisation, &campaign)
	if err != nil {
		p.t.Fatal(err)
	}
	return organisation, campaign
}

// publish writes what a report needs and publishes it.
func (p *practising) publish(organisation int64, by ledger.Actor, begin func(tx *sqlx.Tx) (int64, error)) {
	p.t.Helper()
	ctx := context.Background()
	var id int64
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) (err error) { id, err = begin(tx); return err })
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := p.press.Usage(ctx, organisation, id, false)
	if err != nil {
		p.t.Fatal(err)
	}
	content := u.Content
	content.Did, content.Wrong, content.Rest, content.Sessions, content.Visits = "見守りの訪問をしました。", "知らせるのがおそくなりました。", "来年の行事に使います。", 12, 619
	content.RestBy = ledger.DateOf(p.clock.Now()).AddDays(100)
	content.Voices = []reports.Voice{{Text: "毎年、楽しみにしています。", Who: "80代の方", Consent: true}}
	content.Reasons = map[string]string{}
	for i, use := range u.Figures.Progress.Uses {
		content.Reasons[strconv.FormatInt(use.UseID, 10)] = fmt.Sprintf("%dつ目の理由です。", i+1)
	}
	err = ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error { return reports.Save(ctx, tx, organisation, id, content) })
	if err != nil {
		p.t.Fatal(err)
	}
	if err = p.press.Publish(ctx, organisation, id, by); err != nil {
		p.t.Fatal(err)
	}
}

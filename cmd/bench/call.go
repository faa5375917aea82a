package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// What the campaign holds that is shown and printed.
const (
	callSlug     = "bench-call"
	callGifts    = 300
	callExpenses = 60
)

// call is a campaign in the middle of its time, made by the domain's own functions.
type call struct {
	db           *sqlx.DB
	now          time.Time
	organisation int64
	initiative   int64
	campaign     campaigns.Campaign
	head         ledger.Actor
	treasurer    ledger.Actor
}

// makeCall announces a campaign of five uses a month before now and has it take gifts and spend them since.
func makeCall(ctx context.Context, db *sqlx.DB, now time.Time) (*call, error) {
	c := &call{db: db, now: now}
	for _, step := range []func(context.Context) error{c.found, c.announce, c.give, c.spend} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("campaign: %w", err)
		}
	}
	return c, nil
}

// ago is the instant so many days before.
func (c *call) ago(days int) time.Time { return c.now.AddDate(0, 0, -days) }

func (c *call) found(ctx context.Context) error {
	return ledger.InTx(ctx, c.db, func(tx *sqlx.Tx) (err error) {
		c.organisation, err = ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
			Name: "練習 みんなの食堂", Kind: "volunteer", Purpose: "だれもが来られる食堂を開く", Representative: "練習 代表", Address: "練習県練習市一丁目1番1号",
			AddressDisclosed: true, Phone: "000-0000-0000", Slug: "bench-group", CreatedAt: c.ago(40),
		})
		if err != nil {
			return err
		}
		// As if the group had asked for money before somebody had to look at it: there is no operator here.
		if _, err = tx.ExecContext(ctx, `INSERT INTO vetting (organisation_id, status, asked_at) VALUES ($1, 'before', $2)`, c.organisation, c.ago(40)); err != nil {
			return fmt.Errorf("vetting: %w", err)
		}
		for _, p := range []struct {
			by         *ledger.Actor
			name, mail string
		}{{&c.head, "練習 代表", "head@example.jp"}, {&c.treasurer, "練習 会計", "treasurer@example.jp"}} {
			id, err := ledger.AddPerson(ctx, tx, ledger.Person{Name: p.name, Mail: p.mail, CreatedAt: c.ago(40)})
			if err != nil {
				return err
			}
			*p.by = ledger.ByPerson(id, p.name)
		}
		c.initiative, err = ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: c.organisation, Name: "百円食堂", Kind: "meal"})
		return err
	})
}

func (c *call) announce(ctx context.Context) error {
	return ledger.InTx(ctx, c.db, func(tx *sqlx.Tx) error {
		id, err := campaigns.StartDraft(ctx, tx, c.organisation, c.initiative, callSlug, c.plan(), c.head, c.ago(31))
		if err != nil {
			return err
		}
		if err = campaigns.Announce(ctx, tx, c.organisation, id, c.head, c.ago(31)); err != nil {
			return err
		}
		if _, err = campaigns.TurnDue(ctx, tx, c.organisation, c.ago(30)); err != nil {
			return err
		}
		c.campaign, err = campaigns.Find(ctx, tx, c.organisation, id)
		return err
	})
}

func (c *call) plan() campaigns.Plan {
	on := ledger.DateOf(c.now)
	p := campaigns.Plan{
		Title: "百円食堂をつづけたい", Lead: "月に二回、だれもが来られる食堂を開いています。", Saying: "ひとりで食べるより、みんなで。",
		Need:         "食材と光熱費の値上がりで、続けるのがむずかしくなりました。十年つづいた食堂を、あと一年ささえてください。",
		OtherSources: "食事代 1食100円、町内会の助成 50,000円", Uncovered: "冷蔵庫の買い替え 80,000円は、まだ目当てがありません。", CostsBorneBy: campaigns.CostsGeneral,
		CollectsFrom: on.AddDays(-30), CollectsUntil: on.AddDays(30), ReportDueOn: on.AddDays(120), Responsible: "練習 会計",
		IfTooLittle: "食材から先に使い、開く回数をへらします。", IfTooMuch: "来年の食材に使います。", IfStopped: "連絡のつく方へお返しします。",
	}
	for i, name := range []string{"食材", "会場と光熱費", "食器と容器", "ボランティア保険", "お知らせの印刷"} {
		p.Uses = append(p.Uses, campaigns.PlanUse{
			Name: name, Detail: "24回分", Quantity: 24, Unit: "回", UnitPrice: ledger.Yen(10_000 - 1_500*i), Amount: ledger.Yen(24 * (10_000 - 1_500*i)),
			DueOn: on.AddDays(90), Evidence: "レシート",
		})
	}
	return p
}

func (c *call) give(ctx context.Context) error {
	for i := range callGifts {
		at := c.ago(29 - i*28/callGifts)
		g := campaigns.Gift{
			OrganisationID: c.organisation, CampaignID: c.campaign.ID, Channel: campaigns.Cash, Amount: ledger.Yen(500 + i%7*500), Counted: 1,
			GivenOn: ledger.DateOf(at), Token: fmt.Sprintf("bench-token-%d", i), Key: fmt.Sprintf("gift-%d", i),
		}
		if i%3 > 0 {
			g.Donor = campaigns.Donor{Name: fmt.Sprintf("練習 %d", i), Mail: fmt.Sprintf("giver%d@example.jp", i)}
		}
		err := ledger.InTx(ctx, c.db, func(tx *sqlx.Tx) error {
			_, err := campaigns.Enter(ctx, tx, g, ledger.CashBox, c.treasurer, at)
			return err
		})
		if err != nil {
			return fmt.Errorf("gift %d: %w", i, err)
		}
	}
	return nil
}

// spend enters expenses, of which the last five wait to be checked.
func (c *call) spend(ctx context.Context) error {
	uses, err := ledger.Uses(ctx, c.db, c.organisation, c.campaign.FundID)
	if err != nil {
		return err
	}
	for i := range callExpenses {
		at, amount := c.ago(27-i*26/callExpenses), ledger.Yen(800+i%9*310)
		e := ledger.Expense{
			OrganisationID: c.organisation, PaidOn: ledger.DateOf(at), Payee: fmt.Sprintf("練習商店 %d", i%12), Amount: amount, Account: ledger.CashBox,
			What: "買い物", Key: fmt.Sprintf("expense-%d", i), NoPaper: ledger.PaidByTransfer,
			Lines: []ledger.ExpenseLine{{
				Account: ledger.ProvisionsExpense, FundID: c.campaign.FundID, Segment: ledger.Program, InitiativeID: c.initiative,
				UseID: uses[i%len(uses)].ID, Amount: amount,
			}},
		}
		err = ledger.InTx(ctx, c.db, func(tx *sqlx.Tx) error {
			id, err := ledger.EnterExpense(ctx, tx, e, c.treasurer, at)
			if err != nil || i >= callExpenses-5 {
				return err
			}
			return ledger.CheckExpense(ctx, tx, c.organisation, id, c.head, at)
		})
		if err != nil {
			return fmt.Errorf("expense %d: %w", i, err)
		}
	}
	return nil
}

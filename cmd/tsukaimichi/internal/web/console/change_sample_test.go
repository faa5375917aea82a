package console

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// sampleChanges are the pages of a changing promise.
func sampleChanges(d Desk, c standing) map[string]page.Page {
	next := c.Plan
	next.Reason = "集会所が工事で使えなくなりました。"
	next.Uses = append([]campaigns.PlanUse{{Name: "配食の容器", Amount: 40000, DueOn: d.Today(), Evidence: "領収書"}}, c.Plan.Uses...)
	change := campaigns.Change{ID: 1, CampaignID: c.ID, Kind: campaigns.ChangeVersion, FromVersion: 1, Version: 2, Status: campaigns.Asking, Moved: 40000, Width: 48000, Unspent: 12000,
		OpenedOn: d.Today(), DecidesOn: d.Today().AddDays(14), Reason: next.Reason}
	considered := campaigns.Considered{Campaign: c.Campaign, InForce: c.Plan, Next: next, Diff: campaigns.DiffPlans(c.Plan, next), Asks: true, Unspent: 12000,
		Weight: campaigns.Weight{Moved: 40000, Width: 48000, Removed: true, Touched: map[int64]bool{1: true}}, Missing: ledger.Invalid{"reason": "change.reason_missing"}}
	asks := []campaigns.Asked{
		{Ask: campaigns.Ask{ID: 1, DonorID: 1, Amount: 6000, Choice: campaigns.ChooseReturn, Told: campaigns.ToldPhone, ChosenAt: d.Now}, Donor: campaigns.Donor{ID: 1, Name: "練習 花子", Address: "練習県みどり町1-2"}, Gifts: 1},
		{Ask: campaigns.Ask{ID: 2, DonationID: 7, Amount: 3000, Choice: campaigns.ChooseKeep}, Gifts: 1}}
	asked := askedChange{standing: c, change: change, next: next, asks: asks, tally: campaigns.Tally{Asked: 2, Answered: 1, Keep: 1, Return: 1, Unspent: 12000, Kept: 6000, Returned: 6000}}
	stopped := c
	stopped.Status = campaigns.Stopped
	stopped.Plan.IfStopped = "連絡のつく方へお返しします。"
	funds := []ledger.Fund{{ID: 1, Name: "一般", Kind: ledger.GeneralFund}, {ID: 2, Name: "冬", Kind: ledger.CampaignFund}}
	stopping := campaigns.Stopping{Campaign: stopped.Campaign, Plan: stopped.Plan, Progress: campaigns.Progress{Received: 40000, Spent: 5000, Left: 35000}}
	waits := stopping
	waits.Open, waits.OpenSum, waits.OpenTill = 1, 3000, d.Now.Add(time.Hour)
	returns := []campaigns.Return{{ChangeID: 1, DonationID: 7, Amount: 6000, Way: campaigns.ReturnByHand, DonorName: "練習 花子"}, {ChangeID: 1, DonationID: 8, Amount: 500, Way: campaigns.ReturnOnline, Channel: campaigns.Card, Status: campaigns.RefundPaid}}
	return map[string]page.Page{
		"change":         buildChange(d, c, changeValues(c, next), map[string]string{"reason": "変える理由を書いてください。"}),
		"change_preview": buildChangePreview(d, c, considered, nil),
		"asking":         buildAsking(d, asked, "answer", nil, map[string]string{"ask": "どなたの答えか、選んでください。"}),
		"returns":        buildReturns(d, c, returns, nil, "", nil, nil),
		"stopping":       buildStopping(d, stopped, stopping, funds, nil, nil),
		"stopping_waits": buildStopping(d, stopped, waits, funds, nil, nil),
	}
}

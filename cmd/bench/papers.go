package main

import (
	"context"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// papersOf are the papers both sides print, with the figures of a campaign in the database.
func papersOf(ctx context.Context, d *database) ([]printing, error) {
	now := time.Now()
	c, err := makeCall(ctx, d.app, now)
	if err != nil {
		return nil, err
	}
	u, err := c.usage(ctx, now)
	if err != nil {
		return nil, err
	}
	return []printing{
		{"receipt", func() document.Document { return reports.ReceiptDocument(receiptOf(now), now) }, 100},
		{"usage report", u.Document, 25},
	}, nil
}

func receiptOf(now time.Time) campaigns.ReceiptPayload {
	on := ledger.DateOf(now)
	return campaigns.ReceiptPayload{
		Number: "2026-0001", Organisation: "練習 みんなの食堂", Representative: "練習 代表", PostalCode: "0000000", Address: "練習県練習市一丁目1番1号",
		Phone: "000-0000-0000", DonorName: "練習 花子", DonorAddress: "練習県練習市二丁目2番2号", Amount: 3_000, ReceivedOn: on.AddDays(-3),
		Channel: campaigns.Card, Campaign: "百円食堂をつづけたい", Practice: true, IssuedOn: on,
	}
}

// usage gathers the report of the campaign.
func (c *call) usage(ctx context.Context, now time.Time) (reports.Usage, error) {
	u := reports.Usage{Campaign: c.campaign, Number: "1", Version: 1, URL: "https://tsukaimichi.example/r/1", At: now, Content: reports.Content{
		Sessions: 24, Visits: 960, Did: "月に二回、食堂を開きました。はじめて来た方が三十人いました。", Wrong: "八月は暑さで来る方が少なく、食材をあまらせました。",
		Rest: "残りは、来年の食材に使います。", RestBy: ledger.DateOf(now).AddDays(300), Thanks: "ありがとうございました。",
		Voices: []reports.Voice{{Text: "ここに来ると、だれかと話せます。", Who: "70代の方", Consent: true}},
	}}
	var err error
	if u.Organisation, err = ledger.FindOrganisation(ctx, c.db, c.organisation); err != nil {
		return u, err
	}
	if u.Plan, err = campaigns.FindPlan(ctx, c.db, c.organisation, c.campaign.ID, c.campaign.Version); err != nil {
		return u, err
	}
	u.Figures, err = reports.FindFigures(ctx, c.db, c.campaign, ledger.DateOf(now))
	return u, err
}

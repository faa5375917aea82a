package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// pendingGift is a gift whose payment page is open.
type pendingGift struct {
	ID     int64
	Ref    string // of its payment page
	Amount ledger.Yen
}

// pendingGifts enters a gift for every webhook, as if its giver had gone on to the payment page a minute ago.
func (s *storm) pendingGifts(ctx context.Context) ([]pendingGift, error) {
	terms, err := campaigns.CurrentTerms(ctx, s.database.app)
	if err != nil {
		return nil, err
	}
	at := time.Now().Add(-time.Minute)
	all := make([]pendingGift, 0, s.webhooks)
	for begun := 0; begun < s.webhooks; begun += 100 {
		err := ledger.InTx(ctx, s.database.app, func(tx *sqlx.Tx) error {
			for i := begun; i < min(begun+100, s.webhooks); i++ {
				gift, err := s.pendingGift(ctx, tx, terms, i, at)
				if err != nil {
					return err
				}
				all = append(all, gift)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("gift: %w", err)
		}
	}
	return all, nil
}

func (s *storm) pendingGift(ctx context.Context, tx *sqlx.Tx, terms campaigns.Terms, i int, at time.Time) (pendingGift, error) {
	g := campaigns.Gift{
		OrganisationID: s.call.organisation, CampaignID: s.call.campaign.ID, Channel: campaigns.Card, Amount: ledger.Yen(500 + i%20*500),
		Donor:        campaigns.Donor{Name: fmt.Sprintf("練習 %d", i), Mail: fmt.Sprintf("storm%d@example.jp", i), PostalCode: "000-0000", Address: "練習県練習市1-1"},
		TermsVersion: terms.Version, Token: fmt.Sprintf("storm-token-%d", i), Key: fmt.Sprintf("storm-gift-key-%d", i), ReceiptWanted: "none",
	}
	if i%3 == 0 {
		g.ReceiptWanted = "mail"
	}
	d, err := campaigns.Give(ctx, tx, g, at)
	if err != nil {
		return pendingGift{}, err
	}
	attempt, err := campaigns.BeginAttempt(ctx, tx, d, at, at.Add(time.Hour))
	if err != nil {
		return pendingGift{}, err
	}
	ref := fmt.Sprintf("cs_storm_%d", d.ID)
	return pendingGift{d.ID, ref, d.Amount}, campaigns.AttemptOpened(ctx, tx, attempt, campaigns.Checkout{Ref: ref, URL: "https://checkout.stripe.com/" + ref, ExpiresAt: at.Add(time.Hour)})
}

// kept is what the database holds of the storm's webhooks.
type kept struct {
	Events   int `db:"events"`
	Followed int `db:"followed"`
	Paid     int `db:"paid"`
	Booked   int `db:"booked"`
	Twice    int `db:"twice"`
	Receipts int `db:"receipts"`
}

func countKept(ctx context.Context, d *database, organisation int64, gifts []pendingGift) (kept, error) {
	var k kept
	err := d.owner.GetContext(ctx, &k, `
		WITH gift AS (SELECT id, status FROM donation WHERE organisation_id = $1 AND id BETWEEN $2 AND $3),
		     booking AS (SELECT t.donation_id, count(*) AS n
		                   FROM transaction t
		                  WHERE t.organisation_id = $1 AND t.donation_id BETWEEN $2 AND $3
		                  GROUP BY t.donation_id)
		SELECT (SELECT count(*) FROM stripe_event WHERE organisation_id = $1) AS events,
		       (SELECT count(*) FROM stripe_event WHERE organisation_id = $1 AND processed_at IS NOT NULL) AS followed,
		       (SELECT count(*) FROM gift WHERE status = 'paid') AS paid,
		       (SELECT count(*) FROM booking) AS booked,
		       (SELECT count(*) FROM booking WHERE n > 1) AS twice,
		       (SELECT count(*) FROM receipt WHERE organisation_id = $1) AS receipts`, organisation, gifts[0].ID, gifts[len(gifts)-1].ID)
	return k, err
}

// untilBooked waits until every event was followed.
func (s *storm) untilBooked(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	for {
		var followed int
		err := s.database.owner.GetContext(ctx, &followed, `SELECT count(*) FROM stripe_event WHERE processed_at IS NOT NULL`)
		if err != nil || followed >= n {
			return err
		}
		if err = sleep(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("storm: %d of %d events were followed: %w", followed, n, err)
		}
	}
}

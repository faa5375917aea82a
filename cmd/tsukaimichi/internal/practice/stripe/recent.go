package stripe

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Payment is a payment that was made, for the list from which one becomes the payer's bank.
type Payment struct {
	Title    string
	Amount   ledger.Yen
	At       time.Time
	Page     string // the payer's page
	Disputed bool   // his bank looks into it, or has
}

// Recent returns the last card payments of all accounts, the newest first.
func (s *Server) Recent(ctx context.Context, limit int) ([]Payment, error) {
	var rows []struct {
		Session  string    `db:"session"`
		At       time.Time `db:"at"`
		Disputed bool      `db:"disputed"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT o.body AS session, c.created_at AS at, (c.body->>'disputed')::boolean AS disputed
		FROM (SELECT organisation_id, body, created_at
			FROM practice.stripe_object
			WHERE kind = 'charge' AND body->>'status' = 'succeeded' AND body->'payment_method_details'->>'type' = 'card'
			ORDER BY position DESC
			LIMIT $1) AS c
		JOIN practice.stripe_object AS pi ON pi.organisation_id = c.organisation_id AND pi.id = c.body->>'payment_intent'
		JOIN practice.stripe_object AS o ON o.organisation_id = c.organisation_id AND o.id = pi.body->'practice'->>'session'
		ORDER BY c.created_at DESC`, limit)
	if err != nil {
		return nil, fmt.Errorf("practice payments: %w", err)
	}
	all := make([]Payment, len(rows))
	for i, row := range rows {
		var o session
		if err := json.Unmarshal([]byte(row.Session), &o); err != nil {
			return nil, fmt.Errorf("practice payments: %w", err)
		}
		all[i] = Payment{Title: o.Practice.Title, Amount: o.AmountTotal, At: row.At, Page: s.url.JoinPath("pay", o.ID).String(), Disputed: row.Disputed}
	}
	return all, nil
}

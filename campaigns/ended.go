package campaigns

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// cutShort says in SQL that a campaign c with its fund f and its plan p takes no payment any more on day $2 although its plan would: it was stopped, or
// the last day of a collecting that was ended early is over.
const cutShort = `(c.status = 'stopped' OR (f.collects_until < $2 AND f.collects_until IS DISTINCT FROM p.collects_until))`

// PagesCutShort returns the references of payment pages that are still open though their campaign was stopped, or its collecting ended before its
// day and that day is over. Vouchers that are out are not among them: who holds one was told until when it can be paid.
func PagesCutShort(ctx context.Context, q sqlx.QueryerContext, organisationID int64, today ledger.Date) ([]string, error) {
	var refs []string
	err := sqlx.SelectContext(ctx, q, &refs, `
		SELECT k.ref
		  FROM checkout k
		  JOIN donation d ON d.organisation_id = k.organisation_id AND d.id = k.donation_id
		  JOIN campaign c ON c.organisation_id = d.organisation_id AND c.id = d.campaign_id
		  JOIN fund f ON f.organisation_id = c.organisation_id AND f.id = c.fund_id
		  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
		 WHERE k.organisation_id = $1 AND k.ref IS NOT NULL AND k.status = 'open' AND `+cutShort+`
		 ORDER BY k.expires_at, k.ref`, organisationID, today)
	if err != nil {
		return nil, fmt.Errorf("checkouts of ended campaigns: %w", err)
	}
	return refs, nil
}

// mayOpenPage is ErrClosed for a gift whose campaign was cut short: it gets no further payment page.
func mayOpenPage(ctx context.Context, q sqlx.QueryerContext, d Donation, at time.Time) error {
	var short bool
	err := sqlx.GetContext(ctx, q, &short, `
		SELECT EXISTS (
		       SELECT FROM campaign c
		         JOIN fund f ON f.organisation_id = c.organisation_id AND f.id = c.fund_id
		         JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
		        WHERE c.organisation_id = $1 AND c.id = $3 AND `+cutShort+`)`, d.OrganisationID, ledger.DateOf(at), d.CampaignID)
	if err != nil {
		return fmt.Errorf("campaign %d: %w", d.CampaignID, err)
	}
	if short {
		return fmt.Errorf("campaign %d: %w", d.CampaignID, ErrClosed)
	}
	return nil
}

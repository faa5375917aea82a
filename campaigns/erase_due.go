package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// DonorsPastKeeping returns the donors, a hundred at most, whose erasing is due on a day: those whose receipts had to be kept until then, and those
// whose last gift is so old that no book needs it any more. EraseDonor does the rest.
func DonorsPastKeeping(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, on ledger.Date) ([]int64, error) {
	var left []int64
	err := sqlx.SelectContext(ctx, q, &left, `
		SELECT donor_id
		  FROM erasure
		 WHERE organisation_id = $1 AND finished_at IS NULL AND kept_until < $2
		 ORDER BY donor_id
		 LIMIT 100`, o.ID, on)
	if err != nil {
		return nil, fmt.Errorf("erasures due of organisation %d: %w", o.ID, err)
	}
	var old []struct {
		ID   int64       `db:"id"`
		Last ledger.Date `db:"last"`
	}
	err = sqlx.SelectContext(ctx, q, &old, `
		SELECT g.id, max(greatest(d.given_on, coalesce(d.paid_on, d.given_on))) AS last
		  FROM donor g
		  JOIN donation d ON d.organisation_id = g.organisation_id AND d.donor_id = g.id
		 WHERE g.organisation_id = $1 AND g.erased_at IS NULL AND g.created_at < $2
		 GROUP BY g.id
		HAVING max(greatest(d.given_on, coalesce(d.paid_on, d.given_on))) < $3
		 ORDER BY g.id
		 LIMIT 100`, o.ID, yearsBefore(on, 7).Midnight(), yearsBefore(on, 7))
	if err != nil {
		return nil, fmt.Errorf("donors past keeping of organisation %d: %w", o.ID, err)
	}
	for _, d := range old {
		if o.KeptUntil(d.Last).Before(on) {
			left = append(left, d.ID)
		}
	}
	return left, nil
}

func yearsBefore(on ledger.Date, years int) ledger.Date {
	return ledger.NewDate(on.Year()-years, on.Month(), on.Day())
}

// Refs are the payment service's own names of what belongs to a donor's gifts: payment pages, charges and refunds.
func Refs(ctx context.Context, q sqlx.QueryerContext, organisationID, donorID int64) ([]string, error) {
	var refs []string
	err := sqlx.SelectContext(ctx, q, &refs, `
		SELECT d.charge_ref FROM donation d WHERE d.organisation_id = $1 AND d.donor_id = $2 AND d.charge_ref <> ''
		 UNION
		SELECT c.ref
		  FROM checkout c
		  JOIN donation d ON d.organisation_id = c.organisation_id AND d.id = c.donation_id
		 WHERE c.organisation_id = $1 AND d.donor_id = $2 AND c.ref IS NOT NULL
		 UNION
		SELECT r.ref
		  FROM refund r
		  JOIN donation d ON d.organisation_id = r.organisation_id AND d.id = r.donation_id
		 WHERE r.organisation_id = $1 AND d.donor_id = $2 AND r.ref IS NOT NULL`, organisationID, donorID)
	if err != nil {
		return nil, fmt.Errorf("references of donor %d: %w", donorID, err)
	}
	return refs, nil
}

// DonationsOf returns the ids of a donor's gifts, the latest first.
func DonationsOf(ctx context.Context, q sqlx.QueryerContext, organisationID, donorID int64) ([]int64, error) {
	var ids []int64
	err := sqlx.SelectContext(ctx, q, &ids, `
		SELECT id
		  FROM donation
		 WHERE organisation_id = $1 AND donor_id = $2
		 ORDER BY id DESC`, organisationID, donorID)
	if err != nil {
		return nil, fmt.Errorf("gifts of donor %d: %w", donorID, err)
	}
	return ids, nil
}

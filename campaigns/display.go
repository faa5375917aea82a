package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// SetDisplay changes how the public sees a giver, by his own wish. A name or initials need a name that was given; without one
// he stays anonymous. Invalid for any other word.
func SetDisplay(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, display Display) error {
	if display != Anonymous && display != Initials && display != FullName {
		return ledger.Invalid{"display": "donate.display_unknown"}
	}
	d, err := lockDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return err
	}
	var donor Donor
	if d.DonorID > 0 {
		if donor, err = FindDonor(ctx, tx, organisationID, d.DonorID); err != nil {
			return err
		}
	}
	if donor.Name == "" {
		display = Anonymous
	}
	shown := Gift{Display: display, Donor: donor}.shownAs()
	_, err = tx.ExecContext(ctx, `
		UPDATE donation
		   SET display = $3, display_name = $4
		 WHERE organisation_id = $1 AND id = $2`, organisationID, donationID, display, shown)
	if err != nil {
		return fmt.Errorf("donation %d: %w", donationID, ledger.Classify(err))
	}
	return nil
}

// PublicNames returns, in the order of a Japanese dictionary, the names and initials of those who took part in a campaign and wished to be
// seen, 300 at most, and how many there are in all. Never with an amount, and never in the order of one.
func PublicNames(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (names []string, count int, err error) {
	err = sqlx.SelectContext(ctx, q, &names, `
		SELECT display_name
		  FROM donation
		 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'paid' AND refunded < amount AND reversed_at IS NULL
		   AND display <> 'anonymous' AND display_name <> ''
		 GROUP BY display_name, CASE WHEN display = 'initials' THEN donor_id END
		 ORDER BY display_name COLLATE "ja-x-icu"`, organisationID, campaignID)
	if err != nil {
		return nil, 0, fmt.Errorf("names of campaign %d: %w", campaignID, err)
	}
	return names[:min(len(names), 300)], len(names), nil
}

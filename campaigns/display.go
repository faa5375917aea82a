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

package access

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// RemindDays is how many days before a coordinator's role ends the representatives are told.
const RemindDays = 14

// Ending returns the coordinators' roles that end soon after the day, the first to end first. One that ends on the day itself is no news any more,
// or was ended by hand.
func Ending(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) ([]ledger.Membership, error) {
	var ending []ledger.Membership
	err := sqlx.SelectContext(ctx, q, &ending, `
		SELECT m.organisation_id, m.person_id, p.name, p.mail, m.role, m.from_on, m.until_on
		  FROM membership m
		  JOIN person p ON p.id = m.person_id
		 WHERE m.organisation_id = $1 AND m.role = 'coordinator' AND m.from_on <= $2 AND m.until_on > $2 AND m.until_on <= $3
		   AND NOT EXISTS (SELECT FROM membership n
		                    WHERE n.organisation_id = m.organisation_id AND n.person_id = m.person_id AND n.role = m.role AND n.until_on > m.until_on)
		 ORDER BY m.until_on, p.name`, organisationID, on, on.AddDays(RemindDays))
	if err != nil {
		return nil, fmt.Errorf("roles that end: %w", err)
	}
	return ending, nil
}

// Remind writes to the representatives about coordinators' roles that end soon, once for each end. A role that was given for a few days alone
// needs no letter.
func Remind(ctx context.Context, db *sqlx.DB, organisationID int64, site string, at time.Time) error {
	today := ledger.DateOf(at)
	ending, err := Ending(ctx, db, organisationID, today)
	if err != nil || len(ending) == 0 {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, db, organisationID)
	if err != nil {
		return err
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		for _, m := range ending {
			if m.UntilOn.Sub(m.FromOn) <= RemindDays {
				continue
			}
			letter := mail.Message{Kind: "role-ending", Key: fmt.Sprintf("role:%d:%s:%s", m.PersonID, m.Role, m.UntilOn), Subject: "コーディネーターの役目が、もうすぐ終わります",
				Text: fmt.Sprintf("「%s」のコーディネーター、%s さんの役目は、%sで終わります。あくる日からは入れません。\n\nつづけてもらうときは、ここで終わる日をのばしてください。終わってよければ、何もしなくてかまいません。\n%s/desk/%s/settings/members\n",
					o.Name, m.Name, japanese(m.UntilOn), site, o.Slug)}
			if err := toRepresentatives(ctx, tx, o, letter, at); err != nil {
				return err
			}
		}
		return nil
	})
}

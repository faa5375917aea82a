package application

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Award is a grant that one of the organisation's applications brought: who granted it, and when. Funders ask for years of rest between them.
type Award struct {
	Funder    string      `db:"funder"`
	Programme string      `db:"programme"`
	On        ledger.Date `db:"decided_on"`
}

// Awards returns the grants of an organisation's applications to calls of the catalogue, the newest first.
func Awards(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Award, error) {
	var all []Award
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT c.funder, c.programme, o.decided_on
		  FROM application_outcome o
		  JOIN application d ON d.organisation_id = o.organisation_id AND d.id = o.application_id
		  JOIN opportunity c ON c.id = d.opportunity_id
		 WHERE o.organisation_id = $1 AND o.status IN ('granted', 'part_granted')
		 ORDER BY o.decided_on DESC, o.id DESC`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("awards: %w", err)
	}
	return all, nil
}

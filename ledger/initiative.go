package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Initiative is 取り組み: what money is raised for and what an expense of the 事業費 segment belongs to.
type Initiative struct {
	OrganisationID int64  `db:"organisation_id"`
	ID             int64  `db:"id"`
	Name           string `db:"name"`
	Kind           string `db:"kind"` // salon, meal, watch, transport, help, training, other
	Description    string `db:"description"`
	ClosedOn       Date   `db:"closed_on"`
}

// StartInitiative enters an initiative and returns its id; a name the organisation has already gives that one's id.
func StartInitiative(ctx context.Context, tx *sqlx.Tx, i Initiative) (int64, error) {
	if i.Kind == "" {
		i.Kind = "other"
	}
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO initiative (organisation_id, name, kind, description)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT initiative_name_key DO UPDATE SET name = excluded.name
		RETURNING id`, i.OrganisationID, i.Name, i.Kind, i.Description)
	if err != nil {
		return 0, fmt.Errorf("initiative: %w", Classify(err))
	}
	return id, nil
}

// Initiatives returns an organisation's running initiatives by name.
func Initiatives(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Initiative, error) {
	var all []Initiative
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT organisation_id, id, name, kind, description, closed_on
		  FROM initiative
		 WHERE organisation_id = $1 AND closed_on IS NULL
		 ORDER BY name`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("initiatives: %w", err)
	}
	return all, nil
}

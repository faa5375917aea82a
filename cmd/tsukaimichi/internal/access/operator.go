package access

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Operators returns the operators of the program on a day, by name.
func Operators(ctx context.Context, q sqlx.QueryerContext, on ledger.Date) ([]ledger.Person, error) {
	var all []ledger.Person
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT p.id, p.name, p.mail, p.created_at
		  FROM operator o
		  JOIN person p ON p.id = o.person_id
		 WHERE o.since_on <= $1
		 ORDER BY p.name, p.id`, on)
	if err != nil {
		return nil, fmt.Errorf("operators: %w", err)
	}
	return all, nil
}

// Seat makes a person an operator from a day on; one who is stays so. The program's own role has no right to: the database is the owner's.
func Seat(ctx context.Context, owner sqlx.ExecerContext, personID int64, on ledger.Date) error {
	_, err := owner.ExecContext(ctx, `
		INSERT INTO operator (person_id, since_on)
		VALUES ($1, $2)
		    ON CONFLICT ON CONSTRAINT operator_pkey DO NOTHING`, personID, on)
	if err != nil {
		return fmt.Errorf("operator %d: %w", personID, ledger.Classify(err))
	}
	return nil
}

// Unseat makes a person no operator any more: from the next page on he reads nothing. ledger.ErrNotFound if nobody with the address is one.
func Unseat(ctx context.Context, owner sqlx.ExecerContext, mail string) error {
	done, err := owner.ExecContext(ctx, `
		DELETE FROM operator
		 WHERE person_id = (SELECT id FROM person WHERE mail = $1)`, mail)
	if err != nil {
		return fmt.Errorf("operator: %w", ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return ledger.ErrNotFound
	}
	return nil
}

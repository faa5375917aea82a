package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Membership is a role of a person in an organisation over a term; a zero UntilOn has no end.
type Membership struct {
	OrganisationID int64  `db:"organisation_id"`
	PersonID       int64  `db:"person_id"`
	Name           string `db:"name"`
	Mail           string `db:"mail"`
	Role           Role   `db:"role"`
	FromOn         Date   `db:"from_on"`
	UntilOn        Date   `db:"until_on"`
}

// AddMember gives a person a role. Whoever has it on m.FromOn keeps it until the later of both days: so a role is renewed, one that
// was ended the same day too. A coordinator's role ends at most a year later. Invalid if its days are not so.
func AddMember(ctx context.Context, tx *sqlx.Tx, m Membership) error {
	if err := m.Fits(); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		WITH standing AS (
		  UPDATE membership
		     SET until_on = CASE WHEN until_on < $5::date OR $5::date IS NULL THEN $5::date ELSE until_on END
		   WHERE organisation_id = $1 AND person_id = $2 AND role = $3 AND from_on <= $4 AND (until_on IS NULL OR until_on >= $4)
		  RETURNING 1)
		INSERT INTO membership (organisation_id, person_id, role, from_on, until_on)
		SELECT $1, $2, $3, $4, $5
		 WHERE NOT EXISTS (SELECT FROM standing)`,
		m.OrganisationID, m.PersonID, m.Role, m.FromOn, m.UntilOn)
	if err != nil {
		return fmt.Errorf("membership: %w", Classify(err))
	}
	return nil
}

// Fits says what is wrong with the days of the role: Invalid under "until", or nil.
func (m Membership) Fits() error {
	bad := Invalid{}
	bad.Need(m.UntilOn.IsZero() || !m.UntilOn.Before(m.FromOn), "until", "console.until_past")
	if m.Role == Coordinator {
		bad.Need(!m.UntilOn.IsZero(), "until", "console.until_missing")
		bad.Need(!m.UntilOn.After(NewDate(m.FromOn.Year()+1, m.FromOn.Month(), m.FromOn.Day())), "until", "console.until_far")
	}
	return bad.Err()
}

// EndMember ends a person's role on a day: from the next day on he has it no more.
func EndMember(ctx context.Context, tx *sqlx.Tx, organisationID, personID int64, role Role, on Date) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE membership
		   SET until_on = greatest($4::date, from_on)
		 WHERE organisation_id = $1 AND person_id = $2 AND role = $3 AND (until_on IS NULL OR until_on > $4)`,
		organisationID, personID, role, on)
	if err != nil {
		return fmt.Errorf("membership: %w", Classify(err))
	}
	return nil
}

// Members returns who has which role in an organisation on a day.
func Members(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on Date) ([]Membership, error) {
	var members []Membership
	err := sqlx.SelectContext(ctx, q, &members, `
		SELECT m.organisation_id, m.person_id, p.name, p.mail, m.role, m.from_on, m.until_on
		  FROM membership m
		  JOIN person p ON p.id = m.person_id
		 WHERE m.organisation_id = $1 AND m.from_on <= $2 AND (m.until_on IS NULL OR m.until_on >= $2)
		 ORDER BY array_position(ARRAY['representative', 'treasurer', 'auditor', 'member', 'coordinator'], m.role), p.name`,
		organisationID, on)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	return members, nil
}

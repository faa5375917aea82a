package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Role is what a person may do in an organisation.
type Role string

// The roles: 代表, 会計, 監事, 担当, コーディネーター.
const (
	Representative Role = "representative"
	Treasurer      Role = "treasurer"
	Auditor        Role = "auditor"
	Member         Role = "member"
	Coordinator    Role = "coordinator"
)

// Person signs in. A person may have roles in several organisations.
type Person struct {
	ID        int64     `db:"id"`
	Name      string    `db:"name"`
	Mail      string    `db:"mail"` // lower case
	CreatedAt time.Time `db:"created_at"`
}

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

// AddPerson enters a person, or returns the id of the one with that mail address.
func AddPerson(ctx context.Context, tx *sqlx.Tx, p Person) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO person (name, mail, created_at)
		VALUES ($1, $2, $3)
		    ON CONFLICT (mail) DO UPDATE SET mail = excluded.mail
		RETURNING id`, p.Name, strings.ToLower(p.Mail), p.CreatedAt)
	if err != nil {
		return 0, fmt.Errorf("person: %w", Classify(err))
	}
	return id, nil
}

// AddMember gives a person a role. A role he has on that day already stays as it is.
func AddMember(ctx context.Context, tx *sqlx.Tx, m Membership) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO membership (organisation_id, person_id, role, from_on, until_on)
		VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT ON CONSTRAINT membership_pkey DO NOTHING`,
		m.OrganisationID, m.PersonID, m.Role, m.FromOn, m.UntilOn)
	if err != nil {
		return fmt.Errorf("membership: %w", Classify(err))
	}
	return nil
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

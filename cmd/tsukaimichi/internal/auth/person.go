package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Person is who is signed in.
type Person struct {
	ID       int64  `db:"id"`
	Name     string `db:"name"`
	Mail     string `db:"mail"`
	Operator bool   `db:"operator"` // 運営
}

// Actor is the person as the book names who did something.
func (p Person) Actor() ledger.Actor { return ledger.ByPerson(p.ID, p.Name) }

// Member is a person within the organisation of a request, with every role valid on the day.
type Member struct {
	Person
	OrganisationID int64
	Roles          []ledger.Role
	GrantID        int64 // by which an operator reads without a role; 0 for members
}

// Is reports whether the member has one of the roles.
func (m Member) Is(roles ...ledger.Role) bool {
	return slices.ContainsFunc(m.Roles, func(role ledger.Role) bool { return slices.Contains(roles, role) })
}

// Roles returns the memberships of a person on a day in all organisations, by organisation.
func Roles(ctx context.Context, db *sqlx.DB, personID int64, on ledger.Date) ([]ledger.Membership, error) {
	var memberships []ledger.Membership
	err := db.SelectContext(ctx, &memberships, `
		SELECT m.organisation_id, m.person_id, p.name, p.mail, m.role, m.from_on, m.until_on
		  FROM membership m
		  JOIN person p ON p.id = m.person_id
		 WHERE m.person_id = $1 AND m.from_on <= $2 AND (m.until_on IS NULL OR m.until_on >= $2)
		 ORDER BY m.organisation_id, m.role`, personID, on)
	if err != nil {
		return nil, fmt.Errorf("roles of person %d: %w", personID, err)
	}
	return memberships, nil
}

// RolesIn returns the roles of a person in one organisation on a day, none if there are none.
func RolesIn(ctx context.Context, db *sqlx.DB, organisationID, personID int64, on ledger.Date) ([]ledger.Role, error) {
	var roles []ledger.Role
	err := db.SelectContext(ctx, &roles, `
		SELECT DISTINCT role
		  FROM membership
		 WHERE organisation_id = $1 AND person_id = $2 AND from_on <= $3 AND (until_on IS NULL OR until_on >= $3)
		 ORDER BY role`, organisationID, personID, on)
	if err != nil {
		return nil, fmt.Errorf("roles of person %d in organisation %d: %w", personID, organisationID, err)
	}
	return roles, nil
}

// find returns the person; ErrNotSignedIn if there is none with the id.
func find(ctx context.Context, db *sqlx.DB, personID int64, on ledger.Date) (Person, error) {
	var p Person
	err := db.GetContext(ctx, &p, `
		SELECT p.id, p.name, p.mail, o.person_id IS NOT NULL AS operator
		  FROM person p
		  LEFT JOIN operator o ON o.person_id = p.id AND o.since_on <= $2
		 WHERE p.id = $1`, personID, on)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotSignedIn
	}
	if err != nil {
		return p, fmt.Errorf("person %d: %w", personID, err)
	}
	return p, nil
}

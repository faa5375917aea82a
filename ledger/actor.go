package ledger

import (
	"context"
	"crypto/md5"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Actor is who does something, with the name at that time.
type Actor struct {
	Kind      ActorKind
	SubjectID int64 // the person's or donor's id; 0 for the program
	Name      string
}

// ActorKind tells people of the group, givers and the program apart.
type ActorKind string

// The kinds of actor.
const (
	KindPerson ActorKind = "person"
	KindDonor  ActorKind = "donor"
	KindSystem ActorKind = "system"
)

// ByPerson is a person of the group acting.
func ByPerson(id int64, name string) Actor { return Actor{KindPerson, id, name} }

// ByDonor is a giver acting through the public pages. The name stays out of the book.
func ByDonor() Actor { return Actor{KindDonor, 0, "寄付者"} }

// BySystem is the program acting, by the name of what it does.
func BySystem(name string) Actor { return Actor{KindSystem, 0, name} }

// key is what the row of what may be posted to knows an actor by: actor_key in SQL.
func (a Actor) key() string {
	sum := md5.Sum(fmt.Appendf(nil, "%s %d %s", a.Kind, a.SubjectID, a.Name)) // short and not secret
	return hex.EncodeToString(sum[:])
}

// ActorID returns the id under which the organisation knows an actor of that name, and makes it known if need be.
func ActorID(ctx context.Context, tx *sqlx.Tx, organisationID int64, by Actor) (int64, error) {
	for range 2 {
		var id int64
		err := tx.GetContext(ctx, &id, `
			SELECT id
			  FROM actor
			 WHERE organisation_id = $1 AND kind = $2 AND subject_id = $3 AND name = $4`,
			organisationID, by.Kind, by.SubjectID, by.Name)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("actor: %w", err)
		}
		if _, err = tx.ExecContext(ctx, `
			INSERT INTO actor (organisation_id, kind, subject_id, name)
			VALUES ($1, $2, $3, $4)
			    ON CONFLICT ON CONSTRAINT actor_key DO NOTHING`,
			organisationID, by.Kind, by.SubjectID, by.Name); err != nil {
			return 0, fmt.Errorf("actor: %w", err)
		}
	}
	return 0, errors.New("actor: neither found nor made")
}

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

package access

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// What is the sort of private thing that was opened.
type What string

// The sorts. Page is any other page, which is logged for operators alone; Change is what a command did; Vetting is what operators see of a group
// without a grant: who it is.
const (
	GiftList   What = "gifts"
	OneGift    What = "gift"
	Receipt    What = "receipt"
	Evidence   What = "evidence"
	Export     What = "export"
	MemberList What = "members"
	Page       What = "page"
	Change     What = "change"
	Vetting    What = "vetting"
)

// Opening is one look at a private thing. By whom: a member (PersonID), an operator (PersonID and GrantID, or PersonID and
// Vetting) or a command (neither).
type Opening struct {
	OrganisationID int64
	PersonID       int64
	GrantID        int64
	What           What
	Route          string // its pattern, or the command without its arguments
	SubjectID      int64  // the id in the address; 0 for none
}

func (o Opening) who() string {
	switch {
	case o.PersonID == 0:
		return "command"
	case o.GrantID != 0, o.What == Vetting:
		return "operator"
	}
	return "member"
}

// Log writes down an opening. Whoever gets an error shows nothing.
func Log(ctx context.Context, db sqlx.ExecerContext, o Opening, at time.Time) error {
	_, err := db.ExecContext(ctx, `
		INSERT INTO access (organisation_id, at, who, person_id, grant_id, what, route, subject_id)
		VALUES ($1, $2, $3, nullif($4, 0), nullif($5, 0), $6, $7, $8)`,
		o.OrganisationID, at, o.who(), o.PersonID, o.GrantID, o.What, o.Route, o.SubjectID)
	if err != nil {
		return fmt.Errorf("access log: %w", ledger.Classify(err))
	}
	return nil
}

// KeptYears is how long rows are kept at least.
const KeptYears = 2

// Purge takes out the rows of months that ended KeptYears ago and returns how many there were. The database refuses younger ones by its own
// clock and writes down what went.
func Purge(ctx context.Context, db *sqlx.DB, organisationID int64, at time.Time) (int64, error) {
	today := ledger.DateOf(at)
	before := ledger.NewDate(today.Year()-KeptYears, today.Month(), 1).Midnight()
	var old bool
	err := db.GetContext(ctx, &old, `SELECT EXISTS (SELECT FROM access WHERE organisation_id = $1 AND at < $2)`, organisationID, before)
	if err != nil {
		return 0, fmt.Errorf("access log: %w", err)
	}
	if !old {
		return 0, nil
	}
	var gone int64
	if err = db.GetContext(ctx, &gone, `SELECT purge_access($1, $2)`, organisationID, before); err != nil {
		return 0, fmt.Errorf("access log: %w", ledger.Classify(err))
	}
	return gone, nil
}

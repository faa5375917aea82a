package vetting

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrNone says that nobody ever asked for a look at the group, and nobody had one.
var ErrNone = errors.New("vetting: none")

// Status is where a vetting stands.
type Status string

// The statuses. Before is that of groups that asked for money before there was this rule.
const (
	Asked    Status = "asked"
	Approved Status = "approved"
	Refused  Status = "refused"
	Before   Status = "before"
)

// Vetting is one look at a group, or a request for one.
type Vetting struct {
	OrganisationID int64     `db:"organisation_id"`
	ID             int64     `db:"id"`
	Status         Status    `db:"status"`
	AskedBy        string    `db:"asked_by"` // empty where the operator began
	AskedAt        time.Time `db:"asked_at"`
	Meeting        string    `db:"meeting"` // how the group means to show its papers
	DecidedBy      string    `db:"decided_by"`
	DecidedAt      time.Time `db:"decided_at"` // zero while asked, and before the rule
	Own            bool      `db:"own"`        // the operator had a role in the group himself
	Reason         string    `db:"reason"`     // of a refusal
	Next           string    `db:"next"`       // what the group can do then
	Described      []byte    `db:"described"`
	Seen           []Seen    `db:"-"`
}

// Holds reports whether the group may ask for money by it.
func (v Vetting) Holds() bool { return v.Status == Approved || v.Status == Before }

// Changed reports whether the group's name, kind, representative or account is another than the one that was approved.
func (v Vetting) Changed(o ledger.Organisation) bool {
	return v.Status == Approved && string(v.Described) != string(describe(o))
}

// describe fingerprints what a look at a group is about.
func describe(o ledger.Organisation) []byte {
	sum := sha256.New()
	for _, part := range []string{o.Name, o.Kind, o.Representative, o.BankAccount} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return sum.Sum(nil)
}

const selectVetting = `
	SELECT v.organisation_id, v.id, v.status, coalesce(a.name, '') AS asked_by, v.asked_at, v.meeting,
	       coalesce(d.name, '') AS decided_by, coalesce(v.decided_at, '0001-01-01 00:00:00Z') AS decided_at, v.own, v.reason, v.next, v.described
	  FROM vetting v
	  LEFT JOIN actor a ON a.organisation_id = v.organisation_id AND a.id = v.asked_by
	  LEFT JOIN actor d ON d.organisation_id = v.organisation_id AND d.id = v.decided_by
	 WHERE v.organisation_id = $1`

// Vetted reports whether the group may ask for money.
func Vetted(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (bool, error) {
	var is bool
	err := sqlx.GetContext(ctx, q, &is, `
		SELECT EXISTS (SELECT FROM vetting WHERE organisation_id = $1 AND status IN ('approved', 'before'))`, organisationID)
	if err != nil {
		return false, fmt.Errorf("vetting of organisation %d: %w", organisationID, err)
	}
	return is, nil
}

// Newest returns what was last asked or decided, with what was seen; ErrNone if nothing ever was.
func Newest(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Vetting, error) {
	return one(ctx, q, organisationID, selectVetting+`
	 ORDER BY v.asked_at DESC, v.id DESC
	 LIMIT 1`)
}

// InForce returns that by which the group may ask for money, the newest that was approved first; ErrNone if there is none.
func InForce(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Vetting, error) {
	return one(ctx, q, organisationID, selectVetting+` AND v.status IN ('approved', 'before')
	 ORDER BY v.status, v.decided_at DESC
	 LIMIT 1`)
}

func one(ctx context.Context, q sqlx.QueryerContext, organisationID int64, query string) (Vetting, error) {
	var v Vetting
	err := sqlx.GetContext(ctx, q, &v, query, organisationID)
	if errors.Is(err, sql.ErrNoRows) {
		return v, ErrNone
	}
	if err != nil {
		return v, fmt.Errorf("vetting of organisation %d: %w", organisationID, err)
	}
	err = sqlx.SelectContext(ctx, q, &v.Seen, `
		SELECT paper, seen_on, how, note
		  FROM vetting_seen
		 WHERE organisation_id = $1 AND vetting_id = $2
		 ORDER BY number`, organisationID, v.ID)
	if err != nil {
		return v, fmt.Errorf("vetting of organisation %d: %w", organisationID, err)
	}
	return v, nil
}

// Standing returns the newest status of every group that ever asked or was looked at, by organisation.
func Standing(ctx context.Context, q sqlx.QueryerContext) (map[int64]Vetting, error) {
	var all []Vetting
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT DISTINCT ON (organisation_id) organisation_id, id, status, asked_at, meeting, coalesce(decided_at, '0001-01-01 00:00:00Z') AS decided_at, own, described
		  FROM vetting
		 ORDER BY organisation_id, asked_at DESC, id DESC`)
	if err != nil {
		return nil, fmt.Errorf("vettings: %w", err)
	}
	standing := make(map[int64]Vetting, len(all))
	for _, v := range all {
		standing[v.OrganisationID] = v
	}
	return standing, nil
}

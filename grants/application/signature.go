package application

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Order is the order in which a group signs: who keeps the money first, then who answers for it, then who checks.
var Order = []ledger.Role{ledger.Treasurer, ledger.Representative, ledger.Auditor}

// Signature is one sign-off or return.
type Signature struct {
	Role     ledger.Role `db:"role"`
	Approved bool        `db:"approved"`
	Comment  string      `db:"comment"`
	At       time.Time   `db:"at"`
	By       string      `db:"by"`
	PersonID int64       `db:"person_id"`
	Current  bool        `db:"current"` // of the content as it stands; any other is of something that was
}

var (
	// ErrNotReady says that the draft has errors, or was not given to the group to sign.
	ErrNotReady = errors.New("application: not ready to be signed")
	// ErrNotYourTurn says that somebody else signs first, or this role has signed.
	ErrNotYourTurn = errors.New("application: somebody else signs first")
	// ErrSamePerson says that a person signed this content already in another role.
	ErrSamePerson = errors.New("application: one person signs once")
	// ErrChanged says that the content is another than the one the person read.
	ErrChanged = errors.New("application: changed since it was read")
)

// GiveToSign hands the draft to the group's signers, with the rule its call has now: from here on a change of the call changes nothing of it. ready says that it has no error; ErrNotReady otherwise.
func GiveToSign(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, ready bool, by ledger.Actor, at time.Time) error {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	if !ready || d.Status != Drafting {
		return fmt.Errorf("application %d: %w", id, ErrNotReady)
	}
	if err = d.pin(ctx, tx); err != nil {
		return err
	}
	if _, err = d.keep(ctx, tx, "団体内の確認へ", by, at); err != nil {
		return err
	}
	return d.move(ctx, tx, Review)
}

// Sign signs the content with the hash the person read, or returns it with a comment. signers are the roles the group has among Order; the last of them to
// approve makes the draft Approved. A return makes it a draft again. ErrChanged, ErrNotYourTurn, ErrSamePerson, ErrNotReady say why not.
func Sign(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, hash []byte, s Signature, signers []ledger.Role, by ledger.Actor, at time.Time) error {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	switch {
	case d.Status != Review:
		return fmt.Errorf("application %d: %w", id, ErrNotReady)
	case !d.Same(hash):
		return fmt.Errorf("application %d: %w", id, ErrChanged)
	case !s.Approved && s.Comment == "":
		return ledger.Invalid{"comment": "draft.return_reason"}
	}
	done, err := Signatures(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	turn, last := next(done, signers)
	if turn != s.Role {
		return fmt.Errorf("application %d: %w", id, ErrNotYourTurn)
	}
	if slices.ContainsFunc(done, func(other Signature) bool { return other.Current && other.Approved && other.PersonID == by.SubjectID }) {
		return fmt.Errorf("application %d: %w", id, ErrSamePerson)
	}
	version, err := d.keep(ctx, tx, "署名", by, at)
	if err != nil {
		return err
	}
	if err = d.sign(ctx, tx, s, version, by, at); err != nil {
		return err
	}
	switch {
	case !s.Approved:
		return d.move(ctx, tx, Drafting)
	case last:
		return d.move(ctx, tx, Approved)
	}
	return nil
}

func (d Draft) sign(ctx context.Context, tx *sqlx.Tx, s Signature, version int, by ledger.Actor, at time.Time) error {
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return err
	}
	verdict := "returned"
	if s.Approved {
		verdict = "approved"
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_signature (organisation_id, application_id, version, hash, role, verdict, comment, at, person_id, signed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, d.OrganisationID, d.ID, version, d.Hash, s.Role, verdict, s.Comment, at, by.SubjectID, actor)
	if err != nil {
		return fmt.Errorf("signature on application %d: %w", d.ID, ledger.Classify(err))
	}
	return nil
}

// move is a step of the draft's way; it was locked before.
func (d Draft) move(ctx context.Context, tx *sqlx.Tx, to Status) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE application
		   SET status = $3
		 WHERE organisation_id = $1 AND id = $2`, d.OrganisationID, d.ID, to)
	if err != nil {
		return fmt.Errorf("application %d: %w", d.ID, ledger.Classify(err))
	}
	return nil
}

// next says whose turn it is among the signers, and whether that is the last. No role when all have signed. A return starts the round anew.
func next(done []Signature, signers []ledger.Role) (turn ledger.Role, last bool) {
	var open []ledger.Role
	signed := map[ledger.Role]bool{}
	for _, s := range done { // oldest first
		if s.Current && s.Approved {
			signed[s.Role] = true
		} else if s.Current {
			clear(signed)
		}
	}
	for _, role := range Order {
		if slices.Contains(signers, role) && !signed[role] {
			open = append(open, role)
		}
	}
	if len(open) == 0 {
		return "", false
	}
	return open[0], len(open) == 1
}

// Turn says whose turn it is to sign; the empty role when nobody's.
func Turn(d Draft, done []Signature, signers []ledger.Role) ledger.Role {
	if d.Status != Review {
		return ""
	}
	role, _ := next(done, signers)
	return role
}

// Signatures returns all sign-offs and returns of an application, the oldest first.
func Signatures(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Signature, error) {
	var all []Signature
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT s.role, s.verdict = 'approved' AS approved, s.comment, s.at, a.name AS by, s.person_id, s.hash = d.hash AS current
		  FROM application_signature s
		  JOIN application d ON d.organisation_id = s.organisation_id AND d.id = s.application_id
		  JOIN actor a ON a.organisation_id = s.organisation_id AND a.id = s.signed_by
		 WHERE s.organisation_id = $1 AND s.application_id = $2
		 ORDER BY s.at, s.id`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("signatures of application %d: %w", id, err)
	}
	return all, nil
}

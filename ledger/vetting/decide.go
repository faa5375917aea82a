package vetting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrAsked says that the group waits for an answer already.
var ErrAsked = errors.New("vetting: asked already")

// MaxWords is the most characters of what is written beside a request or a refusal.
const MaxWords = 500

// Ask asks the operators to look at the group; meeting says how it means to show its papers. Invalid when that is missing or too long, ErrAsked while an
// answer is waited for. A group that was approved may ask for another look after something changed.
func Ask(ctx context.Context, tx *sqlx.Tx, organisationID int64, meeting string, by ledger.Actor, at time.Time) error {
	meeting = strings.TrimSpace(meeting)
	bad := ledger.Invalid{}
	words(bad, meeting, "meeting", "vetting.meeting_missing")
	if err := bad.Err(); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO vetting (organisation_id, status, asked_by, asked_at, meeting)
		VALUES ($1, 'asked', $2, $3, $4)
		    ON CONFLICT (organisation_id) WHERE status = 'asked' DO NOTHING`, organisationID, actor, at, meeting)
	if err != nil {
		return fmt.Errorf("vetting: %w", ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrAsked, err)
	}
	return ledger.Note(ctx, tx, organisationID, "vetting", organisationID, "asked", by, at, "")
}

// Approve writes down what an operator has seen of the group and lets it ask for money. Invalid names what is missing from the list for a group of this kind,
// or wrong in it; ledger.ErrNotFound if by is no operator.
func Approve(ctx context.Context, tx *sqlx.Tx, organisationID int64, seen []Seen, by ledger.Actor, at time.Time) error {
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	if err = fit(seen, o, at); err != nil {
		return err
	}
	id, err := decide(ctx, tx, Vetting{OrganisationID: organisationID, Status: Approved, Described: describe(o)}, by, at)
	if err != nil {
		return err
	}
	for i, s := range seen {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO vetting_seen (organisation_id, vetting_id, number, paper, seen_on, how, note)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, organisationID, id, i+1, s.Paper, s.On, s.How, s.Note)
		if err != nil {
			return fmt.Errorf("vetting %d: %w", id, ledger.Classify(err))
		}
	}
	return nil
}

// Refuse tells the group why it cannot be let ask for money yet, and what it can do next; both are needed: Invalid. What holds already goes on holding. Errors
// as Approve.
func Refuse(ctx context.Context, tx *sqlx.Tx, organisationID int64, reason, next string, by ledger.Actor, at time.Time) error {
	reason, next = strings.TrimSpace(reason), strings.TrimSpace(next)
	bad := ledger.Invalid{}
	words(bad, reason, "reason", "vetting.reason_missing")
	words(bad, next, "next", "vetting.next_missing")
	if err := bad.Err(); err != nil {
		return err
	}
	_, err := decide(ctx, tx, Vetting{OrganisationID: organisationID, Status: Refused, Reason: reason, Next: next}, by, at)
	return err
}

// words asks for words of a fitting length.
func words(bad ledger.Invalid, text, field, missing string) {
	bad.Need(text != "", field, missing)
	bad.Need(utf8.RuneCountInString(text) <= MaxWords, field, "field.too_long")
}

// decide answers what was asked, or begins and ends at once where nobody asked, and returns the id.
func decide(ctx context.Context, tx *sqlx.Tx, v Vetting, by ledger.Actor, at time.Time) (int64, error) {
	own, err := operates(ctx, tx, v.OrganisationID, by, at)
	if err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, v.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		WITH answered AS (
		  UPDATE vetting
		     SET status = $2, decided_by = $3, decided_person_id = $4, decided_at = $5, own = $6, reason = $7, next = $8, described = $9
		   WHERE organisation_id = $1 AND status = 'asked'
		  RETURNING id), begun AS (
		  INSERT INTO vetting (organisation_id, status, asked_at, decided_by, decided_person_id, decided_at, own, reason, next, described)
		  SELECT $1, $2, $5, $3, $4, $5, $6, $7, $8, $9
		   WHERE NOT EXISTS (SELECT FROM answered)
		  RETURNING id)
		SELECT id FROM answered
		 UNION ALL
		SELECT id FROM begun`, v.OrganisationID, v.Status, actor, by.SubjectID, at, own, v.Reason, v.Next, v.Described)
	if err != nil {
		return 0, fmt.Errorf("vetting of organisation %d: %w", v.OrganisationID, ledger.Classify(err))
	}
	return id, ledger.Note(ctx, tx, v.OrganisationID, "vetting", v.OrganisationID, string(v.Status), by, at, "")
}

// operates makes sure that a person is an operator, and says whether he has a role in the group as well.
func operates(ctx context.Context, tx *sqlx.Tx, organisationID int64, by ledger.Actor, at time.Time) (own bool, err error) {
	var is struct {
		Operator bool `db:"operator"`
		Own      bool `db:"own"`
	}
	err = tx.GetContext(ctx, &is, `
		SELECT EXISTS (SELECT FROM operator WHERE person_id = $1 AND since_on <= $3) AS operator,
		       EXISTS (SELECT FROM membership
		                WHERE organisation_id = $2 AND person_id = $1 AND from_on <= $3 AND (until_on IS NULL OR until_on >= $3)) AS own`,
		by.SubjectID, organisationID, ledger.DateOf(at))
	if err != nil {
		return false, fmt.Errorf("operator: %w", err)
	}
	if by.Kind != ledger.KindPerson || !is.Operator {
		return false, ledger.ErrNotFound
	}
	return is.Own, nil
}

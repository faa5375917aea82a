package campaigns

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

// Choice is what a giver wants to become of his share.
type Choice string

// A share stays and follows the new promise, goes to another use or to the group's general fund, or goes back to the giver. Where a campaign is
// stopped it goes back, or where the group said the rest goes.
const (
	ChooseKeep   Choice = "keep"
	ChooseMove   Choice = "move"
	ChooseReturn Choice = "return"
)

// Told is how an answer came; the empty Told is no answer.
type Told string

// An answer comes by the giver's own link, or somebody of the group types it in: from a slip, the telephone, the counter, or the family.
const (
	ToldLink   Told = "link"
	ToldPaper  Told = "paper"
	ToldPhone  Told = "phone"
	ToldVisit  Told = "visit"
	ToldFamily Told = "family"
)

// Ask is one question to one giver: what becomes of his share.
type Ask struct {
	OrganisationID int64      `db:"organisation_id"`
	ID             int64      `db:"id"`
	ChangeID       int64      `db:"change_id"`
	DonorID        int64      `db:"donor_id"`    // 0: the holder of a nameless gift's link
	DonationID     int64      `db:"donation_id"` // 0 where the donor is known
	Amount         ledger.Yen `db:"amount"`      // his share
	Choice         Choice     `db:"choice"`      // what silence means, until he answers
	ToUseID        int64      `db:"to_use_id"`   // of a move; 0 is the general fund
	Told           Told       `db:"told"`
	ChosenAt       time.Time  `db:"chosen_at"` // zero without an answer
}

// Secret is the name from which the secret of the giver's link is made.
func (a Ask) Secret() string { return askName(a.ChangeID, a.DonorID, a.DonationID) }

const selectAsk = `
	SELECT organisation_id, id, change_id, coalesce(donor_id, 0) AS donor_id, coalesce(donation_id, 0) AS donation_id, amount, choice,
	       coalesce(to_use_id, 0) AS to_use_id, told, coalesce(chosen_at, '0001-01-01 00:00:00Z') AS chosen_at
	  FROM change_ask`

// FindAsk returns a question, or ErrNotFound.
func FindAsk(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Ask, error) {
	return getAsk(ctx, q, selectAsk+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// FindAskByToken returns the question a private link opens, or ErrNotFound.
func FindAskByToken(ctx context.Context, q sqlx.QueryerContext, organisationID int64, token string) (Ask, error) {
	hash := sha256.Sum256([]byte(token))
	return getAsk(ctx, q, selectAsk+` WHERE organisation_id = $1 AND token_hash = $2`, organisationID, hash[:])
}

// FindAskOfGift returns the question that is open now about a gift, or ErrNotFound: nobody is asked, or the gift has no share.
func FindAskOfGift(ctx context.Context, q sqlx.QueryerContext, organisationID, donationID int64) (Ask, error) {
	return getAsk(ctx, q, selectAsk+` WHERE organisation_id = $1 AND id = (
	       SELECT max(s.ask_id)
	         FROM change_share s
	         JOIN plan_change h ON h.organisation_id = s.organisation_id AND h.id = s.change_id
	        WHERE s.organisation_id = $1 AND s.donation_id = $2 AND h.status = 'asking')`, organisationID, donationID)
}

func getAsk(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Ask, error) {
	var a Ask
	err := sqlx.GetContext(ctx, q, &a, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrNotFound
	}
	if err != nil {
		return a, fmt.Errorf("question: %w", err)
	}
	return a, nil
}

// Asked is a question with whom it goes to, for the group's own list and its letters. The giver's words are empty once he was erased.
type Asked struct {
	Ask
	Donor
	Gifts    int      `db:"gifts"`    // how many of his gifts have a share
	Language Language `db:"language"` // of the last of them
}

// Asks returns the questions of a change, by the giver's reading and name.
func Asks(ctx context.Context, q sqlx.QueryerContext, organisationID, changeID int64) ([]Asked, error) {
	var rows []struct {
		Ask
		Name       string `db:"name"`
		Kana       string `db:"kana"`
		Mail       string `db:"mail"`
		PostalCode string `db:"postal_code"`
		Address    string `db:"address"`
		Gifts      int    `db:"gifts"`

		Language Language `db:"language"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT a.organisation_id, a.id, a.change_id, coalesce(a.donor_id, 0) AS donor_id, coalesce(a.donation_id, 0) AS donation_id, a.amount,
		       a.choice, coalesce(a.to_use_id, 0) AS to_use_id, a.told, coalesce(a.chosen_at, '0001-01-01 00:00:00Z') AS chosen_at,
		       coalesce(g.name, '') AS name, coalesce(g.kana, '') AS kana, coalesce(g.mail, '') AS mail,
		       coalesce(g.postal_code, '') AS postal_code, coalesce(g.address, '') AS address,
		       (SELECT count(DISTINCT s.donation_id) FROM change_share s
		         WHERE s.organisation_id = a.organisation_id AND s.change_id = a.change_id AND s.ask_id = a.id)::int AS gifts,
		       coalesce((SELECT d.language FROM change_share s
		                   JOIN donation d ON d.organisation_id = s.organisation_id AND d.id = s.donation_id
		                  WHERE s.organisation_id = a.organisation_id AND s.change_id = a.change_id AND s.ask_id = a.id
		                  ORDER BY d.entered_at DESC
		                  LIMIT 1), 'ja') AS language
		  FROM change_ask a
		  LEFT JOIN donor g ON g.organisation_id = a.organisation_id AND g.id = a.donor_id
		 WHERE a.organisation_id = $1 AND a.change_id = $2
		 ORDER BY coalesce(nullif(g.kana, ''), g.name), g.created_at`, organisationID, changeID)
	if err != nil {
		return nil, fmt.Errorf("questions of change %d: %w", changeID, err)
	}
	all := make([]Asked, len(rows))
	for i, r := range rows {
		all[i] = Asked{Ask: r.Ask, Gifts: r.Gifts, Language: r.Language, Donor: Donor{
			ID: r.DonorID, Name: r.Name, Kana: r.Kana, Mail: r.Mail, PostalCode: r.PostalCode, Address: r.Address,
		}}
	}
	return all, nil
}

// Answer is what a giver said.
type Answer struct {
	Choice  Choice
	ToUseID int64 // of a move: a use of the new plan, or 0 for the general fund
	Told    Told
}

// Choose keeps the answer to a question; a later one takes its place until the last day. ErrNotAsking once that is over; Invalid for an
// answer that is not offered.
func Choose(ctx context.Context, tx *sqlx.Tx, organisationID, askID int64, a Answer, by ledger.Actor, at time.Time) error {
	ask, err := getAsk(ctx, tx, selectAsk+` WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, askID)
	if err != nil {
		return err
	}
	change, err := FindChange(ctx, tx, organisationID, ask.ChangeID)
	if err != nil {
		return err
	}
	if !change.Takes(at) {
		return fmt.Errorf("question %d: %w", askID, ErrNotAsking)
	}
	plan, err := FindPlan(ctx, tx, organisationID, change.CampaignID, change.Version)
	if err != nil {
		return err
	}
	if err = a.fits(change, plan); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE change_ask
		   SET choice = $3, to_use_id = nullif($4::bigint, 0), told = $5, chosen_by = $6, chosen_at = $7
		 WHERE organisation_id = $1 AND id = $2`, organisationID, askID, a.Choice, a.ToUseID, a.Told, actor, at)
	if ledger.ConstraintName(err) == "change_ask_while_asking" {
		return fmt.Errorf("question %d: %w", askID, ErrNotAsking)
	}
	if err != nil {
		return fmt.Errorf("question %d: %w", askID, ledger.Classify(err))
	}
	return ledger.Note(ctx, tx, organisationID, "change_ask", askID, string(a.Choice), by, at, "")
}

// Takes reports whether answers are taken at an instant.
func (c Change) Takes(at time.Time) bool {
	return c.Status == Asking && !ledger.DateOf(at).After(c.DecidesOn)
}

func (a Answer) fits(change Change, next Plan) error {
	bad := ledger.Invalid{}
	bad.Need(a.Choice == ChooseKeep || a.Choice == ChooseReturn || (a.Choice == ChooseMove && change.Kind == ChangeVersion), "answer", "change.answer_missing")
	bad.Need(a.Choice == ChooseMove || a.ToUseID == 0, "answer", "change.answer_missing")
	bad.Need(a.ToUseID == 0 || next.has(a.ToUseID), "answer", "change.answer_use")
	switch a.Told {
	case ToldLink, ToldPaper, ToldPhone, ToldVisit, ToldFamily:
	default:
		bad.Need(false, "told", "change.told_missing")
	}
	return bad.Err()
}

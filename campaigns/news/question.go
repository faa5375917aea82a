package news

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// How long a question, its answer and a name may be, in characters.
const (
	MaxQuestion = 500
	MaxAnswer   = 1000
	MaxName     = 40
)

// ErrDecided says that somebody has answered a question already, or said why it is not shown.
var ErrDecided = errors.New("news: the question is decided")

// Question is a question under a report. Only answered ones are public.
type Question struct {
	ID         int64     `db:"id"`
	CampaignID int64     `db:"campaign_id"`
	ReportID   int64     `db:"report_id"`
	Number     string    `db:"number"` // of the report
	Name       string    `db:"name"`   // as the asker wrote it; may be empty
	Text       string    `db:"text"`
	Status     string    `db:"status"` // waiting, answered, declined
	Answer     string    `db:"answer"`
	Reason     string    `db:"reason"` // why it is not shown, for the group alone
	AskedAt    time.Time `db:"asked_at"`
	DecidedAt  time.Time `db:"decided_at"` // zero while it waits
}

const selectQuestion = `
		SELECT q.id, q.campaign_id, q.report_id, r.number, q.name, q.text, q.status, q.answer, q.reason, q.asked_at,
		       coalesce(q.decided_at, '0001-01-01 00:00:00Z') AS decided_at
		  FROM question q
		  JOIN report r ON r.organisation_id = q.organisation_id AND r.id = q.report_id`

// Ask keeps a question under a published report of the campaign. Nobody but the group sees it. Invalid if nothing is asked or it is too long;
// ledger.ErrNotFound if the report is not published.
func Ask(ctx context.Context, tx *sqlx.Tx, organisationID, reportID int64, name, text string, at time.Time) (int64, error) {
	bad := ledger.Invalid{}
	bad.Need(strings.TrimSpace(text) != "", "question", "news.question_missing")
	bad.Need(utf8.RuneCountInString(text) <= MaxQuestion, "question", "field.too_long")
	bad.Need(utf8.RuneCountInString(name) <= MaxName, "name", "field.too_long")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO question (organisation_id, campaign_id, report_id, name, text, asked_at)
		SELECT r.organisation_id, r.campaign_id, r.id, $3, $4, $5
		  FROM report r
		  JOIN report_publication p ON p.organisation_id = r.organisation_id AND p.report_id = r.id
		 WHERE r.organisation_id = $1 AND r.id = $2 AND p.withdrawn_at IS NULL
		RETURNING id`, organisationID, reportID, name, text, at)
	if errors.Is(err, sql.ErrNoRows) {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("question on report %d: %w", reportID, ledger.Classify(err))
	}
	return id, nil
}

// Questions returns the answered questions under the reports of a campaign, the oldest first.
func Questions(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Question, error) {
	return questions(ctx, q, selectQuestion+`
		 WHERE q.organisation_id = $1 AND q.campaign_id = $2 AND q.status = 'answered'
		 ORDER BY q.asked_at, q.id`, organisationID, campaignID)
}

// AllQuestions returns the questions of an organisation for its own desk: those that wait first, then the latest decided, 200 at most.
func AllQuestions(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Question, error) {
	return questions(ctx, q, selectQuestion+`
		 WHERE q.organisation_id = $1 AND q.erased_at IS NULL
		 ORDER BY q.decided_at DESC NULLS FIRST, q.asked_at
		 LIMIT 200`, organisationID)
}

func questions(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Question, error) {
	var all []Question
	if err := sqlx.SelectContext(ctx, q, &all, query, args...); err != nil {
		return nil, fmt.Errorf("questions: %w", err)
	}
	return all, nil
}

// CountWaiting is how many questions of an organisation wait for an answer.
func CountWaiting(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (int, error) {
	var n int
	err := sqlx.GetContext(ctx, q, &n, `
		SELECT count(*)
		  FROM question
		 WHERE organisation_id = $1 AND status = 'waiting' AND erased_at IS NULL`, organisationID)
	if err != nil {
		return 0, fmt.Errorf("questions of organisation %d: %w", organisationID, err)
	}
	return n, nil
}

// Answer answers a question and makes both public. ErrDecided if it does not wait any more; ledger.ErrNotFound.
func Answer(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, answer string, by ledger.Actor, at time.Time) error {
	bad := ledger.Invalid{}
	bad.Need(strings.TrimSpace(answer) != "", "answer", "news.answer_missing")
	bad.Need(utf8.RuneCountInString(answer) <= MaxAnswer, "answer", "field.too_long")
	if err := bad.Err(); err != nil {
		return err
	}
	return decide(ctx, tx, organisationID, id, by, at, "answered", `
		UPDATE question
		   SET status = 'answered', answer = $3, decided_at = $4, decided_by = $5
		 WHERE organisation_id = $1 AND id = $2 AND status = 'waiting'`, answer)
}

// Decline says why a question is not shown, or no longer. ErrDecided if that was said already; ledger.ErrNotFound.
func Decline(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) error {
	bad := ledger.Invalid{}
	bad.Need(strings.TrimSpace(reason) != "", "reason", "news.decline_missing")
	bad.Need(utf8.RuneCountInString(reason) <= MaxReason, "reason", "field.too_long")
	if err := bad.Err(); err != nil {
		return err
	}
	return decide(ctx, tx, organisationID, id, by, at, "declined", `
		UPDATE question
		   SET status = 'declined', reason = $3, decided_at = $4, decided_by = $5
		 WHERE organisation_id = $1 AND id = $2 AND status <> 'declined'`, reason)
}

func decide(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time, step, query, words string) error {
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, query, organisationID, id, words, at, actor)
	if err != nil {
		return fmt.Errorf("question %d: %w", id, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("question %d: %w", id, err)
	}
	if n == 1 {
		return ledger.Note(ctx, tx, organisationID, "question", id, step, by, at, "")
	}
	if err = HasQuestion(ctx, tx, organisationID, id); err == nil {
		err = fmt.Errorf("question %d: %w", id, ErrDecided)
	}
	return err
}

// HasQuestion returns ledger.ErrNotFound when the organisation was asked no such question.
func HasQuestion(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) error {
	var there bool
	err := sqlx.GetContext(ctx, q, &there, `SELECT EXISTS (SELECT FROM question WHERE organisation_id = $1 AND id = $2)`, organisationID, id)
	if err == nil && !there {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("question %d: %w", id, err)
	}
	return nil
}

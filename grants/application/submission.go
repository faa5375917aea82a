package application

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Submission is what was handed in, as it was sent.
type Submission struct {
	Version     int
	Manner      string // 郵送, 持参, 電子申請, メール
	Number      string // 受付番号, 郵便追跡番号
	SubmittedOn ledger.Date
	Files       []SentFile
	At          time.Time
	By          string
}

// SentFile is one file that was sent; its bytes lie in the file store under the hash.
type SentFile struct {
	Name  string `json:"name"`
	Hash  []byte `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// HandIn records that the approved content was handed in, with its files. ErrNotReady when it is not approved; ErrChanged when the content is another than the
// one the files were made of.
func HandIn(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, hash []byte, s Submission, by ledger.Actor, at time.Time) error {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	switch {
	case d.Status != Approved:
		return fmt.Errorf("application %d: %w", id, ErrNotReady)
	case !d.Same(hash):
		return fmt.Errorf("application %d: %w", id, ErrChanged)
	case strings.TrimSpace(s.Manner) == "" || len([]rune(s.Manner)) > 40:
		return ledger.Invalid{"manner": "draft.manner"}
	case len([]rune(s.Number)) > 60:
		return ledger.Invalid{"number": "draft.number"}
	case s.SubmittedOn.IsZero() || s.SubmittedOn.After(ledger.DateOf(at)):
		return ledger.Invalid{"submitted_on": "draft.submitted_on"}
	}
	version, err := d.keep(ctx, tx, "提出", by, at)
	if err != nil {
		return err
	}
	files, err := json.Marshal(append([]SentFile{}, s.Files...))
	if err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_submission (organisation_id, application_id, version, manner, number, submitted_on, files, at, submitted_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, organisationID, id, version, s.Manner, s.Number, s.SubmittedOn, string(files), at, actor)
	if err != nil {
		return fmt.Errorf("submission of application %d: %w", id, ledger.Classify(err))
	}
	return d.move(ctx, tx, Submitted)
}

// Submissions returns what was handed in, the newest first.
func Submissions(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Submission, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT s.version, s.manner, s.number, s.submitted_on, s.files, s.at, a.name
		  FROM application_submission s
		  JOIN actor a ON a.organisation_id = s.organisation_id AND a.id = s.submitted_by
		 WHERE s.organisation_id = $1 AND s.application_id = $2
		 ORDER BY s.version DESC`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("submissions of application %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Submission
	for rows.Next() {
		var s Submission
		var files []byte
		if err = rows.Scan(&s.Version, &s.Manner, &s.Number, &s.SubmittedOn, &files, &s.At, &s.By); err == nil {
			err = json.Unmarshal(files, &s.Files)
		}
		if err != nil {
			return nil, fmt.Errorf("submissions of application %d: %w", id, err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// Outcome is what the funder decided, or the group itself when it withdrew.
type Outcome struct {
	Status    Status
	Amount    ledger.Yen // of a grant
	Reason    string     // as it was given
	Lesson    string     // for next year
	DecidedOn ledger.Date
	At        time.Time
	By        string
}

// Decide records an outcome. It needs an application that was handed in (or is withdrawn before), and an amount exactly when something was granted.
func Decide(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, o Outcome, by ledger.Actor, at time.Time) error {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	granted := o.Status == Granted || o.Status == PartGranted
	switch {
	case o.Status != Accepted && !granted && o.Status != Declined && o.Status != Withdrawn:
		return ledger.Invalid{"status": "draft.outcome"}
	case d.Status.Open() && o.Status != Withdrawn, !d.Status.Open() && d.Status != Submitted && d.Status != Accepted:
		return fmt.Errorf("application %d: %w", id, ErrNotReady)
	case granted != (o.Amount > 0) || o.Amount > formula.Largest:
		return ledger.Invalid{"amount": "draft.granted_amount"}
	case o.DecidedOn.IsZero() || len([]rune(o.Reason)) > 2_000 || len([]rune(o.Lesson)) > 2_000:
		return ledger.Invalid{"decided_on": "draft.decided_on"}
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_outcome (organisation_id, application_id, status, amount, reason, lesson, decided_on, at, written_by)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8, $9)`, organisationID, id, o.Status, o.Amount, o.Reason, o.Lesson, o.DecidedOn, at, actor)
	if err != nil {
		return fmt.Errorf("outcome of application %d: %w", id, ledger.Classify(err))
	}
	return d.move(ctx, tx, o.Status)
}

// Outcomes returns what was decided, the newest first.
func Outcomes(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Outcome, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT o.status, coalesce(o.amount, 0), o.reason, o.lesson, o.decided_on, o.at, a.name
		  FROM application_outcome o
		  JOIN actor a ON a.organisation_id = o.organisation_id AND a.id = o.written_by
		 WHERE o.organisation_id = $1 AND o.application_id = $2
		 ORDER BY o.id DESC`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("outcomes of application %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Outcome
	for rows.Next() {
		var o Outcome
		if err = rows.Scan(&o.Status, &o.Amount, &o.Reason, &o.Lesson, &o.DecidedOn, &o.At, &o.By); err != nil {
			return nil, fmt.Errorf("outcomes of application %d: %w", id, err)
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

// Lesson is what came of an earlier application, kept for those who write the next.
type Lesson struct {
	ApplicationID int64       `db:"application_id"`
	Title         string      `db:"title"`
	Status        Status      `db:"status"`
	Amount        ledger.Yen  `db:"amount"`
	Reason        string      `db:"reason"`
	Lesson        string      `db:"lesson"`
	DecidedOn     ledger.Date `db:"decided_on"`
}

// Lessons returns what came of the organisation's earlier applications on a form, the newest first: of each its last outcome.
func Lessons(ctx context.Context, q sqlx.QueryerContext, organisationID int64, formKey string) ([]Lesson, error) {
	var all []Lesson
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT l.application_id, l.title, l.status, l.amount, l.reason, l.lesson, l.decided_on
		  FROM (SELECT DISTINCT ON (o.application_id) o.application_id, d.title, o.status, coalesce(o.amount, 0) AS amount, o.reason, o.lesson, o.decided_on
		          FROM application_outcome o
		          JOIN application d ON d.organisation_id = o.organisation_id AND d.id = o.application_id
		         WHERE o.organisation_id = $1 AND d.form_key = $2
		         ORDER BY o.application_id, o.id DESC) AS l
		 ORDER BY l.decided_on DESC, l.application_id DESC
		 LIMIT 20`, organisationID, formKey)
	if err != nil {
		return nil, fmt.Errorf("lessons: %w", err)
	}
	return all, nil
}

package mail

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// Program is the organisation of letters that no organisation sends, such as the code for signing in.
const Program int64 = 0

// Keep is how long a letter is kept when it does not say otherwise: long enough to answer 「届いていません」.
const Keep = 90 * 24 * time.Hour

// ErrHeader says that a name, a subject or an address has a line break or another control character, or is missing. A
// line break there could add a recipient.
var ErrHeader = errors.New("mail: not one line")

// Message is a letter to one recipient in plain text.
type Message struct {
	OrganisationID int64
	Kind           string       // what for: thanks, receipt, sign_in
	Key            string       // the one reason, unique in the organisation: donation:12:thanks
	To             string       // one mail address
	SenderName     string       // shown as who writes; "" for the program's own name
	ReplyTo        string       // where an answer goes; "" for nowhere
	Subject        string       // one line
	Text           string       // plain Japanese; long lines are wrapped when it is sent
	Attachments    []Attachment // kept files of the same organisation
	StopURL        string       // where a POST stops letters of this kind (RFC 8058); "" where they cannot be stopped
	KeepUntil      time.Time    // neither sent nor kept after it; zero for Keep
}

// Attachment is a kept file under the name the recipient sees.
type Attachment struct {
	Name string     `json:"name"`
	Kind files.Kind `json:"kind"`
	Hash files.Hash `json:"hash"`
}

// Enqueue puts the letter into the outbox, inside the caller's transaction. A letter with the same key that is
// there already stays as it is. ErrAddress or ErrHeader, naming kind and key, for a letter that must not be sent.
func Enqueue(ctx context.Context, tx *sqlx.Tx, m Message, at time.Time) error {
	if err := m.settle(); err != nil {
		return fmt.Errorf("mail %s: %w", m.Key, err)
	}
	if m.KeepUntil.IsZero() {
		m.KeepUntil = at.Add(Keep)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mail (organisation_id, kind, key, recipient, sender_name, reply_to, subject, text, attachments,
		                  created_at, keep_until, next_at, stop_url)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12)
		    ON CONFLICT ON CONSTRAINT mail_key DO NOTHING`,
		m.OrganisationID, m.Kind, m.Key, m.To, m.SenderName, m.ReplyTo, m.Subject, m.Text, attachments(m.Attachments), at, m.KeepUntil, m.StopURL)
	if err != nil {
		return fmt.Errorf("mail %s: %w", m.Key, err)
	}
	return nil
}

// settle brings the addresses into the form they are kept in and refuses what must not be sent.
func (m *Message) settle() (err error) {
	if m.To, err = ParseAddress(m.To); err != nil {
		return err
	}
	if m.ReplyTo != "" {
		if m.ReplyTo, err = ParseAddress(m.ReplyTo); err != nil {
			return err
		}
	}
	lines := []string{m.SenderName, m.Subject, m.StopURL}
	for _, a := range m.Attachments {
		if a.Name == "" {
			return ErrHeader
		}
		lines = append(lines, a.Name)
	}
	for _, line := range lines {
		if strings.ContainsFunc(line, unicode.IsControl) || strings.ContainsAny(line, "\u2028\u2029") {
			return ErrHeader
		}
	}
	if m.Kind == "" || m.Key == "" || strings.TrimSpace(m.Subject) == "" || strings.TrimSpace(m.Text) == "" {
		return ErrHeader
	}
	return nil
}

// attachments stand in one jsonb column: they are read with their letter and never by themselves.
type attachments []Attachment

func (a attachments) Value() (driver.Value, error) {
	if len(a) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal([]Attachment(a))
	return string(text), err
}

func (a *attachments) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("mail attachments: %T", src)
	}
	return json.Unmarshal(text, (*[]Attachment)(a))
}

// Written reports whether a letter of the key is in the outbox, sent or not.
func Written(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string) (bool, error) {
	var written bool
	err := sqlx.GetContext(ctx, q, &written, `SELECT EXISTS (SELECT FROM mail WHERE organisation_id = $1 AND key = $2)`, organisationID, key)
	if err != nil {
		return false, fmt.Errorf("mail %s: %w", key, err)
	}
	return written, nil
}

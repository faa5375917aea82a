package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Letter is a message in the outbox, as a Sender and the mailbox page get it.
type Letter struct {
	OrganisationID int64       `db:"organisation_id"`
	ID             int64       `db:"id"`
	Kind           string      `db:"kind"`
	Key            string      `db:"key"`
	To             string      `db:"recipient"`
	SenderName     string      `db:"sender_name"`
	ReplyTo        string      `db:"reply_to"`
	Subject        string      `db:"subject"`
	Text           string      `db:"text"`
	Attachments    attachments `db:"attachments"`
	StopURL        string      `db:"stop_url"`
	CreatedAt      time.Time   `db:"created_at"`
	Attempts       int         `db:"attempts"`
	SentAt         *time.Time  `db:"sent_at"`
	FailedAt       *time.Time  `db:"failed_at"`
	Problem        string      `db:"problem"`
}

const letterColumns = `organisation_id, id, kind, key, recipient, sender_name, reply_to, subject, text, attachments, stop_url,
		       created_at, attempts, sent_at, failed_at, problem`

// Sender takes a letter over, or returns a *Problem. Sending the same letter again must be recognisable as the same.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Problem is why a letter did not go.
type Problem struct {
	Code  string // a step and a server's code, never an address: "rcpt 550 5.1.1"
	Final bool   // it will never go
	Down  bool   // nothing will go just now
}

// Error names the code.
func (p *Problem) Error() string { return "mail: " + p.Code }

// messageID is the left part of the Message-ID: the same for every attempt, telling nothing about the organisation.
func (l Letter) messageID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", l.OrganisationID, l.ID, l.CreatedAt.UnixMicro(), l.Key))
	return hex.EncodeToString(sum[:16])
}

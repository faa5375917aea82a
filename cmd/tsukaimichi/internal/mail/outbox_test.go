package mail_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, ledger.Tokyo)

func newMessage(change ...func(*mail.Message)) mail.Message {
	m := mail.Message{
		OrganisationID: 7, Kind: "thanks", Key: "donation:12:thanks", To: "hanako@example.jp",
		Subject: "ご寄付をお受けしました", Text: "3,000円をお受けしました。",
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

func enqueue(t *testing.T, db *sqlx.DB, m mail.Message, at time.Time) {
	t.Helper()
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		return mail.Enqueue(context.Background(), tx, m, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// deliver runs one round at an instant.
func deliver(t *testing.T, db *sqlx.DB, sender mail.Sender, at time.Time) mail.Round {
	t.Helper()
	ended, err := mail.Deliver(context.Background(), db, sender, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	return ended
}

func recent(t *testing.T, db *sqlx.DB) []mail.Letter {
	t.Helper()
	letters, err := mail.Recent(context.Background(), db, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return letters
}

// sendFunc is a Sender as a function.
type sendFunc func(mail.Letter) error

func (f sendFunc) Send(_ context.Context, l mail.Letter) error { return f(l) }

func TestLetterOfARolledBackChangeIsNotThere(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	undo := errors.New("undo")
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		if err := mail.Enqueue(context.Background(), tx, newMessage(), noon); err != nil {
			t.Error(err)
		}
		return undo
	})
	if !errors.Is(err, undo) || len(recent(t, db)) != 0 {
		t.Errorf("after rolling back: %v, %d letters; want none", err, len(recent(t, db)))
	}
}

func TestSameReasonWritesOneLetterAndOtherOrganisationsTheirOwn(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	enqueue(t, db, newMessage(), noon)
	enqueue(t, db, newMessage(func(m *mail.Message) { m.Text = "二通目" }), noon)
	enqueue(t, db, newMessage(func(m *mail.Message) { m.OrganisationID = 8 }), noon)
	letters := recent(t, db)
	if len(letters) != 2 || slices.ContainsFunc(letters, func(l mail.Letter) bool { return l.Text == "二通目" }) {
		t.Errorf("letters %+v; want one for each organisation", letters)
	}
}

func TestLetterThatCouldAddRecipientsIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for name, c := range map[string]struct {
		change func(*mail.Message)
		want   error
	}{
		"line break in subject":     {func(m *mail.Message) { m.Subject = "a\r\nBcc: all@example.jp" }, mail.ErrHeader},
		"line break in sender":      {func(m *mail.Message) { m.SenderName = "a\nBcc: all@example.jp" }, mail.ErrHeader},
		"line separator in subject": {func(m *mail.Message) { m.Subject = "a\u2028b" }, mail.ErrHeader},
		"line break in file name": {func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "a\r\nX: b", Kind: files.KindReceipt}}
		}, mail.ErrHeader},
		"line break in recipient": {func(m *mail.Message) { m.To = "a@example.jp\r\nBcc: all@example.jp" }, mail.ErrAddress},
		"two recipients":          {func(m *mail.Message) { m.To = "a@example.jp,b@example.jp" }, mail.ErrAddress},
		"no recipient":            {func(m *mail.Message) { m.To = "" }, mail.ErrAddress},
		"bad reply address":       {func(m *mail.Message) { m.ReplyTo = "a@b\r\n" }, mail.ErrAddress},
		"no subject":              {func(m *mail.Message) { m.Subject = " " }, mail.ErrHeader},
		"no text":                 {func(m *mail.Message) { m.Text = "\n" }, mail.ErrHeader},
		"no key":                  {func(m *mail.Message) { m.Key = "" }, mail.ErrHeader},
	} {
		tx := db.MustBegin()
		if err := mail.Enqueue(context.Background(), tx, newMessage(c.change), noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
		tx.Rollback()
	}
}

func TestDeliveredLetterArrivesOnceWithItsAttachment(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file, err := store.Put(context.Background(), 7, files.KindReceipt, []byte("%PDF-1.7"))
	if err != nil {
		t.Fatal(err)
	}
	office := newPostOffice(t, mail.StartTLS)
	enqueue(t, db, newMessage(func(m *mail.Message) {
		m.Attachments = []mail.Attachment{{Name: "受領証.pdf", Kind: files.KindReceipt, Hash: file.Hash}}
	}), noon)
	sender := office.sender(t, mail.StartTLS, store)
	if got := deliver(t, db, sender, noon); got != (mail.Round{Sent: 1}) {
		t.Errorf("first round %+v; want one sent", got)
	}
	if got := deliver(t, db, sender, noon.Add(time.Hour)); got != (mail.Round{}) {
		t.Errorf("second round %+v; want nothing to do", got)
	}
	if got := office.deliveries(); len(got) != 1 || !strings.Contains(got[0].data, "application/pdf") {
		t.Errorf("%d deliveries", len(got))
	}
	if l := recent(t, db)[0]; l.SentAt == nil || !l.SentAt.Equal(noon) || l.Attempts != 1 || l.Problem != "" {
		t.Errorf("letter %+v; want it sent at noon", l)
	}
}

func TestManyDeliveringTogetherSendEachLetterOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for i := range 40 {
		enqueue(t, db, newMessage(func(m *mail.Message) { m.Key = strings.Repeat("k", i+1) }), noon)
	}
	var mu sync.Mutex
	got := map[string]int{}
	sender := sendFunc(func(l mail.Letter) error {
		mu.Lock()
		defer mu.Unlock()
		got[l.Key]++
		return nil
	})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { deliver(t, db, sender, noon) })
	}
	all.Wait()
	for key, times := range got {
		if times != 1 {
			t.Errorf("letter %d was sent %d times", len(key), times)
		}
	}
	if len(got) != 40 {
		t.Errorf("%d letters sent; want 40", len(got))
	}
}

func TestRefusedForNowIsTriedAgainAndThenGivenUp(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	office := newPostOffice(t, mail.None, func(o *postOffice) {
		o.refuse["hanako@example.jp"] = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later, hanako@example.jp"}
	})
	sender := office.sender(t, mail.None, nil)
	enqueue(t, db, newMessage(), noon)
	at, attempts := noon, 0
	for ; attempts < 20; attempts++ {
		ended := deliver(t, db, sender, at)
		if ended == (mail.Round{Failed: 1}) {
			break
		}
		if ended != (mail.Round{Postponed: 1}) {
			t.Fatalf("attempt %d: %+v", attempts+1, ended)
		}
		if early := deliver(t, db, sender, at.Add(50*time.Second)); early != (mail.Round{}) {
			t.Fatalf("attempt %d is repeated at once: %+v", attempts+1, early)
		}
		at = at.Add(24 * time.Hour)
	}
	l := recent(t, db)[0]
	if attempts != 9 || l.FailedAt == nil || l.SentAt != nil || l.Problem != "rcpt 451 4.7.1" {
		t.Errorf("given up after %d attempts: %+v; want ten and the code alone", attempts+1, l)
	}
	if got, err := mail.Undelivered(context.Background(), db, 7); err != nil || len(got) != 1 {
		t.Errorf("Undelivered = %d, %v; want the letter", len(got), err)
	}
	if got, _ := mail.Undelivered(context.Background(), db, 8); len(got) != 0 {
		t.Errorf("another organisation sees %d undelivered letters", len(got))
	}
}

func TestUnknownRecipientIsGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	enqueue(t, db, newMessage(), noon)
	sender := sendFunc(func(mail.Letter) error { return &mail.Problem{Code: "rcpt 550 5.1.1", Final: true} })
	if got := deliver(t, db, sender, noon); got != (mail.Round{Failed: 1}) {
		t.Errorf("round %+v; want it given up", got)
	}
}

func TestRoundEndsWhenTheServerIsDown(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for _, key := range []string{"a", "b", "c"} {
		enqueue(t, db, newMessage(func(m *mail.Message) { m.Key = key }), noon)
	}
	down := sendFunc(func(mail.Letter) error { return &mail.Problem{Code: "connect", Down: true} })
	if got := deliver(t, db, down, noon); got != (mail.Round{Postponed: 1}) {
		t.Errorf("round %+v; want one attempt", got)
	}
	if got := deliver(t, db, mail.Mailbox{}, noon.Add(time.Hour)); got != (mail.Round{Sent: 3}) {
		t.Errorf("an hour later %+v; want all three sent", got)
	}
}

// TestLetterOfWhoDiedIsSentAgain: a program that dies between sending and noting it leaves the claim behind.
func TestLetterOfWhoDiedIsSentAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	enqueue(t, db, newMessage(), noon)
	func() {
		defer func() { recover() }()
		deliver(t, db, sendFunc(func(mail.Letter) error { panic("killed") }), noon)
	}()
	if got := deliver(t, db, mail.Mailbox{}, noon.Add(9*time.Minute)); got != (mail.Round{}) {
		t.Errorf("while it may still be sending: %+v; want hands off", got)
	}
	if got := deliver(t, db, mail.Mailbox{}, noon.Add(11*time.Minute)); got != (mail.Round{Sent: 1}) {
		t.Errorf("afterwards: %+v; want it sent", got)
	}
}

func TestLetterIsNeitherSentNorKeptAfterItsTime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	enqueue(t, db, newMessage(func(m *mail.Message) { m.Key, m.KeepUntil = "code", noon.Add(15*time.Minute) }), noon)
	enqueue(t, db, newMessage(), noon)
	if got := deliver(t, db, mail.Mailbox{}, noon.Add(15*time.Minute)); got != (mail.Round{Sent: 1}) {
		t.Errorf("round %+v; want the other letter alone", got)
	}
	for _, c := range []struct {
		after time.Duration
		want  int64
	}{{16 * time.Minute, 1}, {mail.Keep - time.Second, 0}, {mail.Keep, 1}, {2 * mail.Keep, 0}} {
		if got, err := mail.Erase(context.Background(), db, noon.Add(c.after)); err != nil || got != c.want {
			t.Errorf("Erase after %v = %d, %v; want %d", c.after, got, err, c.want)
		}
	}
	var left string
	if err := db.Get(&left, `SELECT string_agg(recipient || reply_to || subject || text || attachments::text, '') FROM mail`); err != nil || left != "[][]" {
		t.Errorf("left of the letters: %q, %v", left, err)
	}
	enqueue(t, db, newMessage(), noon.Add(2*mail.Keep))
	if got := deliver(t, db, mail.Mailbox{}, noon.Add(2*mail.Keep)); got != (mail.Round{}) {
		t.Errorf("the erased letter's key no longer counts: %+v", got)
	}
}

func TestErasingAPersonEmptiesLettersOfThatOrganisationAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	enqueue(t, db, newMessage(), noon)
	enqueue(t, db, newMessage(func(m *mail.Message) { m.Key, m.To = "a", "HANAKO@example.jp" }), noon)
	enqueue(t, db, newMessage(func(m *mail.Message) { m.Key, m.To = "b", "taro@example.jp" }), noon)
	enqueue(t, db, newMessage(func(m *mail.Message) { m.OrganisationID = 8 }), noon)
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		return mail.EraseRecipient(context.Background(), tx, 7, "Hanako@Example.jp", noon)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := deliver(t, db, mail.Mailbox{}, noon); got != (mail.Round{Sent: 2}) {
		t.Errorf("round %+v; want the two others", got)
	}
}

func TestProgramCannotDeleteLettersNorRewriteTheirReason(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for _, statement := range []string{
		`DELETE FROM mail`, `TRUNCATE mail`, `UPDATE mail SET key = 'x'`, `UPDATE mail SET created_at = now()`, `UPDATE sign_in SET person_id = 1`,
	} {
		if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v; want permission denied", statement, err)
		}
	}
}

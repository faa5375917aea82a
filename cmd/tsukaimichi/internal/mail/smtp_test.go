package mail_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func newLetter(change ...func(*mail.Letter)) mail.Letter {
	l := mail.Letter{
		OrganisationID: 7, ID: 12, Kind: "thanks", Key: "donation:12:thanks", To: "hanako@example.jp",
		SenderName: "特定非営利活動法人 こどもの居場所をささえる会（練習）", ReplyTo: "group@example.jp",
		Subject:   "ご寄付をお受けしました：3,000円「夏休みの居場所と配食の募金」へのご参加ありがとうございます",
		Text:      "練習 花子 様\n\n3,000円をお受けしました。使いみちは、報告のときにお知らせします。\n",
		CreatedAt: time.Date(2026, 11, 24, 10, 30, 0, 0, ledger.Tokyo),
	}
	for _, c := range change {
		c(&l)
	}
	return l
}

func TestLetterArrivesAsWrittenByEachEncryption(t *testing.T) {
	t.Parallel()
	for _, encryption := range []mail.Encryption{mail.StartTLS, mail.TLS, mail.None} {
		office := newPostOffice(t, encryption)
		if err := office.sender(t, encryption, nil).Send(context.Background(), newLetter()); err != nil {
			t.Errorf("%s: %v", encryption, err)
			continue
		}
		got := office.deliveries()[0]
		if got.from != "no-reply@tsukaimichi.example" || got.to[0] != "hanako@example.jp" || (got.tls != (encryption != mail.None)) {
			t.Errorf("%s: envelope %q → %q, encrypted %v", encryption, got.from, got.to, got.tls)
		}
		checkLetter(t, got.data, newLetter())
	}
}

func checkLetter(t *testing.T, data string, want mail.Letter) {
	t.Helper()
	for _, line := range strings.Split(data, "\r\n") {
		if len(line) > 78 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("line of %d octets, or not ASCII: %q", len(line), line)
		}
	}
	message, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	from, err := message.Header.AddressList("From")
	if err != nil || from[0].Name != want.SenderName || from[0].Address != "no-reply@tsukaimichi.example" {
		t.Errorf("From: %v, %v", from, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil || subject != want.Subject {
		t.Errorf("Subject: %q, %v", subject, err)
	}
	for name, value := range map[string]string{"To": "<hanako@example.jp>", "Date": "Tue, 24 Nov 2026 10:30:00 +0900", "Auto-Submitted": "auto-generated"} {
		if got := message.Header.Get(name); got != value {
			t.Errorf("%s: %q; want %q", name, got, value)
		}
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
	if text := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || text != want.Text {
		t.Errorf("body %q, %v; want %q", text, err, want.Text)
	}
}

func TestSameLetterHasTheSameMessageIDOnEveryAttempt(t *testing.T) {
	t.Parallel()
	office := newPostOffice(t, mail.None)
	sender := office.sender(t, mail.None, nil)
	for _, l := range []mail.Letter{newLetter(), newLetter(func(l *mail.Letter) { l.Attempts = 3 }), newLetter(func(l *mail.Letter) { l.ID = 13 })} {
		if err := sender.Send(context.Background(), l); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, d := range office.deliveries() {
		message, _ := netmail.ReadMessage(strings.NewReader(d.data))
		ids = append(ids, message.Header.Get("Message-ID"))
	}
	if ids[0] != ids[1] || ids[0] == ids[2] || !strings.HasSuffix(ids[0], "@tsukaimichi.example>") {
		t.Errorf("Message-IDs %q; want the first two alike", ids)
	}
}

func TestAttachmentArrivesUnderItsJapaneseName(t *testing.T) {
	t.Parallel()
	store, err := files.OpenDirectory(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := store.Put(context.Background(), 7, files.KindReceipt, []byte("%PDF-1.7 receipt"))
	if err != nil {
		t.Fatal(err)
	}
	office := newPostOffice(t, mail.None)
	letter := newLetter(func(l *mail.Letter) {
		l.Attachments = []mail.Attachment{{Name: "寄附金受領証 第3号.pdf", Kind: files.KindReceipt, Hash: file.Hash}}
	})
	if err := office.sender(t, mail.None, store).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	message, _ := netmail.ReadMessage(strings.NewReader(office.deliveries()[0].data))
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	parts.NextPart()
	part, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	name, err := new(mime.WordDecoder).DecodeHeader(part.FileName())
	body, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
	if err != nil || name != "寄附金受領証 第3号.pdf" || string(body) != "%PDF-1.7 receipt" {
		t.Errorf("attachment %q, %q, %v", name, body, err)
	}
	letter.Attachments[0].Hash = files.HashOf(nil)
	if err := office.sender(t, mail.None, store).Send(context.Background(), letter); problem(err).Code != "attachment" {
		t.Errorf("missing file: %v; want the letter held back", err)
	}
}

func problem(err error) mail.Problem {
	var p *mail.Problem
	if errors.As(err, &p) {
		return *p
	}
	return mail.Problem{}
}

func TestServerAnswersAreKeptAsStepAndCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer *smtp.SMTPError
		want   mail.Problem
	}{
		{&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<hanako@example.jp> unknown"}, mail.Problem{Code: "rcpt 550 5.1.1", Final: true}},
		{&smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "greylisted"}, mail.Problem{Code: "rcpt 450 4.2.0"}},
		{&smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "policy"}, mail.Problem{Code: "rcpt 554 5.7.1"}},
	} {
		office := newPostOffice(t, mail.None, func(o *postOffice) { o.refuse["hanako@example.jp"] = c.answer })
		if got := problem(office.sender(t, mail.None, nil).Send(context.Background(), newLetter())); got != c.want {
			t.Errorf("%d: %+v; want %+v", c.answer.Code, got, c.want)
		}
	}
}

func TestServerThatCannotBeReachedOrTrustedIsDown(t *testing.T) {
	t.Parallel()
	plain := newPostOffice(t, mail.None)
	other := newPostOffice(t, mail.StartTLS)
	asking := newPostOffice(t, mail.TLS, func(o *postOffice) { o.password = "himitsu" })
	for name, sender := range map[string]*mail.SMTP{
		"nobody listens":        plain.sender(t, mail.None, nil, func(s *mail.Settings) { s.Port = 1 }),
		"no STARTTLS offered":   plain.sender(t, mail.StartTLS, nil),
		"certificate not known": other.sender(t, mail.StartTLS, nil, func(s *mail.Settings) { s.Roots = nil }),
		"wrong password":        asking.sender(t, mail.TLS, nil, func(s *mail.Settings) { s.User, s.Password = "tsukaimichi", "wrong" }),
		"no password":           asking.sender(t, mail.TLS, nil),
	} {
		if got := problem(sender.Send(context.Background(), newLetter())); !got.Down || got.Final || strings.Contains(got.Code, "@") {
			t.Errorf("%s: %+v; want Down and not Final", name, got)
		}
	}
	sender := asking.sender(t, mail.TLS, nil, func(s *mail.Settings) { s.User, s.Password = "tsukaimichi", "himitsu" })
	if err := sender.Send(context.Background(), newLetter()); err != nil {
		t.Errorf("right password: %v", err)
	}
}

func TestSettingsThatSendInTheClearAreRefused(t *testing.T) {
	t.Parallel()
	good := mail.Settings{Host: "smtp.example.jp", Port: 587, Encryption: mail.StartTLS, From: "no-reply@example.jp"}
	for name, change := range map[string]func(*mail.Settings){
		"in the clear to another machine": func(s *mail.Settings) { s.Encryption = mail.None },
		"unknown encryption":              func(s *mail.Settings) { s.Encryption = "ssl3" },
		"no encryption said":              func(s *mail.Settings) { s.Encryption = "" },
		"no host":                         func(s *mail.Settings) { s.Host = "" },
		"no port":                         func(s *mail.Settings) { s.Port = 0 },
		"no sender":                       func(s *mail.Settings) { s.From = "" },
		"two senders":                     func(s *mail.Settings) { s.From = "a@example.jp, b@example.jp" },
	} {
		s := good
		change(&s)
		if _, err := mail.NewSMTP(s, nil); !errors.Is(err, mail.ErrSettings) {
			t.Errorf("%s: %v; want ErrSettings", name, err)
		}
	}
	if _, err := mail.NewSMTP(good, nil); err != nil {
		t.Errorf("good settings: %v", err)
	}
}

func TestCarrierAddressWithDotsIsReached(t *testing.T) {
	t.Parallel()
	office := newPostOffice(t, mail.None)
	letter := newLetter(func(l *mail.Letter) { l.To = "..hana..ko.@docomo.example.jp" })
	if err := office.sender(t, mail.None, nil).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	message, _ := netmail.ReadMessage(strings.NewReader(office.deliveries()[0].data))
	if to, err := message.Header.AddressList("To"); err != nil || to[0].Address != letter.To {
		t.Errorf("To: %v, %v", to, err)
	}
}

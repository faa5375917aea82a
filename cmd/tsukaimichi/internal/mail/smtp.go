package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
)

// ErrSettings says that the settings of the mail server are incomplete or would send in the clear.
var ErrSettings = errors.New("mail: settings")

// Encryption is how the connection to the server is protected.
type Encryption string

// The ways: STARTTLS is usual on port 587, TLS from the first byte on 465. None is for a server on this machine alone.
const (
	StartTLS Encryption = "starttls"
	TLS      Encryption = "tls"
	None     Encryption = "none"
)

// Settings are those of the mail server.
type Settings struct {
	Host       string
	Port       int
	Encryption Encryption
	User       string // "" for a server that asks for none
	Password   seal.Secret
	From       string         // the address letters come from
	FromName   string         // the name beside it where a letter has none of its own
	Roots      *x509.CertPool // trusted authorities; nil for the machine's
}

// timeout is for one letter, from connecting to the server's answer; it is less than hold.
const timeout = time.Minute

// SMTP is the Sender of production. It is safe for use by many at once.
type SMTP struct {
	settings Settings
	domain   string // right part of From and of every Message-ID
	files    *files.Store
}

// NewSMTP checks the settings; ErrSettings names what is wrong. It does not connect.
func NewSMTP(s Settings, store *files.Store) (*SMTP, error) {
	from, err := ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("%w: from: %w", ErrSettings, err)
	}
	s.From = from
	if s.Host == "" || s.Port < 1 || s.Port > 65535 {
		return nil, fmt.Errorf("%w: host and port", ErrSettings)
	}
	switch s.Encryption {
	case StartTLS, TLS:
	case None:
		if ip := net.ParseIP(s.Host); s.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("%w: letters to another machine are encrypted: starttls or tls", ErrSettings)
		}
	default:
		return nil, fmt.Errorf("%w: encryption is starttls, tls or none", ErrSettings)
	}
	return &SMTP{settings: s, domain: from[strings.LastIndexByte(from, '@')+1:], files: store}, nil
}

// Send hands the letter to the server; a *Problem if it did not take it.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	message, err := s.compose(ctx, l)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return &Problem{Code: "settings", Down: true}
	}
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() { // saying goodbye may fail after the letter was taken
		return nil
	}
	return smtpProblem(err)
}

func (s *SMTP) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithTimeout(timeout),
		gomail.WithHELO(s.domain),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.settings.Host, RootCAs: s.settings.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch s.settings.Encryption {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.settings.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.settings.Encryption == None {
			auth = gomail.SMTPAuthPlainNoEnc // loopback alone, see NewSMTP
		}
		options = append(options, gomail.WithSMTPAuth(auth),
			gomail.WithUsername(s.settings.User), gomail.WithPassword(s.settings.Password.Reveal()))
	}
	// The port comes last: the options above would set one of their own.
	return gomail.NewClient(s.settings.Host, append(options, gomail.WithPort(s.settings.Port))...)
}

// compose writes the letter down. Addresses are given as parts, so nothing in them is read a second time.
func (s *SMTP) compose(ctx context.Context, l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingB64), gomail.WithNoDefaultUserAgent())
	name := l.SenderName
	if name == "" {
		name = s.settings.FromName
	}
	m.FromMailAddress(&netmail.Address{Name: name, Address: s.settings.From})
	m.ToMailAddress(&netmail.Address{Address: l.To})
	if l.ReplyTo != "" {
		m.ReplyToMailAddress(&netmail.Address{Name: l.SenderName, Address: l.ReplyTo})
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(l.CreatedAt)
	m.SetMessageIDWithValue(l.messageID() + "@" + s.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday reply to us
	if l.StopURL != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.StopURL+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, Wrap(l.Text))
	for _, a := range l.Attachments {
		content, err := s.files.Read(ctx, l.OrganisationID, a.Kind, a.Hash)
		if err != nil {
			return nil, &Problem{Code: "attachment"}
		}
		err = m.AttachReader(a.Name, bytes.NewReader(content), gomail.WithFileContentType(gomail.ContentType(files.Sniff(content))))
		if err != nil {
			return nil, &Problem{Code: "attachment"}
		}
	}
	return m, nil
}

// smtpProblem keeps the step and the codes of what a server said. Refused for good is a recipient or a letter
// (5yz), unless the server's reason is a policy (5.7.z), which most often is about us and can be mended.
func smtpProblem(err error) *Problem {
	var sent *gomail.SendError
	if !errors.As(err, &sent) || sent.ErrorCode() == 0 {
		return &Problem{Code: "connect", Down: true}
	}
	steps := map[gomail.SendErrReason]string{
		gomail.ErrSMTPMailFrom: "from", gomail.ErrSMTPRcptTo: "rcpt", gomail.ErrSMTPData: "data", gomail.ErrSMTPDataClose: "data",
	}
	step, ours := steps[sent.Reason]
	if !ours {
		step = "server"
	}
	code := strings.TrimSpace(fmt.Sprintf("%s %d %s", step, sent.ErrorCode(), sent.EnhancedStatusCode()))
	final := sent.ErrorCode() >= 500 && (step == "rcpt" || step == "data") && !strings.HasPrefix(sent.EnhancedStatusCode(), "5.7.")
	return &Problem{Code: code, Final: final, Down: step == "from"}
}

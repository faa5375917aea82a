package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
)

// postOffice is a real SMTP server on loopback that keeps what it is given.
type postOffice struct {
	mu       sync.Mutex
	got      []delivery
	refuse   map[string]*smtp.SMTPError // by recipient
	password string                     // asked for if not ""
	roots    *x509.CertPool
	port     int
	server   *smtp.Server
}

type delivery struct {
	from string
	to   []string
	data string
	tls  bool
}

func newPostOffice(t *testing.T, encryption mail.Encryption, change ...func(*postOffice)) *postOffice {
	t.Helper()
	office := &postOffice{refuse: map[string]*smtp.SMTPError{}}
	for _, c := range change {
		c(office)
	}
	certificate, roots := newCertificate(t)
	office.roots = roots
	office.server = smtp.NewServer(office)
	office.server.Domain = "localhost"
	office.server.ErrorLog = log.New(io.Discard, "", 0)
	office.server.ReadTimeout, office.server.WriteTimeout = 5*time.Second, 5*time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	office.port = listener.Addr().(*net.TCPAddr).Port
	settings := &tls.Config{Certificates: []tls.Certificate{certificate}}
	switch encryption {
	case mail.StartTLS:
		office.server.TLSConfig = settings
	case mail.TLS:
		listener = tls.NewListener(listener, settings)
	default:
		office.server.AllowInsecureAuth = true
	}
	go office.server.Serve(listener)
	t.Cleanup(func() { office.server.Close() })
	return office
}

func (o *postOffice) deliveries() []delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]delivery(nil), o.got...)
}

func (o *postOffice) sender(t *testing.T, encryption mail.Encryption, store *files.Store, change ...func(*mail.Settings)) *mail.SMTP {
	t.Helper()
	s := mail.Settings{
		Host: "127.0.0.1", Port: o.port, Encryption: encryption, Roots: o.roots,
		From: "no-reply@tsukaimichi.example", FromName: "使い道",
	}
	for _, c := range change {
		c(&s)
	}
	sender, err := mail.NewSMTP(s, store)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// NewSession makes postOffice an smtp.Backend.
func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, encrypted := c.TLSConnectionState()
	return &visit{office: o, delivery: delivery{tls: encrypted}}, nil
}

type visit struct {
	office   *postOffice
	known    bool
	delivery delivery
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "tsukaimichi" || password != v.office.password {
			return smtp.ErrAuthFailed
		}
		v.known = true
		return nil
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.office.password != "" && !v.known {
		return smtp.ErrAuthRequired
	}
	v.delivery.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refused := v.office.refuse[to]; refused != nil {
		return refused
	}
	v.delivery.to = append(v.delivery.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.delivery.data = string(data)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.got = append(v.office.got, v.delivery)
	return nil
}

func (v *visit) Reset()        { v.delivery = delivery{tls: v.delivery.tls} }
func (v *visit) Logout() error { return nil }

func newCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err = errors.Join(err); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, roots
}

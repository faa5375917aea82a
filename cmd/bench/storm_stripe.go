package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// stripeHost is whom the program calls. It is reached through a proxy that the environment names, and answers with a certificate whose issuer the
// environment names too: the program under the storm is the one that is shipped, with no setting for tests.
const stripeHost = "api.stripe.com"

// fakeStripe answers for Stripe at once: every payment page it is asked about was paid by card.
type fakeStripe struct {
	organisation int64
	secret       string // what webhooks are signed with
	issuer       string // file of the issuer's certificate
	proxy        net.Listener
	calls        chan net.Conn // connections to Stripe
	over         chan struct{}
	amounts      map[string]ledger.Yen
	servers      []*http.Server
}

func startFakeStripe(dir string, organisation int64) (*fakeStripe, error) {
	f := &fakeStripe{organisation: organisation, secret: "whsec_storm", issuer: filepath.Join(dir, "issuer.pem"), calls: make(chan net.Conn), over: make(chan struct{}), amounts: map[string]ledger.Yen{}}
	certificate, err := selfSigned(f.issuer)
	if err != nil {
		return nil, err
	}
	if f.proxy, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	proxy := &http.Server{Handler: http.HandlerFunc(f.connect), ReadHeaderTimeout: 10 * time.Second}
	api := &http.Server{Handler: f.api(), ReadHeaderTimeout: 10 * time.Second}
	f.servers = []*http.Server{proxy, api}
	go func() { _ = proxy.Serve(f.proxy) }()
	go func() {
		_ = api.Serve(tls.NewListener(called{f.calls, f.over, f.proxy.Addr()}, &tls.Config{Certificates: []tls.Certificate{certificate}}))
	}()
	return f, nil
}

func (f *fakeStripe) close() {
	for _, s := range f.servers {
		_ = s.Close()
	}
}

// environment makes a process call here when it means Stripe.
func (f *fakeStripe) environment() []string {
	return append(os.Environ(), "HTTPS_PROXY=http://"+f.proxy.Addr().String(), "SSL_CERT_FILE="+f.issuer, "NO_PROXY=127.0.0.1")
}

// connect takes the proxy's CONNECT and hands the connection on.
func (f *fakeStripe) connect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect || !strings.HasPrefix(r.Host, stripeHost) {
		http.Error(w, "only Stripe is called here", http.StatusForbidden)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if _, err = conn.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); err != nil {
		_ = conn.Close()
		return
	}
	select {
	case f.calls <- conn:
	case <-f.over:
		_ = conn.Close()
	}
}

// called is a listener for connections that were made otherwise.
type called struct {
	conns chan net.Conn
	over  chan struct{}
	at    net.Addr
}

func (c called) Accept() (net.Conn, error) {
	select {
	case conn := <-c.conns:
		return conn, nil
	case <-c.over:
		return nil, net.ErrClosed
	}
}

func (c called) Close() error {
	close(c.over)
	return nil
}

func (c called) Addr() net.Addr { return c.at }

// selfSigned makes a certificate for Stripe's name and writes it where a process can be told to believe it.
func selfSigned(file string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, DNSNames: []string{stripeHost}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, os.WriteFile(file, text, 0o644)
}

// api is as much of Stripe as a storm of card payments asks for.
func (f *fakeStripe) api() http.Handler {
	mux := http.NewServeMux()
	say := func(pattern string, answer func(r *http.Request) string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer(r))) // the program has gone: its own log says so
		})
	}
	nothing := func(*http.Request) string { return `{"object":"list","data":[],"has_more":false,"url":"/v1"}` }
	say("GET /v1/balance", func(*http.Request) string { return `{"object":"balance","available":[],"pending":[]}` })
	say("GET /v1/payouts", nothing)
	say("GET /v1/disputes", nothing)
	say("GET /v1/webhook_endpoints", nothing)
	say("GET /v1/balance_transactions", nothing)
	say("POST /v1/webhook_endpoints", func(*http.Request) string {
		return fmt.Sprintf(`{"id":"we_storm","object":"webhook_endpoint","secret":%q,"status":"enabled"}`, f.secret)
	})
	say("POST /v1/checkout/sessions", func(r *http.Request) string {
		return fmt.Sprintf(`{"id":"cs_new_%s","object":"checkout.session","url":"https://checkout.stripe.com/c/pay/%[1]s","expires_at":%d,"status":"open"}`,
			r.PostFormValue("client_reference_id"), time.Now().Add(time.Hour).Unix())
	})
	say("GET /v1/checkout/sessions/{ref}", func(r *http.Request) string { return f.session(r.PathValue("ref")) })
	return mux
}

// session is a payment page that was paid by card a moment ago, with its charge and its line of the statement.
func (f *fakeStripe) session(ref string) string {
	id, ours := strings.CutPrefix(ref, "cs_storm_")
	if !ours {
		return fmt.Sprintf(`{"id":%q,"object":"checkout.session","status":"open","payment_status":"unpaid","currency":"jpy","amount_total":1000,"metadata":{}}`, ref)
	}
	amount := f.amounts[ref]
	cost := amount * 36 / 1000
	metadata := fmt.Sprintf(`{"organisation":"%d","donation":%q,"attempt":"1"}`, f.organisation, id)
	return fmt.Sprintf(`{"id":%[1]q,"object":"checkout.session","status":"complete","payment_status":"paid","currency":"jpy","amount_total":%[2]d,"metadata":%[3]s,
		"payment_intent":{"id":"pi_%[4]s","object":"payment_intent","status":"succeeded","amount":%[2]d,"metadata":%[3]s,
		"latest_charge":{"id":"ch_%[4]s","object":"charge","status":"succeeded","amount":%[2]d,"created":%[5]d,"currency":"jpy","metadata":%[3]s,"payment_method_details":{"type":"card"},
		"balance_transaction":{"id":"txn_%[4]s","object":"balance_transaction","amount":%[2]d,"fee":%[6]d,"net":%[7]d,"currency":"jpy","created":%[5]d,"available_on":%[5]d,
		"reporting_category":"charge","type":"charge","status":"pending","source":"ch_%[4]s"}}}}`,
		ref, int64(amount), metadata, id, time.Now().Unix(), int64(cost), int64(amount-cost))
}

// hook is the path the program takes webhooks at.
func (f *fakeStripe) hook() string {
	return "/stripe/" + strconv.FormatInt(f.organisation, 10) + "/webhook"
}

// events are the webhooks that say that gifts were paid, as long as Stripe's own are.
func (f *fakeStripe) events(gifts []pendingGift) [][]byte {
	all := make([][]byte, len(gifts))
	filler := strings.Repeat("練習", 500)
	for i, g := range gifts {
		f.amounts[g.Ref] = g.Amount
		all[i] = fmt.Appendf(nil, `{"id":"evt_storm_%d","object":"event","api_version":"2023-10-16","created":%d,"livemode":false,"type":"checkout.session.completed","pending_webhooks":1,
			"data":{"object":{"id":%q,"object":"checkout.session","amount_total":%d,"currency":"jpy","status":"complete","payment_status":"paid","description":%q}}}`,
			g.ID, time.Now().Unix(), g.Ref, int64(g.Amount), filler)
	}
	return all
}

// connectStripe gives the organisation's key to the program by its own command.
func connectStripe(ctx context.Context, d *database, program *site, f *fakeStripe) error {
	set := exec.CommandContext(ctx, program.command.Path, "stripe", "set", "bench-group", "--site", "http://"+program.address, "--seal-key", benchSealKey,
		"--database-url", d.server.DSN(databaseName, appRole))
	set.Env, set.Stdin = f.environment(), strings.NewReader("sk_test_storm\n")
	var said bytes.Buffer
	set.Stdout, set.Stderr = &said, &said
	if err := set.Run(); err != nil {
		return errors.Join(fmt.Errorf("stripe set: %w", err), errors.New(said.String()))
	}
	return nil
}

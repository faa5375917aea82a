package stripe

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// APIVersion is the version of Stripe's API that is practised.
const APIVersion = "2023-10-16"

// Clock tells the time of the practice program.
type Clock interface {
	Now() time.Time
}

// Config says where the practice Stripe stands.
type Config struct {
	DB         *sqlx.DB
	Clock      Clock
	URL        string       // where it is mounted, with scheme and prefix: http://localhost:8080/practice/stripe
	HTTPClient *http.Client // carries webhooks; nil is one that gives up after 10 seconds
	Logger     *slog.Logger // nil is slog.Default
	// Chance decides whether something of so many percent happens; nil leaves it to chance.
	Chance func(percent int) bool
}

// Server is the practice Stripe. It is safe for concurrent use, in any number of replicas on one database.
type Server struct {
	db     *sqlx.DB
	clock  Clock
	url    *url.URL
	client *http.Client
	log    *slog.Logger
	chance func(percent int) bool
	known  atomic.Pointer[known] // switches
}

// New returns the practice Stripe; it fails when the URL is not one that a browser can open.
func New(c Config) (*Server, error) {
	at, err := url.Parse(strings.TrimSuffix(c.URL, "/"))
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" || at.RawQuery != "" {
		return nil, fmt.Errorf("practice stripe at %q: %w", c.URL, errURL)
	}
	s := &Server{db: c.DB, clock: c.Clock, url: at, client: c.HTTPClient, log: c.Logger, chance: c.Chance}
	if s.client == nil {
		s.client = &http.Client{Timeout: 10 * time.Second}
	}
	if s.chance == nil {
		s.chance = chance
	}
	own := *s.client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // as at Stripe a redirect is a failure
	s.client = &own
	if s.log == nil {
		s.log = slog.Default()
	}
	return s, nil
}

var errURL = errors.New("not a URL with scheme, host and prefix")

// Handler answers everything under the prefix of the URL: the API below /v1, the payer's pages below /pay and /voucher.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routeAPI(mux)
	s.routePages(mux)
	return http.StripPrefix(s.url.Path, mux)
}

func (s *Server) routeAPI(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/checkout/sessions", s.api(createSession))
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", s.api(expireSession))
	mux.HandleFunc("POST /v1/refunds", s.api(createRefund))
	mux.HandleFunc("POST /v1/webhook_endpoints", s.api(createEndpoint))
	mux.HandleFunc("DELETE /v1/webhook_endpoints/{id}", s.api(deleteEndpoint))
	mux.HandleFunc("GET /v1/balance", s.api(showBalance))
	for _, c := range collections {
		mux.HandleFunc("GET /v1/"+c.path, s.api(c.list))
		mux.HandleFunc("GET /v1/"+c.path+"/{id}", s.api(c.show))
	}
	mux.HandleFunc("/v1/", s.unknown)
}

package web

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-pkgz/rest"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/coordinating"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/door"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/forming"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/give"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/granting"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/planning"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/reporting"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Config is what the site needs. Practice and Clock are nil in production.
type Config struct {
	DB      *sqlx.DB
	Files   *files.Store
	Till    *payments.Till
	Press   *papers.Press
	Box     *seal.Box // keeps the keys of people's apps
	Now     func() time.Time
	Log     *slog.Logger
	Site    string            // address people type, without a slash at the end
	Frame   page.Site         // who runs the installation; practice and its links are added here
	Secure  bool              // reached by https
	Proxy   bool              // behind a proxy of our own that sets the visitor's address
	Secret  []byte            // makes the secrets of private links
	LogKey  ed25519.PublicKey // checks the signatures of the logs
	Enqueue func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error
	Metrics http.Handler
	// BackupLate says when the newest backup was made and whether that is too long ago.
	BackupLate func(ctx context.Context) (newest time.Time, late bool, err error)

	PracticeStripe http.Handler
	Clock          rehearsal.Clock
	Troubles       rehearsal.Stripe // the practice Stripe's switches
	ClockMoved     func(ctx context.Context) error
}

// Server is the whole site.
type Server struct {
	Config
	Renderer  *page.Renderer
	sessions  *auth.Sessions
	public    *public.Pages
	give      *give.Pages
	door      *door.Pages
	console   *console.Pages
	reporting *reporting.Pages
	planning  *planning.Pages
	granting  *granting.Pages
	applying  *applying.Pages
	forming   *forming.Pages
	board     *coordinating.Pages
	rehearsal *rehearsal.Pages
}

// New builds the site; a template that does not parse is an error here.
func New(c Config) (*Server, error) {
	s := &Server{Config: c}
	site := c.Frame
	rooms := []page.Room{public.Room, give.Room, door.Room, console.Room, reporting.Room, planning.Room, granting.Room, applying.Room, forming.Room, coordinating.Room}
	if c.Clock != nil {
		site.Practice = true
		site.PracticeLinks = []page.Link{{Href: "/practice", Text: "練習のはじめ方"}, {Href: "/practice/mail", Text: "郵便受け"}}
		rooms = append(rooms, rehearsal.Room)
	}
	var err error
	if s.Renderer, err = page.NewRenderer(site, rooms...); err != nil {
		return nil, err
	}
	if s.sessions, err = auth.NewSessions(c.DB, c.Secure, s.fail); err != nil {
		return nil, err
	}
	s.public = &public.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Now: c.Now, Site: c.Site, Online: c.Till.Online, Press: c.Press, LogKey: c.LogKey, Tell: s.telling()}
	s.give = &give.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Till: c.Till, Now: c.Now, Secret: c.Secret, LogKey: c.LogKey, Language: s.language}
	factors, err := auth.NewFactors(c.DB, c.Box, c.Site)
	if err != nil {
		return nil, err
	}
	s.door = &door.Pages{DB: c.DB, Renderer: s.Renderer, Sessions: s.sessions, Factors: factors, Now: c.Now, Site: c.Site, Practice: c.Clock != nil}
	s.console = s.newConsole()
	s.reporting = &reporting.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Press: c.Press}
	s.planning = &planning.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Print: c.Press.Paper}
	s.granting = &granting.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Links: s.telling().Links, Now: c.Now}
	s.applying = &applying.Pages{DB: c.DB, Renderer: s.Renderer, Files: c.Files, Print: c.Press.Paper}
	s.forming = &forming.Pages{DB: c.DB, Renderer: s.Renderer, Print: c.Press.Paper}
	s.board = &coordinating.Pages{DB: c.DB, Renderer: s.Renderer}
	if c.Clock != nil {
		s.rehearsal = &rehearsal.Pages{DB: c.DB, Renderer: s.Renderer, Sessions: s.sessions, Clock: c.Clock, Files: c.Files, Moved: c.ClockMoved, Stripe: c.Troubles}
	}
	return s, nil
}

// recover answers a panic in what stands around the handlers.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.caught(w, r)
		next.ServeHTTP(w, r)
	})
}

// caught, deferred, answers a panic with the 500 page and keeps its trace in the log.
func (s *Server) caught(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	s.Log.ErrorContext(r.Context(), "panic", slog.String("trace", rest.GetTraceID(r)), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
	s.answer(w, r, errPanic, http.StatusInternalServerError, rest.GetTraceID(r))
}

// headers are on every answer. What everybody may read and keep says so itself (package shelf, page.Static): nothing else stays in any cache.
func (s *Server) headers(next http.Handler) http.Handler {
	policy := page.Policy("https://checkout.stripe.com")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "private, no-store")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a visitor's browser send. Webhooks are signed instead; the practice Stripe is a site of
// its own.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST /stripe/{org}/webhook")
	protection.AddInsecureBypassPattern("/practice/stripe/")
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.sayError(w, r, http.StatusForbidden, rest.GetTraceID(r))
	}))
	return protection.Handler(next)
}

// webhook answers POST /stripe/{org}/webhook: 200 once the event is on disk, an error otherwise, so that Stripe comes again.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err == nil {
		err = s.Till.Receive(r.Context(), organisationID, payload, r.Header.Get("Stripe-Signature"))
	}
	if err != nil {
		status := statusOf(err)
		s.Log.WarnContext(r.Context(), "webhook refused", slog.Int64("organisation", organisationID), slog.Int("status", status), slog.Any("error", err))
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// health reports whether the database answers.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := s.DB.PingContext(ctx); err != nil {
		s.Log.WarnContext(r.Context(), "health", slog.Any("error", err))
		http.Error(w, `{"database":"down"}`, http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintln(w, `{"database":"ok"}`)
}

// today is the program's day.
func (s *Server) today() ledger.Date { return ledger.DateOf(s.Now()) }

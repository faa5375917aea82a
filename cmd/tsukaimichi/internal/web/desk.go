package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/erasing"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// guard asks who is there and what he may do; what it refuses becomes the door, or the page that says no.
func (s *Server) guard() *auth.Guard {
	return &auth.Guard{
		DB: s.DB, Sessions: s.sessions, Today: s.today,
		Organisation: func(r *http.Request) (int64, error) {
			id, _, err := ledger.FindSlug(r.Context(), s.DB, ledger.SlugOrganisation, r.PathValue("org"))
			return id, err
		},
		Guest: func(ctx context.Context, organisationID, personID int64) (int64, error) {
			g, err := access.Standing(ctx, s.DB, organisationID, personID, s.today())
			if errors.Is(err, ledger.ErrNotFound) {
				return 0, nil
			}
			return g.ID, err
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) {
			switch {
			case errors.Is(err, auth.ErrNotSignedIn) && (r.Method == http.MethodGet || r.Method == http.MethodHead):
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			case errors.Is(err, auth.ErrNotAllowed):
				s.fail(w, r, errForbidden)
			default:
				s.fail(w, r, err)
			}
		},
	}
}

// seat puts the desk into the request of a member.
func (s *Server) seat(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := auth.MemberOf(r.Context())
		o, err := ledger.FindOrganisation(r.Context(), s.DB, m.OrganisationID)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		desk := console.Desk{
			Organisation: o, Person: ledger.Person{ID: m.ID, Name: m.Name, Mail: m.Mail}, Roles: m.Roles, Guest: m.GrantID != 0, Now: s.Now(),
		}
		next.ServeHTTP(w, r.WithContext(console.WithDesk(r.Context(), desk)))
	})
}

// above puts the seat above all groups into the request of a coordinator or an operator.
func (s *Server) above(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := auth.PersonOf(r.Context())
		seat := console.Seat{Person: ledger.Person{ID: p.ID, Name: p.Name, Mail: p.Mail}, Operator: p.Operator, Now: s.Now()}
		roles, err := auth.Roles(r.Context(), s.DB, p.ID, s.today())
		for _, m := range roles {
			if m.Role != ledger.Coordinator || err != nil {
				continue
			}
			var o ledger.Organisation
			o, err = ledger.FindOrganisation(r.Context(), s.DB, m.OrganisationID)
			seat.Groups = append(seat.Groups, o)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(console.WithSeat(r.Context(), seat)))
	})
}

func (s *Server) newConsole() *console.Pages {
	organisationOf := func(r *http.Request) (int64, error) {
		d, err := console.DeskOf(r.Context())
		return d.Organisation.ID, err
	}
	return &console.Pages{
		DB: s.DB, Renderer: s.Renderer, Files: s.Files, Till: s.Till, Now: s.Now, Site: s.Site, Enqueue: s.Enqueue, SendReceipt: s.Press.SendReceipt,
		Press: s.Press, Links: func(organisationID int64) campaigns.Secret { return asking.Secret(s.Secret, organisationID) },
		BackupLate: s.BackupLate, Tell: s.telling(),
		EraseDonor: (&erasing.Eraser{DB: s.DB, Files: s.Files, Now: s.Now}).Donor,
		Preview: func(w http.ResponseWriter, r *http.Request, campaignID int64) error {
			organisationID, err := organisationOf(r)
			if err != nil {
				return err
			}
			return s.public.Preview(w, r, organisationID, campaignID)
		},
		Leaflet: func(w http.ResponseWriter, r *http.Request, campaignID int64) error {
			organisationID, err := organisationOf(r)
			if err != nil {
				return err
			}
			c, err := campaigns.Find(r.Context(), s.DB, organisationID, campaignID)
			if err != nil {
				return err
			}
			return s.public.PrintLeaflet(w, r, c)
		},
	}
}

// loopback lets in this machine alone, and nobody who comes through a proxy on it, also where nobody has said that there is one.
func (s *Server) loopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr // without a port since the visitor's address was looked for
		}
		forwarded := slices.ContainsFunc([]string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"}, func(name string) bool { return r.Header.Get(name) != "" })
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() || forwarded {
			s.fail(w, r, ledger.ErrNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

var requestSeconds = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name: "tsukaimichi_request_seconds", Help: "How long requests took, by route and status class.",
	Buckets: []float64{.005, .02, .1, .3, 1, 3, 10},
}, []string{"route", "status"})

// measure counts requests by their route's pattern, never by their address, which may hold a secret.
func (s *Server) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		kept := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(kept, r)
		requestSeconds.WithLabelValues(r.Pattern, string('0'+byte(kept.status/100))+"xx").Observe(time.Since(began).Seconds())
	})
}

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps and sends the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController what it needs.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-pkgz/rest"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// errForbidden says that the visitor is known and may not.
var errForbidden = errors.New("web: not allowed")

// errPanic says that a handler broke off.
var errPanic = errors.New("web: panic")

// errTooMany says that the visitor has to wait.
var errTooMany = errors.New("web: too many requests")

// statuses is the one table from what the rooms say to what a visitor sees. Anything else is ours: it is logged, and
// shown as the 500 page.
var statuses = []struct {
	err    error
	status int
}{
	{ledger.ErrNotFound, http.StatusNotFound},
	{files.ErrNotFound, http.StatusNotFound},
	{files.ErrHash, http.StatusNotFound},
	{errForbidden, http.StatusForbidden},
	{auth.ErrNotSignedIn, http.StatusForbidden}, // the session was ended while the request was under way
	{errTooMany, http.StatusTooManyRequests},
	{ledger.ErrSamePerson, http.StatusForbidden},
	{ledger.ErrDecided, http.StatusConflict},
	{ledger.ErrReversed, http.StatusConflict},
	{ledger.ErrPostedBefore, http.StatusConflict},
	{ledger.ErrFundShort, http.StatusConflict},
	{ledger.ErrPeriodClosed, http.StatusConflict},
	{ledger.ErrFrozen, http.StatusConflict},
	{campaigns.ErrClosed, http.StatusConflict},
	{news.ErrDecided, http.StatusConflict},
	{news.ErrOver, http.StatusConflict},
	{campaigns.ErrNotDraft, http.StatusConflict},
	{campaigns.ErrAsking, http.StatusConflict},
	{campaigns.ErrNotAsking, http.StatusConflict},
	{campaigns.ErrPaymentsOpen, http.StatusConflict},
	{ledger.ErrUseHeld, http.StatusConflict},
	{campaigns.ErrReceiptInForce, http.StatusConflict},
	{campaigns.ErrNotPaid, http.StatusConflict},
	{reports.ErrPublished, http.StatusConflict},
	{reports.ErrMoved, http.StatusConflict},
	{page.ErrSilent, http.StatusConflict},
	{campaigns.ErrPaymentUnavailable, http.StatusServiceUnavailable},
	{payments.ErrNoAccount, http.StatusServiceUnavailable},
	{payments.ErrTooMany, http.StatusTooManyRequests},
	{payments.ErrTakeBackOver, http.StatusConflict},
	{payments.ErrAskedBefore, http.StatusConflict},
	{stripepay.ErrSignature, http.StatusBadRequest},
	{stripepay.ErrEvent, http.StatusBadRequest},
}

// Handler answers a request, or returns why it could not; nothing has been sent then.
type Handler func(w http.ResponseWriter, r *http.Request) error

// serve makes an http.Handler of a Handler.
func (s *Server) serve(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { // net/http forgets the files of a form on its own request alone, and what stands before us hands on copies of that
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll()
			}
		}()
		defer s.caught(w, r) // here, where the form that was sent is at hand
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := statusOf(err)
	trace := rest.GetTraceID(r)
	if ledger.Unreachable(err) {
		w.Header().Set("Retry-After", "10")
		s.Log.WarnContext(r.Context(), "database out of reach", slog.String("trace", trace), slog.String("route", r.Pattern), slog.Any("error", err))
	}
	if status == http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(r.Context(), "request failed", slog.String("trace", trace), slog.String("route", r.Pattern), slog.Any("error", err))
	}
	if errors.Is(err, page.ErrSilent) {
		s.Log.WarnContext(r.Context(), "a page refused and did not say why", slog.String("trace", trace), slog.String("route", r.Pattern), slog.Any("error", err))
	}
	s.answer(w, r, err, status, trace)
}

// answer says no, and gives back what was written.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, err error, status int, trace string) {
	form := sent(r)
	switch {
	case form != nil && r.Header.Get("Accept") == "application/json": // the script that saves meanwhile
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"says":"いまは残せません。「残す」を押すと、わけを示します。"}`)
		return
	case errors.Is(err, auth.ErrNotSignedIn) && r.Method == http.MethodPost:
		if s.door.Outside(w, r, form) == nil {
			return
		}
	}
	shown := public.NewErrorPage(status, trace)
	switch {
	case errors.Is(err, campaigns.ErrClosed):
		shown = public.NewNotCollectingPage(r.PathValue("slug"))
	case status == http.StatusNotFound && form != nil:
		shown = public.NewGonePage(strings.HasPrefix(r.URL.Path, "/desk/"))
	}
	shown.Written = page.NewWritten(form)
	s.render(w, r, status, shown, trace)
}

func statusOf(err error) int {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge
	}
	var invalid ledger.Invalid
	if errors.As(ledger.Classify(err), &invalid) { // also what no text can hold, wherever it was sent: NUL, half a character
		return http.StatusUnprocessableEntity
	}
	for _, row := range statuses {
		if errors.Is(err, row.err) {
			return row.status
		}
	}
	if ledger.Unreachable(err) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func (s *Server) sayError(w http.ResponseWriter, r *http.Request, status int, trace string) {
	s.render(w, r, status, public.NewErrorPage(status, trace), trace)
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, shown page.Page, trace string) {
	if err := s.Renderer.Render(w, status, shown); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", slog.String("trace", trace), slog.Any("error", err))
		http.Error(w, "こちらの都合で、表示できません。", http.StatusInternalServerError)
	}
}

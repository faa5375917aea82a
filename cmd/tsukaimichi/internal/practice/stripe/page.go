package stripe

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var files embed.FS

var (
	payTemplate     = parse("pay.html")
	voucherTemplate = parse("voucher.html")
	endedTemplate   = parse("ended.html")
)

func parse(name string) *template.Template {
	return template.Must(template.ParseFS(files, "templates/layout.html", "templates/"+name))
}

// endedPage says that there is nothing more to do here.
type endedPage struct {
	Heading, What string
	Back          string // where the payer came from, may be empty
	Acts          []choice
}

func (s *Server) routePages(mux *http.ServeMux) {
	mux.HandleFunc("GET /pay/{id}", s.payer(showPay))
	mux.HandleFunc("POST /pay/{id}", s.payer(choosePay))
	mux.HandleFunc("GET /voucher/{id}", s.payer(showVoucher))
	mux.HandleFunc("POST /voucher/{id}", s.payer(chooseVoucher))
}

// shown is what a payer's request leads to: another page, or one of the templates.
type shown struct {
	redirect string
	template *template.Template
	page     any
	status   int
}

func redirect(to string) shown { return shown{redirect: to, status: http.StatusSeeOther} }

func ended(status int, heading, what, back string) shown {
	return shown{template: endedTemplate, page: endedPage{Heading: heading, What: what, Back: back}, status: status}
}

// payer finds the account that an object belongs to and lets a page work inside it.
func (s *Server) payer(work func(ctx context.Context, a *account, id, choice string) (shown, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		var result shown
		organisation, err := s.owner(r.Context(), id)
		if err == nil {
			r.Body = http.MaxBytesReader(w, r.Body, 1<<12)
			err = s.write(r.Context(), organisation, func(a *account) (err error) {
				result, err = work(r.Context(), a, id, r.PostFormValue("choice"))
				return err
			})
		}
		var no *refusal
		switch {
		case errors.Is(err, errEnded):
			result = ended(http.StatusConflict, "もう受け付けていません", "この支払いは、さきに終わっています。お金は動いていません。", "")
		case errors.As(err, &no):
			result = ended(http.StatusNotFound, "見つかりません", "この住所（リンク）の支払いはありません。", "")
		case err != nil:
			s.log.ErrorContext(r.Context(), "practice stripe page", "error", err)
			result = ended(http.StatusInternalServerError, "うまくいきませんでした", "もう一度、試してください。お金は動いていません。", "")
		}
		s.show(w, r, result)
	}
}

func (s *Server) show(w http.ResponseWriter, r *http.Request, result shown) {
	if result.redirect != "" {
		http.Redirect(w, r, result.redirect, result.status)
		return
	}
	var page bytes.Buffer
	if err := result.template.ExecuteTemplate(&page, "layout", result.page); err != nil {
		s.log.ErrorContext(r.Context(), "practice stripe page", "error", err)
		http.Error(w, "うまくいきませんでした", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(result.status)
	_, _ = page.WriteTo(w) // the payer has gone; there is nobody to tell
}

// owner is the organisation whose object this is. The payer knows only the object.
func (s *Server) owner(ctx context.Context, id string) (int64, error) {
	var organisation int64
	err := s.db.GetContext(ctx, &organisation, `
		SELECT organisation_id
		FROM practice.stripe_object
		WHERE id = $1`, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, missing("object", id)
	case err != nil:
		return 0, fmt.Errorf("practice %s: %w", id, err)
	}
	return organisation, nil
}

// success is where the payer goes on to when the page has done its work.
func (o session) success() string {
	return strings.ReplaceAll(o.SuccessURL, "{CHECKOUT_SESSION_ID}", o.ID)
}

// until writes an instant as people read it: 2026年11月27日（金）23時59分.
func until(seconds int64) string {
	at := time.Unix(seconds, 0).In(ledger.Tokyo)
	weekdays := [...]string{"日", "月", "火", "水", "木", "金", "土"}
	return fmt.Sprintf("%d年%d月%d日（%s）%d時%02d分", at.Year(), at.Month(), at.Day(), weekdays[at.Weekday()], at.Hour(), at.Minute())
}

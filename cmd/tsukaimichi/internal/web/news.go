package web

import (
	"net/http"
	"time"

	"github.com/go-pkgz/routegroup"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
)

// telling writes the letters of 活動だより and makes the links that stop them.
func (s *Server) telling() *telling.Desk {
	return &telling.Desk{DB: s.DB, Now: s.Now, Links: telling.Links{Site: s.Site, Key: s.Secret}}
}

// hourly lets n requests of one address through in an hour.
func (s *Server) hourly(name string, n int) func(http.Handler) http.Handler {
	return limit.Requests(s.DB, name, n, time.Hour, func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errTooMany) }, s.fail)
}

// routesOfNews are 活動だより: what everybody reads, following without giving, questions under a report, and where letters are chosen and stopped. What sends
// a letter, or keeps words of a stranger, is limited more than other forms.
func (s *Server) routesOfNews(open *routegroup.Bundle, limited func(name string, n int) func(http.Handler) http.Handler) {
	open.Handle("GET /c/{slug}/news", s.serve(s.public.NewsList))
	open.Handle("GET /c/{slug}/news/{n}", s.serve(s.public.News))
	open.Handle("GET /c/{slug}/follow", s.serve(s.public.FollowForm))
	open.Handle("GET /follow/{org}/{token}", s.serve(s.public.ConfirmFollow))
	open.Handle("GET /r/{number}/ask", s.serve(s.public.AskForm))
	open.Handle("GET /g/{org}/{token}/news/{n}", s.serve(s.give.News))
	open.Handle("GET /letters/{org}/{who}/{token}", s.serve(s.give.Letters))
	saying := open.Group()
	saying.Use(s.hourly("news", 30))
	saying.With(limited("follow", 6)).Handle("POST /c/{slug}/follow", s.serve(s.public.Follow))
	saying.With(limited("ask", 6)).Handle("POST /r/{number}/ask", s.serve(s.public.Ask))
	choosing := open.Group()
	choosing.Use(limited("letters", 20))
	choosing.Handle("POST /follow/{org}/{token}", s.serve(s.public.StartFollow))
	choosing.Handle("POST /letters/{org}/{who}/{token}", s.serve(s.give.ChooseLetters))
}

package web

import (
	"net/http"

	"github.com/go-pkgz/routegroup"
)

// routesOfSeeking are what is read without signing in by whoever has a secret address: calendars of grants, and where letters about grants are stopped.
func (s *Server) routesOfSeeking(open *routegroup.Bundle, limited func(name string, n int) func(http.Handler) http.Handler) {
	reading := open.Group()
	reading.Use(limited("calendar", 30))
	reading.Handle("GET /calendar/{org}/{token}", s.serve(s.granting.Calendar))
	reading.Handle("GET /calendar/person/{person}/{token}", s.serve(s.granting.PersonCalendar))
	open.Handle("GET /grant-letters/{person}/{token}", s.serve(s.granting.StopLetters))
	choosing := open.Group()
	choosing.Use(limited("letters", 20))
	choosing.Handle("POST /grant-letters/{person}/{token}", s.serve(s.granting.ChooseLetters))
}

package web

import (
	"net/http"

	"github.com/go-pkgz/routegroup"
)

// routesOfData are what anybody may take away and look into: plan and actual as data, the panel for other sites, the pictures of addresses, and where a gift went,
// for whoever holds its receipt.
func (s *Server) routesOfData(open *routegroup.Bundle, limited func(name string, n int) func(http.Handler) http.Handler) {
	open.Handle("GET /data", s.serve(s.public.Data))
	open.Handle("GET /c/{slug}/data.json", s.serve(s.public.CampaignJSON))
	open.Handle("GET /c/{slug}/data.csv", s.serve(s.public.CampaignCSV))
	open.Handle("GET /o/{slug}/data.json", s.serve(s.public.OrganisationJSON))
	open.Handle("GET /o/{slug}/data.csv", s.serve(s.public.OrganisationCSV))
	open.Handle("GET /c/{slug}/share", s.serve(s.public.Share))
	open.Handle("GET /c/{slug}/embed", s.serve(s.public.Embed))
	open.Handle("GET /c/{slug}/card.png", s.serve(s.public.CampaignCard))
	open.Handle("GET /r/{number}/card.png", s.serve(s.public.ReportCard))
	open.Handle("GET /o/{slug}/trace", s.serve(s.give.TraceForm))
	trying := open.Group()
	trying.Use(limited("trace", 20))
	trying.Handle("POST /o/{slug}/trace", s.serve(s.give.PaperTrace))
}

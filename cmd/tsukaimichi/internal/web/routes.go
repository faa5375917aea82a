package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-pkgz/rest"
	"github.com/go-pkgz/routegroup"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/granting"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/planning"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/reporting"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// The largest bodies: of a form, and of a form with files.
const (
	formLimit   = 1 << 20
	uploadLimit = 64 << 20
)

// Handler is the whole map of the site and says who may come in. What is not here does not exist.
func (s *Server) Handler() http.Handler {
	root := routegroup.New(http.NewServeMux())
	root.Use(traced, rest.Trace, s.headers, s.recover, s.measure, s.sameOrigin)
	if s.Proxy {
		root.Use(visitor) // believed only behind a proxy of our own
	}
	root.NotFoundHandler(s.inEdition(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.sayError(w, r, http.StatusNotFound, "") })).ServeHTTP)

	// for machines
	root.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("pong")) })
	root.HandleFunc("GET /health", s.health)
	root.HandleFunc("POST /stripe/{org}/webhook", s.webhook)
	if s.Metrics != nil {
		root.Handle("GET /metrics", s.loopback(s.Metrics))
	}
	root.Handle("GET "+page.StaticPath, page.Static())
	root.Handle("GET "+page.WorkerPath, page.Worker())

	// for everybody
	open := root.Group()
	open.Use(rest.Gzip(), s.inEdition, s.sized(formLimit))
	s.routesForAll(open)

	// for whoever has a private link, or wants to come in
	limited := func(name string, n int) func(http.Handler) http.Handler {
		return limit.Requests(s.DB, name, n, time.Minute, func(w http.ResponseWriter, r *http.Request) {
			s.fail(w, r, errTooMany)
		}, s.fail)
	}
	s.routesOfNews(open, limited)
	s.routesOfSeeking(open, limited)
	asking := open.Group()
	asking.Use(limited("give", 20))
	asking.Handle("POST /c/{slug}/give", s.serve(s.give.Give))
	asking.Handle("POST /g/{org}/{token}/again", s.serve(s.give.Again))
	asking.Handle("POST /g/{org}/{token}/gift", s.serve(s.give.Show))
	asking.Handle("POST /g/{org}/{token}/back", s.serve(s.give.TakeBack))
	asking.Handle("POST /choice/{org}/{token}", s.serve(s.give.Choose))
	asking.Handle("POST /g/{org}/{token}/erase", s.serve(s.give.AskErasing))
	asking.Handle("POST /o/{slug}/log/receipt", s.serve(s.give.PaperRecord))
	asking.Handle("POST /o/{slug}/log/receipt/proof.json", s.serve(s.give.PaperProof))
	in := open.Group()
	in.Use(s.sessions.Load)
	in.Handle("GET /sign-in", s.serve(s.door.SignIn))
	in.Handle("GET /sign-in/code", s.serve(s.door.Code))
	in.Handle("GET /sign-in/link", s.serve(s.door.Link))
	in.Handle("POST /sign-out", s.serve(s.door.SignOut))
	trying := in.Group()
	trying.Use(limited("sign-in", 30))
	trying.Handle("POST /sign-in", s.serve(s.door.Begin))
	trying.Handle("POST /sign-in/code", s.serve(s.door.EnterCode))
	trying.Handle("POST /sign-in/link", s.serve(s.door.UseLink))
	trying.Handle("POST /sign-in/passkey/begin", s.serve(s.door.BeginPasskey))
	trying.Handle("POST /sign-in/passkey", s.serve(s.door.UsePasskey))

	s.routesOfData(open, limited)
	s.routesForMembers(root)
	s.routesAboveGroups(root)
	s.routesForPersons(root, limited("confirm", 60))
	s.routesForPractice(root)
	return root
}

func (s *Server) routesForAll(open *routegroup.Bundle) {
	open.Handle("GET /{$}", s.serve(s.public.Front))
	open.Handle("GET /how", s.serve(s.public.How))
	for _, path := range public.TextPaths() {
		open.Handle("GET "+path, s.serve(s.public.Text))
	}
	open.Handle("GET /c/{slug}", s.serve(s.public.Campaign))
	open.Handle("GET /c/{slug}/give", s.serve(s.give.Form))
	open.Handle("GET /c/{slug}/plan/{n}", s.serve(s.public.Plan))
	open.Handle("GET /c/{slug}/paper", s.serve(s.public.Paper))
	open.Handle("GET /c/{slug}/leaflet.pdf", s.serve(s.public.CampaignLeaflet))
	open.Handle("GET /c/{slug}/poster.pdf", s.serve(s.public.CampaignPoster(pdf.PosterA3)))
	open.Handle("GET /c/{slug}/poster-a4.pdf", s.serve(s.public.CampaignPoster(pdf.PosterA4)))
	open.Handle("GET /c/{slug}/records.csv", s.serve(s.public.Records))
	open.Handle("GET /o/{slug}", s.serve(s.public.Organisation))
	open.Handle("GET "+public.MisusePath, s.serve(s.public.Misuse))
	open.Handle("GET /o/{slug}"+public.MisusePath, s.serve(s.public.MisuseOf))
	open.Handle("GET /o/{slug}/gifts", s.serve(s.public.Unasked))
	open.Handle("GET /o/{slug}/law", s.serve(s.public.Law))
	open.Handle("GET /o/{slug}/log", s.serve(s.public.Log))
	open.Handle("GET /o/{slug}/log/hashes", s.serve(s.public.Hashes))
	open.Handle("GET /o/{slug}/log/{size}/checkpoint", s.serve(s.public.Checkpoint))
	open.Handle("GET /r/{number}", s.serve(s.public.Report))
	open.Handle("GET /r/{number}/report.pdf", s.serve(s.public.ReportFile("full")))
	open.Handle("GET /r/{number}/a4.pdf", s.serve(s.public.ReportFile("a4")))
	open.Handle("GET /r/{number}/poster.pdf", s.serve(s.public.ReportPoster(pdf.PosterA3)))
	open.Handle("GET /r/{number}/poster-a4.pdf", s.serve(s.public.ReportPoster(pdf.PosterA4)))
	open.Handle("GET /r/{number}/kairan.pdf", s.serve(s.public.Circular()))
	open.Handle("GET /r/{number}/records.csv", s.serve(s.public.ReportFile("records")))
	open.Handle("GET /files/{org}/photo/{name}", s.serve(s.public.Photo))
	open.Handle("GET /files/{org}/redacted/{name}", s.serve(s.public.Copy))
	open.Handle("GET /choice/{org}/{token}", s.serve(s.give.Choice))
	open.Handle("GET /g/{org}/{token}", s.serve(s.give.Thanks))
	open.Handle("GET /g/{org}/{token}/gift", s.serve(s.give.Gift))
	open.Handle("GET /g/{org}/{token}/receipt.pdf", s.serve(s.give.Receipt))
	open.Handle("GET /g/{org}/{token}/record", s.serve(s.give.Record))
	open.Handle("GET /g/{org}/{token}/proof.json", s.serve(s.give.Proof))
}

// routesForMembers come from the tables of the members' rooms, which name the roles of each.
func (s *Server) routesForMembers(root *routegroup.Bundle) {
	guard := s.guard()
	members := root.Group()
	members.Use(s.sized(uploadLimit), s.sessions.Load)
	members.Handle("GET /desk", guard.SignedIn(s.serve(s.door.Desks)))
	members.Handle("GET "+console.OperatorPath, guard.RequireOperator(s.serve(s.console.Operator)))
	for pattern, handler := range map[string]func(http.ResponseWriter, *http.Request) error{ // what decides for a group, or opens it
		"POST " + console.OperatorPath: s.console.AskGrant, "GET " + console.GroupPath: s.console.Group,
		"POST " + console.GroupPath + "/approve": s.console.ApproveGroup, "POST " + console.GroupPath + "/refuse": s.console.RefuseGroup,
	} {
		members.Handle(pattern, guard.RequireOperator(s.serve(s.door.GateAll(handler))))
	}
	for _, route := range MemberRoutes(s.console, s.reporting, s.planning, s.granting, s.applying) {
		admit := guard.Require
		if route.Reads() {
			admit = guard.RequireOrGuest
		}
		members.Handle(route.Pattern(), admit(route.Roles...)(s.seat(s.serve(s.door.Gate(route.Confirmed, s.logged(route))))))
	}
}

// routesAboveGroups are for whoever coordinates a group; those of forms for operators too.
func (s *Server) routesAboveGroups(root *routegroup.Bundle) {
	guard := s.guard()
	above := root.Group()
	above.Use(s.sized(formLimit), s.sessions.Load)
	for _, route := range s.board.Routes() {
		above.Handle(route.Pattern(), guard.RequireSomewhere(false, route.Roles...)(s.above(s.serve(route.Handler))))
	}
	for _, route := range s.forming.Routes() {
		above.Handle(route.Pattern(), guard.RequireSomewhere(true, route.Roles...)(s.above(s.serve(route.Handler))))
	}
}

// routesForPersons are for whoever is signed in, whatever the roles: what one can show at the door, and where one is signed in.
func (s *Server) routesForPersons(root *routegroup.Bundle, limited func(http.Handler) http.Handler) {
	guard := s.guard()
	own := root.Group()
	own.Use(s.sized(formLimit), s.sessions.Load)
	trying := own.Group()
	trying.Use(limited)
	for _, route := range s.door.Routes() {
		group := own
		if route.Method == http.MethodPost {
			group = trying
		}
		group.Handle(route.Pattern(), guard.SignedIn(s.serve(route.Handler)))
	}
}

// MemberRoutes are all pages and acts of members, each with the roles that may come in.
func MemberRoutes(desk *console.Pages, reports *reporting.Pages, plans *planning.Pages, grants *granting.Pages,
	applications *applying.Pages,
) []console.Route {
	return slices.Concat(desk.Routes(), reports.Routes(), plans.Routes(), grants.Routes(), applications.Routes())
}

// routesForPractice exist in practice mode alone.
func (s *Server) routesForPractice(root *routegroup.Bundle) {
	if s.rehearsal == nil {
		return
	}
	root.Handle("/practice/stripe/", s.PracticeStripe)
	practice := root.Group()
	practice.Use(s.inEdition, s.sized(formLimit), s.sessions.Load)
	practice.Handle("GET /practice", s.serve(s.rehearsal.Start))
	practice.Handle("POST /practice/become", s.serve(s.rehearsal.BecomeSomebody))
	practice.Handle("POST /practice/confirm", s.guard().SignedIn(s.serve(s.door.ConfirmInPractice)))
	practice.Handle("POST /practice/found", s.serve(s.rehearsal.Found))
	practice.Handle("POST /practice/clock", s.serve(s.rehearsal.MoveClock))
	practice.Handle("GET /practice/troubles", s.serve(s.rehearsal.Troubles))
	practice.Handle("POST /practice/troubles", s.serve(s.rehearsal.SetTrouble))
	practice.Handle("GET /practice/mail", s.serve(s.rehearsal.Mailbox))
	practice.Handle("GET /practice/mail/{org}/{id}", s.serve(s.rehearsal.Letter))
	practice.Handle("GET /practice/mail/{org}/{id}/{hash}", s.serve(s.rehearsal.Attachment))
}

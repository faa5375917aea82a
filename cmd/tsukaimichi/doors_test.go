package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/granting"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/planning"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/reporting"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// stranger is somebody with a browser of his own that follows no redirects.
func stranger(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// member enters a person with one role and signs him in.
func (p *practising) member(organisation int64, role ledger.Role) *http.Client {
	p.t.Helper()
	var id int64
	now := p.clock.Now()
	err := ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) (err error) {
		ctx := context.Background()
		id, err = ledger.AddPerson(ctx, tx, ledger.Person{Name: "練習 " + string(role), Mail: fmt.Sprintf("%s@%d.renshu.example", role, organisation), CreatedAt: now})
		if err != nil {
			return err
		}
		m := ledger.Membership{OrganisationID: organisation, PersonID: id, Role: role, FromOn: ledger.DateOf(now)}
		if role == ledger.Coordinator {
			m.UntilOn = m.FromOn.AddDays(30)
		}
		return ledger.AddMember(ctx, tx, m)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	client := stranger(p.t)
	response, err := client.PostForm(p.at+"/practice/become", url.Values{"person": {fmt.Sprint(id)}})
	if err != nil {
		p.t.Fatal(err)
	}
	response.Body.Close()
	return client
}

func (p *practising) knock(client *http.Client, route console.Route) (status int, location string) {
	p.t.Helper()
	path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{name}", "1", "{hash}", "1", "{n}", "1").Replace(route.Path)
	request, err := http.NewRequest(route.Method, p.at+path, strings.NewReader(""))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode, response.Header.Get("Location")
}

// TestEveryDoorOfMembersIsClosedToOthers knocks at each route of the members' pages as a stranger, as every role of another organisation
// and as every role of this one that the route does not name.
func TestEveryDoorOfMembersIsClosedToOthers(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	here, elsewhere := p.found("hoshino"), p.found("tsukino")
	roles := []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator}
	inside, outside := map[ledger.Role]*http.Client{}, map[ledger.Role]*http.Client{}
	for _, role := range roles {
		inside[role], outside[role] = p.member(here.organisation, role), p.member(elsewhere.organisation, role)
	}
	routes := memberRoutes()
	if len(routes) < 30 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, route := range routes {
		status, location := p.knock(stranger(t), route)
		if route.Method == http.MethodGet && (status != http.StatusSeeOther || location != "/sign-in") {
			t.Errorf("%s as a stranger: %d %s, want the door", route.Pattern(), status, location)
		}
		if route.Method != http.MethodGet && status != http.StatusForbidden {
			t.Errorf("%s as a stranger: %d, want 403", route.Pattern(), status)
		}
		for _, role := range roles {
			if status, _ := p.knock(outside[role], route); status != http.StatusForbidden {
				t.Errorf("%s as %s of another organisation: %d, want 403", route.Pattern(), role, status)
			}
			status, _ := p.knock(inside[role], route)
			if allowed := slices.Contains(route.Roles, role); allowed == (status == http.StatusForbidden) {
				t.Errorf("%s as %s: %d, allowed %v", route.Pattern(), role, status, allowed)
			}
		}
	}
}

// coordinatorsMay is what coordinators send: drafts, worksheets, calls for applications, and words to search for, which is no act.
var coordinatorsMay = regexp.MustCompile(`/campaigns|/plans|/profile|/grants|/snippets(|/search|/\{snippet\})$|/handover$|/applications(|/\{id\}/(write/\{section\}|move|budget|budget/quotes|notes|notes/\{note\}|hold|keep|give|form|form/map|form/place))$|/initiatives$|/(gifts|expenses|book|book/csv|book/xlsx)$`)

// TestCoordinatorMovesNoMoneyAndApprovesNothing: whatever routes are added.
func TestCoordinatorMovesNoMoneyAndApprovesNothing(t *testing.T) {
	t.Parallel()
	for _, route := range memberRoutes() {
		if route.Method == http.MethodPost && slices.Contains(route.Roles, ledger.Coordinator) && !coordinatorsMay.MatchString(route.Path) {
			t.Errorf("%s lets a coordinator act", route.Pattern())
		}
		for _, word := range []string{"announce", "publish", "check", "approve"} {
			if strings.HasSuffix(route.Path, word) && slices.Contains(route.Roles, ledger.Coordinator) {
				t.Errorf("%s lets a coordinator decide", route.Pattern())
			}
		}
	}
}

// TestSecretAddressesOpenToNobodyElse: calendars and the links that stop letters are read without signing in, by whoever has the secret; who tries many is held up.
func TestSecretAddressesOpenToNobodyElse(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	head := p.member(f.organisation, ledger.Representative)
	made, err := head.PostForm(p.at+"/desk/hoshino/grants/calendar", nil)
	if err != nil {
		t.Fatal(err)
	}
	content, _ := io.ReadAll(made.Body)
	made.Body.Close()
	address := regexp.MustCompile(`/calendar/\d+/([A-Z0-9]+)\.ics`).FindString(string(content))
	for at, want := range map[string]int{
		address: http.StatusOK, strings.TrimSuffix(address, ".ics") + "X": http.StatusNotFound, fmt.Sprintf("/calendar/%d/.ics", f.organisation): http.StatusNotFound, "/calendar/999/" + filepath.Base(address): http.StatusNotFound,
		"/calendar/person/1/" + filepath.Base(address): http.StatusNotFound, "/grant-letters/1/x": http.StatusNotFound, "/calendar/x/y": http.StatusNotFound,
	} {
		answer, err := stranger(t).Get(p.at + at)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want || (want == http.StatusOK && !strings.HasPrefix(answer.Header.Get("Cache-Control"), "private")) {
			t.Errorf("GET %s: %d, %q; want %d", at, answer.StatusCode, answer.Header.Get("Cache-Control"), want)
		}
	}
	held := false
	for range 40 {
		answer, err := stranger(t).Get(p.at + "/calendar/1/x.ics")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		held = held || answer.StatusCode == http.StatusTooManyRequests
	}
	if !held {
		t.Error("nobody who tries many addresses is held up")
	}
}

func TestOtherSitesCannotPressOurButtons(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	p.found("hoshino")
	for _, path := range []string{"/sign-in", "/sign-out", "/practice/become", "/c/x/give", "/desk/hoshino/expenses/new"} {
		request, err := http.NewRequest(http.MethodPost, p.at+path, strings.NewReader("mail=a@b.example"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		request.Header.Set("Origin", "https://evil.example")
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := stranger(t).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d, want 403", path, response.StatusCode)
		}
	}
}

// misuseLink stands on every page: what a giver can do when money seems to be misused.
const misuseLink = `href="/misuse"`

func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	p.found("hoshino")
	for _, path := range []string{"/", "/how", "/misuse", "/o/hoshino", "/o/hoshino/misuse", "/o/hoshino/log", "/zzz", "/desk", "/sign-in", "/static/site.css", "/ping"} {
		response, err := stranger(t).Get(p.at + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if isPage := strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && response.StatusCode != http.StatusSeeOther; err != nil ||
			isPage && !bytes.Contains(body, []byte(misuseLink)) {
			t.Errorf("GET %s: %v, or nothing leads to what can be done about misuse", path, err)
		}
		// What everybody reads is kept and asked for again; nothing else stays anywhere.
		wanted := "no-store"
		if path != "/zzz" && path != "/desk" && path != "/sign-in" && path != "/ping" {
			wanted = "no-cache"
		}
		if kept := response.Header.Get("Cache-Control"); !strings.Contains(kept, wanted) || (response.Header.Get("ETag") != "") != (wanted == "no-cache") {
			t.Errorf("GET %s: kept by %q under %q, want %s", path, kept, response.Header.Get("ETag"), wanted)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "strict-origin",
		} {
			if got := response.Header.Get(header); !strings.Contains(got, want) {
				t.Errorf("GET %s: %s is %q, want %q", path, header, got, want)
			}
		}
	}
}

// memberRoutes are the routes below /desk.
func memberRoutes() []console.Route {
	return web.MemberRoutes(&console.Pages{}, &reporting.Pages{}, &planning.Pages{}, &granting.Pages{}, &applying.Pages{})
}

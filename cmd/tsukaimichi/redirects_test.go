package main

import (
	"bytes"
	"go/ast"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var photoPath = regexp.MustCompile(`/files/[^"/]+/photo/[^"]+`)

var handled = regexp.MustCompile(`Handle(?:Func)?\("([A-Z]+) ([^" ]+)"`)

// siteRoutes are the routes that stand in the map by themselves, and those of members, as method and path.
func siteRoutes(t *testing.T) [][2]string {
	t.Helper()
	source, err := os.ReadFile("internal/web/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	var all [][2]string
	for _, route := range handled.FindAllStringSubmatch(string(source), -1) {
		all = append(all, [2]string{route[1], route[2]})
	}
	for _, route := range memberRoutes() {
		all = append(all, [2]string{route.Method, route.Path})
	}
	if len(all) < 120 {
		t.Fatalf("only %d routes", len(all))
	}
	return all
}

// postRoutes are the paths of all acts of people; webhooks and the practice Stripe speak to machines.
func postRoutes(t *testing.T) (paths []string) {
	t.Helper()
	for _, route := range siteRoutes(t) {
		if route[0] == http.MethodPost && !strings.HasPrefix(route[1], "/stripe/") {
			paths = append(paths, route[1])
		}
	}
	return paths
}

// readers are functions whose first text is the name of something a visitor sends.
var readingNames = []string{"Get", "FormValue", "PostFormValue", "PathValue", "text", "day", "yen", "count", "id", "line", "Has"}

// parameters are the names of everything the pages read from a visitor, and those that other programs use for where to go.
func parameters(t *testing.T) []string {
	t.Helper()
	names := []string{"next", "return", "return_to", "returnTo", "redirect", "redirect_uri", "url", "to", "back", "continue", "dest", "from", "site", "host"}
	for _, s := range sources(t) {
		if s.test || !strings.HasPrefix(s.room(), "cmd/tsukaimichi/internal/web") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name, isMethod := call.Fun.(*ast.SelectorExpr)
			literal := ""
			if basic, is := call.Args[0].(*ast.BasicLit); is {
				literal, _ = strconv.Unquote(basic.Value)
			}
			if literal != "" && isMethod && slices.Contains(readingNames, name.Sel.Name) && !slices.Contains(names, literal) {
				names = append(names, literal)
			}
			return true
		})
	}
	if len(names) < 60 || !slices.Contains(names, "amount") || !slices.Contains(names, "done") {
		t.Fatalf("only %d parameters: %v", len(names), names)
	}
	return names
}

// elsewhere are places a visitor must never be sent to.
var elsewhere = []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "/%0d%0aLocation:%20https://evil.example/"}

// leadsAway reports whether an address is not one of ours.
func leadsAway(at string) bool {
	if at == "" {
		return false
	}
	u, err := url.Parse(at)
	return err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.ContainsAny(at, "\\\r\n") ||
		strings.Contains(strings.ToLower(u.Path), "evil.example")
}

// TestNobodyIsSentElsewhere sends other sites' addresses in every parameter that any page reads, to every route, as a stranger and as somebody
// who may do everything.
func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	names, everything := parameters(t), p.member(f.organisation, ledger.Treasurer)
	for _, place := range elsewhere {
		form := url.Values{}
		for _, name := range names {
			form.Set(name, place)
		}
		for _, route := range siteRoutes(t) {
			if strings.HasPrefix(route[1], "/stripe/") || route[1] == "/sign-out" {
				continue
			}
			path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{n}", "1", "{slug}", "hoshino", "{$}", "").Replace(route[1])
			path = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, url.PathEscape(place))
			if !strings.HasPrefix(route[1], "/desk/{org}") { // a stranger sees the door there, whatever he sends
				p.leadsNowhere(stranger(t), "stranger", route[0], path, form)
			}
			p.leadsNowhere(everything, "treasurer", route[0], path, form)
		}
	}
}

// leadsNowhere sends the form, and looks where the answer leads to.
func (p *practising) leadsNowhere(client *http.Client, who, method, path string, form url.Values) {
	p.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequest(method, p.at+path+"?"+form.Encode(), body)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Referer", "https://evil.example/")
	request.Header.Set("X-Forwarded-Host", "evil.example")
	request.Header.Set("X-Forwarded-Proto", "https")
	request.Header.Set("Forwarded", "host=evil.example")
	answer, err := client.Do(request)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	for _, header := range []string{"Location", "Refresh", "Content-Location", "Link"} {
		if at := answer.Header.Get(header); leadsAway(at) {
			p.t.Errorf("%s %s as %s: %s leads to %q", method, path, who, header, at)
		}
	}
	if answer.StatusCode >= http.StatusInternalServerError && answer.StatusCode != http.StatusServiceUnavailable {
		p.t.Errorf("%s %s as %s: %d", method, path, who, answer.StatusCode)
	}
}

var (
	inline    = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style[\s>]|\sstyle=|\son[a-z]+=|(?:href|src|action)="\s*(?:javascript|data|vbscript):`)
	otherSite = regexp.MustCompile(`(?i)<(?:script|link|img|iframe|object|embed|form|source|video|audio)[^>]+(?:src|href|action)="(?:https?:)?//`)
)

// TestNoButtonIsPressedFromAnotherSite: every act of people refuses what another site makes a browser send, by either of the headers browsers set.
func TestNoButtonIsPressedFromAnotherSite(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	client := p.member(p.found("hoshino").organisation, ledger.Representative)
	for _, route := range postRoutes(t) {
		path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{n}", "1", "{slug}", "hoshino", "{token}", "x").Replace(route)
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			request, err := http.NewRequest(http.MethodPost, p.at+path, strings.NewReader("a=b"))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set(header, value)
			answer, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusForbidden {
				t.Errorf("POST %s with %s %s: %d, want 403", route, header, value, answer.StatusCode)
			}
		}
	}
}

// typing is a field for words.
var typing = regexp.MustCompile(`<textarea|<input[^>]*type="(?:search|text|email|tel)"`)

// TestPagesHoldNothingThatTheirPolicyWouldHaveToAllow: no page has script or style written into it, and the policy allows none.
func TestPagesHoldNothingThatTheirPolicyWouldHaveToAllow(t *testing.T) {
	t.Parallel()
	c := practise(t, true).collect()
	c.buyFor(500)
	everything, pages := c.member(c.organisation, ledger.Representative), 0
	for _, route := range siteRoutes(t) {
		if route[0] != http.MethodGet {
			continue
		}
		path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{n}", "1", "{$}", "", "/o/{slug}", "/o/hoshino", "{slug}", "fuyu").Replace(route[1])
		answer, err := everything.Get(c.at + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.ReplaceAll(body, []byte(`<link rel="canonical" href="`+c.Site+"/"), nil) // names a page of this site, and loads nothing
		policy := answer.Header.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "data:") || !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: %s", path, policy)
		}
		if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			continue
		}
		pages++
		for _, form := range strings.Split(string(body), "<form")[1:] {
			form, _, _ = strings.Cut(form, "</form>")
			if strings.HasPrefix(path, "/desk/hoshino") && !strings.HasSuffix(path, "/grants") && strings.Contains(form, `method="get"`) && typing.MatchString(form) {
				t.Errorf("%s lets words be typed into an address, and they may be names", path) // of calls for applications they are not
			}
		}
		for _, pattern := range []*regexp.Regexp{inline, otherSite} {
			if found := pattern.Find(body); found != nil {
				t.Errorf("%s holds %q", path, found)
			}
		}
	}
	if pages < 40 {
		t.Errorf("only %d pages", pages)
	}
}

// TestCookiesAreForThisSiteAlone: behind https every cookie carries the prefix that browsers guard, and is out of reach of scripts.
func TestCookiesAreForThisSiteAlone(t *testing.T) {
	t.Parallel()
	p := practiseAloud(t, newFolder(t), true, slog.DiscardHandler, func(s *Settings) { s.Site = "https://tsukaimichi.example" })
	f := p.found("hoshino")
	seen := map[string]bool{}
	look := func(answer *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for _, cookie := range answer.Cookies() {
			seen[cookie.Name] = true
			if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" ||
				cookie.SameSite != http.SameSiteLaxMode && cookie.SameSite != http.SameSiteStrictMode {
				t.Errorf("%s sets %s", answer.Request.URL.Path, cookie.Raw)
			}
		}
		if !strings.HasPrefix(answer.Header.Get("Strict-Transport-Security"), "max-age=") {
			t.Errorf("%s is not for https alone", answer.Request.URL.Path)
		}
	}
	client := stranger(t)
	look(client.PostForm(p.at+"/sign-in", url.Values{"mail": {"treasurer@hoshino.example"}}))
	look(client.PostForm(p.at+"/practice/become", url.Values{"person": {strconv.FormatInt(f.treasurer.SubjectID, 10)}}))
	for _, route := range siteRoutes(t) {
		if route[0] == http.MethodGet {
			look(client.Get(p.at + strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{$}", "", "{slug}", "hoshino").Replace(route[1])))
		}
	}
	if len(seen) < 2 {
		t.Errorf("only %v", seen)
	}
}

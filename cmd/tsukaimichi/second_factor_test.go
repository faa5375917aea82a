package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/door"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TestSecondFactor has one program for all that is told of it below; each part founds a group of its own.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	for _, part := range []struct {
		name string
		tell func(p *practising, t *testing.T)
	}{
		{"bank and members ask for it", (*practising).bankAndMembersAskForASecondFactor},
		{"an operator's decisions ask for it", (*practising).operatorsDecisionsAskForASecondFactor},
		{"it is set up on the way and asked for again after its time", (*practising).secondFactorIsSetUpOnTheWayAndAskedForAgainAfterItsTime},
		{"a form that came too early is not lost", (*practising).formThatCameTooEarlyIsNotLost},
		{"a number of the sheet opens once", (*practising).numberOfTheSheetOpensOnce},
		{"own pages are closed to strangers", (*practising).ownPagesAreClosedToStrangers},
		{"a session ended here is over on every replica", (*practising).sessionEndedHereIsOverOnEveryReplicaAtOnce},
		{"a new browser is told by mail", (*practising).signInFromANewBrowserIsToldByMail},
	} {
		t.Run(part.name, func(t *testing.T) {
			q := *p
			q.t = t
			part.tell(&q, t)
		})
	}
}

// link returns the secret of a link that signs the person in once.
func (p *practising) link(personID int64) string {
	p.t.Helper()
	token, err := auth.OneTimeLink(context.Background(), p.db, personID, time.Hour, p.clock.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// byMail signs the person in by a link, as after a mail: no second factor was shown.
func (p *practising) byMail(personID int64) *http.Client {
	p.t.Helper()
	client := stranger(p.t)
	if status, at, _ := p.sends(client, "/sign-in/link", url.Values{"t": {p.link(personID)}}); status != http.StatusSeeOther || at != "/desk" {
		p.t.Fatalf("the link: %d to %q", status, at)
	}
	return client
}

// sends posts a form and follows nothing.
func (p *practising) sends(client *http.Client, path string, form url.Values) (status int, location, body string) {
	p.t.Helper()
	response, err := client.PostForm(p.at+path, form)
	return p.got(response, err)
}

// asks gets a page and follows nothing.
func (p *practising) asks(client *http.Client, path string) (status int, location, body string) {
	p.t.Helper()
	response, err := client.Get(p.at + path)
	return p.got(response, err)
}

func (p *practising) got(response *http.Response, err error) (int, string, string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Location"), string(body)
}

var typedKey = regexp.MustCompile(`<p class="typedkey[^>]*><b>([A-Z2-7 ]+)</b>`)

// app sets up an app for who is signed in and returns its key.
func (p *practising) app(client *http.Client, next string) (key, location string) {
	p.t.Helper()
	status, at, _ := p.sends(client, "/account/app", url.Values{"next": {next}})
	if status != http.StatusSeeOther || !strings.HasPrefix(at, "/account/app?next=") {
		p.t.Fatalf("setting up an app: %d to %q", status, at)
	}
	_, _, page := p.asks(client, at)
	found := typedKey.FindStringSubmatch(page)
	if found == nil {
		p.t.Fatalf("no key on the page: %s", text(page))
	}
	key = strings.ReplaceAll(found[1], " ", "")
	status, at, page = p.sends(client, "/account/app/check", url.Values{"next": {next}, "code": {p.digits(key)}})
	if status != http.StatusSeeOther {
		p.t.Fatalf("the app's digits: %d %s", status, text(page))
	}
	return key, at
}

// digits are the app's, by the program's clock.
func (p *practising) digits(key string) string {
	p.t.Helper()
	code, err := totp.GenerateCode(key, p.clock.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// bankAndMembersAskForASecondFactor walks every marked route as each role that may go there, signed in by mail alone: pages lead to the
// question and back, forms are held, and nothing has changed.
func (p *practising) bankAndMembersAskForASecondFactor(t *testing.T) {
	f := p.found("hoshino")
	people := map[ledger.Role]*http.Client{ledger.Representative: p.byMail(f.representative.SubjectID), ledger.Treasurer: p.byMail(f.treasurer.SubjectID)}
	var before, after string
	state := `SELECT (SELECT string_agg(m::text, ' ' ORDER BY m) FROM membership m) || (SELECT string_agg(o::text, ' ' ORDER BY o) FROM organisation o)`
	if err := p.db.Get(&before, state); err != nil {
		t.Fatal(err)
	}
	marked := 0
	for _, route := range memberRoutes() {
		for role, client := range people {
			if !slices.Contains(route.Confirmed, role) {
				continue
			}
			marked++
			status, location := p.knock(client, route)
			if route.Method == http.MethodGet {
				path := strings.Replace(route.Path, "{org}", "hoshino", 1)
				if want := "/confirm?next=" + url.QueryEscape(path); status != http.StatusSeeOther || location != want {
					t.Errorf("%s as %s by mail alone: %d to %q; want %q", route.Pattern(), role, status, location, want)
				}
			} else if status != http.StatusForbidden {
				t.Errorf("%s as %s by mail alone: %d; want 403", route.Pattern(), role, status)
			}
		}
		if len(route.Confirmed) > 0 && route.Method == http.MethodPost && slices.ContainsFunc(route.Roles, func(r ledger.Role) bool { return !slices.Contains(route.Confirmed, r) }) {
			t.Errorf("%s lets a role act without a second factor", route.Pattern())
		}
	}
	if marked < 9 {
		t.Errorf("only %d doors with a second lock", marked)
	}
	if err := p.db.Get(&after, state); err != nil || after != before {
		t.Errorf("something changed: %v\n%s\n%s", err, before, after)
	}
	reader := p.member(f.organisation, ledger.Auditor)
	if status, _, _ := p.asks(reader, "/desk/hoshino/settings/members"); status != http.StatusOK {
		t.Errorf("an auditor reads the members: %d; want 200", status)
	}
}

// operatorsDecisionsAskForASecondFactor: with the mailbox alone an operator decides nothing about a group and opens none; the form he sent is held,
// and goes through with the digits.
func (p *practising) operatorsDecisionsAskForASecondFactor(t *testing.T) {
	o, _, _ := p.beginner()
	client, group := p.byMail(p.operator().ID), fmt.Sprintf("%s/groups/%d", console.OperatorPath, o.ID)
	today := ledger.DateOf(p.clock.Now()).String()
	seen := url.Values{"rules": {"yes"}, "rules_on": {today}, "rules_how": {"original"}, "identity": {"yes"}, "identity_on": {today}, "identity_how": {"original"}}
	acts := map[string]url.Values{
		console.OperatorPath: {"organisation": {fmt.Sprint(o.ID)}, "purpose": {"領収書を見る"}}, group + "/approve": seen,
		group + "/refuse": {"reason": {"規約がありません。"}, "next": {"規約を見せてください。"}},
	}
	if status, _, _ := p.asks(client, console.OperatorPath); status != http.StatusOK {
		t.Errorf("the list of groups: %d; want 200", status)
	}
	if status, at, _ := p.asks(client, group); status != http.StatusSeeOther || at != "/confirm?next="+url.QueryEscape(group) {
		t.Errorf("the group by mail alone: %d to %q; want the question", status, at)
	}
	for path, form := range acts {
		if status, _, page := p.sends(client, path, form); status != http.StatusForbidden || !strings.Contains(text(page), "入れた内容は、この画面が持っています") {
			t.Errorf("POST %s by mail alone: %d %s; want the question", path, status, text(page))
		}
	}
	var decided int
	query := `SELECT (SELECT count(*) FROM vetting v WHERE v.organisation_id = $1) + (SELECT count(*) FROM access_grant g WHERE g.organisation_id = $1)`
	if err := p.db.Get(&decided, query, o.ID); err != nil || decided != 0 {
		t.Errorf("%d decisions with the mailbox alone, %v", decided, err)
	}
	key, at := p.app(client, group)
	if at != group {
		t.Errorf("setting up leads to %q, not back to the group", at)
	}
	p.post("/practice/clock", url.Values{"days": {"1"}})
	client = p.byMail(p.operator().ID)
	seen.Set("confirm_code", p.digits(key))
	if status, at, page := p.sends(client, group+"/approve", seen); status != http.StatusSeeOther || !strings.Contains(at, "done=vetting_approved") {
		t.Errorf("with the digits: %d to %q %s", status, at, text(page))
	}
}

// secondFactorIsSetUpOnTheWayAndAskedForAgainAfterItsTime follows a representative from the mail to the members and back a day later.
func (p *practising) secondFactorIsSetUpOnTheWayAndAskedForAgainAfterItsTime(t *testing.T) {
	f := p.found("tsukino")
	client := p.byMail(f.representative.SubjectID)
	const members = "/desk/tsukino/settings/members"
	_, to, _ := p.asks(client, members)
	if _, _, page := p.asks(client, to); !strings.Contains(text(page), "確かめる方法を1つ用意") || !strings.Contains(page, `name="next" value="`+members+`"`) {
		t.Fatalf("the page does not lead to a first factor: %s", text(page))
	}
	key, at := p.app(client, members)
	if at != members {
		t.Errorf("setting up leads to %q, not back to the members", at)
	}
	if status, _, _ := p.asks(client, members); status != http.StatusOK {
		t.Errorf("after setting up: %d; want 200", status)
	}
	if status, at, _ := p.asks(stranger(t), members); status != http.StatusSeeOther || at != "/sign-in" {
		t.Errorf("a stranger: %d to %q", status, at)
	}

	p.post("/practice/clock", url.Values{"days": {"1"}})
	_, to, _ = p.asks(client, members)
	if want := "/confirm?next=" + url.QueryEscape(members); to != want {
		t.Fatalf("a day later the members lead to %q", to)
	}
	if _, _, page := p.asks(client, to); !strings.Contains(text(page), "確認アプリの6けたの数字") {
		t.Errorf("the page does not ask for digits: %s", text(page))
	}
	if status, _, page := p.sends(client, "/confirm", url.Values{"next": {members}, "code": {"000000"}}); status != http.StatusUnprocessableEntity || !strings.Contains(text(page), "番号がちがうか") {
		t.Errorf("wrong digits: %d %s", status, text(page))
	}
	code := p.digits(key)
	if status, at, _ := p.sends(client, "/confirm", url.Values{"next": {"//evil.example" + members}, "code": {code}}); status != http.StatusSeeOther || at != "/desk" {
		t.Errorf("the digits, with a foreign page to go on to: %d to %q", status, at)
	}
	if status, _, _ := p.asks(client, members); status != http.StatusOK {
		t.Errorf("after the digits: %d; want 200", status)
	}
	thief := p.byMail(f.representative.SubjectID)
	if status, _, _ := p.sends(thief, "/confirm", url.Values{"code": {code}}); status != http.StatusUnprocessableEntity {
		t.Errorf("the same digits in another session: %d; want 422", status)
	}
	for _, path := range []string{"/account/app", "/account/sheet", "/account/app/remove"} {
		if status, at, _ := p.sends(thief, path, nil); status != http.StatusSeeOther || !strings.HasPrefix(at, "/confirm?next=") {
			t.Errorf("POST %s with the mailbox alone: %d to %q; want the question", path, status, at)
		}
	}
	for _, path := range []string{"/account/passkeys/begin", "/account/passkeys"} {
		if status, _, body := p.sends(thief, path, nil); status != http.StatusForbidden || !strings.Contains(body, "/confirm") {
			t.Errorf("POST %s with the mailbox alone: %d %s; want 403", path, status, body)
		}
	}
}

var held = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// formThatCameTooEarlyIsNotLost: the page that asks has what was typed, and sends it along with the digits.
func (p *practising) formThatCameTooEarlyIsNotLost(t *testing.T) {
	f := p.found("hanano")
	key, _ := p.app(p.byMail(f.representative.SubjectID), "/desk")
	p.post("/practice/clock", url.Values{"days": {"1"}})
	client := p.byMail(f.representative.SubjectID)
	form := url.Values{"name": {`練習 "桃子" & <b>`}, "mail": {"momoko@renshu.example"}, "role": {"auditor"}, "until": {""}}
	const members = "/desk/hanano/settings/members"
	status, _, page := p.sends(client, members, form)
	if status != http.StatusForbidden || !strings.Contains(text(page), "入れた内容は、この画面が持っています") || !strings.Contains(page, `action="`+members+`"`) {
		t.Fatalf("%d %s", status, text(page))
	}
	again := url.Values{}
	for _, field := range held.FindAllStringSubmatch(page, -1) {
		again.Add(field[1], strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(field[2]))
	}
	if again.Encode() != form.Encode() {
		t.Fatalf("the page holds %v; want %v", again, form)
	}
	again.Set("confirm_code", "123456")
	if status, _, page = p.sends(client, members, again); status != http.StatusUnprocessableEntity || !strings.Contains(page, "momoko@renshu.example") || strings.Contains(page, `value="123456"`) {
		t.Errorf("wrong digits: %d %s", status, text(page))
	}
	again.Set("confirm_code", p.digits(key))
	if status, at, page := p.sends(client, members, again); status != http.StatusSeeOther || !strings.HasPrefix(at, members) {
		t.Fatalf("the digits: %d to %q %s", status, at, text(page))
	}
	all, err := ledger.Members(t.Context(), p.db, f.organisation, ledger.DateOf(p.clock.Now()))
	if err != nil || !slices.ContainsFunc(all, func(m ledger.Membership) bool { return m.Name == form.Get("name") && m.Role == ledger.Auditor }) {
		t.Errorf("the member was not added: %+v, %v", all, err)
	}
}

var sheetNumber = regexp.MustCompile(`<span>((?:\d{4} ){3})</span><span>((?:\d{4} ){3})</span>`)

// numberOfTheSheetOpensOnce: printed once, used in place of an app, struck out.
func (p *practising) numberOfTheSheetOpensOnce(t *testing.T) {
	f := p.found("kazeno")
	client := p.byMail(f.treasurer.SubjectID)
	status, _, page := p.sends(client, "/account/sheet", nil)
	numbers := sheetNumber.FindAllStringSubmatch(page, -1)
	if status != http.StatusOK || len(numbers) != 10 || !strings.Contains(text(page), "通帳と同じ所") {
		t.Fatalf("%d, %d numbers: %s", status, len(numbers), text(page))
	}
	if _, _, page = p.asks(client, "/account/sheet"); sheetNumber.MatchString(page) || !strings.Contains(text(page), "あと10回") {
		t.Errorf("the page shows the numbers again, or not how many are left: %s", text(page))
	}
	number := numbers[6][1] + numbers[6][2]
	const settings = "/desk/kazeno/settings"
	if status, at, page := p.sends(client, "/confirm", url.Values{"next": {settings}, "code": {number}}); status != http.StatusSeeOther || at != settings {
		t.Errorf("a number: %d to %q %s", status, at, text(page))
	}
	if status, _, _ := p.sends(p.byMail(f.treasurer.SubjectID), "/confirm", url.Values{"code": {number}}); status != http.StatusUnprocessableEntity {
		t.Errorf("the number again: %d; want 422", status)
	}
}

// ownPagesAreClosedToStrangers: and to who knows another's numbers.
func (p *practising) ownPagesAreClosedToStrangers(t *testing.T) {
	f := p.found("umino")
	var own int64
	err := p.db.Get(&own, `
		INSERT INTO passkey (person_id, holder, credential, public_key, sign_count, backup_eligible, backed_up, transports, name, created_at)
		VALUES ($1, sha256('練習'), 'x', 'x', 0, false, false, '{}', '練習', $2)
		RETURNING id`, f.treasurer.SubjectID, p.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p.byMail(f.treasurer.SubjectID)
	for _, route := range (&door.Pages{}).Routes() {
		path := strings.Replace(route.Path, "{id}", "1", 1)
		status, location, _ := 0, "", ""
		if route.Method == http.MethodGet {
			status, location, _ = p.asks(stranger(t), path)
		} else {
			status, location, _ = p.sends(stranger(t), path, url.Values{"session": {"1"}})
		}
		if route.Method == http.MethodGet && (status != http.StatusSeeOther || location != "/sign-in") || route.Method == http.MethodPost && status != http.StatusForbidden {
			t.Errorf("%s as a stranger: %d to %q", route.Pattern(), status, location)
		}
	}
	other := p.byMail(f.representative.SubjectID)
	path := "/account/passkeys/" + fmt.Sprint(own) + "/remove"
	if status, _, _ := p.asks(other, path); status != http.StatusNotFound {
		t.Errorf("another's passkey: %d; want 404", status)
	}
	if status, _, _ := p.sends(other, path, nil); status != http.StatusNotFound {
		t.Errorf("taking away another's passkey: %d; want 404", status)
	}
	var session int64
	if err = p.db.Get(&session, `SELECT id FROM session WHERE person_id = $1 AND expires_at > now()`, f.treasurer.SubjectID); err != nil {
		t.Fatal(err)
	}
	p.sends(other, "/account/sessions/end", url.Values{"session": {fmt.Sprint(session)}})
	var left int
	if err = p.db.Get(&left, `SELECT count(*) FROM session WHERE id = $1 AND expires_at > now()`, session); err != nil || left != 1 {
		t.Errorf("somebody ended another's session: %d, %v", left, err)
	}
	for _, route := range (&door.Pages{}).Routes() {
		if route.Method != http.MethodPost {
			continue
		}
		request, err := http.NewRequest(route.Method, p.at+strings.Replace(route.Path, "{id}", "1", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		response, err := other.Do(request)
		if status, _, _ := p.got(response, err); status != http.StatusForbidden {
			t.Errorf("%s from another site: %d; want 403", route.Pattern(), status)
		}
	}
	for _, path := range []string{"/practice/confirm", "/sign-in/passkey"} {
		if status, _, _ := p.sends(stranger(t), path, nil); status != http.StatusForbidden && status != http.StatusUnprocessableEntity {
			t.Errorf("POST %s as a stranger: %d", path, status)
		}
	}
}

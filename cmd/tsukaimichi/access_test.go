package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// sit signs a person in.
func (p *practising) sit(person int64) *http.Client {
	p.t.Helper()
	client := stranger(p.t)
	response, err := client.PostForm(p.at+"/practice/become", url.Values{"person": {strconv.FormatInt(person, 10)}})
	if err != nil {
		p.t.Fatal(err)
	}
	response.Body.Close()
	return client
}

// operator is the one that practice mode has.
func (p *practising) operator() ledger.Person {
	p.t.Helper()
	all, err := access.Operators(context.Background(), p.db, ledger.DateOf(p.clock.Now()))
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%d operators, %v", len(all), err)
	}
	return all[0]
}

// grant lets the operator read for some days.
func (p *practising) grant(f found, days int) {
	p.t.Helper()
	err := ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) error {
		now := p.clock.Now()
		return access.Give(context.Background(), tx, f.organisation, p.operator().ID, "領収書を見る", ledger.DateOf(now).AddDays(days-1), f.representative, now)
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *practising) openings(organisation int64) []access.Opened {
	p.t.Helper()
	rows, err := access.Openings(context.Background(), p.db, organisation, access.Filter{}, access.Place{}, 1000)
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

// TestOperatorIsMadeByTheOwnerOfTheTablesAlone: the program's own role can neither make nor end one, and what commands do to an organisation
// is written down.
func TestOperatorIsMadeByTheOwnerOfTheTablesAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	say := func(args ...string) (string, error) {
		return commandLine(t, "", append(args, "--site=https://tsukaimichi.example")...)
	}
	operators := func() []ledger.Person {
		t.Helper()
		all, err := access.Operators(t.Context(), db.App, ledger.DateOf(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	person := []string{"--name=練習 運営", "--mail=unei@example.jp"}
	if _, err := say(append([]string{"operator", "add", "--owner-url=" + db.AppDSN}, person...)...); !errors.Is(err, ledger.ErrNoRight) {
		t.Errorf("as the program's own role: %v, want ErrNoRight", err)
	}
	link, err := say(append([]string{"operator", "add", "--owner-url=" + db.OwnerDSN}, person...)...)
	if err != nil || !strings.Contains(link, "/sign-in/link?t=") || len(operators()) != 1 {
		t.Errorf("%q, %v, %d operators", link, err, len(operators()))
	}
	if _, err = say("operator", "end", "--owner-url="+db.OwnerDSN, "--mail=UNEI@example.jp"); err != nil || len(operators()) != 0 {
		t.Errorf("ended: %v, %d operators", err, len(operators()))
	}
	if _, err = say("operator", "end", "--owner-url="+db.OwnerDSN, "--mail=nobody@example.jp"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("ending nobody: %v, want ErrNotFound", err)
	}
	for _, args := range [][]string{{"organisation", "--name=ほしの食堂", "--slug=hoshino"}, {"user", "add", "--organisation=hoshino", "--name=会計", "--mail=k@example.jp"},
		{"export", "csv", "--organisation=hoshino"}} {
		if _, err = say(append(args, "--database-url="+db.AppDSN)...); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	id, _, err := ledger.FindSlug(t.Context(), db.App, ledger.SlugOrganisation, "hoshino")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := access.Openings(t.Context(), db.App, id, access.Filter{}, access.Place{}, 10)
	var said []string
	for _, row := range rows {
		said = append(said, row.Who+" "+row.Route)
	}
	if got, want := strings.Join(said, ", "), "command tsukaimichi export, command tsukaimichi user add, command tsukaimichi organisation"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// reads lists the routes an operator may open with a grant, written as they are: pages that every member reads.
func reads(route console.Route) bool {
	return route.Method == http.MethodGet && len(route.Roles) == 5
}

// confirm shows a second factor.
func (p *practising) confirm(client *http.Client) {
	p.t.Helper()
	if status, at, _ := p.sends(client, "/practice/confirm", url.Values{"next": {"/desk/hoshino"}}); status != http.StatusSeeOther || at != "/desk/hoshino" {
		p.t.Fatalf("showing a second factor: %d to %q", status, at)
	}
}

// TestOperatorReadsByGrantAloneAndNeverActs knocks at every route: without a grant, with one of this organisation, with one of another, by the
// mailbox alone, after a second factor was shown and after its time, after the last day of the grant and after it was ended.
func TestOperatorReadsByGrantAloneAndNeverActs(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	here, elsewhere := p.found("hoshino"), p.found("tsukino")
	operator := p.sit(p.operator().ID)
	all := func(when string, allowed func(console.Route) bool) (opened int) {
		t.Helper()
		for _, route := range memberRoutes() {
			status, _ := p.knock(operator, route)
			if open := status != http.StatusForbidden && status != http.StatusSeeOther; open != allowed(route) {
				t.Errorf("%s: %s: %d, allowed %v", when, route.Pattern(), status, allowed(route))
			} else if open {
				opened++
			}
		}
		return opened
	}
	nothing := func(console.Route) bool { return false }
	all("without a grant", nothing)
	p.grant(elsewhere, 3)
	all("with a grant of another organisation", nothing)
	if rows := p.openings(here.organisation); len(rows) != 0 {
		t.Errorf("%d openings before there was a grant", len(rows))
	}
	p.grant(here, 3)
	operator = p.byMail(p.operator().ID)
	all("with a grant by mail alone", nothing)
	const gifts = "/desk/hoshino/gifts"
	if status, at, _ := p.asks(operator, gifts); status != http.StatusSeeOther || at != "/confirm?next="+url.QueryEscape(gifts) || len(p.openings(here.organisation)) != 0 {
		t.Errorf("the gifts by mail alone: %d to %q, %d written down; want the question and none", status, at, len(p.openings(here.organisation)))
	}
	p.confirm(operator)
	opened := all("with a grant", reads)
	if rows := p.openings(here.organisation); len(rows) != opened || opened < 20 {
		t.Errorf("%d pages were open, %d are written down", opened, len(rows))
	}
	for _, row := range p.openings(here.organisation) {
		if row.Who != "operator" || row.PersonID != p.operator().ID || !strings.HasPrefix(row.Route, "GET /desk/{org}") {
			t.Errorf("written down as %+v", row)
		}
	}
	p.ahead(3)
	all("after its last day", nothing)
	p.grant(here, 3)
	all("with another grant, long after the second factor", nothing)
	p.confirm(operator)
	all("with another grant", reads)
	open, err := access.Open(context.Background(), p.db, here.organisation, ledger.DateOf(p.clock.Now()))
	if err != nil || len(open) != 1 {
		t.Fatalf("%d open, %v", len(open), err)
	}
	end := console.Route{Method: http.MethodPost, Path: "/desk/{org}/access/grants/" + strconv.FormatInt(open[0].ID, 10) + "/end"}
	if status, _ := p.knock(p.sit(p.headOf(here)), end); status != http.StatusSeeOther {
		t.Fatalf("ending: %d", status)
	}
	all("after it was ended", nothing)
}

// ahead moves the practice clock by days.
func (p *practising) ahead(days int) {
	p.t.Helper()
	if err := p.clock.(interface {
		Advance(ctx context.Context, d time.Duration) error
	}).Advance(context.Background(), time.Duration(days)*24*time.Hour); err != nil {
		p.t.Fatal(err)
	}
}

func (p *practising) headOf(f found) int64 {
	p.t.Helper()
	members, err := ledger.Members(context.Background(), p.db, f.organisation, ledger.DateOf(p.clock.Now()))
	if err != nil {
		p.t.Fatal(err)
	}
	i := slices.IndexFunc(members, func(m ledger.Membership) bool { return m.Role == ledger.Representative })
	return members[i].PersonID
}

// TestOperatorAsksAndTheRepresentativeDecides goes through the pages: the operator's form, the letter, the console, the grant.
func TestOperatorAsksAndTheRepresentativeDecides(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	p.client = p.sit(p.operator().ID)
	p.client.CheckRedirect = nil
	if shown := text(p.get("/desk")); !strings.Contains(shown, "運営のページ") || !strings.Contains(shown, "まだ、どの団体にもたのんでいません") {
		t.Errorf("the operator sees %s", shown)
	}
	shown, _ := p.post("/desk/-/operator", url.Values{"organisation": {strconv.FormatInt(f.organisation, 10)}, "purpose": {"領収書が印刷できないわけを見る"}})
	if !strings.Contains(text(shown), "返事待ち") {
		t.Errorf("after asking: %s", text(shown))
	}
	p.eventually("the letter", func() bool {
		return strings.Contains(p.get("/practice/mail"), "運営が帳簿を読みたいと言っています")
	})
	operator := p.client
	p.client = p.sit(p.headOf(f))
	p.client.CheckRedirect = nil
	if shown := text(p.get("/desk/hoshino")); !strings.Contains(shown, "運営が、帳簿を読ませてほしいと言っています") {
		t.Errorf("the representative sees %s", shown)
	}
	today := ledger.DateOf(p.clock.Now())
	p.post("/desk/hoshino/access/grants/1/allow", url.Values{"until": {today.AddDays(1).String()}})
	p.client = operator
	if shown := text(p.get("/desk/hoshino/gifts")); !strings.Contains(shown, "運営・読むだけ") || !strings.Contains(shown, "まだ寄付はありません") {
		t.Errorf("the operator reads %s", shown)
	}
	members := strings.ReplaceAll(text(p.get("/desk/hoshino/settings/members")), "unei@renshu.example", "") // his own, at the foot of every page
	if strings.Contains(members, "@") {
		t.Errorf("the operator reads mail addresses: %s", members)
	}
	p.client = p.sit(p.headOf(f))
	if shown := text(p.get("/desk/hoshino/access")); !strings.Contains(shown, "寄付の一覧 練習 運営（運営）") {
		t.Errorf("the log: %s", shown)
	}
}

// TestWhatCannotBeWrittenDownIsNotShown: for members and operators alike.
func TestWhatCannotBeWrittenDownIsNotShown(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	p.grant(f, 3)
	owner, err := openDatabase(context.Background(), p.owner, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	operator, treasurer := p.sit(p.operator().ID), p.member(f.organisation, ledger.Treasurer)
	if _, err = owner.Exec(`REVOKE INSERT ON access FROM tsukaimichi_app`); err != nil {
		t.Fatal(err)
	}
	for _, route := range memberRoutes() {
		if status, _ := p.knock(operator, route); reads(route) && status != http.StatusInternalServerError {
			t.Errorf("%s as operator: %d, want 500", route.Pattern(), status)
		}
		status, _ := p.knock(treasurer, route)
		if route.Private != "" && slices.Contains(route.Roles, ledger.Treasurer) != (status == http.StatusInternalServerError) {
			t.Errorf("%s as treasurer: %d", route.Pattern(), status)
		}
		if route.Private == "" && status == http.StatusInternalServerError {
			t.Errorf("%s as treasurer: %d, and it is not private", route.Pattern(), status)
		}
	}
}

// TestPrivateThingsAreWrittenDown names a second time what has to be; more may be.
func TestPrivateThingsAreWrittenDown(t *testing.T) {
	t.Parallel()
	want := map[string]access.What{
		"GET /gifts": access.GiftList, "POST /gifts": access.GiftList, "GET /gifts/{id}": access.OneGift, "GET /receipts/{id}/pdf": access.Receipt,
		"GET /evidence/{id}": access.Evidence, "GET /book/csv": access.Export, "POST /book/csv": access.Export, "POST /book/xlsx": access.Export, "GET /book/xlsx": access.Export, "GET /settings/members": access.MemberList,
		"GET /access/csv": access.Export,
	}
	for _, route := range memberRoutes() {
		path := strings.Replace(route.Pattern(), "/desk/{org}", "", 1)
		if what, private := want[path]; private && route.Private != what {
			t.Errorf("%s is written down as %q, want %q", path, route.Private, what)
		}
		delete(want, path)
	}
	if len(want) > 0 {
		t.Errorf("no such routes: %v", want)
	}
}

// TestCoordinatorsDayIsTheLast: on it every route that names coordinators is open, on the next none.
func TestCoordinatorsDayIsTheLast(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	var person int64
	today := ledger.DateOf(p.clock.Now())
	err := ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) (err error) {
		if person, err = ledger.AddPerson(context.Background(), tx, ledger.Person{Name: "練習 手伝い", Mail: "tetsudai@renshu.example", CreatedAt: p.clock.Now()}); err != nil {
			return err
		}
		return ledger.AddMember(context.Background(), tx, ledger.Membership{OrganisationID: f.organisation, PersonID: person, Role: ledger.Coordinator, FromOn: today, UntilOn: today.AddDays(20)})
	})
	if err != nil {
		t.Fatal(err)
	}
	client := p.sit(person)
	all := func(when string, open bool) {
		t.Helper()
		for _, route := range memberRoutes() {
			want := open && slices.Contains(route.Roles, ledger.Coordinator)
			if status, _ := p.knock(client, route); (status != http.StatusForbidden) != want {
				t.Errorf("%s: %s: %d, open %v", when, route.Pattern(), status, want)
			}
		}
	}
	p.ahead(19)
	all("the day before the last", true)
	if err = p.remind(context.Background(), f.organisation); err != nil {
		t.Fatal(err)
	}
	if box := p.get("/practice/mail"); strings.Count(box, "コーディネーターの役目が、もうすぐ終わります") != 1 {
		t.Error("the representative has no letter about the end, or more than one")
	}
	p.ahead(1)
	all("the last day", true)
	p.ahead(1)
	all("the day after", false)
}

package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// practising is the whole program in practice mode, on a private PostgreSQL in an empty folder.
type practising struct {
	*host
	t      *testing.T
	at     string // its address
	owner  string // connects as the role that owns the tables
	client *http.Client
}

// practise starts the program as `tsukaimichi` alone does, and stops it with the test.
func practise(t *testing.T, empty bool) *practising {
	t.Helper()
	return practiseIn(t, newFolder(t), empty)
}

// practiseIn starts it on what is in a folder already.
func practiseIn(t *testing.T, dir string, empty bool) *practising {
	t.Helper()
	return practiseAloud(t, dir, empty, slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// practiseAloud starts it with a log of the test's own, and settings that were changed.
func practiseAloud(t *testing.T, dir string, empty bool, log slog.Handler, change ...func(*Settings)) *practising {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{in: strings.NewReader(""), out: io.Discard, log: slog.New(log)}
	p.Settings = Settings{Listen: listener.Addr().String(), DataDir: dir, Database: DatabaseSettings{Connections: 20}}
	for _, c := range change {
		c(&p.Settings)
	}
	if err = p.forPractice(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server, err := embpg.Start(ctx, embpg.Options{Dir: filepath.Join(p.DataDir, "postgres"), Log: p.log, Settings: hasty})
	if err != nil {
		t.Fatal(err)
	}
	h, stop, err := (&practiceCommand{Empty: empty}).open(ctx, p, server, listener)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		stop()
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &practising{host: h, t: t, at: "http://" + listener.Addr().String(), owner: server.DSN(practiceDatabase, practiceOwner), client: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// get returns a page, which has to be there.
func (p *practising) get(path string) string {
	p.t.Helper()
	return p.answer(p.client.Get(p.at + path))
}

// post sends a form and follows it to the page it leads to.
func (p *practising) post(path string, form url.Values) (page, at string) {
	p.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = p.at + path
	}
	response, err := p.client.PostForm(path, form)
	page = p.answer(response, err)
	return page, response.Request.URL.String()
}

func (p *practising) answer(response *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %s\n%s", response.Request.Method, response.Request.URL, response.Status, text(string(body)))
	}
	return string(body)
}

// eventually waits for what jobs and webhooks bring about.
func (p *practising) eventually(what string, happened func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if happened() {
			return
		}
	}
	p.t.Fatalf("%s did not happen", what)
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)
var spaces = regexp.MustCompile(`\s+`)

// text is what a reader sees of a page.
func text(page string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(page, " "), " "))
}

// found is an organisation with a treasurer and a representative, entered as an operator does.
type found struct {
	organisation, initiative  int64
	treasurer, representative ledger.Actor
}

func (p *practising) found(slug string) found {
	p.t.Helper()
	var f found
	now := p.clock.Now()
	err := ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) (err error) {
		ctx := context.Background()
		f.organisation, err = ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
			Name: "【練習】ほしの食堂", Slug: slug, Kind: "volunteer", Representative: "練習 代表", Address: "練習県練習市1-1", AddressDisclosed: true,
			Phone: "0000-00-0000", PhoneHours: "火曜 10時〜15時", HandIn: "集会所（火曜）", Practice: true, CreatedAt: now,
		})
		if err != nil {
			return err
		}
		if err = ledgertest.Vet(ctx, tx, f.organisation); err != nil {
			return err
		}
		if f.initiative, err = ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: f.organisation, Name: "食堂", Kind: "meal"}); err != nil {
			return err
		}
		for _, member := range []struct {
			name string
			role ledger.Role
			as   *ledger.Actor
		}{{"練習 会計", ledger.Treasurer, &f.treasurer}, {"練習 代表", ledger.Representative, &f.representative}} {
			id, err := ledger.AddPerson(ctx, tx, ledger.Person{Name: member.name, Mail: string(member.role) + "@" + slug + ".example", CreatedAt: now})
			if err != nil {
				return err
			}
			*member.as = ledger.ByPerson(id, member.name)
			err = ledger.AddMember(ctx, tx, ledger.Membership{OrganisationID: f.organisation, PersonID: id, Role: member.role, FromOn: ledger.DateOf(now)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

func threadPlan(today ledger.Date) campaigns.Plan {
	return campaigns.Plan{
		Title: "冬の夕ごはんを16回", Need: "冬は外に出る日がへります。", OtherSources: "利用料 おとな300円", Uncovered: "未定", CollectsFrom: today, CollectsUntil: today.AddDays(30),
		IfTooLittle: "回数をへらします。", IfTooMuch: "回数をふやします。", IfStopped: "お返しします。", ReportDueOn: today.AddDays(120), Responsible: "練習 会計",
		Uses: []campaigns.PlanUse{
			{Name: "食材費", Quantity: 16, Unit: "回", UnitPrice: 15000, Amount: 240000, DueOn: today.AddDays(100), Evidence: "レシート"},
			{Name: "会場", Amount: 60000, DueOn: today.AddDays(100), Evidence: "領収書"},
		},
	}
}

// TestPromiseGiftSpendingAndReportAreOneThread goes the whole way without a browser: announce, give by card through the practice Stripe
// with the real client, book from its balance transaction, spend, report. Every figure is written out here.
func TestPromiseGiftSpendingAndReportAreOneThread(t *testing.T) {
	p := practise(t, true)
	ctx := context.Background()
	f := p.found("hoshino")
	p.eventually("the practice Stripe account", func() bool {
		online, err := p.till.Online(ctx, f.organisation)
		return err == nil && online
	})

	today := ledger.DateOf(p.clock.Now())
	var campaign int64
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) (err error) {
		if campaign, err = campaigns.StartDraft(ctx, tx, f.organisation, f.initiative, "fuyu", threadPlan(today), f.treasurer, p.clock.Now()); err != nil {
			return err
		}
		return campaigns.Announce(ctx, tx, f.organisation, campaign, f.representative, p.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if shown := text(p.get("/c/fuyu")); !strings.Contains(shown, "約束 300,000 円") {
		t.Fatalf("the promise is not on the public page: %s", shown)
	}

	p.giveByCard("fuyu", "3,000円")
	p.eventually("the gift", func() bool { return strings.Contains(text(p.get("/c/fuyu")), "届いた 3,000 円") })
	p.eventually("the letter of thanks", func() bool { return strings.Contains(p.get("/practice/mail"), "ご寄付が届きました") })
	p.eventually("the receipt by mail", func() bool {
		return strings.Contains(p.get("/practice/mail"), "寄附金受領証をお送りします")
	})

	p.spend(f, campaign, 2400)
	shown := text(p.get("/c/fuyu"))
	for _, want := range []string{"5 人未満", "届いた 3,000 円", "使った 2,400 円", "残り 600 円"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the public page does not say %q: %s", want, shown)
		}
	}
	balances, err := ledger.AccountBalances(ctx, p.db, f.organisation, today)
	if err != nil {
		t.Fatal(err)
	}
	// The processing cost, 3.6 % of 3,000 yen, is read from the balance transaction and borne by the group's own money.
	for account, want := range map[int]ledger.Yen{ledger.StripeBalance: 2892, ledger.Gifts: -3000, ledger.ProcessingCost: 108, ledger.ProvisionsExpense: 2400} {
		if got := balanceOf(balances, account); got != want {
			t.Errorf("account %d: got %d, want %d", account, got, want)
		}
	}
	number := p.report(f, campaign)
	page := text(p.get("/r/" + number))
	for _, want := range []string{"食材費", "240,000", "2,400", "−237,600", "雪で中止しました"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report does not say %q: %s", want, page)
		}
	}
	if pdf := p.get("/r/" + number + "/report.pdf"); !strings.HasPrefix(pdf, "%PDF-") || !bytes.Contains([]byte(pdf), []byte("%%EOF")) {
		t.Error("the report has no PDF")
	}
	if csv := p.get("/r/" + number + "/records.csv"); !strings.Contains(csv, "3000") || !strings.Contains(csv, "2400") {
		t.Errorf("the entries do not add up: %s", csv)
	}
	faults, checked, err := ledger.Verify(ctx, p.db, f.organisation)
	if err != nil || len(faults) > 0 || checked == 0 {
		t.Errorf("verify: %d checked, %v, %v", checked, faults, err)
	}
	p.twoPersonsShowACopy(f, "/r/"+number)
}

func balanceOf(all []ledger.AccountBalance, account int) ledger.Yen {
	for _, b := range all {
		if b.Code == account {
			return b.Balance
		}
	}
	return 0
}

var hiddenKey = regexp.MustCompile(`name="key" value="([^"]+)"`)

// giveByCard fills in the form and pays on the practice Stripe's page.
func (p *practising) giveByCard(slug, amount string) {
	p.t.Helper()
	form := p.get("/c/" + slug + "/give")
	key := hiddenKey.FindStringSubmatch(form)
	if key == nil {
		p.t.Fatal("the form has no key")
	}
	_, at := p.post("/c/"+slug+"/give", url.Values{
		"key": {key[1]}, "amount": {amount}, "name": {"𠮷田 葛󠄀城"}, "mail": {"kifu@renshu.example"}, "display": {"anonymous"}, "receipt": {"mail"},
		"terms": {"yes"}, "channel": {"card"},
	})
	if !strings.Contains(at, "/practice/stripe/pay/") {
		p.t.Fatalf("the form leads to %s", at)
	}
	page, at := p.post(at, url.Values{"choice": {"card"}})
	if !strings.Contains(at, "/g/") {
		p.t.Fatalf("paying leads to %s: %s", at, text(page))
	}
}

func (p *practising) spend(f found, campaign int64, amount ledger.Yen) {
	p.t.Helper()
	ctx := context.Background()
	c, err := campaigns.Find(ctx, p.db, f.organisation, campaign)
	if err != nil {
		p.t.Fatal(err)
	}
	uses, err := ledger.Uses(ctx, p.db, f.organisation, c.FundID)
	if err != nil {
		p.t.Fatal(err)
	}
	err = ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		id, err := ledger.EnterExpense(ctx, tx, ledger.Expense{
			OrganisationID: f.organisation, PaidOn: ledger.DateOf(p.clock.Now()), Payee: "練習青果店", Amount: amount, Account: ledger.CashBox, What: "大根と米", Key: "expense-one",
			Lines: []ledger.ExpenseLine{{Account: ledger.ProvisionsExpense, FundID: c.FundID, Segment: ledger.Program, InitiativeID: f.initiative, UseID: uses[0].ID, Amount: amount}},
		}, f.treasurer, p.clock.Now())
		if err != nil {
			return err
		}
		return ledger.CheckExpense(ctx, tx, f.organisation, id, f.representative, p.clock.Now())
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *practising) report(f found, campaign int64) string {
	p.t.Helper()
	ctx := context.Background()
	var id int64
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) (err error) {
		id, err = reports.Start(ctx, tx, f.organisation, campaign)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := p.press.Usage(ctx, f.organisation, id, false)
	if err != nil {
		p.t.Fatal(err)
	}
	content := reports.Content{Did: "夕ごはんを1回ひらきました。", Wrong: "雪で中止しました。", Rest: "次の回に使います。", RestBy: ledger.DateOf(p.clock.Now()).AddDays(100), Reasons: map[string]string{}}
	for _, use := range u.Figures.Progress.Uses {
		content.Reasons[strconv.FormatInt(use.UseID, 10)] = "始めたばかりです。"
	}
	err = ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error { return reports.Save(ctx, tx, f.organisation, id, content) })
	if err != nil {
		p.t.Fatal(err)
	}
	if err = p.press.Publish(ctx, f.organisation, id, f.representative); err != nil {
		p.t.Fatal(err)
	}
	r, err := reports.Find(ctx, p.db, f.organisation, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.Number
}

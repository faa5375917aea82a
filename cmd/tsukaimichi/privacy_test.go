package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The marked people and words. Nobody else in the program is called anything like it, so wherever one of them is found it came from here.
const (
	giverName    = "練習ヤマダ目印"
	giverKana    = "レンシュウメジルシヤマダ"
	giverMail    = "yamada-mejirushi@renshu.example"
	giverAddress = "練習県目印町九丁目八番"
	giverPhone   = "000-4649-4649"
	giverWords   = "目印の町からおうえんします"
	toldBy       = "目印さんの家で聞いた"
	otherName    = "練習スズキ目印"
	memberName   = "練習ワタナベ目印"
	memberMail   = "watanabe-mejirushi@renshu.example"
	payeeName    = "目印青果店のタナカ"
	memoWords    = "目印さんのぶんの大根"
	whyRefunded  = "目印さんが引っ越すため"
	fileName     = "目印の領収書.jpg"
	// typed into every field of every form: where a form takes it, it is what a member wrote; it has no business anywhere else
	typedWords = "目印をまちがえて打ったことば"
)

// marks are what is looked for, by what they are.
var marks = map[string]string{
	giverName: "giver", giverKana: "giver", giverMail: "giver", giverAddress: "giver", giverPhone: "giver", giverWords: "giver", toldBy: "giver", otherName: "giver",
	memberName: "member", memberMail: "member", payeeName: "payee", memoWords: "memo", whyRefunded: "memo", fileName: "file",
	typedWords: "typed",
}

// overheard is what the program wrote where anybody with access to the machine may read it.
type overheard struct {
	mutex sync.Mutex
	log   bytes.Buffer
	urls  []string // that a browser was told to ask for, and did
}

// Write takes a line of the log.
func (o *overheard) Write(line []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.log.Write(line)
}

// RoundTrip keeps the address asked for and the one that the answer leads to.
func (o *overheard) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.urls = append(o.urls, r.Method+" "+r.URL.String())
	if err == nil && answer.Header.Get("Location") != "" {
		o.urls = append(o.urls, "Location: "+answer.Header.Get("Location"))
	}
	return answer, err
}

// marked is a group whose people and papers carry the marks.
type marked struct {
	collecting
	heard *overheard
	owner *sqlx.DB
}

// TestMarkedNamesAreFoundWhereTheyMayStandAndNowhereElse plays a whole campaign with marked people, with faults of every sort, and then looks
// for the marks in everything that leaves the program or is kept by it. It runs alone: it takes the whole program's log.
func TestMarkedNamesAreFoundWhereTheyMayStandAndNowhereElse(t *testing.T) {
	m := newMarked(t)
	m.signIn()
	m.give("3,000円", "card")
	m.eventually("the gift", func() bool { return m.holds(ledger.Gifts) == -3000 })
	m.eventually("the receipt by mail", func() bool {
		return strings.Contains(m.get("/practice/mail"), "寄附金受領証をお送りします")
	})
	m.enterEnvelope(otherName)
	m.act("/desk/hoshino/gifts/2/receipt", nil)
	m.buy()
	m.act("/desk/hoshino/gifts/2/refund", url.Values{"amount": {"500"}, "on": {m.today()}, "place": {"1110"}, "refunded": {"0"}, "reason": {whyRefunded}})
	m.act("/desk/hoshino/gifts/1/refund-online", url.Values{"amount": {"100"}, "refunded": {"0"}, "reason": {whyRefunded}})
	m.eventually("the refund", func() bool { return m.holds(ledger.GiftsReturned) == 600 })
	m.act("/desk/hoshino/gifts", url.Values{"q": {giverName}})
	m.refusedByTheDatabase()
	m.faultsOfStripe()
	m.badForms()
	number := m.report(m.found, 1)
	m.get("/r/" + number)
	m.act("/c/fuyu/follow", url.Values{"mail": {giverMail}})
	m.act("/r/"+number+"/ask", url.Values{"question": {giverWords}, "name": {giverName}})

	m.notInTheLog()
	m.notInAddresses()
	m.notInMetrics()
	m.notInTables()
	m.notInFiles()
	m.notOnPublicPages()
	m.secretsAreKept()
}

func newMarked(t *testing.T) *marked {
	t.Helper()
	heard := &overheard{}
	handler := slog.NewJSONHandler(heard, &slog.HandlerOptions{Level: slog.LevelDebug})
	before := slog.Default()
	slog.SetDefault(slog.New(handler)) // and with it the standard logger, which net/http writes to
	t.Cleanup(func() { slog.SetDefault(before) })
	p := practiseAloud(t, newFolder(t), true, handler)
	p.client.Transport = heard
	m := &marked{collecting: p.collect(), heard: heard}
	var err error
	if m.owner, err = openDatabase(context.Background(), p.owner, 2); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.owner.Close() })
	now := p.clock.Now()
	err = ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) error {
		id, err := ledger.AddPerson(context.Background(), tx, ledger.Person{Name: memberName, Mail: memberMail, CreatedAt: now})
		if err != nil {
			return err
		}
		for _, role := range []ledger.Role{ledger.Treasurer, ledger.Member} {
			if err = ledger.AddMember(context.Background(), tx, ledger.Membership{OrganisationID: m.organisation, PersonID: id, Role: role, FromOn: ledger.DateOf(now)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *marked) today() string { return ledger.DateOf(m.clock.Now()).String() }

// signIn goes through the door by the digits of the mail.
func (m *marked) signIn() {
	m.t.Helper()
	m.post("/sign-in", url.Values{"mail": {memberMail}})
	var letter string
	m.eventually("the digits", func() bool { letter = letterPath.FindString(m.get("/practice/mail")); return letter != "" })
	_, at := m.post("/sign-in/code", url.Values{"code": {sixDigits.FindString(text(m.get(letter)))}})
	if !strings.Contains(at, "/desk") {
		m.t.Fatalf("signing in leads to %s", at)
	}
}

// try sends a form and wants no particular answer; the answer's page must not name another's marks, so it comes back.
func (m *marked) try(path string, form url.Values) (status int, page string) {
	m.t.Helper()
	answer, err := m.client.PostForm(m.at+path, form)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// act sends a form that has to be carried out.
func (m *marked) act(path string, form url.Values) {
	m.t.Helper()
	if status, page := m.try(path, form); status != http.StatusOK {
		m.t.Fatalf("%s: %d: %.1500s", path, status, text(page))
	}
}

// giving is the form of a marked giver.
func (m *marked) giving(amount, channel string) url.Values {
	m.t.Helper()
	key := hiddenKey.FindStringSubmatch(m.get("/c/fuyu/give"))
	if key == nil {
		m.t.Fatal("the form has no key")
	}
	return url.Values{"key": {key[1]}, "amount": {amount}, "name": {giverName}, "kana": {giverKana}, "mail": {giverMail}, "address": {giverAddress}, "message": {giverWords},
		"postal_code": {"000-0000"}, "display": {"anonymous"}, "receipt": {"mail"}, "terms": {"yes"}, "channel": {channel}}
}

func (m *marked) give(amount, channel string) {
	m.t.Helper()
	_, payer := m.post("/c/fuyu/give", m.giving(amount, channel))
	if !strings.Contains(payer, "/practice/stripe/pay/") {
		m.t.Fatalf("the form leads to %s", payer)
	}
	m.post(payer, url.Values{"choice": {channel}})
}

// envelope is the form of an envelope that a member types in.
func (m *marked) envelope(name string) url.Values {
	return url.Values{"do": {"right"}, "key": {newTestKey()}, "campaign": {"1"}, "channel": {"envelope"}, "amount": {"2,000"}, "name": {name}, "kana": {giverKana}, "mail": {giverMail},
		"address": {giverAddress}, "phone": {giverPhone}, "message": {giverWords}, "wish": {giverWords}, "told_by": {toldBy}, "counts_as": {"household"}, "counted": {"1"}, "display": {"anonymous"},
		"given_on": {m.today()}, "receipt_wanted": {"paper"}}
}

func (m *marked) enterEnvelope(name string) {
	m.t.Helper()
	m.act("/desk/hoshino/gifts/new", m.envelope(name))
	if got := m.holds(ledger.Gifts); got != -5000 {
		m.t.Fatalf("gifts come to %d after the envelope", got)
	}
}

var testKeys int

func newTestKey() string {
	testKeys++
	return fmt.Sprintf("privacy-%020d", testKeys)
}

// purchase is an expense with a marked payee, memo and file.
func (m *marked) purchase() (contentType string, body *bytes.Buffer) {
	m.t.Helper()
	var uses []struct {
		ID int64 `db:"id"`
	}
	if err := m.db.Select(&uses, `SELECT id FROM use WHERE organisation_id = $1 ORDER BY position`, m.organisation); err != nil || len(uses) == 0 {
		m.t.Fatal(uses, err)
	}
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	line := optionOf(m.t, m.get("/desk/hoshino/expenses/new"), "食材費")
	for name, value := range map[string]string{"key": newTestKey(), "paid_on": m.today(), "payee": payeeName, "amount": "800", "account": "1110", "what": memoWords, "lines": "1",
		"line1_amount": "", "line1_for": line, "line1_account": "5240"} {
		_ = form.WriteField(name, value)
	}
	part, err := form.CreateFormFile("papers", fileName)
	if err != nil {
		m.t.Fatal(err)
	}
	_, _ = part.Write(rehearsed.PhotoWithPlace(m.t))
	_ = form.Close()
	return form.FormDataContentType(), body
}

// optionOf is the value of the first option whose words hold the text.
func optionOf(t *testing.T, page, words string) string {
	t.Helper()
	for _, option := range strings.Split(page, "<option value=\"")[1:] {
		value, rest, _ := strings.Cut(option, "\"")
		if said, _, _ := strings.Cut(rest, "</option>"); strings.Contains(said, words) {
			return value
		}
	}
	t.Fatalf("no option says %q", words)
	return ""
}

func (m *marked) buy() {
	m.t.Helper()
	kind, body := m.purchase()
	answer, err := m.client.Post(m.at+"/desk/hoshino/expenses/new", kind, body)
	page := m.answer(answer, err)
	if !strings.Contains(answer.Request.URL.Path, "/expenses/1") {
		m.t.Fatalf("the expense leads to %s: %s", answer.Request.URL, text(page))
	}
	m.be(m.representative)
	m.act("/desk/hoshino/expenses/1/check", nil)
	m.signInAs(memberName)
}

// signInAs becomes a person again by the practice page.
func (m *marked) signInAs(name string) {
	m.t.Helper()
	var id int64
	if err := m.db.Get(&id, `SELECT id FROM person WHERE name = $1`, name); err != nil {
		m.t.Fatal(err)
	}
	m.be(ledger.ByPerson(id, name))
}

// refusedByTheDatabase brings about the page of status 500 with a marked row in the hands of the database, which names the row in its error.
func (m *marked) refusedByTheDatabase() {
	m.t.Helper()
	for _, c := range []struct {
		table, column, value, path string
		form                       func() url.Values
	}{
		{"donor", "mail", giverMail, "/c/fuyu/give", func() url.Values { return m.giving("1,000円", "card") }},
		{"donation", "message", giverWords, "/desk/hoshino/gifts/new", func() url.Values { return m.envelope(otherName) }},
		{"mail", "recipient", memberMail, "/sign-in", func() url.Values { return url.Values{"mail": {memberMail}} }},
		{"refund", "reason", whyRefunded, "/desk/hoshino/gifts/2/refund", func() url.Values {
			return url.Values{"amount": {"100"}, "on": {m.today()}, "place": {"1110"}, "refunded": {"500"}, "reason": {whyRefunded}}
		}},
		{"history", "reason", whyRefunded, "/desk/hoshino/expenses/1/reverse", func() url.Values { return url.Values{"reason": {whyRefunded}} }},
	} {
		m.change(fmt.Sprintf(`ALTER TABLE %s ADD CONSTRAINT refused_here CHECK (%s <> '%s') NOT VALID`, c.table, c.column, c.value))
		form := c.form()
		status, page := m.try(c.path, form)
		if status != http.StatusInternalServerError {
			m.t.Errorf("%s with a database that refuses %s.%s: %d, want 500: %.300s", c.path, c.table, c.column, status, text(page))
		}
		if mark := markIn(withoutWritten(page, form)); mark != "" {
			m.t.Errorf("%s: the page of the error says %q", c.path, mark)
		}
		m.change(fmt.Sprintf(`ALTER TABLE %s DROP CONSTRAINT refused_here`, c.table))
	}
}

func (m *marked) change(statement string) {
	m.t.Helper()
	if _, err := m.owner.Exec(statement); err != nil {
		m.t.Fatal(err)
	}
}

// faultsOfStripe gives while the practice Stripe fails in each of its ways, and lets the sweep find what was lost.
func (m *marked) faultsOfStripe() {
	m.t.Helper()
	for _, fault := range []string{"error", "busy", "silence", "lose", "version", "thin", "duplicate"} {
		m.act("/practice/troubles", url.Values{"name": {fault}, "value": {"100"}})
		m.try("/c/fuyu/give", m.giving("700円", "card"))
		if fault != "error" && fault != "busy" && fault != "silence" {
			m.giveIfTaken()
		}
		m.act("/practice/troubles", url.Values{"name": {fault}, "value": {"0"}})
	}
	m.act("/practice/clock", url.Values{"days": {"1"}})
}

// giveIfTaken gives by card and goes on when the limits for one mail address say no.
func (m *marked) giveIfTaken() {
	m.t.Helper()
	answer, err := m.client.PostForm(m.at+"/c/fuyu/give", m.giving("600円", "card"))
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	if at := answer.Request.URL.String(); strings.Contains(at, "/practice/stripe/pay/") {
		m.post(at, url.Values{"choice": {"card"}})
	}
}

// badForms sends forms whose every field is a mark, to every act of members and of givers: what cannot be read must not be repeated in the log.
func (m *marked) badForms() {
	m.t.Helper()
	form := url.Values{}
	for _, field := range []string{"name", "kana", "mail", "address", "amount", "key", "reason", "on", "until", "person", "role", "campaign", "place", "refunded", "given_on", "counted", "paid_on", "payee",
		"what", "account", "fund", "from", "to", "q", "status", "channel", "initiative", "use", "lines", "line1_for", "line1_amount", "code", "t", "until_on", "kind", "purpose", "longer", "title", "postal_code", "phone",
		"message", "display", "receipt", "terms", "days", "value", "id", "ref", "organisation"} {
		form.Set(field, typedWords)
	}
	for _, who := range []string{memberName, m.representative.Name} {
		m.signInAs(who)
		for _, route := range memberRoutes() {
			path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{n}", "1").Replace(route.Path)
			if last := path[strings.LastIndex(path, "/")+1:]; route.Method == http.MethodPost && last != "stop" && last != "close" && last != "organisation" {
				m.try(path, form) // those three would put the words on a public page, as they say
			}
		}
	}
	m.signInAs(memberName)
	silent := *m.client
	silent.Transport = nil // the addresses are this test's own
	for _, route := range memberRoutes() {
		if route.Method != http.MethodGet {
			continue
		}
		answer, err := silent.Get(m.at + strings.NewReplacer("{org}", "hoshino", "{id}", url.PathEscape(typedWords)).Replace(route.Path) + "?" + form.Encode() + "&after=" + url.QueryEscape(typedWords))
		if err != nil {
			m.t.Fatal(err)
		}
		answer.Body.Close()
	}
	for _, path := range []string{"/c/fuyu/give", "/sign-in", "/sign-in/code", "/sign-in/link", "/practice/become", "/practice/clock", "/g/1/x/gift", "/g/1/x/back", "/g/1/x/again"} {
		m.try(path, form)
	}
	time.Sleep(100 * time.Millisecond) // what is logged after the answer
}

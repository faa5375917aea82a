package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// forms are the ways a text can be written down.
func forms(mark string) []string {
	var escaped strings.Builder
	for _, r := range mark {
		if r < 128 {
			escaped.WriteRune(r)
		} else {
			fmt.Fprintf(&escaped, `\u%04x`, r)
		}
	}
	return []string{mark, escaped.String(), url.QueryEscape(mark), url.PathEscape(mark)}
}

// markIn returns the first mark found in a text, or nothing.
func markIn(content string) string {
	for mark := range marks {
		if stands(mark, content) {
			return mark
		}
	}
	return ""
}

// withoutWritten is a page but for what it gives back of a form to who filled it in, in the part that is for nothing else.
func withoutWritten(page string, form url.Values) string {
	before, written, _ := strings.Cut(page, `aria-labelledby="written"`)
	written, after, _ := strings.Cut(written, "</section>")
	own := slices.Concat(slices.Collect(maps.Values(form))...)
	slices.SortFunc(own, func(a, b string) int { return len(b) - len(a) }) // one may be a part of another
	for _, value := range slices.DeleteFunc(own, func(value string) bool { return value == "" }) {
		written = strings.ReplaceAll(written, html.EscapeString(value), "\n")
	}
	return before + written + after
}

// personIn returns the first mark of a person, or of what was said about him, found in a text.
func personIn(content string) string {
	for mark, kind := range marks {
		if kind != "typed" && stands(mark, content) {
			return mark
		}
	}
	return ""
}

func stands(mark, content string) bool {
	return slices.ContainsFunc(forms(mark), func(form string) bool { return strings.Contains(content, form) })
}

// notInTheLog looks at every line; a line that begins a 500 has to be there, or nothing was tried.
func (m *marked) notInTheLog() {
	m.t.Helper()
	m.heard.mutex.Lock()
	lines := strings.Split(m.heard.log.String(), "\n")
	m.heard.mutex.Unlock()
	failed := 0
	for _, line := range lines {
		if strings.Contains(line, "request failed") {
			failed++
		}
		if mark := markIn(line); mark != "" {
			m.t.Errorf("the log says %q: %s", mark, line)
		}
	}
	if failed < 4 {
		m.t.Errorf("only %d failed requests are in the log of %d lines", failed, len(lines))
	}
	err := filepath.WalkDir(filepath.Join(m.DataDir, "postgres"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".log") {
			return nil
		}
		content, err := os.ReadFile(path)
		if mark := markIn(string(content)); mark != "" {
			m.t.Errorf("the database's log %s says %q", filepath.Base(path), mark)
		}
		return err
	})
	if err != nil {
		m.t.Error(err)
	}
}

func (m *marked) notInAddresses() {
	m.t.Helper()
	m.heard.mutex.Lock()
	defer m.heard.mutex.Unlock()
	for _, address := range m.heard.urls {
		if mark := markIn(address); mark != "" {
			m.t.Errorf("an address says %q: %s", mark, address)
		}
	}
	if len(m.heard.urls) < 100 {
		m.t.Errorf("only %d addresses", len(m.heard.urls))
	}
}

func (m *marked) notInMetrics() {
	m.t.Helper()
	metrics := m.get("/metrics")
	if !strings.Contains(metrics, `route="POST /c/{slug}/give"`) {
		m.t.Error("the metrics do not count gifts")
	}
	if mark := markIn(metrics); mark != "" {
		m.t.Errorf("the metrics say %q", mark)
	}
}

// mayStand are the columns in which marks may stand, with whose and why. Everything else in the database is empty of them.
var mayStand = map[string]struct{ kinds, why string }{
	"donor.name":                     {"giver", "who gave; erased on request"},
	"donor.kana":                     {"giver", "as above"},
	"donor.mail":                     {"giver", "as above"},
	"donor.address":                  {"giver", "as above"},
	"donor.phone":                    {"giver", "as above"},
	"donation.message":               {"giver", "what the giver wrote to the group; emptied with the giver"},
	"donation.wish":                  {"giver", "what a giver nobody asked wished, for the group alone; emptied with the giver"},
	"donation.told_by":               {"giver", "who told a member of an envelope; emptied with the giver"},
	"receipt_person.name":            {"giver", "to whom a receipt was issued; goes when the law no longer asks for it"},
	"receipt_person.address":         {"giver", "as above"},
	"refund.reason":                  {"memo", "why money went back, for the members alone; emptied with the giver"},
	"stripe_event.payload":           {"giver", "the event as it was signed, until it is followed; pruned"},
	"counterparty.name":              {"payee", "whom the group paid; erasable"},
	"memo.text":                      {"memo", "what a member wrote beside a transaction; erasable"},
	"expense.what":                   {"memo", "the same words on the expense"},
	"person.name":                    {"member", "who signs in"},
	"person.mail":                    {"member", "as above"},
	"actor.name":                     {"member", "who did it, with the name at that time"},
	"follower.mail":                  {"giver", "who wants to hear of a campaign; emptied after a day, when he stops it, or a year after the campaign"},
	"question.name":                  {"giver", "who asked, shown once the group has answered; emptied after a year"},
	"question.text":                  {"giver", "what he asked; emptied after thirty days where it is not shown"},
	"mail.recipient":                 {"giver member", "letters; emptied after ninety days, or with the giver"},
	"mail.text":                      {"giver member", "as above"},
	"practice.stripe_object.body":    {"giver", "stands for what Stripe itself keeps; exists in practice alone"},
	"practice.stripe_request.answer": {"giver", "as above"},
}

// textColumn is a column of the database in which a text can stand.
type textColumn struct {
	Schema string `db:"table_schema"`
	Table  string `db:"table_name"`
	Name   string `db:"column_name"`
	Type   string `db:"data_type"`
}

// notInTables searches every column of every table in which a text can stand.
func (m *marked) notInTables() {
	m.t.Helper()
	var columns []textColumn
	err := m.owner.Select(&columns, `
		SELECT c.table_schema, c.table_name, c.column_name, c.data_type
		  FROM information_schema.columns c
		  JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
		 WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema')
		   AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED', 'xml', 'tsvector', 'name')
		 ORDER BY 1, 2, c.ordinal_position`)
	if err != nil || len(columns) < 150 {
		m.t.Fatalf("%d columns, %v", len(columns), err)
	}
	stood := map[string]bool{}
	for _, c := range columns {
		name := c.Table + "." + c.Name
		if c.Schema != "public" {
			name = c.Schema + "." + name
		}
		for _, mark := range m.marksIn(c) {
			kind, allowed := marks[mark], mayStand[name]
			if kind == "typed" && !technical(c) {
				continue
			}
			if !strings.Contains(allowed.kinds, kind) || allowed.why == "" {
				m.t.Errorf("%s holds %q, a %s's", name, mark, kind)
			}
			stood[name] = true
		}
	}
	for name := range mayStand {
		if !stood[name] {
			m.t.Errorf("%s may hold marks and holds none: take it off the list, or let the test fill it", name)
		}
	}
}

// technical reports whether nothing that anybody typed may stand in a column: the program writes it for itself.
func technical(c textColumn) bool {
	return c.Schema == "river" || c.Name == "step" || slices.Contains([]string{"session", "sign_in", "rate_count", "payment_problem", "refund_call", "access", "log_record", "checkpoint", "slug"}, c.Table)
}

// marksIn returns the marks that stand in a column.
func (m *marked) marksIn(c textColumn) []string {
	m.t.Helper()
	value := pq.QuoteIdentifier(c.Name) + "::text"
	if c.Type == "bytea" {
		value = "encode(" + pq.QuoteIdentifier(c.Name) + ", 'escape')" // of texts in it only the ASCII ones stay as they are
	}
	var found []string
	for mark := range marks {
		for _, form := range forms(mark) {
			if c.Type == "bytea" {
				form = octal(form)
			}
			var is bool
			err := m.owner.Get(&is, fmt.Sprintf(`SELECT EXISTS (SELECT FROM %s.%s WHERE strpos(%s, $1) > 0)`, pq.QuoteIdentifier(c.Schema), pq.QuoteIdentifier(c.Table), value), form)
			if err != nil {
				m.t.Fatalf("%s.%s: %v", c.Table, c.Name, err)
			}
			if is {
				found = append(found, mark)
				break
			}
		}
	}
	return found
}

// octal writes a text as PostgreSQL's format escape does.
func octal(text string) string {
	var b strings.Builder
	for _, one := range []byte(text) {
		switch {
		case one >= 128 || one == 0:
			fmt.Fprintf(&b, `\%03o`, one)
		case one == '\\':
			b.WriteString(`\\`)
		default:
			b.WriteByte(one)
		}
	}
	return b.String()
}

// notInFiles looks into every kept file but receipts, which name their giver, and evidence, which is a picture of a paper.
func (m *marked) notInFiles() {
	m.t.Helper()
	top, kinds := filepath.Join(m.DataDir, "files"), map[string]int{}
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.ToSlash(name), "/")
		if len(parts) < 2 {
			return nil
		}
		kinds[parts[1]]++
		if mark := markIn(name); mark != "" {
			m.t.Errorf("the name of file %s says %q", name, mark)
		}
		content, err := os.ReadFile(path)
		if err == nil && parts[1] != "receipt" {
			if mark := personIn(m.readable(content)); mark != "" {
				m.t.Errorf("file %s says %q", name, mark)
			}
		}
		return err
	})
	if err != nil {
		m.t.Error(err)
	}
	for _, kind := range []string{"receipt", "evidence", "report"} {
		if kinds[kind] == 0 {
			m.t.Errorf("no %s was kept: %v", kind, kinds)
		}
	}
}

// secretsAreKept looks for what opens something: keys of payments, of webhooks and of sealing, sessions, links to sign in, private links of givers.
// None of them stands in the log, in metrics or in a table but those of the practice Stripe, the letters that brought them and the events in
// which Stripe says where a payer came back to; letters and events go after their time.
func (m *marked) secretsAreKept() {
	m.t.Helper()
	secrets := map[string]string{"the Stripe key": fmt.Sprintf("sk_test_practice_%d", m.organisation)}
	at, err := url.Parse(m.at)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, cookie := range m.client.Jar.Cookies(at) {
		secrets["cookie "+cookie.Name] = cookie.Value
	}
	key, err := os.ReadFile(filepath.Join(m.DataDir, "seal.key"))
	if err != nil {
		m.t.Fatal(err)
	}
	secrets["the sealing key"] = strings.TrimSpace(string(key))
	var webhook, letter string
	if err = m.owner.Get(&webhook, `SELECT secret FROM practice.stripe_object WHERE secret <> '' LIMIT 1`); err != nil {
		m.t.Fatal(err)
	}
	secrets["the webhook's key"] = webhook
	if err = m.owner.Get(&letter, `SELECT text FROM mail WHERE kind LIKE 'sign%' AND text LIKE '%/sign-in/link?t=%' LIMIT 1`); err != nil {
		m.t.Fatal(err)
	}
	_, token, _ := strings.Cut(letter, "/sign-in/link?t=")
	secrets["a link to sign in"] = strings.Fields(token)[0]
	for _, address := range m.heard.urls {
		if gift := regexp.MustCompile(`/g/\d+/([^/?]{20,})`).FindStringSubmatch(address); gift != nil {
			secrets["a giver's private link"] = gift[1]
		}
	}
	if len(secrets) < 6 {
		m.t.Errorf("only %d secrets are known", len(secrets))
	}
	said := m.heard.log.String() + m.get("/metrics")
	for what, secret := range secrets {
		if len(secret) < 12 || strings.Contains(said, secret) {
			m.t.Errorf("%s, of %d characters, stands in log or metrics", what, len(secret))
		}
		var tables []string
		err := m.owner.Select(&tables, `
			SELECT t.table_name
			  FROM information_schema.tables t
			 WHERE t.table_schema IN ('public', 'river') AND t.table_type = 'BASE TABLE' AND t.table_name NOT IN ('mail', 'stripe_event')
			   AND strpos((query_to_xml(format('SELECT * FROM %I.%I', t.table_schema, t.table_name), true, false, ''))::text, $1) > 0`, secret)
		if err != nil || len(tables) > 0 {
			m.t.Errorf("%s stands in %v, %v", what, tables, err)
		}
	}
}

// readable is the text of a file: of a PDF what a reader sees and what it says about itself.
func (m *marked) readable(content []byte) string {
	m.t.Helper()
	if !bytes.HasPrefix(content, []byte("%PDF-")) {
		return string(content)
	}
	read := exec.Command(chromium.Tool(m.t, "pdftotext"), "-", "-")
	read.Stdin = bytes.NewReader(content)
	seen, err := read.Output()
	if err != nil {
		m.t.Fatal(err)
	}
	return string(content) + string(seen)
}

var hrefs = regexp.MustCompile(`(?:href|src|action)="([^"#]+)`)

// notOnPublicPages follows every link as a stranger.
func (m *marked) notOnPublicPages() {
	m.t.Helper()
	client := stranger(m.t)
	queue, seen := []string{"/", "/o/hoshino", "/c/fuyu", "/c/fuyu/records.csv", "/c/fuyu/leaflet.pdf", "/sign-in", "/zzz"}, map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.HasPrefix(path, "/practice") || strings.HasPrefix(path, "/g/") || strings.HasPrefix(path, "/static") {
			continue // practice's own pages show its mailbox; a private link is known to one person
		}
		seen[path] = true
		answer, err := client.Get(m.at + path)
		if err != nil {
			m.t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode >= http.StatusInternalServerError {
			m.t.Errorf("%s: %d, %v", path, answer.StatusCode, err)
		}
		if mark := personIn(m.readable(body)); mark != "" {
			m.t.Errorf("%s says %q", path, mark)
		}
		for _, link := range hrefs.FindAllStringSubmatch(string(body), -1) {
			if at := strings.ReplaceAll(link[1], "&amp;", "&"); strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "//") {
				queue = append(queue, at)
			}
		}
	}
	if len(seen) < 15 {
		m.t.Errorf("only %d public pages", len(seen))
	}
}

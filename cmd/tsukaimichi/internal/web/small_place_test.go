package web_test

import (
	"fmt"
	"html"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// What the givers of the small place gave, each an amount that stands nowhere else.
var small = []ledger.Yen{2_311, 4_733, 6_917, 8_929}

const (
	unasked  = ledger.Yen(1_873) // to the group itself
	underway = ledger.Yen(3_539)
	goods    = ledger.Yen(5_227)
	dues     = ledger.Yen(15_000)
)

// TestInASmallPlaceNothingTellsWhoGaveWhat walks all that anybody can reach from the front page, pages, data, pictures' words and papers, of a place with one to
// four givers, before and after its report: what all gave together is there, and no number and no yen of them apart.
func TestInASmallPlaceNothingTellsWhoGaveWhat(t *testing.T) {
	t.Parallel()
	for _, givers := range []int{1, 4} {
		t.Run(fmt.Sprint(givers), func(t *testing.T) {
			t.Parallel()
			s := openSite(t)
			c := s.Announce()
			uses := s.Uses(c)
			sum := ledger.Yen(0)
			for i, amount := range small[:givers] {
				s.Enter(c, amount, neighbour(i), func(g *campaigns.Gift) {
					g.Channel = []campaigns.Channel{campaigns.Cash, campaigns.Transfer}[i%2]
					g.UseID = []int64{0, uses[1].ID}[i%2]
				})
				sum += amount
				s.Pass(5)
			}
			s.Enter(c, unasked, neighbour(0), func(g *campaigns.Gift) { g.CampaignID = 0 })
			s.Give(c, underway)
			s.besides(c)
			s.Check(s.Spend(uses[0], 1_009))
			secrets := []string{fmt.Sprintf("%d人", givers), fmt.Sprintf("%d</b>人", givers), fmt.Sprintf("寄付 %d件", givers)}
			for _, amount := range append([]ledger.Yen{unasked, underway, goods}, small[:givers]...) {
				if amount != sum {
					secrets = append(secrets, amount.String(), fmt.Sprint(int64(amount)))
				}
			}
			seen := s.walk(t, secrets)
			s.publish(t, c)
			for path := range s.walk(t, secrets) {
				seen[path] = true
			}
			for _, part := range []string{"/data.json", "/data.csv", "/records.csv", "/embed", "/share", "/report.pdf", "/leaflet.pdf", "/law", "/log"} {
				if !strings.Contains(fmt.Sprint(seen), part) {
					t.Errorf("the walk did not reach %s", part)
				}
			}
			if page := s.get("/c/" + c.Slug).body; !strings.Contains(page, sum.String()) || !strings.Contains(page, `<b>5</b>人未満`) {
				t.Errorf("what all gave together, %s, is not told", sum)
			}
		})
	}
}

// besides brings what does not come from givers, and goods of one.
func (s *site) besides(c campaigns.Campaign) {
	s.T.Helper()
	s.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Receive(s.T.Context(), tx, ledger.Received{OrganisationID: s.ID, On: s.Today(), Account: 4110, Place: ledger.CashBox, FundID: s.General, Amount: dues, Key: "dues"}, s.Treasurer, s.At)
		if err != nil {
			return err
		}
		_, err = campaigns.ReceiveInKind(s.T.Context(), tx, campaigns.InKind{OrganisationID: s.ID, FundID: c.FundID, InitiativeID: s.Initiative, UseID: s.Uses(c)[0].ID,
			Account: ledger.ProvisionsExpense, Worth: goods, What: "米", From: "練習農園", On: s.Today(), Key: "rice"}, s.Treasurer, s.At)
		return err
	})
}

// publish publishes the report, late enough for collecting to be over.
func (s *site) publish(t *testing.T, c campaigns.Campaign) {
	t.Helper()
	s.Pass(90)
	s.sign()
	var id int64
	s.In(func(tx *sqlx.Tx) (err error) {
		if _, err = campaigns.TurnDue(t.Context(), tx, s.ID, s.At); err != nil {
			return err
		}
		if id, err = reports.Start(t.Context(), tx, s.ID, c.ID); err != nil {
			return err
		}
		f, err := reports.FindFigures(t.Context(), tx, s.Campaign(c.ID), s.Today())
		if err != nil {
			return err
		}
		content := reports.Content{Sessions: 20, Visits: 480, Did: "お弁当を届けました。", Wrong: "大雪で休みました。", Rest: "来年度の食材に使います。", RestBy: s.Today().AddDays(90), Thanks: "ありがとうございました。",
			Reasons: map[string]string{}, Auditor: "練習 監事", AuditedOn: s.Today()}
		for _, u := range f.Progress.Uses {
			content.Reasons[fmt.Sprint(u.UseID)] = "ほかから届きました。"
		}
		return reports.Save(t.Context(), tx, s.ID, id, content)
	})
	if err := s.press.Publish(t.Context(), s.ID, id, s.Head); err != nil {
		t.Fatal(err)
	}
}

// drawn are hashes, signatures and digits made from them: among so many, some hold any number by chance.
var drawn = regexp.MustCompile(`[0-9a-f]{16,}|[0-9A-Za-z+/]{40,}={0,2}|(?:[0-9]{4} ){3,}[0-9]{4}`)

var linked = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// walk follows every link of ours from the front page and says where a secret can be read. It returns what it reached.
func (s *site) walk(t *testing.T, secrets []string) map[string]bool {
	t.Helper()
	seen, ahead := map[string]bool{"/": true}, []string{"/"}
	for len(ahead) > 0 {
		path := ahead[0]
		ahead = ahead[1:]
		got := s.get(path)
		if got.status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path, got.status)
		}
		if path == "/data" || strings.HasSuffix(path, "/misuse") {
			continue // plain words, with numbers of their own, and no links to further figures
		}
		text := drawn.ReplaceAllString(s.words(t, got), "*")
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s tells %s: …%s…", path, secret, text[max(0, at-80):min(len(text), at+80)])
			}
		}
		for _, link := range linked.FindAllStringSubmatch(got.body, -1) {
			next := html.UnescapeString(link[1])
			if strings.HasPrefix(next, "/static/") || strings.HasPrefix(next, "/sign-in") || seen[next] {
				continue
			}
			seen[next] = true
			ahead = append(ahead, next)
		}
	}
	return seen
}

// words are what is to be read of an answer: of a paper what its letters say.
func (s *site) words(t *testing.T, got answer) string {
	t.Helper()
	switch kind := got.header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "image/"):
		return ""
	case kind != "application/pdf":
		return html.UnescapeString(got.body)
	}
	read := exec.CommandContext(t.Context(), chromium.Tool(t, "pdftotext"), "-layout", "-", "-")
	read.Stdin = strings.NewReader(got.body)
	text, err := read.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

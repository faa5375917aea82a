package web_test

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/sample"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestEveryPublicTextIsSaidInEnglish walks all pages that anybody can reach from the front page, of the practice groups and of a group before and after its report.
func TestEveryPublicTextIsSaidInEnglish(t *testing.T) {
	t.Parallel()
	t.Run("practice groups", func(t *testing.T) {
		t.Parallel()
		book := pgtest.New(t)
		db, now := book.App, time.Date(2026, 11, 25, 10, 0, 0, 0, ledger.Tokyo)
		operator := ledgertest.NewPerson(t, db, func(p *ledger.Person) { p.Name, p.Mail = "練習 運営", "unei@renshu.example" })
		if err := access.Seat(t.Context(), book.Owner, operator.ID, ledger.NewDate(2020, 1, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := sample.Load(t.Context(), db, nil, now); err != nil {
			t.Fatal(err)
		}
		clock := func() time.Time { return now }
		server, err := web.New(web.Config{DB: db, Now: clock, Log: slog.New(slog.DiscardHandler), Site: address, Secret: []byte("secret"), Till: &payments.Till{DB: db, Now: clock, Site: address}})
		if err != nil {
			t.Fatal(err)
		}
		s := &site{Group: &campaigntest.Group{T: t, DB: db}, handler: server.Handler()}
		englishtest.Check(t, s.pages(), s.typed())
	})
	t.Run("a group and its report", func(t *testing.T) {
		t.Parallel()
		s := openSite(t)
		c := s.Announce()
		for i := range 7 {
			s.Enter(c, 10_000, neighbour(i))
		}
		s.besides(c)
		s.Check(s.Spend(s.Uses(c)[0], 21_000))
		before := s.pages()
		s.publish(t, c)
		englishtest.Check(t, before, s.typed())
		englishtest.Check(t, s.pages(), s.typed())
	})
	t.Run("a change of the promise", func(t *testing.T) {
		t.Parallel()
		s := openSite(t)
		c := s.Announce()
		for i := range 7 {
			s.Enter(c, 10_000, neighbour(i))
		}
		change := s.Change(c, func(p *campaigns.Plan) {
			p.Uses[0].Quantity, p.Uses[0].Amount, p.Uses[1].Amount = 10, 30_000, 54_000
			p.Reason = "集会所が使えません。"
		})
		asked := s.pages()
		s.Pass(15)
		s.Decide(change)
		englishtest.Check(t, asked, s.typed())
		englishtest.Check(t, s.pages(), s.typed())
	})
}

// pages are the pages reached from the front page and from others, by their path, as they are written.
func (s *site) pages(others ...string) map[string]string {
	s.T.Helper()
	found := map[string]string{}
	ahead := append([]string{"/", "/nowhere", "/help"}, others...)
	for len(ahead) > 0 {
		path := ahead[0]
		ahead = ahead[1:]
		if _, seen := found[path]; seen || strings.Contains(path, ".") || strings.HasPrefix(path, "/sign-in") || strings.HasPrefix(path, "/files/") {
			continue // files, papers, and the door of members
		}
		got := s.get(path)
		if got.status >= http.StatusInternalServerError {
			s.T.Errorf("%s: %d", path, got.status)
		}
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			continue
		}
		found[path] = got.body
		for _, link := range linked.FindAllStringSubmatch(got.body, -1) {
			ahead = append(ahead, html.UnescapeString(link[1]))
		}
	}
	return found
}

// typed are the texts of the book that somebody typed.
func (s *site) typed() []string {
	s.T.Helper()
	var columns []struct {
		Table  string `db:"table_name"`
		Column string `db:"column_name"`
	}
	if err := s.DB.SelectContext(s.T.Context(), &columns, `
		SELECT table_name, column_name
		  FROM information_schema.columns
		 WHERE table_schema = 'public' AND data_type = 'text' AND table_name NOT IN ('mail', 'report', 'history', 'log_record', 'gift_terms', 'transaction')`); err != nil {
		s.T.Fatal(err)
	}
	var all []string
	for _, c := range columns {
		var texts []string
		if err := sqlx.SelectContext(s.T.Context(), s.DB, &texts, `SELECT DISTINCT `+c.Column+` FROM `+c.Table+` WHERE `+c.Column+` ~ '[ぁ-んァ-ヶ一-龠]'`); err != nil {
			s.T.Fatal(err)
		}
		all = append(all, texts...)
	}
	var calls []struct {
		Organisation int64 `db:"organisation_id"`
		ID           int64 `db:"id"`
	}
	if err := s.DB.SelectContext(s.T.Context(), &calls, `SELECT organisation_id, id FROM campaign`); err != nil {
		s.T.Fatal(err)
	}
	for _, c := range calls { // initials are made of names
		names, _, err := campaigns.PublicNames(s.T.Context(), s.DB, c.Organisation, c.ID)
		if err != nil {
			s.T.Fatal(err)
		}
		all = append(all, names...)
	}
	return append(all, "お弁当を届けました。", "大雪で休みました。", "来年度の食材に使います。", "ありがとうございました。", "ほかから届きました。", "練習 監事") // of the report
}

// TestEnglishIsRemembered: the switch leads back to the page, which is English then, with a validator of its own; ふりがな ends with it.
func TestEnglishIsRemembered(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	s.Announce()
	plain := s.get("/how")
	chosen := s.get("/how?english=on")
	cookies := (&http.Response{Header: chosen.header}).Cookies()
	if chosen.status != http.StatusSeeOther || chosen.header.Get("Location") != "/how" || len(cookies) != 1 || cookies[0].Value != "on" {
		t.Fatalf("%d, %v", chosen.status, chosen.header)
	}
	in := func(path string, header ...string) answer {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(&http.Cookie{Name: cookies[0].Name, Value: cookies[0].Value})
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return s.send(r)
	}
	english := in("/how")
	for _, want := range []string{`<html lang="en">`, `How to read the lines`, `<a href="?english=off"`} {
		if !strings.Contains(english.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if tag := english.header.Get("ETag"); tag == plain.header.Get("ETag") || in("/how", "If-None-Match", tag).status != http.StatusNotModified || in("/how", "If-None-Match", plain.header.Get("ETag")).status != http.StatusOK {
		t.Errorf("validators: %s, %s", plain.header.Get("ETag"), tag)
	}
	if missing := in("/nowhere"); missing.status != http.StatusNotFound || !strings.Contains(missing.body, "There is no such page") {
		t.Errorf("a page that is not there: %d", missing.status)
	}
	if csv := in("/data"); !strings.Contains(csv.body, "Use the data") {
		t.Error("the page of the data is not English")
	}
	other := in("/how?furigana=on")
	if got := (&http.Response{Header: other.header}).Cookies(); len(got) != 2 || got[1].Name != cookies[0].Name || got[1].MaxAge >= 0 {
		t.Errorf("ふりがな leaves English on: %v", got)
	}
}

// TestGiftRemembersTheLanguageOfItsPage: the same form sent from the English edition, from the page with readings and from the page as it is written.
func TestGiftRemembersTheLanguageOfItsPage(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.Announce()
	for edition, want := range map[string]campaigns.Language{"english": campaigns.English, "furigana": campaigns.Japanese, "": campaigns.Japanese} {
		key := campaigntest.Unique("the key of a form, as it was shown")
		form := url.Values{"key": {key}, "amount": {"3000"}, "channel": {"card"}, "mail": {"hana@example.jp"}, "terms": {"yes"}, "display": {"anonymous"}, "receipt": {"none"}}
		r := httptest.NewRequest(http.MethodPost, address+"/c/"+c.Slug+"/give", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if edition != "" {
			r.AddCookie(&http.Cookie{Name: edition, Value: "on"})
		}
		s.send(r) // it takes nothing online here, and the gift is kept all the same
		var got campaigns.Language
		if err := s.DB.GetContext(t.Context(), &got, `SELECT language FROM donation WHERE organisation_id = $1 AND key = $2`, s.ID, key); err != nil || got != want {
			t.Errorf("given on the edition %q it is kept as %q, %v, want %q", edition, got, err, want)
		}
	}
	if _, err := s.DB.ExecContext(t.Context(), `UPDATE donation SET language = 'ja' WHERE organisation_id = $1`, s.ID); err == nil {
		t.Error("the language of a gift was changed")
	}
}

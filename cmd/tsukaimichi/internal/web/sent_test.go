package web_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// long is what nobody wants to write twice.
const long = "一人で夕ごはんを食べる子が、この町に20人あまりいます。\r\n冬の火曜日に、あたたかい夕ごはんを出します。"

// signIn returns the cookies of the treasurer's session, or of another member's.
func (s *site) signIn(who ...ledger.Actor) []*http.Cookie {
	s.T.Helper()
	token, err := auth.OneTimeLink(s.T.Context(), s.DB, append(who, s.Treasurer)[0].SubjectID, time.Hour, s.At)
	if err != nil {
		s.T.Fatal(err)
	}
	in := s.post("/sign-in/link", url.Values{"t": {token}})
	return (&http.Response{Header: in.header}).Cookies()
}

// sends posts a form with cookies.
func (s *site) sends(cookies []*http.Cookie, path string, form url.Values) answer {
	s.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return s.send(r)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// held is the form that a page holds.
func held(body string) url.Values {
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(body, -1) {
		form.Add(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	return form
}

func (a answer) givesBack(text string) bool {
	return strings.Contains(strings.ReplaceAll(html.UnescapeString(a.body), "\r\n", "\n"), "readonly>\n"+strings.ReplaceAll(text, "\r\n", "\n")+"</textarea>")
}

// TestFormSentAfterTheSessionEndedIsHeld: the answer has all of it, says why, and the same page sends it once more after signing in beside it.
func TestFormSentAfterTheSessionEndedIsHeld(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	at := "/desk/" + s.slug + "/campaigns"
	form := url.Values{"title": {"冬の夕ごはん"}, "need": {long}}
	mine := s.signIn()
	if got := s.sends(mine, "/sign-out", nil); got.status != http.StatusSeeOther {
		t.Fatalf("signing out elsewhere: %d", got.status)
	}
	for _, cookies := range [][]*http.Cookie{mine, nil} {
		got := s.sends(cookies, at, form)
		if got.status != http.StatusForbidden || !strings.Contains(got.body, "サインインが切れています") || !strings.Contains(got.body, `action="`+at+`"`) || !strings.Contains(got.body, `role="alert"`) || !got.givesBack(long) {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if again := held(got.body); again.Encode() != form.Encode() {
			t.Errorf("holds %v; want %v", again, form)
		}
		if got = s.sends(s.signIn(), at, held(got.body)); got.status == http.StatusForbidden || strings.Contains(got.body, "サインインが切れています") {
			t.Errorf("sent again: %d", got.status)
		}
	}
	quiet := httptest.NewRequest(http.MethodPost, at, strings.NewReader(form.Encode()))
	quiet.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	quiet.Header.Set("Accept", "application/json")
	if got := s.send(quiet); got.status != http.StatusForbidden || !strings.HasPrefix(got.body, `{"says":"いまは残せません。`) {
		t.Errorf("to the script: %d %s", got.status, got.body)
	}
}

// TestRefusedFormGivesBackWhatWasWritten: whose role was taken away, whose thing is gone, and whose photos are too large.
func TestRefusedFormGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	mine, desk := s.signIn(), "/desk/"+s.slug
	if got := s.sends(mine, desk+"/campaigns/999/edit", url.Values{"need": {long}, "slug": {"winter"}}); got.status != http.StatusNotFound || !strings.Contains(got.body, "送り先が、見つかりません") || !got.givesBack(long) || strings.Contains(got.body, "winter") {
		t.Errorf("a draft that is gone: %d %s", got.status, got.body)
	}
	large := func(size int) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		photo, err := form.CreateFormFile("photos", "large.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = photo.Write(make([]byte, size))
		_ = form.WriteField("did", long)
		_ = form.Close()
		r := httptest.NewRequest(http.MethodPost, desk+"/campaigns/1/report", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return s.send(r)
	}
	if got := large(65 << 20); got.status != http.StatusRequestEntityTooLarge || !got.givesBack(long) {
		t.Errorf("photos that are too large: %d %.3000s", got.status, got.body)
	}
	if got := large(1 << 10); got.status != http.StatusForbidden || !got.givesBack(long) || !strings.Contains(got.body, `enctype="multipart/form-data"`) || !strings.Contains(got.body, "もう一度選んで") {
		t.Errorf("photos after the session ended: %d %.3000s", got.status, got.body)
	}
	s.Pass(1)
	if _, err := s.DB.ExecContext(t.Context(), `UPDATE membership SET until_on = $2 WHERE organisation_id = $1`, s.ID, s.Today().AddDays(-1)); err != nil {
		t.Fatal(err)
	}
	if got := s.sends(mine, desk+"/campaigns", url.Values{"need": {long}}); got.status != http.StatusForbidden || !got.givesBack(long) || strings.Contains(got.body, "サインインが切れています") {
		t.Errorf("a role taken away: %d %s", got.status, got.body)
	}
	r := httptest.NewRequest(http.MethodPost, desk+"/campaigns", strings.NewReader(url.Values{"need": {long}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := s.send(r); got.status != http.StatusForbidden || strings.Contains(got.body, "火曜日") {
		t.Errorf("what another site wrote stands on our page: %d", got.status)
	}
}

// TestGiverOfACampaignThatIsOverIsToldSo: nobody was faster than he, and what he wrote to the group is not lost.
func TestGiverOfACampaignThatIsOverIsToldSo(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.Announce()
	s.Pass(400)
	at := "/c/" + c.Slug + "/give"
	gift := url.Values{"amount": {"3000"}, "channel": {"card"}, "display": {"anonymous"}, "agree": {"yes"}, "key": {"0123456789abcdef0123456789abcdef"}, "message": {long}}
	for _, got := range []answer{s.get(at), s.post(at, gift)} {
		if got.status != http.StatusConflict || !strings.Contains(got.body, "いまは、この募金に寄付できません") || !strings.Contains(got.body, `href="/c/`+c.Slug+`"`) || strings.Contains(got.body, "ほかの人が") {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if got := s.post(at, gift); !got.givesBack(long) {
		t.Errorf("what was written is lost: %s", got.body)
	}
}

// TestWhatWasWrittenIsNotLostWithAHandler: one that breaks off.
func TestWhatWasWrittenIsNotLostWithAHandler(t *testing.T) {
	t.Parallel()
	s := openSite(t, func(c *web.Config) {
		c.Enqueue = func(context.Context, *sqlx.Tx, string, int64, int64) error { panic("no queue") }
	})
	c := s.Announce()
	got := s.sends(s.signIn(s.Head), fmt.Sprintf("/desk/%s/campaigns/%d/stop", s.slug, c.ID), url.Values{"reason": {long}})
	if got.status != http.StatusInternalServerError || !got.givesBack(long) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

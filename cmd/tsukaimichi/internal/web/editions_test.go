package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/shelf"
)

// site answers a page, a file and a page without the switch, with readings for whoever wants them.
func site(t *testing.T, secure bool) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	answer := func(path, mediaType, text string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			made, err := shelf.NewAnswer([]byte(text), mediaType)
			if err != nil {
				t.Error(err)
			}
			made.Send(w, r, shelf.Ask)
		})
	}
	answer("/page/", "text/html; charset=utf-8", `<html lang="ja"><nav>`+page.ReadingsOn+`</nav><p>約束</p>`+strings.Repeat("<p>やくそく</p>", 99))
	answer("/desk", "text/html; charset=utf-8", `<html lang="ja"><p>約束</p>`)
	answer("/file", "text/csv; charset=utf-8", "約束,"+page.ReadingsOn)
	mux.HandleFunc("GET /photo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"strong"`)
		if shelf.Known(r, `"strong"`) {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	return (&Server{Config: Config{Secure: secure}}).inEdition(mux)
}

// ask sends a GET and returns what came.
func ask(h http.Handler, path string, change ...func(http.Header)) (*http.Response, string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, f := range change {
		f(r.Header)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer := w.Result()
	body, _ := io.ReadAll(answer.Body)
	return answer, string(body)
}

// with sets a header.
func with(name, value string) func(http.Header) {
	return func(h http.Header) { h.Set(name, value) }
}

var chosen = with("Cookie", "furigana=on")

func TestReadingsStandOnPagesThatOfferThem(t *testing.T) {
	t.Parallel()
	h := site(t, false)
	_, plain := ask(h, "/page/1")
	if strings.Contains(plain, "ruby") || !strings.Contains(plain, page.ReadingsOn) {
		t.Errorf("unasked: %s", plain)
	}
	answer, read := ask(h, "/page/1", chosen, with("Accept-Encoding", "gzip"))
	if !strings.Contains(read, "<rt>やくそく</rt>") || !strings.Contains(read, page.ReadingsOff) || strings.Contains(read, page.ReadingsOn) || answer.Header.Get("Content-Length") != "" {
		t.Errorf("asked: %v %s", answer.Header, read)
	}
	for _, path := range []string{"/desk", "/file"} {
		if _, other := ask(h, path, chosen); strings.Contains(other, "ruby") || !strings.Contains(other, "約束") {
			t.Errorf("%s: %s", path, other)
		}
	}
}

// TestSwitchLeadsBackToTheSamePage and to no other site, whatever the path looks like; the choice is remembered without a word about who chose.
func TestSwitchLeadsBackToTheSamePage(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		h := site(t, secure)
		for path, want := range map[string]string{
			"/page/1?furigana=on": "/page/1", "/page/1?furigana=on&to=https://evil.example": "/page/1", "//evil.example/?furigana=on": "/evil.example/", `/\evil.example?furigana=on`: "/evil.example",
			"/%2Fevil.example?furigana=on": "/evil.example", "/page/%E4%BD%BF?furigana=on": "/page/%E4%BD%BF",
		} {
			answer, _ := ask(h, path)
			if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || got != want {
				t.Errorf("%s leads to %q, want %q", path, got, want)
			}
			name := "furigana"
			if secure {
				name = "__Host-furigana"
			}
			cookies := answer.Cookies()
			if len(cookies) != 1 || cookies[0].Name != name || cookies[0].Value != "on" || cookies[0].Secure != secure || !cookies[0].HttpOnly || cookies[0].Path != "/" ||
				cookies[0].SameSite != http.SameSiteLaxMode {
				t.Errorf("%s sets %v", path, cookies)
			}
		}
	}
	h := site(t, false)
	if answer, _ := ask(h, "/page/1?furigana=off", chosen); answer.Cookies()[0].MaxAge >= 0 || answer.Header.Get("Location") != "/page/1" {
		t.Errorf("off: %v", answer.Header)
	}
	if answer, _ := ask(h, "/page/1?furigana=on", with("Referer", "http://example.com/page/1?q=%E9%A3%9F&furigana=off")); answer.Header.Get("Location") != "/page/1?q=%E9%A3%9F" {
		t.Errorf("a search is lost: %s", answer.Header.Get("Location"))
	}
	if answer, _ := ask(h, "/page/1?furigana=on", with("Referer", "https://evil.example/page/1?q=1")); answer.Header.Get("Location") != "/page/1" {
		t.Errorf("another site says what is searched for: %s", answer.Header.Get("Location"))
	}
}

// TestValidatorsOfPagesWithAndWithoutReadingsDiffer: who has one is not told that the other is unchanged.
func TestValidatorsOfPagesWithAndWithoutReadingsDiffer(t *testing.T) {
	t.Parallel()
	h := site(t, false)
	plain, _ := ask(h, "/page/1")
	read, _ := ask(h, "/page/1", chosen)
	for _, c := range []struct {
		tag    string
		choice func(http.Header)
		want   int
	}{
		{plain.Header.Get("ETag"), func(http.Header) {}, http.StatusNotModified}, {read.Header.Get("ETag"), chosen, http.StatusNotModified},
		{plain.Header.Get("ETag"), chosen, http.StatusOK}, {read.Header.Get("ETag"), func(http.Header) {}, http.StatusOK},
		{fmt.Sprintf(`"x", %s, W/"y"`, read.Header.Get("ETag")), chosen, http.StatusNotModified},
	} {
		answer, _ := ask(h, "/page/1", c.choice, with("If-None-Match", c.tag))
		if answer.StatusCode != c.want || !strings.Contains(strings.Join(answer.Header.Values("Vary"), ","), "Cookie") {
			t.Errorf("%s: %d %v, want %d", c.tag, answer.StatusCode, answer.Header, c.want)
		}
	}
	if answer, _ := ask(h, "/photo", chosen, with("If-None-Match", `"strong"`)); answer.StatusCode != http.StatusNotModified {
		t.Errorf("a file is sent again: %d", answer.StatusCode)
	}
}

package page

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestStaticFileIsKeptForAYearOnlyUnderItsHash(t *testing.T) {
	t.Parallel()
	address, err := StaticURL("site.css")
	if err != nil {
		t.Fatal(err)
	}
	first := httptest.NewRecorder()
	Static().ServeHTTP(first, httptest.NewRequest("GET", address, nil))
	tag := first.Header().Get("ETag")
	for _, test := range []struct {
		name, url, match string
		status           int
		cache            string
	}{
		{"with its hash", address, "", 200, "public, max-age=31536000, immutable"},
		{"with another hash", "/static/site.css?v=0", "", 200, "no-cache"},
		{"known to the reader", "/static/site.css", tag, 304, "no-cache"},
		{"unknown", "/static/other.css", "", 404, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", test.url, nil)
			r.Header.Set("If-None-Match", test.match)
			w := httptest.NewRecorder()
			Static().ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Cache-Control") != test.cache {
				t.Errorf("GET %s: got %d, %q, want %d, %q", test.url, w.Code, w.Header().Get("Cache-Control"), test.status, test.cache)
			}
		})
	}
	if _, err := StaticURL("missing.css"); err == nil {
		t.Error("a missing static file must be an error")
	}
}

func TestStaticFileIsSentPacked(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/static/site.css", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, r)
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > len(StaticFiles()["site.css"])/3 {
		t.Errorf("%d bytes, %v", w.Body.Len(), w.Header())
	}
}

func TestStylesheetsHaveTheirTypes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"site.css": "text/css", "comfort.js": "javascript", "mark.svg": "image/svg+xml"} {
		w := httptest.NewRecorder()
		Static().ServeHTTP(w, httptest.NewRequest("GET", "/static/"+name, nil))
		if got := w.Header().Get("Content-Type"); !strings.Contains(got, want) {
			t.Errorf("%s: got type %q, want %q", name, got, want)
		}
	}
}

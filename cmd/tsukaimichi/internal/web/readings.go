package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/reading"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// furigana is the parameter that asks for readings (on, off), and the cookie that remembers it. The cookie says "on" and nothing of who reads.
const furigana = "furigana"

// readingsLast is how long the choice is remembered after it was made.
const readingsLast = 365 * 24 * time.Hour

// readings puts ふりがな over the words of pages for whoever asked for it with the switch in their head. What a page and its validator are is decided before: here a
// page changes on its way out, so that pages without readings cost nothing more.
func (s *Server) readings(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, furigana+"=") && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			s.chooseReadings(w, r)
			return
		}
		if cookie, err := r.Cookie(s.furiganaCookie()); err != nil || cookie.Value != "on" {
			next.ServeHTTP(w, r)
			return
		}
		inner := r.Clone(r.Context())
		inner.Header.Del("Accept-Encoding") // packed afterwards
		knownWithReadings(inner.Header)
		out := &readable{ResponseWriter: w}
		next.ServeHTTP(out, inner)
		out.finish()
	})
}

// chooseReadings remembers the choice and leads back to the same page: the path it was asked on, never another site.
func (s *Server) chooseReadings(w http.ResponseWriter, r *http.Request) {
	cookie := &http.Cookie{Name: s.furiganaCookie(), Value: "on", Path: "/", MaxAge: int(readingsLast.Seconds()), Secure: s.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if r.URL.Query().Get(furigana) != "on" {
		cookie.Value, cookie.MaxAge = "", -1
	}
	http.SetCookie(w, cookie)
	back := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, `/\`)}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && from.Path == r.URL.Path { // what was searched for on it
		query := from.Query()
		query.Del(furigana)
		back.RawQuery = query.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (s *Server) furiganaCookie() string {
	if s.Secure {
		return "__Host-" + furigana
	}
	return furigana
}

// readable holds a page back until its readings are on it; everything else goes through.
type readable struct {
	http.ResponseWriter
	status int
	page   bool
	body   bytes.Buffer
}

// WriteHeader is called once, by the first Write at the latest.
func (o *readable) WriteHeader(status int) {
	if o.status != 0 {
		return
	}
	o.status = status
	h := o.Header()
	if o.page = strings.HasPrefix(h.Get("Content-Type"), "text/html"); !o.page {
		o.ResponseWriter.WriteHeader(status)
		return
	}
	h.Del("Content-Length")
	if tag := h.Get("ETag"); tag != "" {
		h.Set("ETag", withReadings(tag))
	}
}

func (o *readable) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.WriteHeader(http.StatusOK)
	}
	if o.page {
		return o.body.Write(b)
	}
	return o.ResponseWriter.Write(b)
}

// finish sends a page that was held back.
func (o *readable) finish() {
	if !o.page {
		return
	}
	o.ResponseWriter.WriteHeader(o.status)
	if o.body.Len() == 0 {
		return
	}
	body := o.body.Bytes()
	if bytes.Contains(body, []byte(page.ReadingsOn)) { // a page that offers them
		body = reading.Page(bytes.Replace(body, []byte(page.ReadingsOn), []byte(page.ReadingsOff), 1))
	}
	_, _ = o.ResponseWriter.Write(body) // a reader who went away is no error of ours
}

// ending marks the validators of pages with readings. Raise the number when words are read in another way than before.
const ending = `-furigana1"`

func withReadings(tag string) string { return strings.TrimSuffix(tag, `"`) + ending }

// knownWithReadings leaves of the validators a browser sends those of files, which are strong, and of pages with readings, as the pages without have them.
func knownWithReadings(h http.Header) {
	var known []string
	for _, line := range h.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag, with := strings.CutSuffix(strings.TrimSpace(tag), ending)
			switch {
			case with:
				known = append(known, tag+`"`)
			case !strings.HasPrefix(tag, "W/"):
				known = append(known, tag)
			}
		}
	}
	h.Del("If-None-Match")
	if len(known) > 0 {
		h.Set("If-None-Match", strings.Join(known, ", "))
	}
}

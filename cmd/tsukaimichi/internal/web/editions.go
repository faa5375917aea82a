package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/reading"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// edition is another form of everybody's pages than the one they are written in.
type edition struct {
	name   string // the parameter that asks for it (on, off), and the cookie that remembers it, which says "on" and nothing of who reads
	ending string // of its validators; another one when the same page comes out in another way than before
	write  func(page []byte) []byte

	language campaigns.Language // it is in, where that is not Japanese
}

// editions are the forms there are. A reader has one of them at most.
var editions = []edition{
	{name: "furigana", ending: `-furigana1"`, write: func(body []byte) []byte {
		if !bytes.Contains(body, []byte(page.ReadingsOn)) { // it does not offer them
			return body
		}
		return reading.Page(bytes.Replace(body, []byte(page.ReadingsOn), []byte(page.ReadingsOff), 1))
	}},
	{name: "english", ending: `-english1"`, language: campaigns.English, write: func(body []byte) []byte {
		return english.Page(bytes.Replace(body, []byte(page.EnglishOn), []byte(page.EnglishOff), 1))
	}},
}

// editionLasts is how long the choice is remembered after it was made.
const editionLasts = 365 * 24 * time.Hour

// inEdition gives pages in the edition that was chosen with a switch in their head. What a page and its validator are is decided before: here a page changes on its
// way out, so that pages as they are written cost nothing more.
func (s *Server) inEdition(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			for _, e := range editions {
				if strings.Contains(r.URL.RawQuery, e.name+"=") {
					s.choose(w, r, e)
					return
				}
			}
		}
		for _, e := range editions {
			if cookie, err := r.Cookie(s.cookieOf(e)); err == nil && cookie.Value == "on" {
				inner := r.Clone(r.Context())
				inner.Header.Del("Accept-Encoding") // packed afterwards
				e.known(inner.Header)
				out := &held{ResponseWriter: w, edition: e}
				next.ServeHTTP(out, inner)
				out.finish()
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// language is what a reader has chosen to read: letters about his gift are written in it.
func (s *Server) language(r *http.Request) campaigns.Language {
	for _, e := range editions {
		if cookie, err := r.Cookie(s.cookieOf(e)); err == nil && cookie.Value == "on" && e.language != "" {
			return e.language
		}
	}
	return campaigns.Japanese
}

// choose remembers the choice and leads back to the same page: the path it was asked on, never another site.
func (s *Server) choose(w http.ResponseWriter, r *http.Request, e edition) {
	on := r.URL.Query().Get(e.name) == "on"
	s.remember(w, e, on)
	for _, other := range editions {
		if _, err := r.Cookie(s.cookieOf(other)); on && err == nil && other.name != e.name {
			s.remember(w, other, false)
		}
	}
	back := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, `/\`)}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && from.Path == r.URL.Path { // what was searched for on it
		query := from.Query()
		for _, e := range editions {
			query.Del(e.name)
		}
		back.RawQuery = query.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (s *Server) remember(w http.ResponseWriter, e edition, on bool) {
	cookie := &http.Cookie{Name: s.cookieOf(e), Value: "on", Path: "/", MaxAge: int(editionLasts.Seconds()), Secure: s.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if !on {
		cookie.Value, cookie.MaxAge = "", -1
	}
	http.SetCookie(w, cookie)
}

func (s *Server) cookieOf(e edition) string {
	if s.Secure {
		return "__Host-" + e.name
	}
	return e.name
}

// held holds a page back until it is in its edition; everything else goes through.
type held struct {
	http.ResponseWriter
	edition edition
	status  int
	page    bool
	body    bytes.Buffer
}

// WriteHeader is called once, by the first Write at the latest.
func (o *held) WriteHeader(status int) {
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
		h.Set("ETag", strings.TrimSuffix(tag, `"`)+o.edition.ending)
	}
}

func (o *held) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.WriteHeader(http.StatusOK)
	}
	if o.page {
		return o.body.Write(b)
	}
	return o.ResponseWriter.Write(b)
}

// finish sends a page that was held back.
func (o *held) finish() {
	if !o.page {
		return
	}
	o.ResponseWriter.WriteHeader(o.status)
	if o.body.Len() > 0 {
		_, _ = o.ResponseWriter.Write(o.edition.write(o.body.Bytes())) // a reader who went away is no error of ours
	}
}

// known leaves of the validators a browser sends those of files, which are strong, and of pages in the edition, as the pages as they are written have them.
func (e edition) known(h http.Header) {
	var known []string
	for _, line := range h.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag, in := strings.CutSuffix(strings.TrimSpace(tag), e.ending)
			switch {
			case in:
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

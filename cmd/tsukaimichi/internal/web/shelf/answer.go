package shelf

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Answer is what goes out, with its validator. It is made once and sent to many.
type Answer struct {
	plain, gzip []byte // gzip is nil where it is not smaller
	mediaType   string
	tag         string
}

// Once answers with what write makes, under a validator, and keeps nothing. Errors are those of write; nothing has been sent then.
func Once(w http.ResponseWriter, r *http.Request, write func(*bytes.Buffer) error) error {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	made, err := NewAnswer(content.Bytes(), w.Header().Get("Content-Type"))
	if err != nil {
		return err
	}
	made.Send(w, r, Ask)
	return nil
}

// NewAnswer packs what a reader may take packed, which is texts; the media type "" is a page. The validator is weak: packed and plain are the same to a reader. The
// content may not be changed any more.
func NewAnswer(content []byte, mediaType string) (Answer, error) {
	hash := sha256.Sum256(content)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(hash[:12]) + `"`
	if mediaType == "" {
		mediaType = "text/html; charset=utf-8"
	}
	a := Answer{plain: content, mediaType: mediaType, tag: tag}
	if !isText(mediaType) {
		return a, nil
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(content); err != nil {
		return Answer{}, err
	}
	if err := z.Close(); err != nil {
		return Answer{}, err
	}
	if packed.Len() < len(content) {
		a.gzip = packed.Bytes()
	}
	return a, nil
}

// How long a browser may show what it has without asking.
const (
	Ask     = "no-cache" // keep it, and ask each time whether it still is so
	ForEver = "public, max-age=31536000, immutable"
)

// Send answers with the content, or with nothing new where the reader has it already. keeping is Ask or ForEver.
func (a Answer) Send(w http.ResponseWriter, r *http.Request, keeping string) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("Cache-Control", keeping)
	AddVary(h, "Accept-Encoding")
	if strings.HasPrefix(a.mediaType, "text/html") {
		AddVary(h, "Cookie") // its readings
	}
	h.Set("ETag", a.tag)
	if Known(r, a.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.gzip != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a reader who went away is no error of ours
}

func isText(mediaType string) bool {
	for _, kind := range []string{"text/", "application/json", "application/manifest", "image/svg"} {
		if strings.HasPrefix(mediaType, kind) {
			return true
		}
	}
	return false
}

// Known reports whether the reader has what the validator names, by the weak comparison of RFC 9110, 13.1.2.
func Known(r *http.Request, tag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// AddVary says that an answer depends on a header of the request, once.
func AddVary(h http.Header, name string) {
	if !slices.Contains(h.Values("Vary"), name) {
		h.Add("Vary", name)
	}
}

// takesGzip reports whether an Accept-Encoding names gzip and does not refuse it.
func takesGzip(accept string) bool {
	for offer := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(offer, ";")
		if strings.TrimSpace(name) == "gzip" {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

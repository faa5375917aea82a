package shelf

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// Answer is what goes out, with its validator.
type Answer struct {
	plain, gzip []byte
	tag         string
}

// Once answers with what write makes, under a validator, and keeps nothing. Errors are those of write; nothing has been sent then.
func Once(w http.ResponseWriter, r *http.Request, write func(*bytes.Buffer) error) error {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	made, err := newAnswer(content.Bytes(), w.Header().Get("Content-Type"))
	if err != nil {
		return err
	}
	made.send(w, r)
	return nil
}

// newAnswer packs what a reader may take packed: texts, pages being the type where none is said. The validator is weak: packed and plain are the same to a reader.
func newAnswer(content []byte, mediaType string) (Answer, error) {
	hash := sha256.Sum256(content)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(hash[:12]) + `"`
	if mediaType != "" && !strings.HasPrefix(mediaType, "text/") && !strings.HasPrefix(mediaType, "application/json") && !strings.HasPrefix(mediaType, "image/svg") {
		return Answer{plain: content, tag: tag}, nil
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(content); err != nil {
		return Answer{}, err
	}
	if err := z.Close(); err != nil {
		return Answer{}, err
	}
	return Answer{content, packed.Bytes(), tag}, nil
}

// send answers with the content, or with nothing new where the reader has it already.
func (a Answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	h.Set("Cache-Control", "no-cache") // keep it, and ask each time whether it still is so
	AddVary(h, "Accept-Encoding")
	h.Set("ETag", a.tag)
	if Known(r, a.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if len(a.gzip) > 0 && len(a.gzip) < len(a.plain) && takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	_, _ = w.Write(body) // a reader who went away is no error of ours
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

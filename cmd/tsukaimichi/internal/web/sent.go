package web

import (
	"mime"
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// sent is the form of a request that is refused, whether it was read before or not; its files are passed over. Nil for what is no form.
func sent(r *http.Request) url.Values {
	if r.Method != http.MethodPost {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data" && len(r.PostForm) == 0 && r.MultipartForm == nil:
		r.PostForm = files.Typed(r)
	case kind == "application/x-www-form-urlencoded":
		_ = r.ParseForm() // what can be read of it
	}
	return r.PostForm
}

package public

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Photo answers /files/{org}/photo/{name}: a photograph of a report, by the hash of its bytes.
func (p *Pages) Photo(w http.ResponseWriter, r *http.Request) error {
	organisation, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	name, isJPEG := strings.CutSuffix(r.PathValue("name"), ".jpg")
	if !isJPEG {
		return ledger.ErrNotFound
	}
	hash, err := files.ParseHash(name)
	if err != nil {
		return err
	}
	bytes, err := p.Files.Read(r.Context(), organisation, files.KindPhoto, hash)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // somebody sent it: nothing in it acts
	// It never changes, but it goes when somebody on it wishes so: a day later nobody shows it any more.
	h.Set("Cache-Control", "public, max-age=86400")
	return sendFile(w, r, files.JPEG, r.PathValue("name"), hash, bytes)
}

// How answers /how.
func (p *Pages) How(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(context.Context) (page.Page, error) { return NewHowPage(), nil })
}

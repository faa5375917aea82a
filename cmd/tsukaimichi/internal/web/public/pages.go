package public

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/card"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	press "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/shelf"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Pages are everybody's pages with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Now      func() time.Time
	Site     string            // address people type, without a slash at the end
	LogKey   ed25519.PublicKey // checks the signatures of every log here

	// Online reports whether an organisation takes card and konbini now.
	Online func(ctx context.Context, organisationID int64) (bool, error)
	// Press prints leaflets, posters and 回覧.
	Press *press.Press

	// Tell writes the letters about updates, and takes questions.
	Tell *telling.Desk

	shelf shelf.Shelf
	cards card.Press
}

func (p *Pages) today() ledger.Date { return ledger.DateOf(p.Now()) }

// show answers with the page that build makes, from the shelf while nothing has changed. It depends on its path, the day and the database alone, and all it
// says of the database build reads itself: what was read before could be older than what the shelf takes the page for.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, build func(ctx context.Context) (page.Page, error)) error {
	return p.shelf.Send(w, r, p.DB, p.today().String(), p.writes(r, build))
}

// showOnce answers with a page that was asked for in the reader's own words, and keeps nothing.
func (p *Pages) showOnce(w http.ResponseWriter, r *http.Request, build func(ctx context.Context) (page.Page, error)) error {
	return shelf.Once(w, r, p.writes(r, build))
}

func (p *Pages) writes(r *http.Request, build func(ctx context.Context) (page.Page, error)) func(*bytes.Buffer) error {
	return func(out *bytes.Buffer) error {
		built, err := build(r.Context())
		if err != nil {
			return err
		}
		return p.Renderer.Write(out, built)
	}
}

// send answers with a file made now, shown in the browser where it can be.
func send(w http.ResponseWriter, r *http.Request, mediaType, name string, content []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name))
	return shelf.Once(w, r, func(out *bytes.Buffer) error {
		_, err := out.Write(content)
		return err
	})
}

// sendFile answers with a stored file, whose hash is its validator. How long it may be kept is said before.
func sendFile(w http.ResponseWriter, r *http.Request, mediaType, name string, hash files.Hash, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("ETag", `"`+hash.String()+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}

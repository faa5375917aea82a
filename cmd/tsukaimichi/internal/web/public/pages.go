package public

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Pages are everybody's pages with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Now      func() time.Time
	LogKey   ed25519.PublicKey // checks the signatures of every log here

	// Online reports whether an organisation takes card and konbini now.
	Online func(ctx context.Context, organisationID int64) (bool, error)
	// Leaflet prints the leaflet of a campaign.
	Leaflet func(ctx context.Context, c campaigns.Campaign, online bool) ([]byte, error)

	// Tell writes the letters about updates, and takes questions.
	Tell *telling.Desk

	shelf shelf
}

func (p *Pages) today() ledger.Date { return ledger.DateOf(p.Now()) }

// send answers with a file, shown in the browser where it can be.
func send(w http.ResponseWriter, mediaType, name string, content []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name))
	_, _ = w.Write(content) // a reader who went away is no error of ours
	return nil
}

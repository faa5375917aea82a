package console

import (
	"context"
	"embed"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of the members' pages, for page.NewRenderer.
var Room = page.Room{Name: "console", Files: templates}

// Pages are the members' pages with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Till     *payments.Till
	Now      func() time.Time // for the operator's page, which has no desk
	Site     string           // address that letters lead to, without a slash at the end

	// BackupLate says when the newest backup was made, and whether that is too long ago or making one fails; nil where nobody asked for backups.
	BackupLate func(ctx context.Context) (newest time.Time, late bool, err error)
	// Enqueue asks for a job of the kind about an object, in the database transaction that gave the reason: "receipt" with the id of
	// a receipt, to make its paper.
	Enqueue func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error
	// Preview answers with a campaign as everybody will see it, a draft included; the desk is in the request.
	Preview func(w http.ResponseWriter, r *http.Request, campaignID int64) error
	// Leaflet answers with the campaign's leaflet as PDF, a draft included.
	Leaflet func(w http.ResponseWriter, r *http.Request, campaignID int64) error
	// EraseDonor erases what is kept of a giver and returns until when his receipts have to be kept, if so.
	EraseDonor func(ctx context.Context, organisationID, donorID int64, by ledger.Actor) (ledger.Date, error)
	// Links makes the secrets of an organisation's private links to questions.
	Links func(organisationID int64) campaigns.Secret
	// Tell publishes updates and writes their letters.
	Tell *telling.Desk
	// Press prints what givers are asked on paper.
	Press *papers.Press
	// SendReceipt sends a receipt although some of its characters could not be printed: a person has looked at it.
	SendReceipt func(ctx context.Context, tx *sqlx.Tx, organisationID, receiptID int64) error
}

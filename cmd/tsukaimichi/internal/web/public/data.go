package public

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// CampaignJSON answers /c/{slug}/data.json: plan and actual for programs.
func (p *Pages) CampaignJSON(w http.ResponseWriter, r *http.Request) error {
	return p.handOut(w, r, mediaJSON, r.PathValue("slug")+".json", func(ctx context.Context, q sqlx.QueryerContext) ([]byte, error) {
		d, err := p.campaignData(ctx, q, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		return encode(d)
	})
}

// CampaignCSV answers /c/{slug}/data.csv: plan and actual for spreadsheets.
func (p *Pages) CampaignCSV(w http.ResponseWriter, r *http.Request) error {
	return p.handOut(w, r, mediaCSV, r.PathValue("slug")+".csv", func(ctx context.Context, q sqlx.QueryerContext) ([]byte, error) {
		d, err := p.campaignData(ctx, q, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		return opendata.CSV(d)
	})
}

// OrganisationJSON answers /o/{slug}/data.json.
func (p *Pages) OrganisationJSON(w http.ResponseWriter, r *http.Request) error {
	return p.handOut(w, r, mediaJSON, r.PathValue("slug")+".json", func(ctx context.Context, q sqlx.QueryerContext) ([]byte, error) {
		d, err := p.organisationData(ctx, q, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		return encode(d)
	})
}

// OrganisationCSV answers /o/{slug}/data.csv: the uses of all its campaigns.
func (p *Pages) OrganisationCSV(w http.ResponseWriter, r *http.Request) error {
	return p.handOut(w, r, mediaCSV, r.PathValue("slug")+".csv", func(ctx context.Context, q sqlx.QueryerContext) ([]byte, error) {
		d, err := p.organisationData(ctx, q, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		return opendata.CSV(d.Campaigns...)
	})
}

const (
	mediaJSON = "application/json; charset=utf-8"
	mediaCSV  = "text/csv; charset=utf-8"
)

// handOut answers with data that was read at one moment, from the shelf while nothing has changed. A page of another site may read it, too: it is for everybody.
func (p *Pages) handOut(w http.ResponseWriter, r *http.Request, mediaType, name string, take func(ctx context.Context, q sqlx.QueryerContext) ([]byte, error)) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Access-Control-Allow-Origin", "*")
	return p.shelf.Send(w, r, p.DB, p.today().String(), func(out *bytes.Buffer) error {
		tx, err := p.DB.BeginTxx(r.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return fmt.Errorf("data of %s: %w", r.URL.Path, err)
		}
		defer func() { _ = tx.Rollback() }() // it only read
		content, err := take(r.Context(), tx)
		if err != nil {
			return err
		}
		out.Write(content)
		return nil
	})
}

func (p *Pages) campaignData(ctx context.Context, q sqlx.QueryerContext, slug string) (opendata.Campaign, error) {
	c, err := campaigns.FindPublic(ctx, q, slug)
	if err != nil {
		return opendata.Campaign{}, err
	}
	o, err := ledger.FindOrganisation(ctx, q, c.OrganisationID)
	if err != nil {
		return opendata.Campaign{}, err
	}
	return opendata.FindCampaign(ctx, q, o, c, p.Site, p.today())
}

func (p *Pages) organisationData(ctx context.Context, q sqlx.QueryerContext, slug string) (opendata.Organisation, error) {
	id, _, err := ledger.FindSlug(ctx, q, ledger.SlugOrganisation, slug)
	if err != nil {
		return opendata.Organisation{}, err
	}
	return opendata.FindOrganisation(ctx, q, id, p.Site, p.today())
}

func encode(data any) ([]byte, error) {
	text, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return append(text, '\n'), nil
}

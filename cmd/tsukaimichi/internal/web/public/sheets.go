package public

import (
	"context"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// CampaignPoster answers /c/{slug}/poster.pdf and poster-a4.pdf while the campaign collects or soon will.
func (p *Pages) CampaignPoster(format pdf.Format) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := campaigns.FindPublic(r.Context(), p.DB, r.PathValue("slug"))
		if err != nil {
			return err
		}
		if !calling(c) { // a sheet on a wall would go on asking
			return campaigns.ErrNotFound
		}
		online, err := p.Online(r.Context(), c.OrganisationID)
		if err != nil {
			return err
		}
		paper, err := p.Press.Poster(r.Context(), c, online, format)
		if err != nil {
			return err
		}
		return send(w, r, "application/pdf", c.Slug+"-poster.pdf", paper)
	}
}

// calling reports whether a campaign asks for gifts now or from a day to come.
func calling(c campaigns.Campaign) bool {
	return c.Status == campaigns.Announced || c.Status == campaigns.Open
}

// ReportPoster answers /r/{number}/poster.pdf and poster-a4.pdf.
func (p *Pages) ReportPoster(format pdf.Format) func(http.ResponseWriter, *http.Request) error {
	return p.reportSheet("poster", func(ctx context.Context, report reports.Report, _ *http.Request) ([]byte, error) {
		return p.Press.ReportPoster(ctx, report, format)
	})
}

// Circular answers /r/{number}/kairan.pdf. It may be asked for with the day it has to be back and the number of houses; what cannot be read of them is
// taken as not said.
func (p *Pages) Circular() func(http.ResponseWriter, *http.Request) error {
	return p.reportSheet("kairan", func(ctx context.Context, report reports.Report, r *http.Request) ([]byte, error) {
		back, err := ledger.ParseDate(r.FormValue("back"))
		if err != nil {
			back = ledger.Date{}
		}
		houses, err := strconv.Atoi(r.FormValue("houses"))
		if err != nil || houses < 1 || houses > document.MaxBoxes {
			houses = reports.HousesUsual
		}
		return p.Press.Circular(ctx, report, back, houses)
	})
}

// reportSheet answers with a paper made now from what was published; of a report that was taken back there is none.
func (p *Pages) reportSheet(name string, paper func(context.Context, reports.Report, *http.Request) ([]byte, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		report, err := reports.FindPublic(r.Context(), p.DB, r.PathValue("number"))
		if err != nil {
			return err
		}
		if !report.Published.WithdrawnAt.IsZero() {
			return reports.ErrNotFound
		}
		made, err := paper(r.Context(), report, r)
		if err != nil {
			return err
		}
		return send(w, r, "application/pdf", report.Number+"-"+name+".pdf", made)
	}
}

// reportSheets are the papers of a report besides its full text.
func reportSheets(at string, onePage bool) []page.Document {
	var sheets []page.Document
	if onePage {
		sheets = append(sheets, page.Document{Link: page.Link{Href: at + "/a4.pdf", Text: "大きな字の報告（A4 1枚）"}, Note: "掲示や、手わたし用"})
	}
	return append(sheets,
		page.Document{Link: page.Link{Href: at + "/kairan.pdf", Text: "回覧（A4・印のわくつき）"}, Note: "もどす日は、手で書きます"},
		page.Document{Link: page.Link{Href: at + "/poster.pdf", Text: "ポスター（A3）"}, Note: "掲示板用"},
		page.Document{Link: page.Link{Href: at + "/poster-a4.pdf", Text: "ポスター（A4）"}, Note: "同じものの、小さい紙"})
}

// campaignPosters are the posters of a campaign that asks for gifts.
func campaignPosters(c campaigns.Campaign) []page.Document {
	if !calling(c) {
		return nil
	}
	at := "/c/" + c.Slug
	return []page.Document{
		{Link: page.Link{Href: at + "/poster.pdf", Text: "ポスター（PDF・A3）"}, Note: "掲示板用。このページへのコードつき"},
		{Link: page.Link{Href: at + "/poster-a4.pdf", Text: "ポスター（PDF・A4）"}, Note: "同じものの、小さい紙"},
	}
}

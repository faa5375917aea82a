package public

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	edition "github.com/tsukaimichi/tsukaimichi/reports/page"
)

// CampaignLeaflet answers /c/{slug}/leaflet.pdf.
func (p *Pages) CampaignLeaflet(w http.ResponseWriter, r *http.Request) error {
	c, err := campaigns.FindPublic(r.Context(), p.DB, r.PathValue("slug"))
	if err != nil {
		return err
	}
	bytes, err := p.leaflet(r.Context(), c)
	if err != nil {
		return err
	}
	return send(w, r, "application/pdf", leafletName(c), bytes)
}

// PrintLeaflet answers with the leaflet of a campaign, of a draft as well, which stays in no cache. Who may see it is asked before.
func (p *Pages) PrintLeaflet(w http.ResponseWriter, r *http.Request, c campaigns.Campaign) error {
	bytes, err := p.leaflet(r.Context(), c)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", "inline; filename="+leafletName(c))
	_, _ = w.Write(bytes) // a reader who went away is no error of ours
	return nil
}

func (p *Pages) leaflet(ctx context.Context, c campaigns.Campaign) ([]byte, error) {
	online, err := p.Online(ctx, c.OrganisationID)
	if err != nil {
		return nil, err
	}
	return p.Press.Leaflet(ctx, c, online)
}

func leafletName(c campaigns.Campaign) string { return c.Slug + "-leaflet.pdf" }

// Records answers /c/{slug}/records.csv: the list of a campaign's entries that anyone can add up.
func (p *Pages) Records(w http.ResponseWriter, r *http.Request) error {
	c, err := campaigns.FindPublic(r.Context(), p.DB, r.PathValue("slug"))
	if err != nil {
		return err
	}
	f, err := reports.FindFigures(r.Context(), p.DB, c, p.today())
	if err != nil {
		return err
	}
	accounts, err := ledger.Accounts(r.Context(), p.DB, c.OrganisationID)
	if err != nil {
		return err
	}
	names := map[int]string{}
	for _, a := range accounts {
		names[a.Code] = a.Plain
	}
	bytes, err := reports.EntriesCSV(f.Entries, names)
	if err != nil {
		return err
	}
	return send(w, r, "text/csv; charset=utf-8", c.Slug+"-records.csv", bytes)
}

// Report answers /r/{number}: a published report.
func (p *Pages) Report(w http.ResponseWriter, r *http.Request) error {
	report, err := reports.FindPublic(r.Context(), p.DB, r.PathValue("number"))
	if err != nil {
		return err
	}
	// The one thing a visit leaves behind: a number beside a day. A reader is not kept waiting or sent away because of it.
	if r.Method == http.MethodGet {
		if err := reports.CountReading(r.Context(), p.DB, report.OrganisationID, report.ID, p.today()); err != nil {
			slog.WarnContext(r.Context(), "reading not counted", slog.Int64("report", report.ID), slog.Any("error", err))
		}
	}
	return p.show(w, r, func(ctx context.Context) (page.Page, error) { return p.report(ctx, r.PathValue("number")) })
}

func (p *Pages) report(ctx context.Context, number string) (shown ReportPage, err error) {
	report, err := reports.FindPublic(ctx, p.DB, number)
	if err != nil {
		return shown, err
	}
	o, err := ledger.FindOrganisation(ctx, p.DB, report.OrganisationID)
	if err != nil {
		return shown, err
	}
	c, err := campaigns.Find(ctx, p.DB, report.OrganisationID, report.CampaignID)
	if err != nil {
		return shown, err
	}
	editions, err := reports.Editions(ctx, p.DB, c.OrganisationID, c.ID)
	if err != nil {
		return shown, err
	}
	body, err := edition.Render(report.Published.Document)
	if err != nil {
		return shown, fmt.Errorf("report %s: %w", report.Number, err)
	}
	shown = newReportPage(o, c, report, editions)
	if report.Published.WithdrawnAt.IsZero() {
		shown.Body, shown.AskHref = body, "/r/"+report.Number+"/ask"
		shown.Preview = p.preview("/r/"+report.Number, shown.Description, reportCard(o, report))
		if shown.Proven, err = proven(ctx, p.DB, c, report.Published.Figures.Entries); err != nil {
			return shown, err
		}
	}
	shown.Asked, err = p.questions(ctx, c.OrganisationID, c.ID)
	return shown, err
}

func newReportPage(o ledger.Organisation, c campaigns.Campaign, r reports.Report, editions []reports.Edition) ReportPage {
	at := "/r/" + r.Number
	p := ReportPage{
		Public: page.Public{Title: r.Published.Document.Meta.Title, Description: o.Name + "の使いみちの報告。約束と実際、理由、残り。",
			Crumbs: []page.Link{{Href: "/o/" + o.Slug, Text: o.Name}, {Href: "/c/" + c.Slug, Text: "募金のページ"}}},
		Tag:     page.Tag{Kind: page.TagDone, Text: "報告ずみ"},
		Edition: reports.EditionName(r.Turn, r.Published.Version) + "・" + page.DayOnly(ledger.DateOf(r.Published.At)),
		Paper:   page.Link{Href: at + "/report.pdf", Text: "この報告をPDFで開く"},
		Sheets:  reportSheets(at, r.Published.OnePageHash != nil),
		Records: page.Link{Href: at + "/records.csv", Text: "記録の一覧（CSV）"},
		Share:   page.Link{Href: "/c/" + c.Slug + "/share", Text: "この募金を伝える・データ"},
		Number:  r.Number, Print: hex.EncodeToString(r.Published.FileHash), Contact: contact(o),
	}
	if !r.Published.WithdrawnAt.IsZero() {
		p.Title, p.Paper, p.Sheets = "取り下げた報告", page.Link{}, nil
		p.Tag = page.Tag{Kind: page.TagLate, Text: "取り下げ"}
		p.State = &page.Notice{Head: "この版は、取り下げました", Text: r.Published.WithdrawnWhy + "\n指紋（SHA-256）と、記録の一覧は残しています。", Attend: true,
			Link: page.Link{Href: "/r/" + latestOf(editions, r.Turn).Number, Text: "いまの版を読む"}}
	} else if r.CorrectedBy > 0 {
		p.Tag = page.Tag{Kind: page.TagLate, Text: "古い版"}
		p.State = &page.Notice{Head: "この報告は、訂正されました", Text: "新しい版を読んでください。この版は、記録として残しています。", Attend: true,
			Link: page.Link{Href: "/r/" + latestOf(editions, r.Turn).Number, Text: "訂正版を読む"}}
	}
	if latest := editions[0]; p.State == nil && latest.Turn > r.Turn {
		p.State = &page.Notice{Head: "つづきの報告があります", Text: "この報告のあとに使ったお金は、つづきの報告で読めます。",
			Link: page.Link{Href: "/r/" + latest.Number, Text: fmt.Sprintf("第%d回の報告を読む", latest.Turn)}}
	}
	for _, e := range editions {
		pair := page.Pair{Term: e.Name(), Text: e.Number}
		if e.Number != r.Number {
			pair.Link = page.Link{Href: "/r/" + e.Number, Text: "読む"}
		}
		p.Editions = append(p.Editions, pair)
	}
	return p
}

// latestOf is the latest edition of the report with a turn.
func latestOf(editions []reports.Edition, turn int) reports.Edition {
	for _, e := range editions {
		if e.Turn == turn {
			return e
		}
	}
	return editions[0]
}

// ReportFile answers with the bytes of a published report as they were printed: /r/{number}.pdf and the like.
func (p *Pages) ReportFile(part string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		report, err := reports.FindPublic(r.Context(), p.DB, r.PathValue("number"))
		if err != nil {
			return err
		}
		wanted, mediaType, name := report.Published.FileHash, "application/pdf", report.Number+".pdf"
		switch part {
		case "a4":
			wanted, name = report.Published.OnePageHash, report.Number+"-a4.pdf"
		case "records":
			wanted, mediaType, name = report.Published.EntriesHash, "text/csv; charset=utf-8", report.Number+"-records.csv"
		}
		if wanted == nil || (part != "records" && !report.Published.WithdrawnAt.IsZero()) {
			return reports.ErrNotFound
		}
		var hash files.Hash
		copy(hash[:], wanted)
		bytes, err := p.Files.Read(r.Context(), report.OrganisationID, files.KindReport, hash)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-cache")
		return sendFile(w, r, mediaType, name, hash, bytes)
	}
}

package papers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// Usage gathers everything a report is made of, with the figures of today. Photos are read when the PDF needs them.
func (p *Press) Usage(ctx context.Context, organisationID, id int64, photos bool) (reports.Usage, error) {
	r, err := reports.Find(ctx, p.DB, organisationID, id)
	if err != nil {
		return reports.Usage{}, err
	}
	return p.UsageOf(ctx, r, photos)
}

// UsageOf is Usage for a report in hand: one that was read, or one that nobody has begun, which names only organisation and campaign.
func (p *Press) UsageOf(ctx context.Context, r reports.Report, photos bool) (reports.Usage, error) {
	u := reports.Usage{Content: r.Content, Number: r.Number, Draft: r.Published == nil, At: p.Now(), Turn: max(1, r.Turn), Version: 1}
	var err error
	if u.Earlier, err = p.earlier(ctx, r); err != nil {
		return u, err
	}
	if len(u.Earlier) > 0 {
		u.Version = u.Earlier[0].Version + 1
	}
	if u.Number != "" {
		u.URL = p.Site + "/r/" + u.Number
	}
	if u.Organisation, err = ledger.FindOrganisation(ctx, p.DB, r.OrganisationID); err != nil {
		return u, err
	}
	if u.Campaign, err = reports.Subject(ctx, p.DB, r); err != nil {
		return u, err
	}
	if u.Plan, err = campaigns.FindPlan(ctx, p.DB, r.OrganisationID, r.CampaignID, u.Campaign.Version); err != nil {
		return u, err
	}
	if u.DueOn, err = p.dueOn(ctx, r, u.Plan); err != nil {
		return u, err
	}
	if u.Figures, err = p.figures(ctx, u.Campaign, u.Turn); err != nil {
		return u, err
	}
	u.PhotoSource = func(hash string) string { return fmt.Sprintf("/files/%d/photo/%s.jpg", r.OrganisationID, hash) }
	if photos {
		u.Photos, err = p.photos(ctx, r.OrganisationID, r.Content.Photos)
	}
	return u, err
}

// dueOn is the day a report was promised for: of the first the plan's, of a later one the day the rest was carried over to.
func (p *Press) dueOn(ctx context.Context, r reports.Report, plan campaigns.Plan) (ledger.Date, error) {
	if r.Turn <= 1 || plan.Standing {
		return plan.ReportDueOn, nil
	}
	open, err := campaigns.OpenDuty(ctx, p.DB, r.OrganisationID, r.CampaignID)
	if errors.Is(err, campaigns.ErrNotFound) { // a correction after the last report
		return ledger.Date{}, nil
	}
	return open.DueOn, err
}

// earlier returns the published versions that a correction comes after, the latest first.
func (p *Press) earlier(ctx context.Context, r reports.Report) ([]reports.Edition, error) {
	if r.Corrects == 0 {
		return nil, nil
	}
	all, err := reports.Editions(ctx, p.DB, r.OrganisationID, r.CampaignID)
	for i, e := range all {
		if e.ReportID == r.Corrects {
			return slices.DeleteFunc(all[i:], func(e reports.Edition) bool { return e.Turn != r.Turn }), err
		}
	}
	return nil, err
}

// snapshot is one state of the book for several reads.
var snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}

// figures takes all figures from one snapshot of the book.
func (p *Press) figures(ctx context.Context, c campaigns.Campaign, turn int) (reports.Figures, error) {
	tx, err := p.DB.BeginTxx(ctx, snapshot)
	if err != nil {
		return reports.Figures{}, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return reports.FiguresFor(ctx, tx, c, turn, ledger.DateOf(p.Now()))
}

func (p *Press) photos(ctx context.Context, organisationID int64, wanted []reports.Photo) (map[string][]byte, error) {
	photos := map[string][]byte{}
	for _, w := range wanted {
		hash, err := files.ParseHash(w.Hash)
		if err != nil {
			return nil, err
		}
		if photos[w.Hash], err = p.Files.Read(ctx, organisationID, files.KindPhoto, hash); err != nil {
			return nil, fmt.Errorf("photo of a report: %w", err)
		}
	}
	return photos, nil
}

// Print prints a report that is being written as it would be today, marked as a draft.
func (p *Press) Print(ctx context.Context, r reports.Report) ([]byte, error) {
	u, err := p.UsageOf(ctx, r, true)
	if err != nil {
		return nil, err
	}
	u.Number, u.URL, u.Draft = "", "", true
	printed, err := p.render(ctx, u)
	return printed.Bytes, err
}

// PrintSheet is Print for the edition on one sheet in large print.
func (p *Press) PrintSheet(ctx context.Context, r reports.Report) ([]byte, error) {
	u, err := p.UsageOf(ctx, r, false)
	if err != nil {
		return nil, err
	}
	u.Number, u.URL, u.Draft = "", "", true
	printed, err := pdf.RenderFirst(ctx, u.OnePage(), pdf.LargeA4)
	if err != nil {
		return nil, fmt.Errorf("report on campaign %d: %w", u.Campaign.ID, err)
	}
	return printed.Bytes, nil
}

func (p *Press) render(ctx context.Context, u reports.Usage) (pdf.Result, error) {
	sheet := u.Document()
	entries, err := p.entries(ctx, u)
	if err != nil {
		return pdf.Result{}, err
	}
	sheet.Attachments = []document.Attachment{{Name: "使途明細.csv", Description: "記録の一覧", MediaType: "text/csv", Bytes: entries}}
	printed, err := pdf.Render(ctx, sheet)
	if err != nil {
		return printed, fmt.Errorf("report on campaign %d: %w", u.Campaign.ID, err)
	}
	return printed, nil
}

func (p *Press) entries(ctx context.Context, u reports.Usage) ([]byte, error) {
	accounts, err := ledger.Accounts(ctx, p.DB, u.Organisation.ID)
	if err != nil {
		return nil, err
	}
	names := map[int]string{}
	for _, a := range accounts {
		names[a.Code] = a.Plain
	}
	return reports.EntriesCSV(u.Figures.Entries, names)
}

// Publish prints a report, keeps what was printed and makes it public, and writes to everybody who gave and can be reached. The figures
// that are printed are those that are published: reports.ErrMoved asks for another try, reports.ErrPublished says that it is out, Invalid
// what is missing.
func (p *Press) Publish(ctx context.Context, organisationID, id int64, by ledger.Actor) error {
	draft, err := p.Usage(ctx, organisationID, id, false)
	if err != nil {
		return err
	}
	if !draft.Draft {
		return fmt.Errorf("report %d: %w", id, reports.ErrPublished)
	}
	if err = draft.Content.Missing(draft.Figures, draft.Version > 1).Err(); err != nil {
		return err // no number is used up by a report that cannot come out
	}
	err = ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		_, err := reports.TakeNumber(ctx, tx, organisationID, id, ledger.DateOf(p.Now()))
		return err
	})
	if err != nil {
		return err
	}
	u, err := p.Usage(ctx, organisationID, id, true)
	if err != nil {
		return err
	}
	u.Draft = false
	printed, err := p.keep(ctx, u)
	if err != nil {
		return err
	}
	return ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		if err := reports.Publish(ctx, tx, organisationID, id, printed, by, p.Now()); err != nil {
			return err
		}
		return p.tellGivers(ctx, tx, u)
	})
}

// keep prints all editions and puts their bytes into the store.
func (p *Press) keep(ctx context.Context, u reports.Usage) (reports.Printed, error) {
	printed := reports.Printed{Content: u.Content, Figures: u.Figures}
	full, err := p.render(ctx, u)
	if err != nil {
		return printed, err
	}
	entries, err := p.entries(ctx, u)
	if err != nil {
		return printed, err
	}
	one, err := pdf.RenderFirst(ctx, u.OnePage(), pdf.LargeA4)
	if err != nil {
		return printed, fmt.Errorf("report on campaign %d: %w", u.Campaign.ID, err)
	}
	for _, edition := range []struct {
		bytes []byte
		hash  *[]byte
	}{{full.Bytes, &printed.FileHash}, {entries, &printed.EntriesHash}, {one.Bytes, &printed.OnePageHash}} {
		file, err := p.Files.Put(ctx, u.Organisation.ID, files.KindReport, edition.bytes)
		if err != nil {
			return printed, fmt.Errorf("report on campaign %d: %w", u.Campaign.ID, err)
		}
		*edition.hash = file.Hash[:]
	}
	u.Photos = nil // the page reads them by their address
	printed.Document = u.Document()
	return printed, nil
}

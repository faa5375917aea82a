package papers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// Usage gathers everything a report is made of, with the figures of today. Photos are read when the PDF needs them.
func (p *Press) Usage(ctx context.Context, organisationID, id int64, photos bool) (reports.Usage, error) {
	var u reports.Usage
	r, err := reports.Find(ctx, p.DB, organisationID, id)
	if err != nil {
		return u, err
	}
	u.Content, u.Number, u.Draft, u.At, u.Version = r.Content, r.Number, r.Published == nil, p.Now(), 1
	if r.Corrects > 0 {
		old, err := reports.Find(ctx, p.DB, organisationID, r.Corrects)
		if err != nil {
			return u, err
		}
		u.Version, u.CorrectsNo = old.Published.Version+1, old.Number
	}
	if u.Number != "" {
		u.URL = p.Site + "/r/" + u.Number
	}
	if u.Organisation, err = ledger.FindOrganisation(ctx, p.DB, organisationID); err != nil {
		return u, err
	}
	if u.Campaign, err = campaigns.Find(ctx, p.DB, organisationID, r.CampaignID); err != nil {
		return u, err
	}
	if u.Plan, err = campaigns.FindPlan(ctx, p.DB, organisationID, r.CampaignID, u.Campaign.Version); err != nil {
		return u, err
	}
	if u.Figures, err = p.figures(ctx, u.Campaign); err != nil {
		return u, err
	}
	u.PhotoSource = func(hash string) string { return fmt.Sprintf("/files/%d/photo/%s.jpg", organisationID, hash) }
	if photos {
		u.Photos, err = p.photos(ctx, organisationID, r.Content.Photos)
	}
	return u, err
}

// snapshot is one state of the book for several reads.
var snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}

// figures takes all figures from one snapshot of the book.
func (p *Press) figures(ctx context.Context, c campaigns.Campaign) (reports.Figures, error) {
	tx, err := p.DB.BeginTxx(ctx, snapshot)
	if err != nil {
		return reports.Figures{}, fmt.Errorf("figures of campaign %d: %w", c.ID, err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return reports.FindFigures(ctx, tx, c, ledger.DateOf(p.Now()))
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

// Print prints a report as it stands today, published or not.
func (p *Press) Print(ctx context.Context, organisationID, id int64) ([]byte, error) {
	u, err := p.Usage(ctx, organisationID, id, true)
	if err != nil {
		return nil, err
	}
	printed, err := p.render(ctx, u)
	return printed.Bytes, err
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
// that are printed are those that are published: reports.ErrMoved asks for another try.
func (p *Press) Publish(ctx context.Context, organisationID, id int64, by ledger.Actor) error {
	err := ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
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
	if err = u.Content.Missing(u.Figures, u.Version > 1).Err(); err != nil {
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
	printed := reports.Printed{Figures: u.Figures}
	full, err := p.render(ctx, u)
	if err != nil {
		return printed, err
	}
	entries, err := p.entries(ctx, u)
	if err != nil {
		return printed, err
	}
	one, err := pdf.RenderWith(ctx, u.OnePage(), pdf.Options{OnePage: true})
	if err != nil && !errors.Is(err, pdf.ErrOverflow) {
		return printed, fmt.Errorf("report on campaign %d: %w", u.Campaign.ID, err)
	}
	for _, edition := range []struct {
		bytes []byte
		hash  *[]byte
	}{{full.Bytes, &printed.FileHash}, {entries, &printed.EntriesHash}, {one.Bytes, &printed.OnePageHash}} {
		if len(edition.bytes) == 0 {
			continue
		}
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

// tellGivers writes one letter to each giver of the campaign with a mail address.
func (p *Press) tellGivers(ctx context.Context, tx *sqlx.Tx, u reports.Usage) error {
	var givers []struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
		Mail string `db:"mail"`
	}
	err := tx.SelectContext(ctx, &givers, `
		SELECT DISTINCT g.id, g.name, g.mail
		  FROM donation d
		  JOIN donor g ON g.organisation_id = d.organisation_id AND g.id = d.donor_id
		 WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.status = 'paid' AND g.mail <> '' AND g.erased_at IS NULL`,
		u.Organisation.ID, u.Campaign.ID)
	if err != nil {
		return fmt.Errorf("givers of campaign %d: %w", u.Campaign.ID, err)
	}
	subject := "使いみちの報告が出ました"
	if u.Version > 1 {
		subject = "使いみちの報告を訂正しました"
	}
	for _, g := range givers {
		text := fmt.Sprintf("「%s」に寄付してくださった皆さまへ\n\n%s\n集まったお金を何に使ったか、ここで読めます。\n%s\n", u.Plan.Title, subject+"。", u.URL)
		if u.Version > 1 {
			text += "\n訂正したところ：\n" + u.Content.Changes + "\n"
		}
		text += fmt.Sprintf("\n%s\n", u.Organisation.Name)
		if g.Name != "" {
			text = g.Name + " 様\n\n" + text
		}
		err = mail.Enqueue(ctx, tx, mail.Message{
			OrganisationID: u.Organisation.ID, Kind: "report", Key: fmt.Sprintf("report:%s:%d", u.Number, g.ID), To: g.Mail,
			SenderName: u.Organisation.Name, ReplyTo: u.Organisation.Mail, Subject: subject, Text: text,
		}, p.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

package papers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// Press prints for all organisations. It is safe for concurrent use.
type Press struct {
	DB    *sqlx.DB
	Files *files.Store
	Now   func() time.Time
	Site  string        // where our pages are, without a slash at the end
	Links telling.Links // at which readers of a report stop such letters
}

// Receipt makes the paper of a receipt from its frozen payload, keeps it, and sends it where the giver wished so by mail. A receipt with
// characters we cannot print is kept and waits for a person to look at it. Doing it again changes nothing.
func (p *Press) Receipt(ctx context.Context, organisationID, id int64) error {
	r, err := campaigns.FindReceipt(ctx, p.DB, organisationID, id)
	if err != nil {
		return err
	}
	if r.Erased {
		return nil // nobody is left to make it for
	}
	var kept files.Hash
	missing := r.Missing
	if r.FileHash == nil {
		printed, err := pdf.Render(ctx, reports.ReceiptDocument(r.Payload, r.IssuedOn.Midnight()))
		if err != nil {
			return fmt.Errorf("receipt %d: %w", id, err)
		}
		file, err := p.Files.Put(ctx, organisationID, files.KindReceipt, printed.Bytes)
		if err != nil {
			return fmt.Errorf("receipt %d: %w", id, err)
		}
		kept, missing = file.Hash, string(printed.Missing)
	} else {
		copy(kept[:], r.FileHash)
	}
	return ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		if err := campaigns.PaperMade(ctx, tx, organisationID, id, kept[:], missing, p.Now()); err != nil {
			return err
		}
		if missing != "" || r.VoidedWhy != "" {
			return nil
		}
		return p.sendReceipt(ctx, tx, r, kept)
	})
}

// SendReceipt sends a receipt by mail although some of its characters could not be printed: a person has looked at it.
func (p *Press) SendReceipt(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) error {
	r, err := campaigns.FindReceipt(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	if r.FileHash == nil || r.VoidedWhy != "" {
		return fmt.Errorf("receipt %d: %w", id, campaigns.ErrNotFound)
	}
	var kept files.Hash
	copy(kept[:], r.FileHash)
	return p.sendReceipt(ctx, tx, r, kept)
}

func (p *Press) sendReceipt(ctx context.Context, tx *sqlx.Tx, r campaigns.Receipt, kept files.Hash) error {
	d, err := campaigns.FindDonation(ctx, tx, r.OrganisationID, r.DonationID)
	if err != nil || d.ReceiptWanted != "mail" || d.DonorID == 0 {
		return err
	}
	donor, err := campaigns.FindDonor(ctx, tx, r.OrganisationID, d.DonorID)
	if err != nil || donor.Mail == "" {
		return err
	}
	first, err := campaigns.PaperSent(ctx, tx, r.OrganisationID, r.ID, p.Now())
	if err != nil || !first {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, tx, r.OrganisationID)
	if err != nil {
		return err
	}
	return mail.Enqueue(ctx, tx, telling.In(d.Language, mail.Message{
		OrganisationID: r.OrganisationID, Kind: "receipt", Key: fmt.Sprintf("receipt:%d", r.ID), To: donor.Mail, SenderName: o.Name, ReplyTo: o.Mail,
		Subject: "寄附金受領証をお送りします",
		Text: fmt.Sprintf("%s 様\n\nご寄付の領収書（寄附金受領証 第%s号）をお送りします。このメールについているPDFを、なくさないようにお持ちください。\n紙でほしいときは、お知らせください。\n%s",
			r.Payload.DonorName, r.Payload.Number, mail.Sign(o, p.Site)),
		Attachments: []mail.Attachment{{Name: "寄附金受領証_" + r.Payload.Number + ".pdf", Kind: files.KindReceipt, Hash: kept}},
	}), p.Now())
}

// Leaflet prints the leaflet of a campaign, of its draft as well.
func (p *Press) Leaflet(ctx context.Context, c campaigns.Campaign, online bool) ([]byte, error) {
	o, err := ledger.FindOrganisation(ctx, p.DB, c.OrganisationID)
	if err != nil {
		return nil, err
	}
	plan, err := campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return nil, err
	}
	ways, err := campaigns.Ways(ctx, p.DB, o, c.ID)
	if err != nil {
		return nil, err
	}
	online = online && !plan.OnPaper()
	at := plan.PublishedAt
	if at.IsZero() {
		at = p.Now()
	}
	url := p.Site + "/c/" + c.Slug
	printed, err := pdf.RenderWith(ctx, reports.Leaflet(o, plan, ways, url, online, true, at), pdf.Options{OnePage: true})
	if errors.Is(err, pdf.ErrOverflow) {
		printed, err = pdf.RenderWith(ctx, reports.Leaflet(o, plan, ways, url, online, false, at), pdf.Options{OnePage: true})
	}
	if errors.Is(err, pdf.ErrOverflow) { // long texts go over to a second sheet; nothing is cut
		printed, err = pdf.Render(ctx, reports.Leaflet(o, plan, ways, url, online, true, at))
	}
	if err != nil {
		return nil, fmt.Errorf("leaflet of campaign %d: %w", c.ID, err)
	}
	return printed.Bytes, nil
}

package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// TakeNumber gives a report its public name, once: the organisation's own name, the year, and a count. Asked again it returns the
// same one.
func TakeNumber(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, on ledger.Date) (string, error) {
	if err := lock(ctx, tx, organisationID, id); err != nil {
		return "", err
	}
	r, err := Find(ctx, tx, organisationID, id)
	if err != nil || r.Number != "" {
		return r.Number, err
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return "", err
	}
	var n int
	err = tx.GetContext(ctx, &n, `
		INSERT INTO report_counter (organisation_id, year, last)
		VALUES ($1, $2, 1)
		    ON CONFLICT ON CONSTRAINT report_counter_pkey DO UPDATE SET last = report_counter.last + 1
		RETURNING last`, organisationID, on.Year())
	if err != nil {
		return "", fmt.Errorf("report number: %w", ledger.Classify(err))
	}
	number := numberOf(o, on.Year(), n)
	if _, err = tx.ExecContext(ctx, `
		UPDATE report
		   SET number = $3
		 WHERE organisation_id = $1 AND id = $2 AND number IS NULL`, organisationID, id, number); err != nil {
		return "", fmt.Errorf("report %d: %w", id, ledger.Classify(err))
	}
	return number, ledger.ClaimSlug(ctx, tx, ledger.SlugReport, number, organisationID, id)
}

// Printed is a report as it was printed, ready to be published: what it says and the hashes of the kept bytes.
type Printed struct {
	Content     Content
	Figures     Figures
	Document    document.Document
	FileHash    []byte // SHA-256
	OnePageHash []byte // nil of reports from before every report had its one sheet
	EntriesHash []byte
}

// Publish makes a printed report public, for good. It takes the figures again and refuses with ErrMoved when the book or
// what the group wrote has changed since printing; ErrPublished when somebody was faster; Invalid says what is missing.
// The report that was owed is met; what is left is carried over to the next (campaigns.MarkReported).
func Publish(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, printed Printed, by ledger.Actor, at time.Time) error {
	if err := lock(ctx, tx, organisationID, id); err != nil {
		return err
	}
	r, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	if r.Published != nil {
		return fmt.Errorf("report %d: %w", id, ErrPublished)
	}
	c, err := Subject(ctx, tx, r)
	if err != nil {
		return err
	}
	now, err := FiguresFor(ctx, tx, c, r.Turn, printed.Figures.On)
	if err != nil {
		return err
	}
	now.Records, now.Log = printed.Figures.Records, printed.Figures.Log // other campaigns of the group go on meanwhile
	if !reflect.DeepEqual(now, printed.Figures) || !reflect.DeepEqual(r.Content, printed.Content) {
		return fmt.Errorf("report %d: %w", id, ErrMoved)
	}
	if err = r.Content.Missing(now, r.Corrects > 0).Err(); err != nil {
		return err
	}
	version := 1
	if r.Corrects > 0 {
		old, err := Find(ctx, tx, organisationID, r.Corrects)
		if err != nil {
			return err
		}
		version = old.Published.Version + 1
	}
	if err = insertPublication(ctx, tx, r, printed, version, by, at); err != nil {
		return err
	}
	carry := campaigns.Carry{Left: now.Progress.Left, By: r.Content.RestBy, Correction: r.Corrects > 0, Year: now.Year}
	return campaigns.MarkReported(ctx, tx, organisationID, r.CampaignID, carry, by, at)
}

func insertPublication(ctx context.Context, tx *sqlx.Tx, r Report, printed Printed, version int, by ledger.Actor, at time.Time) error {
	actor, err := ledger.ActorID(ctx, tx, r.OrganisationID, by)
	if err != nil {
		return err
	}
	var frozen [3]string
	for i, part := range []any{r.Content, printed.Figures, printed.Document} {
		text, err := json.Marshal(part)
		if err != nil {
			return fmt.Errorf("report %d: %w", r.ID, err)
		}
		frozen[i] = string(text)
	}
	var page string // the hash of what the page shows, as the database writes it down
	err = tx.GetContext(ctx, &page, `
		INSERT INTO report_publication (organisation_id, report_id, number, version, content, figures, document, file_hash,
		       one_page_hash, entries_hash, published_at, published_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		RETURNING encode(sha256(convert_to(jsonb_build_array(content, figures, document)::text, 'UTF8')), 'hex')`,
		r.OrganisationID, r.ID, r.Number, version, frozen[0], frozen[1], frozen[2], printed.FileHash,
		printed.OnePageHash, printed.EntriesHash, at, actor)
	if err != nil {
		return fmt.Errorf("report %d: %w", r.ID, ledger.Classify(err))
	}
	kind := ledger.ReportRecord
	if version > 1 {
		kind = ledger.CorrectionRecord
	}
	public := fmt.Sprintf(`{"number":%q,"version":%d,"sha256":"%x","entries":"%x","one_page":"%x","page":%q}`,
		r.Number, version, printed.FileHash, printed.EntriesHash, printed.OnePageHash, page)
	if err = ledger.Record(ctx, tx, r.OrganisationID, kind, r.ID, public, at); err != nil {
		return err
	}
	return ledger.Note(ctx, tx, r.OrganisationID, "report", r.ID, "published", by, at, r.Content.Changes)
}

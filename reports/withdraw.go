package reports

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrCorrecting says that a correction of the report is being written: what is to go has to be taken out of that, which is then published.
var ErrCorrecting = errors.New("reports: a correction is being written")

// Removal names what a consent was withdrawn for.
type Removal struct {
	Photos []string // by hash in hex
	Voices []string // by what was said
}

// empty reports whether nothing is named.
func (r Removal) empty() bool { return len(r.Photos)+len(r.Voices) == 0 }

// Without is the content without what is removed, and how many photos and voices those were.
func (c Content) Without(r Removal) (left Content, photos, voices int) {
	left = c
	left.Photos, left.Voices = nil, nil
	for _, p := range c.Photos {
		if slices.Contains(r.Photos, p.Hash) {
			photos++
			continue
		}
		left.Photos = append(left.Photos, p)
	}
	for _, v := range c.Voices {
		if slices.Contains(r.Voices, v.Text) {
			voices++
			continue
		}
		left.Voices = append(left.Voices, v)
	}
	return left, photos, voices
}

// withdrawnWhy is what stands in place of what was taken away. It names nobody.
func withdrawnWhy(photos, voices int) string {
	what := ""
	if photos > 0 {
		what = fmt.Sprintf("写真%d枚", photos)
	}
	if voices > 0 {
		if what != "" {
			what += "と"
		}
		what += fmt.Sprintf("声%dつ", voices)
	}
	return "のせてよいという了解が取り消されたため、" + what + "をはずしました。数字は変わりません。"
}

// Succeed begins the editions that take the place of published ones without what a consent was withdrawn for, gives them their numbers and returns
// them; the same ones when they were begun before. Of each report of the campaign that has something of it, it is one; none where the latest editions
// have nothing of it. Invalid where nothing is named, ErrNotFound where nothing is published, ErrCorrecting where another correction is being written.
func Succeed(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, r Removal, on ledger.Date) ([]Report, error) {
	if r.empty() {
		return nil, ledger.Invalid{"what": "report.withdraw_missing"}
	}
	editions, err := Editions(ctx, tx, organisationID, campaignID)
	if err != nil {
		return nil, err
	}
	if len(editions) == 0 {
		return nil, fmt.Errorf("report of campaign %d: %w", campaignID, ErrNotFound)
	}
	var all []Report
	for _, e := range latestOfEach(editions) {
		next, err := succeed(ctx, tx, organisationID, e.ReportID, r, on)
		if err != nil {
			return nil, err
		}
		if next.ID > 0 {
			all = append(all, next)
		}
	}
	return all, nil
}

// latestOfEach is the latest edition of each report, in the order of the editions.
func latestOfEach(editions []Edition) []Edition {
	var latest []Edition
	for _, e := range editions {
		if len(latest) == 0 || latest[len(latest)-1].Turn != e.Turn {
			latest = append(latest, e)
		}
	}
	return latest
}

// succeed is Succeed for one edition, which is the latest of its report; the zero Report where it has nothing of it.
func succeed(ctx context.Context, tx *sqlx.Tx, organisationID, latest int64, r Removal, on ledger.Date) (Report, error) {
	if err := lock(ctx, tx, organisationID, latest); err != nil {
		return Report{}, err
	}
	old, err := Find(ctx, tx, organisationID, latest)
	if err != nil {
		return Report{}, err
	}
	content, photos, voices := old.Published.Content.Without(r)
	if photos+voices == 0 {
		return Report{}, nil
	}
	content.Changes = withdrawnWhy(photos, voices)
	draft, err := correctionOf(ctx, tx, organisationID, latest)
	if err == nil && !reflect.DeepEqual(draft.Content, content) {
		return Report{}, fmt.Errorf("report %d: %w", draft.ID, ErrCorrecting)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Report{}, err
	}
	id := draft.ID
	if id == 0 {
		if id, err = Correct(ctx, tx, organisationID, latest, content.Changes); err != nil {
			return Report{}, err
		}
		if err = Save(ctx, tx, organisationID, id, content); err != nil {
			return Report{}, err
		}
	}
	if _, err = TakeNumber(ctx, tx, organisationID, id, on); err != nil {
		return Report{}, err
	}
	return Find(ctx, tx, organisationID, id)
}

// correctionOf returns the correction of a report that is being written, or ErrNotFound.
func correctionOf(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Report, error) {
	var next int64
	err := sqlx.GetContext(ctx, q, &next, `
		SELECT r.id
		  FROM report r
		 WHERE r.organisation_id = $1 AND r.corrects = $2
		   AND NOT EXISTS (SELECT FROM report_publication p WHERE p.organisation_id = r.organisation_id AND p.report_id = r.id)`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Report{}, ErrNotFound
	}
	if err != nil {
		return Report{}, fmt.Errorf("correction of report %d: %w", id, err)
	}
	return Find(ctx, q, organisationID, next)
}

// Succeeding is an edition that takes the place of another, as it was printed.
type Succeeding struct {
	Report
	Printed
}

// Withdraw takes away every published edition of a campaign's reports that holds what a consent was withdrawn for: what the group wrote, the
// document and the bytes. Hashes, figures and the list of entries stay, with the reason. next are what Succeed returned, as they were printed, each with
// the figures of the edition it takes the place of; none where the latest editions may stay. Photos nobody shows any more leave the store. Done again
// it changes nothing. ErrMoved where something with it was published in between.
func Withdraw(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, r Removal, next []Succeeding, by ledger.Actor, at time.Time) error {
	for _, n := range next {
		if err := replace(ctx, tx, organisationID, n, by, at); err != nil {
			return err
		}
	}
	editions, err := Editions(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		old, err := Find(ctx, tx, organisationID, e.ReportID)
		if err != nil {
			return err
		}
		_, photos, voices := old.Published.Content.Without(r)
		if photos+voices == 0 || !old.Published.WithdrawnAt.IsZero() {
			continue
		}
		if old.CorrectedBy == 0 { // the latest: something was printed in between
			return fmt.Errorf("report %d: %w", old.ID, ErrMoved)
		}
		if err = empty(ctx, tx, old, withdrawnWhy(photos, voices), by, at); err != nil {
			return err
		}
	}
	for _, hash := range r.Photos {
		raw, err := hex.DecodeString(hash)
		if err != nil || len(raw) != 32 {
			return ledger.Invalid{"what": "report.withdraw_missing"}
		}
		if err = ledger.DropFile(ctx, tx, organisationID, "photo", raw, at); err != nil {
			return err
		}
	}
	return nil
}

// replace publishes the edition without what was withdrawn. Its figures are those of the edition before, so nothing is asked of the book.
func replace(ctx context.Context, tx *sqlx.Tx, organisationID int64, printed Succeeding, by ledger.Actor, at time.Time) error {
	next, err := correctionOf(ctx, tx, organisationID, printed.Corrects)
	if err != nil {
		return err
	}
	if err = lock(ctx, tx, organisationID, next.ID); err != nil {
		return err
	}
	old, err := Find(ctx, tx, organisationID, next.Corrects)
	if err != nil {
		return err
	}
	same := next.ID == printed.ID && reflect.DeepEqual(next.Content, printed.Printed.Content) && reflect.DeepEqual(old.Published.Figures, printed.Figures)
	if !same {
		return fmt.Errorf("report %d: %w", next.ID, ErrMoved)
	}
	return insertPublication(ctx, tx, next, printed.Printed, old.Published.Version+1, by, at)
}

// empty takes content, document and bytes away from a published report.
func empty(ctx context.Context, tx *sqlx.Tx, r Report, why string, by ledger.Actor, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE report_publication
		   SET withdrawn_at = $3, withdrawn_why = $4, content = '{}', document = '{}'
		 WHERE organisation_id = $1 AND report_id = $2 AND withdrawn_at IS NULL`, r.OrganisationID, r.ID, at, why)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			UPDATE report
			   SET content = '{}'
			 WHERE organisation_id = $1 AND id = $2`, r.OrganisationID, r.ID)
	}
	if err != nil {
		return fmt.Errorf("report %d: %w", r.ID, ledger.Classify(err))
	}
	for _, hash := range [][]byte{r.Published.FileHash, r.Published.OnePageHash} {
		if hash == nil {
			continue
		}
		if err := ledger.DropFile(ctx, tx, r.OrganisationID, "report", hash, at); err != nil {
			return err
		}
	}
	return ledger.Note(ctx, tx, r.OrganisationID, "report", r.ID, "withdrawn", by, at, why)
}

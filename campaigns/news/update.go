package news

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Audience is whom an update is for.
type Audience string

// The audiences: everybody, or those who gave to the campaign.
const (
	Public Audience = "public"
	Givers Audience = "givers"
)

// How much an update holds.
const (
	MaxTitle   = 60 // characters
	MaxText    = 4000
	MaxPhotos  = 6
	MaxCaption = 200
	MaxReason  = 400
)

// Photo is a kept picture, by the hash of its cleaned bytes in hex.
type Photo struct {
	Hash    string `json:"hash"`
	Alt     string `json:"alt,omitempty"`
	Caption string `json:"caption,omitempty"`
	Consent bool   `json:"consent,omitempty"` // of everybody who can be recognised
}

// Photos stand in one jsonb column: they are read with their words and never by themselves.
type Photos []Photo

// Value writes the photos for the database.
func (p Photos) Value() (driver.Value, error) {
	if len(p) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal([]Photo(p))
	return string(text), err
}

// Scan reads the photos from the database.
func (p *Photos) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("photos of an update: %T", src)
	}
	*p = nil
	return json.Unmarshal(text, (*[]Photo)(p))
}

// Words are what a group writes in an update.
type Words struct {
	Title  string `db:"title"`
	Text   string `db:"text"`
	UseID  int64  `db:"use_id"` // the use it tells of; 0 for none
	Photos Photos `db:"photos"`
}

// Update is an update as it is being written. What is published stands in its versions.
type Update struct {
	OrganisationID int64 `db:"organisation_id"`
	ID             int64 `db:"id"`
	CampaignID     int64 `db:"campaign_id"`
	Number         int   `db:"number"`  // within the campaign; 0 while it was never published
	Version        int   `db:"version"` // the one in force; 0 for none
	Words
	Audience Audience  `db:"audience"`
	BegunAt  time.Time `db:"begun_at"`
}

// PhotoField names a field of the photo with a number, counted from 1: hash, alt, caption, consent.
func PhotoField(number int, part string) string { return fmt.Sprintf("photo%d_%s", number, part) }

// Missing says what an update lacks to be published, field by field.
func (w Words) Missing() ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(w.Title != "", "title", "news.title_missing")
	bad.Need(w.Text != "", "text", "news.text_missing")
	for i, p := range w.Photos {
		bad.Need(p.Alt != "", PhotoField(i+1, "alt"), "report.alt_missing")
		bad.Need(p.Consent, PhotoField(i+1, "consent"), "report.consent_missing")
	}
	return bad
}

// fits says what even a draft cannot hold.
func (w Words) fits() error {
	bad := ledger.Invalid{}
	long := func(text, field string, most int) {
		bad.Need(utf8.RuneCountInString(text) <= most, field, "field.too_long")
	}
	long(w.Title, "title", MaxTitle)
	long(w.Text, "text", MaxText)
	bad.Need(len(w.Photos) <= MaxPhotos, "photos", "news.photos_too_many")
	for i, p := range w.Photos {
		long(p.Alt, PhotoField(i+1, "alt"), MaxCaption)
		long(p.Caption, PhotoField(i+1, "caption"), MaxCaption)
	}
	return bad.Err()
}

const selectUpdate = `
		SELECT organisation_id, id, campaign_id, coalesce(number, 0) AS number, version, audience, title, text, coalesce(use_id, 0) AS use_id, photos, begun_at
		  FROM news`

// Start begins an update of a campaign and returns its id. The campaign has been announced: nobody is told of a draft.
func Start(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time) (int64, error) {
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO news (organisation_id, campaign_id, audience, begun_at, begun_by)
		SELECT c.organisation_id, c.id, 'public', $3, $4
		  FROM campaign c
		 WHERE c.organisation_id = $1 AND c.id = $2 AND c.status <> 'draft'
		RETURNING id`, organisationID, campaignID, at, actor)
	if errors.Is(err, sql.ErrNoRows) {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("update of campaign %d: %w", campaignID, ledger.Classify(err))
	}
	return id, nil
}

// Find returns an update as it is being written; ledger.ErrNotFound if the organisation has none with that id.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Update, error) {
	return find(ctx, q, id, selectUpdate+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// FindNumber returns a published update by its number within the campaign; ledger.ErrNotFound if there is none.
func FindNumber(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, number int) (Update, error) {
	return find(ctx, q, int64(number), selectUpdate+` WHERE organisation_id = $1 AND campaign_id = $2 AND number = $3`, organisationID, campaignID, number)
}

func find(ctx context.Context, q sqlx.QueryerContext, id int64, query string, args ...any) (Update, error) {
	var u Update
	err := sqlx.GetContext(ctx, q, &u, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return u, fmt.Errorf("update %d: %w", id, err)
	}
	return u, nil
}

// Of returns all updates of a campaign as they are being written, the latest begun first.
func Of(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Update, error) {
	var all []Update
	err := sqlx.SelectContext(ctx, q, &all, selectUpdate+`
		 WHERE organisation_id = $1 AND campaign_id = $2
		 ORDER BY begun_at DESC, id DESC`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("updates of campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// Save keeps what was written, complete or not. The audience is that of the draft; of a published update it stays. Invalid if it does not fit, or
// names a use the campaign does not have.
func Save(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, w Words, audience Audience) error {
	if err := w.fits(); err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE news n
		   SET title = $3, text = $4, use_id = nullif($5::bigint, 0), photos = $6, audience = CASE WHEN n.version = 0 THEN $7 ELSE n.audience END
		 WHERE n.organisation_id = $1 AND n.id = $2
		   AND ($5::bigint = 0 OR EXISTS (SELECT FROM campaign c
		                            JOIN use u ON u.organisation_id = c.organisation_id AND u.fund_id = c.fund_id
		                           WHERE c.organisation_id = $1 AND c.id = n.campaign_id AND u.id = $5))`,
		organisationID, id, w.Title, w.Text, w.UseID, w.Photos, audience)
	if ledger.ConstraintName(err) == "news_audience_known" {
		return ledger.Invalid{"audience": "news.audience_missing"}
	}
	if err != nil {
		return fmt.Errorf("update %d: %w", id, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		return ledger.Invalid{"use": "news.use_unknown"}
	}
	return err
}

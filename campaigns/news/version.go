package news

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrOver says that a campaign is not one to tell news of: it was not announced, or its report has closed it. Corrections still come.
var ErrOver = errors.New("news: the campaign is over")

// ErrSame says that a correction says what is published already.
var ErrSame = errors.New("news: nothing was changed")

// Version is what was published.
type Version struct {
	NewsID  int64 `db:"news_id"`
	Version int   `db:"version"`
	Words
	Use    string    `db:"use_name"` // of UseID
	Reason string    `db:"reason"`   // of a correction
	At     time.Time `db:"published_at"`
	By     string    `db:"author"` // who published it, with the name at that time
}

// Item is a published update with the version in force.
type Item struct {
	CampaignID int64     `db:"campaign_id"`
	Number     int       `db:"number"`
	Audience   Audience  `db:"audience"`
	FirstAt    time.Time `db:"first_at"` // when its first version was published
	Version
}

// Publish makes an update public as it stands, or a new version of one that was published, for which reason says what was wrong. Invalid says
// what is missing; ErrOver, ErrSame. Two at once: one of them finds it published and gets ErrSame.
func Publish(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) (Update, error) {
	u, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return u, err
	}
	bad := u.Missing()
	bad.Need(u.Version == 0 || reason != "", "reason", "news.reason_missing")
	bad.Need(utf8.RuneCountInString(reason) <= MaxReason, "reason", "field.too_long")
	if err = bad.Err(); err != nil {
		return u, err
	}
	if u.Version == 0 {
		reason = ""
		if u.Number, err = nextNumber(ctx, tx, u); err != nil {
			return u, err
		}
	} else if err = u.dropPhotos(ctx, tx, at); err != nil {
		return u, err
	}
	u.Version++
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return u, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO news_version (organisation_id, news_id, version, title, text, use_id, photos, reason, published_at, published_by)
		VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, $8, $9, $10)`,
		organisationID, id, u.Version, u.Title, u.Text, u.UseID, u.Photos, reason, at, actor)
	if err != nil {
		return u, fmt.Errorf("update %d: %w", id, ledger.Classify(err))
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE news
		   SET number = $3, version = $4
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, u.Number, u.Version)
	if err != nil {
		return u, fmt.Errorf("update %d: %w", id, ledger.Classify(err))
	}
	step := "news_published"
	if u.Version > 1 {
		step = "news_corrected"
	}
	return u, ledger.Note(ctx, tx, organisationID, "campaign", u.CampaignID, step, by, at, reason)
}

// lock reads an update and keeps others from publishing or writing it, and its campaign from getting two updates with one number.
func lock(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) (Update, error) {
	_, err := tx.ExecContext(ctx, `
		SELECT c.id
		  FROM campaign c
		  JOIN news n ON n.organisation_id = c.organisation_id AND n.campaign_id = c.id
		 WHERE c.organisation_id = $1 AND n.id = $2
		   FOR NO KEY UPDATE`, organisationID, id)
	if err != nil {
		return Update{}, fmt.Errorf("update %d: %w", id, ledger.Classify(err))
	}
	return Find(ctx, tx, organisationID, id)
}

// nextNumber is the number of an update's first version, while its campaign is one to tell of.
func nextNumber(ctx context.Context, tx *sqlx.Tx, u Update) (int, error) {
	c, err := campaigns.Find(ctx, tx, u.OrganisationID, u.CampaignID)
	if err != nil {
		return 0, err
	}
	if !Open(c) {
		return 0, fmt.Errorf("update %d: %w", u.ID, ErrOver)
	}
	var n int
	err = tx.GetContext(ctx, &n, `
		SELECT coalesce(max(number), 0) + 1
		  FROM news
		 WHERE organisation_id = $1 AND campaign_id = $2`, u.OrganisationID, u.CampaignID)
	if err != nil {
		return 0, fmt.Errorf("update %d: %w", u.ID, err)
	}
	return n, nil
}

// Open reports whether a campaign is between its announcing and its last report.
func Open(c campaigns.Campaign) bool { return c.Public() && c.Status != campaigns.Reported }

// dropPhotos takes the words of photos out of the versions before, and says that the bytes of those left out can go.
func (u Update) dropPhotos(ctx context.Context, tx *sqlx.Tx, at time.Time) error {
	now, err := FindVersion(ctx, tx, u.OrganisationID, u.ID, u.Version)
	if err != nil {
		return err
	}
	if now.Title == u.Title && now.Text == u.Text && now.UseID == u.UseID && slices.Equal(now.Photos, u.Photos) {
		return fmt.Errorf("update %d: %w", u.ID, ErrSame)
	}
	var bare Photos
	for _, p := range now.Photos {
		bare = append(bare, Photo{Hash: p.Hash})
		if slices.ContainsFunc(u.Photos, func(kept Photo) bool { return kept.Hash == p.Hash }) {
			continue
		}
		hash, err := hex.DecodeString(p.Hash)
		if err != nil {
			return fmt.Errorf("photo of update %d: %w", u.ID, err)
		}
		if err = ledger.DropFile(ctx, tx, u.OrganisationID, "photo", hash, at); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE news_version
		   SET photos = $4
		 WHERE organisation_id = $1 AND news_id = $2 AND version = $3`, u.OrganisationID, u.ID, u.Version, bare)
	if err != nil {
		return fmt.Errorf("update %d: %w", u.ID, ledger.Classify(err))
	}
	return nil
}

const versionColumns = `v.news_id, v.version, v.title, v.text, coalesce(v.use_id, 0) AS use_id, coalesce(u.name, '') AS use_name, v.photos, v.reason, v.published_at, a.name AS author`

const versionJoins = `
		  JOIN actor a ON a.organisation_id = v.organisation_id AND a.id = v.published_by
		  LEFT JOIN use u ON u.organisation_id = v.organisation_id AND u.id = v.use_id`

// FindVersion returns a published version; ledger.ErrNotFound if there is none.
func FindVersion(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64, version int) (Version, error) {
	var v Version
	err := sqlx.GetContext(ctx, q, &v, `
		SELECT `+versionColumns+`
		  FROM news_version v`+versionJoins+`
		 WHERE v.organisation_id = $1 AND v.news_id = $2 AND v.version = $3`, organisationID, id, version)
	if errors.Is(err, sql.ErrNoRows) {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("version %d of update %d: %w", version, id, err)
	}
	return v, nil
}

// Versions returns what was published of an update, the latest first.
func Versions(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Version, error) {
	var all []Version
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT `+versionColumns+`
		  FROM news_version v`+versionJoins+`
		 WHERE v.organisation_id = $1 AND v.news_id = $2
		 ORDER BY v.version DESC`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("versions of update %d: %w", id, err)
	}
	return all, nil
}

// List returns the published updates of a campaign, the latest first: the public ones, or with givers all of them. most 0 is no limit.
func List(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, givers bool, most int) ([]Item, error) {
	var all []Item
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT n.campaign_id, n.number, n.audience, f.published_at AS first_at, `+versionColumns+`
		  FROM news n
		  JOIN news_version f ON f.organisation_id = n.organisation_id AND f.news_id = n.id AND f.version = 1
		  JOIN news_version v ON v.organisation_id = n.organisation_id AND v.news_id = n.id AND v.version = n.version`+versionJoins+`
		 WHERE n.organisation_id = $1 AND n.campaign_id = $2 AND ($3 OR n.audience = 'public')
		 ORDER BY n.number DESC
		 LIMIT nullif($4, 0)`, organisationID, campaignID, givers, most)
	if err != nil {
		return nil, fmt.Errorf("news of campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// PhotoNamed reports whether an update, written or in force, names a photo.
func PhotoNamed(ctx context.Context, q sqlx.QueryerContext, organisationID int64, hash string) (bool, error) {
	var named bool
	err := sqlx.GetContext(ctx, q, &named, `
		SELECT EXISTS (SELECT FROM news
		                WHERE organisation_id = $1 AND photos @> jsonb_build_array(jsonb_build_object('hash', $2::text)))
		    OR EXISTS (SELECT FROM news n
		                 JOIN news_version v ON v.organisation_id = n.organisation_id AND v.news_id = n.id AND v.version = n.version
		                WHERE n.organisation_id = $1 AND v.photos @> jsonb_build_array(jsonb_build_object('hash', $2::text)))`, organisationID, hash)
	if err != nil {
		return false, fmt.Errorf("photo of an update: %w", err)
	}
	return named, nil
}

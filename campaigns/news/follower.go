package news

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

const (
	// ConfirmWithin is how long the link that confirms an address can be opened.
	ConfirmWithin = 24 * time.Hour
	// between is the least time between two such letters to one address.
	between = 10 * time.Minute
)

// Follower is somebody who hears of a campaign without giving.
type Follower struct {
	OrganisationID int64     `db:"organisation_id"`
	ID             int64     `db:"id"`
	CampaignID     int64     `db:"campaign_id"`
	Mail           string    `db:"mail"` // empty once it ended
	Status         string    `db:"status"`
	AskedAt        time.Time `db:"asked_at"`
}

// Active reports whether letters are sent.
func (f Follower) Active() bool { return f.Status == "active" }

const selectFollower = `
		SELECT organisation_id, id, campaign_id, mail, status, asked_at
		  FROM follower`

// Follow notes that an address was typed in to hear of a campaign, and reports whether a letter with the token's link is to be sent there: not to
// one that follows already, nor to one that got such a letter just now. The caller answers the same in every case. ErrOver if the
// campaign is over.
func Follow(ctx context.Context, tx *sqlx.Tx, c campaigns.Campaign, mail, token string, at time.Time) (id int64, tell bool, err error) {
	if !Open(c) {
		return 0, false, fmt.Errorf("campaign %d: %w", c.ID, ErrOver)
	}
	hash := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &id, `
		INSERT INTO follower AS f (organisation_id, campaign_id, mail, status, token_hash, asked_at, expires_at)
		VALUES ($1, $2, $3, 'pending', $4, $5, $6)
		    ON CONFLICT (organisation_id, campaign_id, mail) WHERE status <> 'ended' DO UPDATE
		   SET token_hash = excluded.token_hash, asked_at = excluded.asked_at, expires_at = excluded.expires_at
		 WHERE f.status = 'pending' AND f.asked_at <= $7
		RETURNING id`, c.OrganisationID, c.ID, mail, hash[:], at, at.Add(ConfirmWithin), at.Add(-between))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("follower of campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return id, true, nil
}

// FindPending returns whom the link of a letter confirms; ledger.ErrNotFound once its time is over, it was used, or a newer letter was sent.
func FindPending(ctx context.Context, q sqlx.QueryerContext, organisationID int64, token string, at time.Time) (Follower, error) {
	hash := sha256.Sum256([]byte(token))
	return getFollower(ctx, q, selectFollower+` WHERE organisation_id = $1 AND token_hash = $2 AND expires_at > $3`, organisationID, hash[:], at)
}

// FindFollower returns a follower by his id, ended or not; ledger.ErrNotFound if there is none.
func FindFollower(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Follower, error) {
	return getFollower(ctx, q, selectFollower+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

func getFollower(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Follower, error) {
	var f Follower
	err := sqlx.GetContext(ctx, q, &f, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return f, fmt.Errorf("follower: %w", err)
	}
	return f, nil
}

// Confirm begins the letters to whoever opened the link of a letter in time. He wishes them now: what the same address stopped before as a giver is
// taken up again. Errors are those of FindPending.
func Confirm(ctx context.Context, tx *sqlx.Tx, organisationID int64, token string, at time.Time) (Follower, error) {
	f, err := FindPending(ctx, tx, organisationID, token, at)
	if err != nil {
		return f, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE follower
		   SET status = 'active', token_hash = NULL, expires_at = NULL, confirmed_at = $3
		 WHERE organisation_id = $1 AND id = $2 AND status = 'pending'`, organisationID, f.ID, at)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			DELETE FROM quiet s
			 USING donor g
			 WHERE s.organisation_id = $1 AND g.organisation_id = $1 AND g.id = s.donor_id AND g.mail = $2 AND s.kind IN ('news', 'report')`, organisationID, f.Mail)
	}
	if err != nil {
		return f, fmt.Errorf("follower %d: %w", f.ID, ledger.Classify(err))
	}
	f.Status = "active"
	return f, nil
}

const endFollower = `
		UPDATE follower
		   SET status = 'ended', mail = '', token_hash = NULL, expires_at = NULL, ended_at = $2`

// Unfollow ends the letters to a follower and forgets his address; done again nothing changes.
func Unfollow(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, endFollower+`
		 WHERE organisation_id = $1 AND id = $3 AND status <> 'ended'`, organisationID, at, id)
	if err != nil {
		return fmt.Errorf("follower %d: %w", id, ledger.Classify(err))
	}
	return nil
}

// CountFollowers is how many people follow a campaign.
func CountFollowers(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (int, error) {
	var n int
	err := sqlx.GetContext(ctx, q, &n, `
		SELECT count(*)
		  FROM follower
		 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'active'`, organisationID, campaignID)
	if err != nil {
		return 0, fmt.Errorf("followers of campaign %d: %w", campaignID, err)
	}
	return n, nil
}

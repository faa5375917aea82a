package news

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Kind is a kind of letter that can be stopped by itself. Receipts, what a giver is asked and what concerns his payment are none.
type Kind string

// The kinds: updates, reports, thanks for a gift that arrived.
const (
	News   Kind = "news"
	Report Kind = "report"
	Thanks Kind = "thanks"
)

// Kinds are all kinds in the order of a page.
func Kinds() []Kind { return []Kind{News, Report, Thanks} }

// Reader is somebody who is written to: a giver or a follower, one for each address.
type Reader struct {
	DonorID    int64  `db:"donor_id"`    // 0 of a follower
	FollowerID int64  `db:"follower_id"` // 0 of a giver
	Name       string `db:"name"`        // of a giver; may be empty
	Mail       string `db:"mail"`

	Language campaigns.Language `db:"language"` // of his last gift
}

// Readers returns who is written to of a campaign: its givers with an address and, unless it is for givers alone, its followers. Who has stopped
// letters of the kind, by whichever gift with the same address, is left out.
func Readers(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, kind Kind, audience Audience) ([]Reader, error) {
	var all []Reader
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT DISTINCT ON (r.mail) r.donor_id, r.follower_id, r.name, r.mail,
		       first_value(r.language) OVER (PARTITION BY r.mail ORDER BY r.follower_id, r.entered_at DESC) AS language
		  FROM (SELECT g.id AS donor_id, 0 AS follower_id, g.name, g.mail, last.language, last.entered_at
		          FROM donor g
		          JOIN LATERAL (
		               SELECT d.language, d.entered_at
		                 FROM donation d
		                WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.donor_id = g.id AND d.status = 'paid' AND d.reversed_at IS NULL
		                ORDER BY d.entered_at DESC
		                LIMIT 1) AS last ON true
		         WHERE g.organisation_id = $1 AND g.mail <> '' AND g.erased_at IS NULL
		         UNION ALL
		        SELECT 0, f.id, '', f.mail, 'ja', NULL
		          FROM follower f
		         WHERE f.organisation_id = $1 AND f.campaign_id = $2 AND f.status = 'active' AND $4 = 'public') AS r
		 WHERE NOT EXISTS (SELECT FROM quiet s
		                     JOIN donor g ON g.organisation_id = s.organisation_id AND g.id = s.donor_id
		                    WHERE s.organisation_id = $1 AND s.kind = $3 AND g.mail = r.mail)
		 ORDER BY r.mail, r.follower_id, r.donor_id`, organisationID, campaignID, kind, audience)
	if err != nil {
		return nil, fmt.Errorf("readers of campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// Quiet returns the kinds of letters a giver does not want, by whichever gift with the same address he said so.
func Quiet(ctx context.Context, q sqlx.QueryerContext, organisationID, donorID int64) (map[Kind]bool, error) {
	var kinds []Kind
	err := sqlx.SelectContext(ctx, q, &kinds, `
		SELECT DISTINCT s.kind
		  FROM donor me
		  JOIN donor g ON g.organisation_id = me.organisation_id AND (g.id = me.id OR (g.mail = me.mail AND me.mail <> ''))
		  JOIN quiet s ON s.organisation_id = g.organisation_id AND s.donor_id = g.id
		 WHERE me.organisation_id = $1 AND me.id = $2`, organisationID, donorID)
	if err != nil {
		return nil, fmt.Errorf("letters of donor %d: %w", donorID, err)
	}
	quiet := map[Kind]bool{}
	for _, k := range kinds {
		quiet[k] = true
	}
	return quiet, nil
}

// Stop ends letters of one kind to a giver; done again nothing changes. ledger.ErrNotFound if there is no such donor or kind.
func Stop(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, kind Kind, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO quiet (organisation_id, donor_id, kind, since)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT quiet_pkey DO NOTHING`, organisationID, donorID, kind, at)
	switch ledger.ConstraintName(err) {
	case "quiet_donor_fkey", "quiet_kind_known":
		err = ledger.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("letters of donor %d: %w", donorID, ledger.Classify(err))
	}
	return nil
}

// Want takes letters of some kinds up again, for all donors with the address of one.
func Want(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, kinds ...Kind) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM quiet s
		 USING donor me, donor g
		 WHERE s.organisation_id = $1 AND me.organisation_id = $1 AND me.id = $2
		   AND g.organisation_id = $1 AND (g.id = me.id OR (g.mail = me.mail AND me.mail <> ''))
		   AND s.donor_id = g.id AND s.kind = ANY ($3)`, organisationID, donorID, pq.Array(kinds))
	if err != nil {
		return fmt.Errorf("letters of donor %d: %w", donorID, ledger.Classify(err))
	}
	return nil
}

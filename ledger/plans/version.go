package plans

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Version is a sheet as it was kept on purpose, without its notes.
type Version struct {
	Version int
	Title   string
	Body    Body
	Reason  string // 「協議体に出す前に」
	KeptAt  time.Time
	KeptBy  string
}

// Keep keeps the sheet as it stands as a version and returns its number. It needs a reason; ledger.Invalid otherwise. Of a sheet that was put away there is
// no further version: ErrClosed.
func Keep(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) (int, error) {
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > 200 {
		return 0, ledger.Invalid{"reason": "plan.reason"}
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	// The sheet's row is locked: two people keeping it at once get two numbers.
	var closed []bool
	err = tx.SelectContext(ctx, &closed, `
		SELECT closed_at IS NOT NULL
		  FROM worksheet
		 WHERE organisation_id = $1 AND id = $2
		   FOR UPDATE`, organisationID, id)
	switch {
	case err == nil && len(closed) == 0:
		err = ErrNoWorksheet
	case err == nil && closed[0]:
		err = ErrClosed
	}
	if err != nil {
		return 0, fmt.Errorf("worksheet %d: %w", id, err)
	}
	var version int
	err = tx.GetContext(ctx, &version, `
		INSERT INTO worksheet_version (organisation_id, worksheet_id, version, title, body, reason, kept_at, kept_by)
		SELECT w.organisation_id, w.id,
		       1 + coalesce((SELECT max(v.version) FROM worksheet_version v WHERE v.organisation_id = $1 AND v.worksheet_id = $2), 0),
		       w.title, w.body, $3, $4, $5
		  FROM worksheet w
		 WHERE w.organisation_id = $1 AND w.id = $2
		RETURNING version`, organisationID, id, reason, at, actor)
	if err != nil {
		return 0, fmt.Errorf("version of worksheet %d: %w", id, ledger.Classify(err))
	}
	return version, nil
}

// Versions returns the kept versions of a sheet, the newest first.
func Versions(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Version, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT v.version, v.title, v.body, v.reason, v.kept_at, a.name
		  FROM worksheet_version v
		  JOIN actor a ON a.organisation_id = v.organisation_id AND a.id = v.kept_by
		 WHERE v.organisation_id = $1 AND v.worksheet_id = $2
		 ORDER BY v.version DESC
		 LIMIT 200`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("versions of worksheet %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Version
	for rows.Next() {
		var v Version
		var body []byte
		if err = rows.Scan(&v.Version, &v.Title, &body, &v.Reason, &v.KeptAt, &v.KeptBy); err != nil {
			return nil, fmt.Errorf("versions of worksheet %d: %w", id, err)
		}
		if err = json.Unmarshal(body, &v.Body); err != nil {
			return nil, fmt.Errorf("version %d of worksheet %d: %w", v.Version, id, err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

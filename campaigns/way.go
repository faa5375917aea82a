package campaigns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Way is 寄付のしかた: a way to give that needs no payment service, of the organisation or of one campaign. One that ended is no longer shown.
type Way struct {
	ID         int64   `db:"id"`          // 0 of what the organisation's own description says
	CampaignID int64   `db:"campaign_id"` // 0: of all campaigns
	Kind       WayKind `db:"kind"`
	Place      string  `db:"place"` // the account, or where
	Hours      string  `db:"hours"` // when somebody is there
	Note       string  `db:"note"`
	Number     int64   `db:"-"` // of its campaign, to be written before the payer's name; 0 where that is not asked for
}

// WayKind says how something is given.
type WayKind string

// The ways that need no payment service, in the order they are shown.
const (
	WayBank   WayKind = "bank"
	WayPostal WayKind = "postal" // ゆうちょの払込
	WayCash   WayKind = "cash"
	WayBox    WayKind = "box"
	WayThings WayKind = "things"
)

// WayKinds are all of them in their order.
var WayKinds = []WayKind{WayBank, WayPostal, WayCash, WayBox, WayThings}

// Name is what residents read.
func (k WayKind) Name() string {
	return map[WayKind]string{WayBank: "銀行の振込", WayPostal: "ゆうちょの払込", WayCash: "現金の持参", WayBox: "募金箱", WayThings: "品物"}[k]
}

// ByName reports whether money comes with a payer's name on a statement, so that a number in front of it tells the campaign.
func (k WayKind) ByName() bool { return k == WayBank || k == WayPostal }

// Text is what is to be known of it, a line for each thing. What comes with a payer's name is asked to carry the campaign's number in front of it: only
// that much arrives with the money.
func (w Way) Text() string {
	text, number := w.Place, ""
	if w.Number > 0 && w.Kind.ByName() {
		number = fmt.Sprintf("お名前の前に、番号「%d」を付けてください", w.Number)
	}
	for _, line := range []string{w.Hours, w.Note, number} {
		if line != "" {
			text += "\n" + line
		}
	}
	return text
}

// DeclareWay adds a way to give and returns its id. Invalid says what is missing.
func DeclareWay(ctx context.Context, tx *sqlx.Tx, organisationID int64, w Way, by ledger.Actor, at time.Time) (int64, error) {
	bad := ledger.Invalid{}
	bad.Need(w.Kind.Name() != "", "kind", "field.unknown")
	bad.Need(w.Place != "", "place", "way.place_missing")
	bad.Need(w.Kind != WayCash || w.Hours != "", "hours", "way.hours_missing")
	for field, text := range map[string]string{"place": w.Place, "hours": w.Hours, "note": w.Note} {
		bad.Need(utf8.RuneCountInString(text) <= 300, field, "field.too_long")
		bad.Need(printable(lines.Replace(text)), field, "field.characters")
	}
	if err := bad.Err(); err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO way (organisation_id, campaign_id, kind, place, hours, note, declared_by, declared_at)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6, $7, $8)
		RETURNING id`, organisationID, w.CampaignID, w.Kind, w.Place, w.Hours, w.Note, actor, at)
	if err != nil {
		return 0, fmt.Errorf("way to give: %w", ledger.Classify(err))
	}
	return id, w.note(ctx, tx, organisationID, "way_declared", by, at)
}

// EndWay shows a way no longer. ErrNotFound if there is none, or it ended.
func EndWay(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) error {
	var w Way
	err := tx.GetContext(ctx, &w, `
		UPDATE way
		   SET ended_at = $3
		 WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL
		RETURNING id, coalesce(campaign_id, 0) AS campaign_id, kind, place, hours, note`, organisationID, id, at)
	if err = ledger.Classify(err); err != nil {
		return errors.Join(ErrNotFound, fmt.Errorf("way %d: %w", id, err))
	}
	return w.note(ctx, tx, organisationID, "way_ended", by, at)
}

// note keeps who declared or ended a way, with its campaign or the organisation.
func (w Way) note(ctx context.Context, tx *sqlx.Tx, organisationID int64, step string, by ledger.Actor, at time.Time) error {
	subject, id := "organisation", organisationID
	if w.CampaignID > 0 {
		subject, id = "campaign", w.CampaignID
	}
	return ledger.Note(ctx, tx, organisationID, subject, id, step, by, at, w.Kind.Name())
}

// DeclaredWays returns what was declared for a campaign, or with 0 for all of them, in the order of their kinds.
func DeclaredWays(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Way, error) {
	var ways []Way
	err := sqlx.SelectContext(ctx, q, &ways, `
		SELECT id, coalesce(campaign_id, 0) AS campaign_id, kind, place, hours, note
		  FROM way
		 WHERE organisation_id = $1 AND coalesce(campaign_id, 0) = $2 AND ended_at IS NULL
		 ORDER BY array_position(ARRAY['bank', 'postal', 'cash', 'box', 'things'], kind), declared_at, id`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("ways to give: %w", err)
	}
	return ways, nil
}

// Ways returns how one can give to a campaign without a payment service: what was declared for it, and for each kind it does not name what the
// organisation declared or describes itself with. With campaign 0 it is the organisation's own.
func Ways(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, campaignID int64) ([]Way, error) {
	all, err := DeclaredWays(ctx, q, o.ID, 0)
	if err != nil {
		return nil, err
	}
	all = withOthers(all, []Way{{Kind: WayBank, Place: o.BankAccount}, {Kind: WayCash, Place: o.HandIn}})
	if campaignID == 0 {
		return all, nil
	}
	own, err := DeclaredWays(ctx, q, o.ID, campaignID)
	if err != nil {
		return nil, err
	}
	all = withOthers(own, all)
	for i := range all {
		all[i].Number = campaignID
	}
	return all, nil
}

// withOthers adds to some ways those of kinds that are not among them, in the order of the kinds.
func withOthers(own, others []Way) []Way {
	var all []Way
	for _, kind := range WayKinds {
		found := false
		for _, ways := range [][]Way{own, others} {
			if found {
				break
			}
			for _, w := range ways {
				if w.Kind == kind && strings.TrimSpace(w.Place) != "" {
					all, found = append(all, w), true
				}
			}
		}
	}
	return all
}

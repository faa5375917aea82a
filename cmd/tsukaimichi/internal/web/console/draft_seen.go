package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// draftMark names a draft as it stood when a form was sent out, on the version it is written for.
func draftMark(c standing, values url.Values) string {
	values.Set("initiative", strconv.FormatInt(c.InitiativeID, 10))
	values.Set("version", fmt.Sprint(c.Version, c.Plan.YearFrom))
	return markOf(values)
}

// markOf names what a form was sent out with.
func markOf(values url.Values) string {
	sum := sha256.Sum256([]byte(values.Encode()))
	return hex.EncodeToString(sum[:8])
}

// changeMark is the draftMark of the next version of a promise.
func changeMark(ctx context.Context, q sqlx.QueryerContext, c standing) (string, error) {
	next, err := campaigns.FindProposal(ctx, q, c.Campaign)
	if err != nil {
		return "", err
	}
	return draftMark(c, changeValues(c, next)), nil
}

// yearMark is the draftMark of the plan of a standing call's next year.
func yearMark(ctx context.Context, q sqlx.QueryerContext, c standing, today ledger.Date) (string, error) {
	var err error
	c.Plan, err = campaigns.FindYearPlan(ctx, q, c.Campaign, today)
	return draftMark(c, draftValues(c, nil)), err
}

// publishes refuses to make a draft public that is no more what the page showed to be read: that cannot be taken back. mark tells how the draft stands.
func (t typed) publishes(ctx context.Context, tx *sqlx.Tx, c standing, mark func() (string, error)) error {
	if err := alone(ctx, tx, c.OrganisationID, fmt.Sprintf("draft of campaign %d", c.ID)); err != nil || !t.Has("seen") {
		return err
	}
	stands, err := mark()
	if err == nil && t.Get("seen") != stands {
		t.Del("agree") // to something else
		err = ledger.Invalid{"": "console.read_meanwhile"}
	}
	return err
}

// writeOver saves a draft of a campaign, unless somebody else has written it since the form was sent out: that is lost for neither of both, and a form that
// was sent twice is no other's. mark tells how the draft stands.
func (t typed) writeOver(ctx context.Context, tx *sqlx.Tx, c standing, mark func() (string, error), save func() error) error {
	if err := alone(ctx, tx, c.OrganisationID, fmt.Sprintf("draft of campaign %d", c.ID)); err != nil {
		return err
	}
	before, err := mark()
	if err != nil {
		return err
	}
	if err = save(); err != nil {
		return err
	}
	if !t.Has("seen") || t.Get("seen") == before {
		return nil
	}
	after, err := mark()
	if err == nil && after != before {
		err = ledger.Invalid{"": "console.written_meanwhile"}
	}
	return err
}

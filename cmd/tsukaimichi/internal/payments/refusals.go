package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
)

// countRefusal looks at a refused card. One that was refused often, or a page on which many were, gets its page closed: the giver may begin again, a machine
// has to, and meets the limits there.
func (t *Till) countRefusal(ctx context.Context, organisationID int64, a account, chargeRef string) error {
	refusal, err := a.Refusal(ctx, chargeRef)
	if err != nil || refusal.DonationID == 0 {
		return err
	}
	l, within := t.limits(), true
	if refusal.Card != "" {
		if within, err = limit.Allow(ctx, t.DB, fmt.Sprintf("card %d %s", organisationID, refusal.Card), l.CardHour, time.Hour, t.Now()); err != nil {
			return err
		}
	}
	here, err := limit.Allow(ctx, t.DB, fmt.Sprintf("refused %d %d", organisationID, refusal.DonationID), l.PageRefusals, time.Hour, t.Now())
	if err != nil || (within && here) {
		return err
	}
	page, err := campaigns.LastAttempt(ctx, t.DB, organisationID, refusal.DonationID)
	if errors.Is(err, campaigns.ErrNotFound) || (err == nil && page.Ref == "") {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Close(ctx, page.Ref)
}

// watchRefusals switches card and konbini off when refusals jump: more than a bad day's, and many for each payment. A voucher that is out is no payment yet:
// whoever tries cards could draw as many as he likes. The other ways stay.
func (t *Till) watchRefusals(ctx context.Context, organisationID int64) error {
	l := t.limits()
	var n struct {
		Refused int `db:"refused"`
		Paid    int `db:"paid"`
	}
	err := t.DB.GetContext(ctx, &n, `
		SELECT count(*) FILTER (WHERE e.type = 'charge.failed') AS refused,
		       count(*) FILTER (WHERE e.type <> 'charge.failed' AND e.payload !~ '"payment_status":\s*"unpaid"') AS paid
		  FROM stripe_event e
		  JOIN stripe_account a ON a.organisation_id = e.organisation_id
		 WHERE e.organisation_id = $1 AND e.type IN ('charge.failed', 'checkout.session.completed', 'checkout.session.async_payment_succeeded')
		   AND e.received_at > greatest($2, a.resumed_at) AND a.online`, organisationID, t.Now().Add(-time.Duration(l.JumpMinutes)*time.Minute))
	if err != nil {
		return fmt.Errorf("refusals of organisation %d: %w", organisationID, err)
	}
	if n.Refused < l.JumpRefusals || n.Refused < l.JumpPerPaid*n.Paid {
		return nil
	}
	if err := t.pause(ctx, organisationID, "refusals"); err != nil {
		return err
	}
	return t.putAside(ctx, t.DB, Problem{OrganisationID: organisationID, Kind: Refusals, Ref: "card", Detail: fmt.Sprintf("%d refused, %d paid", n.Refused, n.Paid)})
}

// Pause switches card and konbini off: they are no longer offered, the other ways stay. Vouchers that are out can still be paid.
func (t *Till) Pause(ctx context.Context, organisationID int64) error {
	return t.pause(ctx, organisationID, "staff")
}

func (t *Till) pause(ctx context.Context, organisationID int64, why string) error {
	_, err := t.DB.ExecContext(ctx, `
		UPDATE stripe_account
		   SET online = false, paused_at = $2, paused_why = $3
		 WHERE organisation_id = $1 AND online`, organisationID, t.Now(), why)
	if err != nil {
		return fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	return nil
}

// Resume offers card and konbini again; refusals so far count no more.
func (t *Till) Resume(ctx context.Context, organisationID int64) error {
	_, err := t.DB.ExecContext(ctx, `
		UPDATE stripe_account
		   SET online = true, paused_at = NULL, paused_why = '', resumed_at = $2
		 WHERE organisation_id = $1 AND NOT online`, organisationID, t.Now())
	if err != nil {
		return fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	return t.solve(ctx, t.DB, organisationID, Refusals, "card")
}

// Standing is how an organisation's account stands.
type Standing struct {
	Connected bool
	Online    bool      `db:"online"`
	Live      bool      `db:"livemode"`
	PausedAt  time.Time `db:"paused_at"` // zero while online
	PausedWhy string    `db:"paused_why"`
}

// FindStanding returns how an organisation's account stands; one without an account is not Connected.
func (t *Till) FindStanding(ctx context.Context, organisationID int64) (Standing, error) {
	var all []Standing
	err := t.DB.SelectContext(ctx, &all, `
		SELECT online, livemode, coalesce(paused_at, '0001-01-01 00:00:00Z') AS paused_at, paused_why
		  FROM stripe_account
		 WHERE organisation_id = $1`, organisationID)
	if err != nil || len(all) == 0 {
		return Standing{}, err
	}
	all[0].Connected = true
	return all[0], nil
}

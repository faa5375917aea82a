package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// disputesLast is how long after it was opened a dispute may still end.
const disputesLast = 200 * 24 * time.Hour

// followDisputes tells the group of every open dispute and books those that were lost, for which Stripe writes no line of the statement.
func (t *Till) followDisputes(ctx context.Context, organisationID int64, a account) error {
	var all []stripepay.Dispute
	if err := a.Disputes(ctx, t.Now().Add(-disputesLast), func(d stripepay.Dispute) error {
		all = append(all, d)
		return nil
	}); err != nil {
		return err
	}
	var first error
	for _, d := range all {
		err := t.followDispute(ctx, organisationID, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && first == nil {
			first = fmt.Errorf("dispute %s: %w", d.Ref, err)
		}
	}
	return first
}

func (t *Till) followDispute(ctx context.Context, organisationID int64, d stripepay.Dispute) error {
	aside := Problem{OrganisationID: organisationID, Kind: Disputed, Ref: d.Ref, DonationID: d.DonationID, Amount: d.Amount, DueAt: d.AnswerBy, Detail: string(d.Outcome)}
	switch d.Outcome {
	case stripepay.DisputeOpen, stripepay.DisputeWarning:
		return t.putAside(ctx, t.DB, aside)
	case stripepay.DisputeWon:
		return t.solve(ctx, t.DB, organisationID, Disputed, d.Ref)
	}
	err := t.lose(ctx, organisationID, d)
	switch {
	case err == nil, errors.Is(err, ledger.ErrPostedBefore):
		return t.solve(ctx, t.DB, organisationID, Disputed, d.Ref)
	case passing(ctx, err):
		return err
	}
	aside.DueAt = time.Time{}
	return t.putAside(ctx, t.DB, aside)
}

// lose books a lost dispute of the charge that paid a gift. One of another charge is settled by its own lines in 照合待ち.
func (t *Till) lose(ctx context.Context, organisationID int64, d stripepay.Dispute) error {
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		gift, err := campaigns.FindDonation(ctx, tx, organisationID, d.DonationID)
		if errors.Is(err, campaigns.ErrNotFound) || (err == nil && gift.ChargeRef != d.ChargeRef) {
			return nil
		}
		if err != nil {
			return err
		}
		at := t.Now()
		err = campaigns.LoseDispute(ctx, tx, organisationID, gift.ID, d.Ref, d.Amount, ledger.BySystem("決済の記録"), at, ledger.DateOf(at))
		if err != nil {
			return err
		}
		return t.fitReceipt(ctx, tx, organisationID, gift.ID)
	})
}

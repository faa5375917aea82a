package erasing

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// nightly names who erases what has passed its time.
var nightly = ledger.BySystem("保存の期間がすぎたものの消去")

// Due erases what has passed its keeping time in an organisation, a part at a time, so that no transaction takes long.
func (e *Eraser) Due(ctx context.Context, organisationID int64) error {
	o, err := ledger.FindOrganisation(ctx, e.DB, organisationID)
	if err != nil {
		return err
	}
	if err = e.donorsDue(ctx, o); err != nil {
		return err
	}
	if err = ledger.InTx(ctx, e.DB, func(tx *sqlx.Tx) error { return news.EraseDue(ctx, tx, o.ID, e.Now()) }); err != nil {
		return err
	}
	for {
		past, err := ledger.FindPastKeeping(ctx, e.DB, o, ledger.DateOf(e.Now()))
		if err != nil || past.Empty() {
			return err
		}
		if err = e.books(ctx, o.ID, past); err != nil {
			return err
		}
	}
}

func (e *Eraser) donorsDue(ctx context.Context, o ledger.Organisation) error {
	for {
		donors, err := campaigns.DonorsPastKeeping(ctx, e.DB, o, ledger.DateOf(e.Now()))
		if err != nil || len(donors) == 0 {
			return err
		}
		for _, id := range donors {
			if _, err = e.Donor(ctx, o.ID, id, nightly); err != nil {
				return err
			}
		}
	}
}

// books erases names, memos and papers, and closes what held them in the log.
func (e *Eraser) books(ctx context.Context, organisationID int64, past ledger.PastKeeping) error {
	return ledger.InTx(ctx, e.DB, func(tx *sqlx.Tx) error {
		now := e.Now()
		if err := ledger.EraseMemo(ctx, tx, organisationID, now, past.Memos); err != nil {
			return err
		}
		if _, err := chain.Forget(ctx, tx, organisationID, now, past.Memos...); err != nil {
			return err
		}
		for _, id := range past.Counterparties {
			if err := ledger.EraseCounterparty(ctx, tx, organisationID, id, nightly, now); err != nil {
				return err
			}
			if _, err := chain.ForgetCounterparty(ctx, tx, organisationID, now, id); err != nil {
				return err
			}
		}
		for _, id := range past.Evidence {
			if err := ledger.EraseEvidence(ctx, tx, organisationID, id, now); err != nil {
				return err
			}
		}
		return redaction.Erase(ctx, tx, organisationID, past.Evidence, nightly, now)
	})
}

package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EndPagesJob is the kind of the job that closes the payment pages of campaigns that were stopped or ended before their day.
const EndPagesJob = "payments_end_pages"

// EndPages closes the payment pages that are still open at Stripe though their campaign was stopped, or ended early and its last day is over. It may run any
// number of times: a page that was paid or left meanwhile stays what it is, and its gift is settled as always. Vouchers that are out can still be
// paid. The sweep does the same, so that a page whose address came back from Stripe after the stop is closed too.
func (t *Till) EndPages(ctx context.Context, organisationID int64) error {
	a, err := t.account(ctx, organisationID)
	if errors.Is(err, ErrNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.endPages(ctx, organisationID, a)
}

func (t *Till) endPages(ctx context.Context, organisationID int64, a account) error {
	refs, err := campaigns.PagesCutShort(ctx, t.DB, organisationID, ledger.DateOf(t.Now()))
	if err != nil {
		return err
	}
	var first error
	for _, ref := range refs {
		if err := t.endPage(ctx, organisationID, a, ref); err != nil && first == nil {
			first = fmt.Errorf("checkout %s: %w", ref, err)
		}
	}
	return first
}

// endPage closes one page and follows it. Where Stripe says that it cannot be closed any more, what became of it decides.
func (t *Till) endPage(ctx context.Context, organisationID int64, a account, ref string) error {
	if err := a.Close(ctx, ref); err != nil && passing(ctx, err) {
		return err
	}
	return t.followPage(ctx, organisationID, a, ref)
}

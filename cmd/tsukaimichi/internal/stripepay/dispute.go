package stripepay

import (
	"context"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Dispute is an objection of a payer to his card's issuer. Its yen move in the account's statement; that one was lost is told here alone.
type Dispute struct {
	Ref        string // dp_…
	ChargeRef  string
	DonationID int64 // 0 where the charge is none of ours
	Amount     ledger.Yen
	Outcome    DisputeOutcome
	AnswerBy   time.Time // evidence is taken until then; zero where Stripe does not say
}

// DisputeOutcome is how far a dispute has come.
type DisputeOutcome string

// A warning moves no money. An open dispute is answered in Stripe's own pages, by a person.
const (
	DisputeWarning DisputeOutcome = "warning"
	DisputeOpen    DisputeOutcome = "open"
	DisputeWon     DisputeOutcome = "won"
	DisputeLost    DisputeOutcome = "lost"
)

// Disputes yields the disputes opened since an instant, the newest first, and stops at the first error of yield. One that is not in
// yen is left out: its lines in the statement say so.
func (a *Account) Disputes(ctx context.Context, since time.Time, yield func(Dispute) error) error {
	params := &stripe.DisputeListParams{CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: max(since.Unix(), 1)}}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	params.AddExpand("data.charge")
	list := a.api.Disputes.List(params)
	for list.Next() {
		dispute := list.Dispute()
		if dispute.Currency != stripe.CurrencyJPY {
			continue
		}
		if err := yield(a.disputeAs(dispute)); err != nil {
			return err
		}
	}
	if err := list.Err(); err != nil {
		return fmt.Errorf("disputes: %w", translate(err))
	}
	return nil
}

func (a *Account) disputeAs(dispute *stripe.Dispute) Dispute {
	d := Dispute{Ref: dispute.ID, Amount: ledger.Yen(dispute.Amount), Outcome: DisputeOpen}
	switch dispute.Status {
	case stripe.DisputeStatusWon:
		d.Outcome = DisputeWon
	case stripe.DisputeStatusLost:
		d.Outcome = DisputeLost
	case stripe.DisputeStatusWarningClosed, stripe.DisputeStatusWarningNeedsResponse, stripe.DisputeStatusWarningUnderReview:
		d.Outcome = DisputeWarning
	}
	if dispute.Charge != nil {
		d.ChargeRef, d.DonationID = dispute.Charge.ID, a.donation(dispute.Charge.Metadata)
	}
	if details := dispute.EvidenceDetails; details != nil && details.DueBy > 0 {
		d.AnswerBy = time.Unix(details.DueBy, 0)
	}
	return d
}

package payments

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// pageOpen is how long a payment page stays open. Short, because an abandoned page is of use to card testers alone; Stripe allows
// 30 minutes at least.
const pageOpen = time.Hour

// voucherDays is how long a konbini voucher can be paid.
const voucherDays = 7

// Open returns the address of the payment page of a gift that is still to be paid. Asking again gives the same page while it is
// open, and a new one afterwards. token is the secret of the giver's private link.
func (t *Till) Open(ctx context.Context, d campaigns.Donation, title, slug, mail, token string) (string, error) {
	a, err := t.account(ctx, d.OrganisationID)
	if err != nil {
		return "", err
	}
	if !a.online {
		return "", ErrNoAccount
	}
	var attempt campaigns.Attempt
	at := t.Now()
	err = ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		attempt, err = campaigns.BeginAttempt(ctx, tx, d, at, at.Add(pageOpen))
		return err
	})
	if err != nil {
		return "", err
	}
	if attempt.URL != "" {
		return attempt.URL, nil
	}
	opened, err := a.Begin(ctx, campaigns.PaymentRequest{
		OrganisationID: d.OrganisationID, DonationID: d.ID, Attempt: attempt.Attempt, Channel: d.Channel, Amount: d.Amount,
		Title: title, Mail: mail, SuccessURL: t.GiftURL(d.OrganisationID, token), CancelURL: t.Site + "/c/" + url.PathEscape(slug) + "/give",
		ExpiresAt: attempt.ExpiresAt, VoucherDays: voucherDays,
	})
	if err != nil {
		return "", fmt.Errorf("donation %d: %w", d.ID, err)
	}
	return opened.URL, ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		return campaigns.AttemptOpened(ctx, tx, attempt, opened)
	})
}

// GiftURL is the private link of a gift.
func (t *Till) GiftURL(organisationID int64, token string) string {
	return fmt.Sprintf("%s/g/%d/%s", t.Site, organisationID, url.PathEscape(token))
}

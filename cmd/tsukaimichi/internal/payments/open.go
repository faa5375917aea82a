package payments

import (
	"context"
	"errors"
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

// leastOpen is the least Stripe opens a page for.
const leastOpen = 31 * time.Minute

// voucherDays is how long a konbini voucher can be paid.
const voucherDays = 7

// Opening is who wants the payment page of which gift.
type Opening struct {
	Donation campaigns.Donation
	Title    string // of the campaign, as the payer sees it
	Slug     string // of the campaign
	Mail     string // may be empty
	Token    string // the secret of the giver's private link
	Address  string // the visitor's network address, with or without a port; empty is not counted
}

// Open returns the address of the payment page of a gift that is still to be paid. Asking again gives the same page while it is
// open, and a new one afterwards. ErrTooMany when no new page is opened just now, ErrNoAccount when the group takes nothing online.
func (t *Till) Open(ctx context.Context, o Opening) (string, error) {
	d := o.Donation
	a, err := t.account(ctx, d.OrganisationID)
	if err != nil {
		return "", err
	}
	if !a.online {
		return "", ErrNoAccount
	}
	attempt, err := t.attempt(ctx, o)
	if err != nil || attempt.URL != "" {
		return attempt.URL, err
	}
	opened, err := a.Begin(ctx, campaigns.PaymentRequest{
		OrganisationID: d.OrganisationID, DonationID: d.ID, Attempt: attempt.Attempt, Channel: d.Channel, Amount: d.Amount,
		Title: o.Title, Mail: o.Mail, SuccessURL: t.GiftURL(d.OrganisationID, o.Token), CancelURL: t.Site + "/c/" + url.PathEscape(o.Slug) + "/give",
		ExpiresAt: attempt.ExpiresAt, VoucherDays: voucherDays,
	})
	if err != nil {
		return "", fmt.Errorf("donation %d: %w", d.ID, err)
	}
	return opened.URL, ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		return errors.Join(campaigns.AttemptOpened(ctx, tx, attempt, opened), t.tellLink(ctx, tx, o))
	})
}

// attempt returns the open page of a gift, or notes the intent to open one, if the limits let it.
func (t *Till) attempt(ctx context.Context, o Opening) (campaigns.Attempt, error) {
	d, at := o.Donation, t.Now()
	last, err := campaigns.LastAttempt(ctx, t.DB, d.OrganisationID, d.ID)
	if err != nil && !errors.Is(err, campaigns.ErrNotFound) {
		return last, err
	}
	open := err == nil && (last.Status == campaigns.CheckoutOpen || last.Status == campaigns.CheckoutPending) && last.ExpiresAt.After(at)
	if !open {
		if err = t.admit(ctx, d.OrganisationID, o.Address, o.Mail); err != nil {
			return last, err
		}
	}
	if open && last.URL == "" && last.ExpiresAt.Before(at.Add(leastOpen)) {
		at = last.ExpiresAt // its answer was never seen, and Stripe would no longer open it: it counts as over
	}
	var attempt campaigns.Attempt
	err = ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) (err error) {
		attempt, err = campaigns.BeginAttempt(ctx, tx, d, at, t.Now().Add(pageOpen))
		return err
	})
	return attempt, err
}

// GiftURL is the private link of a gift.
func (t *Till) GiftURL(organisationID int64, token string) string {
	return fmt.Sprintf("%s/g/%d/%s", t.Site, organisationID, url.PathEscape(token))
}

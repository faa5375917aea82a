package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrNoAccount says that the organisation takes no money online: it has no Stripe account here, or switched it off.
var ErrNoAccount = errors.New("payments: the organisation takes no money online")

// What is sealed for an organisation.
const (
	purposeKey    = "stripe key"
	purposeSecret = "stripe webhook secret"
)

// Till takes gifts online for all organisations. It is safe for concurrent use.
type Till struct {
	DB      *sqlx.DB
	Box     *seal.Box
	Now     func() time.Time
	BaseURL string        // of the practice Stripe; empty is Stripe itself
	Hurried bool          // for tests: see stripepay.Config
	Site    string        // where our own pages are, without a slash at the end
	Links   telling.Links // at which givers stop letters of thanks
	Log     *slog.Logger
	Limits  Limits // the zero Limits are UsualLimits
	// Enqueue adds a job to the caller's database transaction.
	Enqueue func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error

	open  sync.Once
	seats chan struct{} // of webhooks that are taken in just now
	bells sync.Map      // *bell by organisation
	desks sync.Map      // a channel with room for whoever follows the organisation's events
}

// account is an organisation's Stripe account with its secrets opened.
type account struct {
	*stripepay.Account
	key      string
	secret   string
	livemode bool
	online   bool
	swept    sql.NullTime
	since    sql.NullTime // connected then
	balance  ledger.Yen   // by how much the book was ahead of the account then
	transit  ledger.Yen
}

func (t *Till) account(ctx context.Context, organisationID int64) (account, error) {
	a, err := t.sealed(ctx, organisationID)
	if err == nil {
		a.Account = t.stripe(organisationID, a.key)
	}
	return a, err
}

// sealed is the account without the client of Stripe: a webhook asks nothing.
func (t *Till) sealed(ctx context.Context, organisationID int64) (account, error) {
	var a account
	var key, secret []byte
	err := t.DB.QueryRowxContext(ctx, `
		SELECT sealed_key, sealed_secret, livemode, online, swept_until, connected_at, base_balance, base_transit
		  FROM stripe_account
		 WHERE organisation_id = $1`, organisationID).
		Scan(&key, &secret, &a.livemode, &a.online, &a.swept, &a.since, &a.balance, &a.transit)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrNoAccount
	}
	if err != nil {
		return a, fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	opened, err := t.Box.Open(organisationID, purposeKey, string(key))
	if err != nil {
		return a, fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	hook, err := t.Box.Open(organisationID, purposeSecret, string(secret))
	if err != nil {
		return a, fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	a.key, a.secret = opened.Reveal(), hook.Reveal()
	return a, nil
}

func (t *Till) stripe(organisationID int64, key string) *stripepay.Account {
	return stripepay.New(stripepay.Config{OrganisationID: organisationID, Key: key, BaseURL: t.BaseURL, Hurried: t.Hurried})
}

// Online reports whether an organisation takes card and konbini now.
func (t *Till) Online(ctx context.Context, organisationID int64) (bool, error) {
	var online bool
	err := t.DB.GetContext(ctx, &online, `
		SELECT coalesce((SELECT online FROM stripe_account WHERE organisation_id = $1), false)`, organisationID)
	if err != nil {
		return false, fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	return online, nil
}

// Connect tries a key, makes the webhook endpoint and keeps both sealed. What the account did before it was first connected is not booked: how far book and
// account are apart then is kept, so that they can be compared from there. Another key of the same account goes on where the one before was; one that moves real money after one
// that did not, or the reverse, is another account and begins anew. stripepay.ErrKey when Stripe does not take the key.
func (t *Till) Connect(ctx context.Context, organisationID int64, key string) error {
	a := t.stripe(organisationID, key)
	if err := a.Check(ctx); err != nil {
		return err
	}
	base, err := t.apart(ctx, organisationID, a)
	if err != nil {
		return err
	}
	secret, err := a.CreateWebhookEndpoint(ctx, t.HookURL(organisationID))
	if err != nil {
		return err
	}
	_, err = t.DB.ExecContext(ctx, `
		INSERT INTO stripe_account AS a (organisation_id, sealed_key, sealed_secret, livemode, connected_at, base_balance, base_transit)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT ON CONSTRAINT stripe_account_pkey DO UPDATE
		   SET sealed_key = excluded.sealed_key, sealed_secret = excluded.sealed_secret, livemode = excluded.livemode,
		       connected_at = CASE WHEN a.livemode = excluded.livemode THEN a.connected_at ELSE excluded.connected_at END,
		       base_balance = CASE WHEN a.livemode = excluded.livemode THEN a.base_balance ELSE excluded.base_balance END,
		       base_transit = CASE WHEN a.livemode = excluded.livemode THEN a.base_transit ELSE excluded.base_transit END,
		       swept_until = CASE WHEN a.livemode = excluded.livemode THEN a.swept_until END`,
		organisationID, []byte(t.Box.Seal(organisationID, purposeKey, seal.Secret(key))),
		[]byte(t.Box.Seal(organisationID, purposeSecret, seal.Secret(secret))), stripepay.LiveKey(key),
		t.Now().Truncate(time.Second), base.Stripe, base.Transit)
	if err != nil {
		return fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	return nil
}

// HookURL is where an organisation's webhooks come in.
func (t *Till) HookURL(organisationID int64) string {
	return fmt.Sprintf("%s/stripe/%d/webhook", t.Site, organisationID)
}

// from is an instant, but not before the account was connected.
func (a account) from(at time.Time) time.Time {
	if a.since.Valid && a.since.Time.After(at) {
		return a.since.Time
	}
	return at
}

package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
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
	BaseURL string // of the practice Stripe; empty is Stripe itself
	Site    string // where our own pages are, without a slash at the end
	Log     *slog.Logger
	Limits  Limits // the zero Limits are UsualLimits
	// Enqueue adds a job to the caller's database transaction.
	Enqueue func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error
}

// account is an organisation's Stripe account with its secrets opened.
type account struct {
	*stripepay.Account
	secret   string
	livemode bool
	online   bool
	swept    sql.NullTime
}

func (t *Till) account(ctx context.Context, organisationID int64) (account, error) {
	var a account
	var key, secret []byte
	err := t.DB.QueryRowxContext(ctx, `
		SELECT sealed_key, sealed_secret, livemode, online, swept_until
		  FROM stripe_account
		 WHERE organisation_id = $1`, organisationID).Scan(&key, &secret, &a.livemode, &a.online, &a.swept)
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
	a.secret = hook.Reveal()
	a.Account = stripepay.New(stripepay.Config{OrganisationID: organisationID, Key: opened.Reveal(), BaseURL: t.BaseURL})
	return a, nil
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

// Connect tries a key, makes the webhook endpoint and keeps both sealed. stripepay.ErrKey when Stripe does not take the key.
func (t *Till) Connect(ctx context.Context, organisationID int64, key string) error {
	a := stripepay.New(stripepay.Config{OrganisationID: organisationID, Key: key, BaseURL: t.BaseURL})
	if err := a.Check(ctx); err != nil {
		return err
	}
	secret, err := a.CreateWebhookEndpoint(ctx, t.HookURL(organisationID))
	if err != nil {
		return err
	}
	_, err = t.DB.ExecContext(ctx, `
		INSERT INTO stripe_account (organisation_id, sealed_key, sealed_secret, livemode)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT stripe_account_pkey DO UPDATE
		   SET sealed_key = excluded.sealed_key, sealed_secret = excluded.sealed_secret, livemode = excluded.livemode`,
		organisationID, []byte(t.Box.Seal(organisationID, purposeKey, seal.Secret(key))),
		[]byte(t.Box.Seal(organisationID, purposeSecret, seal.Secret(secret))), stripepay.LiveKey(key))
	if err != nil {
		return fmt.Errorf("stripe account of organisation %d: %w", organisationID, err)
	}
	return nil
}

// HookURL is where an organisation's webhooks come in.
func (t *Till) HookURL(organisationID int64) string {
	return fmt.Sprintf("%s/stripe/%d/webhook", t.Site, organisationID)
}

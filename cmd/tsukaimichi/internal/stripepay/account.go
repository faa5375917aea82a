package stripepay

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// APIVersion is the version of Stripe's API that everything here is written for.
const APIVersion = stripe.APIVersion

// Config says whose account it is and where it is.
type Config struct {
	OrganisationID int64
	Key            string       // secret or restricted key: sk_live_…, sk_test_…, rk_…
	BaseURL        string       // empty is Stripe itself; the practice Stripe's URL otherwise, without /v1
	HTTPClient     *http.Client // nil is one that gives up after 20 seconds
	Hurried        bool         // does not rest before it tries again: for tests, which need not be polite to a practice Stripe
}

// Account is one organisation's Stripe account. It is safe for concurrent use.
type Account struct {
	organisationID int64
	api            *client.API
}

var _ campaigns.Payments = (*Account)(nil)

// New returns the account; it asks nothing of Stripe yet. A request that meets a network error is sent up to two more times,
// with pauses: never call an Account inside a database transaction.
func New(c Config) *Account {
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Timeout: 20 * time.Second}
	}
	config := &stripe.BackendConfig{
		HTTPClient:        c.HTTPClient,
		MaxNetworkRetries: stripe.Int64(2),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	}
	if c.BaseURL != "" {
		config.URL = stripe.String(c.BaseURL)
	}
	backend := stripe.GetBackendWithConfig(stripe.APIBackend, config)
	if own, is := backend.(*stripe.BackendImplementation); is {
		own.SetNetworkRetriesSleep(!c.Hurried)
	}
	backends := &stripe.Backends{API: backend, Connect: backend, Uploads: backend}
	return &Account{organisationID: c.OrganisationID, api: client.New(c.Key, backends)}
}

// LiveKey reports whether a key moves real money.
func LiveKey(key string) bool {
	return strings.HasPrefix(key, "sk_live_") || strings.HasPrefix(key, "rk_live_")
}

// Check tries the key by asking for the balance; ErrKey when Stripe does not take it.
func (a *Account) Check(ctx context.Context) error {
	params := &stripe.BalanceParams{}
	params.Context = ctx
	_, err := a.api.Balance.Get(params)
	return translate(err)
}

// Balance is what is in the account, available or not yet, in yen.
func (a *Account) Balance(ctx context.Context) (ledger.Yen, error) {
	params := &stripe.BalanceParams{}
	params.Context = ctx
	balance, err := a.api.Balance.Get(params)
	if err != nil {
		return 0, fmt.Errorf("balance: %w", translate(err))
	}
	var sum ledger.Yen
	for _, amount := range append(balance.Available, balance.Pending...) {
		if amount.Currency == stripe.CurrencyJPY {
			sum += ledger.Yen(amount.Amount)
		}
	}
	return sum, nil
}

// metadata is what every object made for a donation carries. It holds numbers of ours alone.
func (a *Account) metadata(donationID int64, attempt int) map[string]string {
	return map[string]string{
		"organisation": strconv.FormatInt(a.organisationID, 10),
		"donation":     strconv.FormatInt(donationID, 10),
		"attempt":      strconv.Itoa(attempt),
	}
}

// donation reads the donation from an object's metadata; 0 for an object that was not made for a donation of this
// organisation, as when the group uses its account for other things too.
func (a *Account) donation(metadata map[string]string) int64 {
	if metadata["organisation"] != strconv.FormatInt(a.organisationID, 10) {
		return 0
	}
	id, err := strconv.ParseInt(metadata["donation"], 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

package stripe_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

// between returns what stands between two texts.
func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

func TestMovementsAreReadOverPagesOldestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const lines = 130 // Stripe answers at most 100 at a time
	for id := int64(1); id <= lines; id++ {
		w.choose(w.begin(donation(id)).URL, "card")
	}
	all := w.movements()
	if len(all) != lines {
		t.Fatalf("%d movements, want %d", len(all), lines)
	}
	for i, m := range all {
		if m.DonationID != int64(i+1) {
			t.Fatalf("movement %d is of donation %d, want %d", i, m.DonationID, i+1)
		}
	}
}

func TestMovementsBeginAtAnInstant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(w.begin(donation(1)).URL, "card")
	w.advance(10 * day)
	since := w.clock.Now().Add(-time.Hour)
	w.choose(w.begin(donation(2)).URL, "card")
	var got []int64
	err := w.account.Movements(ctx, since, func(m campaigns.Movement) error {
		got = append(got, m.DonationID)
		return nil
	})
	if err != nil || len(got) != 1 || got[0] != 2 {
		t.Errorf("donations since = %v, %v, want [2]", got, err)
	}
}

func TestMovementsStopAtTheFirstErrorOfYield(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(w.begin(donation(1)).URL, "card")
	w.choose(w.begin(donation(2)).URL, "card")
	full, calls := errors.New("full"), 0
	err := w.account.Movements(ctx, time.Time{}, func(campaigns.Movement) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("Movements = %v after %d calls, want yield's error after 1", err, calls)
	}
}

func TestForeignCurrencyIsRefusedAfterWhatCameBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(w.begin(donation(1)).URL, "card")
	second := w.begin(donation(2))
	w.choose(second.URL, "card")
	txn := w.look(second.Ref).Movement.Ref
	w.db.App.MustExec(`
		UPDATE practice.stripe_object
		SET body = jsonb_set(body, '{currency}', '"usd"')
		WHERE organisation_id = 1 AND (id = $1 OR id = $2)`, txn, second.Ref)
	var got []int64
	err := w.account.Movements(ctx, time.Time{}, func(m campaigns.Movement) error {
		got = append(got, m.DonationID)
		return nil
	})
	if !errors.Is(err, stripepay.ErrCurrency) || len(got) != 1 {
		t.Errorf("Movements = %v after %v, want ErrCurrency after donation 1", err, got)
	}
	if _, err := w.account.Look(ctx, second.Ref); !errors.Is(err, stripepay.ErrCurrency) {
		t.Errorf("Look = %v, want ErrCurrency", err)
	}
}

func TestMoneyBecomesAvailableByTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid()
	if _, got := w.call("GET", "/v1/balance", ""); !strings.Contains(got, `"available":[{"amount":0,"currency":"jpy"}],"pending":[{"amount":2892,"currency":"jpy"}]`) {
		t.Errorf("balance after paying = %s", got)
	}
	w.advance(4*day + time.Hour)
	if _, got := w.call("GET", "/v1/balance", ""); !strings.Contains(got, `"available":[{"amount":2892,"currency":"jpy"}],"pending":[{"amount":0,"currency":"jpy"}]`) {
		t.Errorf("balance four days later = %s", got)
	}
}

func TestOrganisationsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	other := stripepay.New(stripepay.Config{OrganisationID: 2, Key: "sk_test_practice_2", BaseURL: w.url})
	if _, err := other.Look(ctx, checkout.Ref); !errors.Is(err, campaigns.ErrPaymentUnknown) {
		t.Errorf("another organisation's Look = %v, want ErrPaymentUnknown", err)
	}
	err := other.Movements(ctx, time.Time{}, func(m campaigns.Movement) error {
		t.Errorf("another organisation sees %+v", m)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := other.Begin(ctx, w.request()); !errors.Is(err, stripepay.ErrRequest) {
		t.Errorf("another organisation's Begin = %v, want ErrRequest", err)
	}
}

// An account that serves two organisations, or a shop beside the donations, must not give one the other's money.
func TestPaymentsOfOthersAreNobodysDonation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	other := stripepay.New(stripepay.Config{OrganisationID: 2, Key: "sk_test_practice_1", BaseURL: w.url})
	state, err := other.Look(ctx, checkout.Ref)
	if err != nil || state.DonationID != 0 || state.Movement == nil || state.Movement.DonationID != 0 {
		t.Errorf("Look = %+v, %v, want no donation", state, err)
	}
	err = other.Movements(ctx, time.Time{}, func(m campaigns.Movement) error {
		if m.DonationID != 0 {
			t.Errorf("movement of donation %d, want none", m.DonationID)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestEachChannelBooksIntoItsPlace(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for _, x := range []struct {
		channel campaigns.Channel
		place   int
		amount  ledger.Yen
		want    string
	}{
		{campaigns.Cash, ledger.CashBox, 5_000, "F 1110 5000 · F 4210 -5000"},
		{campaigns.Transfer, ledger.Bank, 10_000, "F 1120 10000 · F 4210 -10000"},
		{campaigns.Slip, ledger.Postal, 2_000, "F 1121 2000 · F 4210 -2000"},
		{campaigns.Box, ledger.CashBox, 8_437, "F 1110 8437 · F 4210 -8437"},
		{campaigns.Envelope, ledger.CashBox, 64_500, "F 1110 64500 · F 4210 -64500"},
		{campaigns.Transfer, ledger.Unclear, 3_000, "F 1145 3000 · F 4210 -3000"},
	} {
		var d campaigns.Donation
		g.In(func(tx *sqlx.Tx) (err error) {
			gift := g.CashGift(c, x.amount, func(gift *campaigns.Gift) { gift.Channel = x.channel })
			d, err = campaigns.Enter(t.Context(), tx, gift, x.place, g.Treasurer, g.At)
			return err
		})
		if d.Status != campaigns.Paid || d.PaidOn != g.Today() || d.CountsAs != campaigns.CountsNameless {
			t.Errorf("%s: %+v", x.channel, d)
		}
		if got := g.Entries(sourceOf(d), c.FundID); got != x.want {
			t.Errorf("%s: booked %q, want %q", x.channel, got, x.want)
		}
	}
	if p := g.Progress(c); p.Received != 92_937 || p.People.Nameless != 6 || p.People.Persons != 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestEnvelopesOfTwelveHanCountTheirHouseholds(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 64_500, func(x *campaigns.Gift) {
		x.Channel, x.CountsAs, x.Counted, x.ToldBy = campaigns.Envelope, campaigns.CountsHousehold, 86, "12班の班長さんから口頭で"
	})
	g.Enter(c, 12_340, func(x *campaigns.Gift) { x.Channel = campaigns.Box })
	p := g.Progress(c)
	if p.People != (campaigns.People{Households: 86, Nameless: 1}) || p.Received != 76_840 {
		t.Errorf("people %+v, received %s; want 86 households, 1 nameless gift, 76,840", p.People, p.Received)
	}
}

func TestEnteringSaysWhatToMend(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for name, x := range map[string]struct {
		place      int
		change     func(*campaigns.Gift)
		field, key string
	}{
		"nothing":          {ledger.CashBox, func(x *campaigns.Gift) { x.Amount = 0 }, "amount", "donate.amount_missing"},
		"too much":         {ledger.CashBox, func(x *campaigns.Gift) { x.Amount = 1_000_000_000 }, "amount", "amount.too_large"},
		"card by staff":    {ledger.CashBox, func(x *campaigns.Gift) { x.Channel = campaigns.Card }, "channel", "donate.channel_missing"},
		"unknown way":      {ledger.CashBox, func(x *campaigns.Gift) { x.Channel = "pigeon" }, "channel", "donate.channel_missing"},
		"no day":           {ledger.CashBox, func(x *campaigns.Gift) { x.GivenOn = ledger.Date{} }, "given_on", "gift.day_missing"},
		"tomorrow":         {ledger.CashBox, func(x *campaigns.Gift) { x.GivenOn = g.Today().AddDays(1) }, "given_on", "income.day_in_future"},
		"counts nobody":    {ledger.CashBox, func(x *campaigns.Gift) { x.Counted = 0 }, "counted", "gift.counted_range"},
		"counts too many":  {ledger.CashBox, func(x *campaigns.Gift) { x.Counted = 100_001 }, "counted", "gift.counted_range"},
		"no place":         {0, nil, "place", "income.place_missing"},
		"goods":            {1160, nil, "place", "income.place_missing"},
		"payment service":  {ledger.StripeBalance, nil, "place", "income.place_missing"},
		"an income":        {ledger.Gifts, nil, "place", "income.place_missing"},
		"no such account":  {1999, nil, "place", "income.place_missing"},
		"mail shape":       {ledger.CashBox, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習", Mail: "練習"} }, "mail", "donate.mail_shape"},
		"use of elsewhere": {ledger.CashBox, func(x *campaigns.Gift) { x.UseID = 999_999 }, "use", "donate.use_unknown"},
	} {
		if x.change == nil {
			x.change = func(*campaigns.Gift) {}
		}
		err := g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Enter(t.Context(), tx, g.CashGift(c, 500, x.change), x.place, g.Treasurer, g.At)
			return err
		})
		mustNeed(t, name, err, x.field, x.key)
	}
}

func TestAnUnaskedGiftEntersTheGeneralFund(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Enter(campaigns.Campaign{}, 20_000)
	if d.CampaignID != 0 || d.PlanVersion != 0 || d.FundID != g.General {
		t.Errorf("gift %+v", d)
	}
	if left := g.Left(g.General); left != 20_000 {
		t.Errorf("general fund %s, want 20,000", left)
	}
}

func TestAGiftOfAClosedPeriodKeepsItsTrueDay(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pass(35) // 5 November
	g.In(func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, g.ID, ledger.Month, ledger.NewDate(2026, 10, 31), g.Treasurer, g.At, "締めをためす")
	})
	d := g.Enter(c, 1_000, func(x *campaigns.Gift) { x.GivenOn = ledger.NewDate(2026, 10, 20) })
	var booked, belongs ledger.Date
	err := g.DB.QueryRowxContext(t.Context(), `
		SELECT booked_on, belongs_on FROM transaction WHERE organisation_id = $1 AND donation_id = $2`, g.ID, d.ID).Scan(&booked, &belongs)
	if err != nil || booked != ledger.NewDate(2026, 11, 1) || belongs != ledger.NewDate(2026, 10, 20) || d.PaidOn != belongs {
		t.Errorf("booked on %s, belongs to %s, paid on %s, %v", booked, belongs, d.PaidOn, err)
	}
}

func TestAKnownDonorIsCountedOnceWhateverStaffTypes(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	first := g.Enter(c, 1_000, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習 太郎"} })
	g.Enter(c, 2_000, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{ID: first.DonorID} })
	same := campaigns.Donor{Name: "練習 次郎", Mail: "Jiro@Example.jp"}
	g.Enter(c, 500, func(x *campaigns.Gift) { x.Donor = same })
	same.Mail = "jiro@example.jp"
	g.Enter(c, 500, func(x *campaigns.Gift) { x.Donor = same })
	g.Enter(c, 500, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習商店", Kind: "company"} })
	if p := g.Progress(c); p.People != (campaigns.People{Persons: 2, Companies: 1}) {
		t.Errorf("people %+v, want 2 persons and 1 company", p.People)
	}
	err := g.Try(func(tx *sqlx.Tx) error {
		other := campaigntest.Found(t, g.DB)
		_, err := campaigns.Enter(t.Context(), tx, other.CashGift(campaigns.Campaign{}, 500, func(x *campaigns.Gift) {
			x.Donor.ID = first.DonorID
		}), ledger.CashBox, other.Treasurer, other.At)
		return err
	})
	mustBe(t, "another organisation's donor", err, campaigns.ErrNotFound)
}

func TestTheSameNameAtAnotherAddressIsAnotherDonor(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	at := func(address string) campaigns.Donation {
		return g.Enter(c, 1_000, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習 花子", Address: address} })
	}
	first, again, other := at("練習町1"), at("練習町1"), at("練習町2")
	if first.DonorID != again.DonorID || first.DonorID == other.DonorID {
		t.Errorf("donors %d, %d, %d", first.DonorID, again.DonorID, other.DonorID)
	}
}

func TestAnEnvelopeOfEarlierDaysNamesThePlanOfThatDay(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pass(10)
	for day, want := range map[int]int{-10: 1, 0: 1} {
		version, err := campaigns.VersionOn(t.Context(), g.DB, g.ID, c.ID, g.Today().AddDays(day))
		if err != nil || version != want {
			t.Errorf("%d days: version %d, %v, want %d", day, version, err, want)
		}
	}
	_, err := campaigns.VersionOn(t.Context(), g.DB, g.ID, c.ID, g.Today().AddDays(-11))
	mustBe(t, "before it was published", err, campaigns.ErrClosed)
}

package campaigns_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestOnlineGiftSaysWhatToMend(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for name, x := range map[string]struct {
		amount     ledger.Yen
		change     func(*campaigns.Gift)
		field, key string // empty: the gift is taken
	}{
		"nothing":               {0, nil, "amount", "donate.amount_missing"},
		"negative":              {-500, nil, "amount", "donate.amount_missing"},
		"499":                   {499, nil, "amount", "donate.amount_too_small"},
		"500":                   {500, nil, "", ""},
		"1,000,000":             {1_000_000, nil, "", ""},
		"1,000,001":             {1_000_001, nil, "amount", "donate.amount_too_large"},
		"konbini 300,000":       {300_000, konbini, "", ""},
		"konbini 300,001":       {300_001, konbini, "amount", "donate.amount_konbini"},
		"konbini without mail":  {500, both(konbini, func(x *campaigns.Gift) { x.Donor.Mail = "" }), "mail", "donate.mail_for_voucher"},
		"cash online":           {500, func(x *campaigns.Gift) { x.Channel = campaigns.Cash }, "channel", "donate.channel_missing"},
		"no way":                {500, func(x *campaigns.Gift) { x.Channel = "" }, "channel", "donate.channel_missing"},
		"no terms":              {500, func(x *campaigns.Gift) { x.TermsVersion = "" }, "terms", "donate.terms_missing"},
		"unknown terms":         {500, func(x *campaigns.Gift) { x.TermsVersion = "1999-1" }, "terms", "donate.terms_missing"},
		"nameless":              {500, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{} }, "", ""},
		"name of 100":           {500, name(strings.Repeat("長", 100)), "", ""},
		"name of 101":           {500, name(strings.Repeat("長", 101)), "name", "field.too_long"},
		"𠮷田":                    {500, name("𠮷田 葛󠄀城"), "", ""},
		"two lines in a name":   {500, name("練習\n花子"), "name", "field.characters"},
		"nul in a name":         {500, name("練\x00習"), "name", "field.characters"},
		"message of 400":        {500, func(x *campaigns.Gift) { x.Message = strings.Repeat("応", 400) }, "", ""},
		"message of 401":        {500, func(x *campaigns.Gift) { x.Message = strings.Repeat("応", 401) }, "message", "field.too_long"},
		"message of lines":      {500, func(x *campaigns.Gift) { x.Message = "がんばって\r\nください\n" }, "", ""},
		"initials of nobody":    {500, func(x *campaigns.Gift) { x.Donor.Name, x.Display = "", campaigns.Initials }, "name", "donate.name_for_display"},
		"unknown display":       {500, func(x *campaigns.Gift) { x.Display = "loud" }, "display", "field.unknown"},
		"unknown kind":          {500, func(x *campaigns.Gift) { x.Donor.Kind = "robot" }, "kind", "field.unknown"},
		"receipt to no mail":    {500, func(x *campaigns.Gift) { x.Donor.Mail, x.ReceiptWanted = "", "mail" }, "mail", "donate.mail_for_receipt"},
		"receipt to nobody":     {500, func(x *campaigns.Gift) { x.Donor.Name, x.ReceiptWanted = "", "mail" }, "name", "donate.name_for_receipt"},
		"paper without address": {500, func(x *campaigns.Gift) { x.ReceiptWanted = "paper" }, "address", "donate.address_for_receipt"},
		"foreign use":           {500, func(x *campaigns.Gift) { x.UseID = 999_999 }, "use", "donate.use_unknown"},
		"own use":               {500, func(x *campaigns.Gift) { x.UseID = g.Uses(c)[1].ID }, "", ""},
		"no key":                {500, func(x *campaigns.Gift) { x.Key = "" }, "key", "form.expired"},
	} {
		if x.change == nil {
			x.change = func(*campaigns.Gift) {}
		}
		err := g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, x.amount, x.change), g.At)
			return err
		})
		switch {
		case x.field != "":
			mustNeed(t, name, err, x.field, x.key)
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
}

func konbini(x *campaigns.Gift) { x.Channel = campaigns.Konbini }

func name(of string) func(*campaigns.Gift) { return func(x *campaigns.Gift) { x.Donor.Name = of } }

func both(first, then func(*campaigns.Gift)) func(*campaigns.Gift) {
	return func(x *campaigns.Gift) { first(x); then(x) }
}

func TestMailAddressHasItsShape(t *testing.T) {
	t.Parallel()
	for mail, want := range map[string]bool{
		"hanako@example.jp": true, "a.b..c.@docomo.example.jp": true, "h+1@e.jp": true,
		"": false, "hanako": false, "@example.jp": false, "hanako@": false, "hanako@example": false, "a@b@example.jp": false, "hanako@.jp": false,
		"hanako@example.": false, "hanako@ex..jp": false, "花子@example.jp": false, "ｈ@example.jp": false, "a b@example.jp": false,
		"a@example.jp\r\nBcc: x@example.jp": false, "<a@example.jp>": false, "a,b@example.jp": false,
	} {
		if got := campaigns.MailFits(mail); got != want {
			t.Errorf("%q: got %v, want %v", mail, got, want)
		}
	}
}

func TestADraftAndAnotherOrganisationsCampaignTakeNoGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	draft := g.Campaign(g.Draft(g.Plan()))
	give := func(who *campaigntest.Group, c campaigns.Campaign) error {
		return who.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Give(t.Context(), tx, who.OnlineGift(c, 500), who.At)
			return err
		})
	}
	mustBe(t, "draft", give(g, draft), campaigns.ErrClosed)
	mustBe(t, "no campaign", give(g, campaigns.Campaign{}), campaigns.ErrNotFound)
	mustBe(t, "another's campaign", give(campaigntest.Found(t, g.DB), g.Announce()), campaigns.ErrNotFound)
}

func TestAnOnlineGiftWaitsForItsMoney(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Give(c, 3_000, func(x *campaigns.Gift) { x.Message = "応援しています" })
	if d.Status != campaigns.Pending || d.PlanVersion != 1 || d.FundID != c.FundID || d.GivenOn != g.Today() || d.CountsAs != campaigns.CountsPerson {
		t.Errorf("gift %+v", d)
	}
	if p := g.Progress(c); p.Received != 0 || p.Pending != 3_000 || p.People.Persons != 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestTheSameFormIsOneGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	online, cash := g.OnlineGift(c, 3_000), g.CashGift(c, 700)
	var wg sync.WaitGroup
	ids := make([]int64, 16)
	for i := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := g.Try(func(tx *sqlx.Tx) error {
				var d campaigns.Donation
				var err error
				if i%2 == 0 {
					d, err = campaigns.Give(t.Context(), tx, online, g.At)
				} else {
					d, err = campaigns.Enter(t.Context(), tx, cash, ledger.CashBox, g.Treasurer, g.At)
				}
				ids[i] = d.ID
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	for i := range ids {
		if ids[i] != ids[i%2] {
			t.Errorf("the same form gave donations %v", ids)
			break
		}
	}
	if held := g.Holds(ledger.CashBox); held != 700 {
		t.Errorf("in the box %s, want 700", held)
	}
}

func TestThePrivateLinkOpensItsGiftAlone(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000, func(x *campaigns.Gift) { x.Token = "ひみつ-1" })
	found, err := campaigns.FindDonationByToken(t.Context(), g.DB, g.ID, "ひみつ-1")
	if err != nil || found.ID != d.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	_, err = campaigns.FindDonationByToken(t.Context(), g.DB, g.ID, "ひみつ-2")
	mustBe(t, "another token", err, campaigns.ErrNotFound)
	_, err = campaigns.FindDonationByToken(t.Context(), g.DB, campaigntest.Found(t, g.DB).ID, "ひみつ-1")
	mustBe(t, "another organisation", err, campaigns.ErrNotFound)
}

func TestWhatWasAgreedStands(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Enter(g.Announce(), 3_000)
	for _, change := range []string{
		"amount = 2999", "given_on = '2026-10-02'", "fund_id = 1", "donor_id = NULL, counts_as = 'company'", "counted = 2", "key = 'x'",
		"token_hash = sha256('x')", "channel = 'box'",
	} {
		sqlMustBreak(t, g.DB, ledger.ErrFrozen, `UPDATE donation SET `+change+` WHERE organisation_id = $1 AND id = $2`, g.ID, d.ID)
	}
	const where = ` WHERE organisation_id = $1 AND id = $2`
	sqlMustName(t, g.DB, "donation_paid_stays", `UPDATE donation SET status = 'expired', paid_on = NULL`+where, g.ID, d.ID)
	sqlMustName(t, g.DB, "donation_paid_stays", `UPDATE donation SET paid_on = '2026-10-02'`+where, g.ID, d.ID)
	sqlMustBreak(t, g.DB, ledger.ErrNoRight, `DELETE FROM donation`+where, g.ID, d.ID)
	pending := g.Give(g.Campaign(d.CampaignID), 500)
	g.Settle(campaigns.CheckoutState{Ref: g.OpenPage(pending), DonationID: pending.ID, Status: campaigns.CheckoutExpired, Amount: 500})
	sqlMustName(t, g.DB, "donation_steps", `UPDATE donation SET status = 'pending'`+where, g.ID, pending.ID)
}

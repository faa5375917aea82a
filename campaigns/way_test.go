package campaigns_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// A campaign's own ways come first; of kinds it does not name those of the organisation hold, declared before described.
func TestWaysOfACampaignGoBeforeThoseOfTheOrganisation(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App, func(o *ledger.Organisation) { o.BankAccount, o.HandIn = "練習銀行 0000000", "集会所 火曜" })
	c := g.Announce()
	declare := func(w campaigns.Way) (id int64, err error) {
		err = g.Try(func(tx *sqlx.Tx) error {
			id, err = campaigns.DeclareWay(t.Context(), tx, g.ID, w, g.Head, g.At)
			return err
		})
		return id, err
	}
	shown := func() string {
		o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
		if err != nil {
			t.Fatal(err)
		}
		ways, err := campaigns.Ways(t.Context(), g.DB, o, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, w := range ways {
			text += fmt.Sprintf("%s=%s;", w.Kind, w.Place)
		}
		return text
	}
	if got := shown(); got != "bank=練習銀行 0000000;cash=集会所 火曜;" {
		t.Errorf("of the description: %s", got)
	}
	for _, w := range []campaigns.Way{{Kind: campaigns.WayThings, Place: "集会所"}, {Kind: campaigns.WayPostal, Place: "00000-0-000000"},
		{CampaignID: c.ID, Kind: campaigns.WayCash, Place: "商店街の事務所", Hours: "平日 10時から15時"}, {CampaignID: c.ID, Kind: campaigns.WayCash, Place: "公民館", Hours: "土曜 9時から12時"}} {
		if _, err := declare(w); err != nil {
			t.Fatal(err)
		}
	}
	if got := shown(); got != "bank=練習銀行 0000000;postal=00000-0-000000;cash=商店街の事務所;cash=公民館;things=集会所;" {
		t.Errorf("declared: %s", got)
	}
	id, err := declare(campaigns.Way{CampaignID: c.ID, Kind: campaigns.WayBank, Place: "募金の口座"})
	if err != nil {
		t.Fatal(err)
	}
	end := func() error {
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.EndWay(t.Context(), tx, g.ID, id, g.Head, g.At) })
	}
	if err = end(); err != nil {
		t.Fatal(err)
	}
	if err = end(); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
	if got := shown(); got != "bank=練習銀行 0000000;postal=00000-0-000000;cash=商店街の事務所;cash=公民館;things=集会所;" {
		t.Errorf("after the end: %s", got)
	}
	for _, w := range []campaigns.Way{{Kind: "wire", Place: "x"}, {Kind: campaigns.WayBank}, {Kind: campaigns.WayCash, Place: "集会所"}} {
		if _, err := declare(w); err == nil {
			t.Errorf("%+v was declared", w)
		}
	}
}

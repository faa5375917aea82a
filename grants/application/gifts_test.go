package application_test

import (
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// Two applications for one initiative of 2,500,000 yen, 2,300,000 of it accepted: one takes donations off (at most 2,000,000), the other pays three quarters
// whatever is given (at most 300,000).
func TestGiftsLowerTheGrantThatTakesThemOff(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	o := ledgertest.NewOrganisation(t, db)
	by := ledgertest.NewMember(t, db, o.ID, ledger.Treasurer)
	initiative, other := ledgertest.NewInitiative(t, db, o.ID), ledgertest.NewInitiative(t, db, o.ID)
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	start := func(key string, initiative int64, sheet budget.Sheet) (id int64) {
		form := forms[slices.IndexFunc(forms, func(f template.Version) bool { return f.Key == key })]
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
			if err := application.Publish(t.Context(), tx, form, "使い道", ledgertest.At); err != nil {
				return err
			}
			id, err = application.Start(t.Context(), tx, application.Draft{OrganisationID: o.ID, Title: key, InitiativeID: initiative, FormKey: form.Key, FormVersion: form.Version, Budget: sheet}, by, ledgertest.At)
			return err
		})
		return id
	}
	sheet := func(planned ledger.Yen) budget.Sheet {
		return budget.Sheet{Costs: []budget.Cost{{Category: "pay", Item: "賃金", Price: 2_300_000, Quantity: 1}, {Category: "food", Item: "茶菓", Price: 200_000, Quantity: 1}},
			Income: []budget.Income{{Source: formula.Donation, Amount: planned}}}
	}
	deducting := start("t5_support_system", initiative.ID, sheet(100_000))
	start("t3_community_chest", initiative.ID, budget.Sheet{Costs: []budget.Cost{{Category: "hall", Item: "会場", Price: 400_000, Quantity: 1}}})
	effects := func(gifts ledger.Yen) []application.GiftEffect {
		t.Helper()
		all, err := application.GiftEffects(t.Context(), db, o.ID, initiative.ID, gifts)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for gifts, lowered := range map[ledger.Yen]ledger.Yen{100_000: 0, 500_000: 0, 500_001: 1_000, 700_000: 200_000, 2_500_000: 2_000_000} {
		got := effects(gifts)
		if lowered == 0 {
			if len(got) != 0 {
				t.Errorf("gifts of %s: %+v; want none lowered", gifts, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Draft.ID != deducting || got[0].Lowered() != lowered || got[0].Before != 2_000_000 || got[0].Free != 500_000 || got[0].Planned != 100_000 {
			t.Errorf("gifts of %s: %+v; want 2,000,000 lowered by %s, the first 500,000 free", gifts, got, lowered)
		}
	}
	if got, err := application.GiftEffects(t.Context(), db, o.ID, other.ID, 2_500_000); err != nil || len(got) != 0 {
		t.Errorf("gifts to another initiative: %+v, %v", got, err)
	}
	ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE application SET status = 'submitted' WHERE organisation_id = $1 AND id = $2`, o.ID, deducting)
		if err != nil {
			return err
		}
		return application.Decide(t.Context(), tx, o.ID, deducting, application.Outcome{Status: application.PartGranted, Amount: 1_500_000, DecidedOn: ledger.DateOf(ledgertest.At)}, by, ledgertest.At)
	})
	if got := effects(700_000); len(got) != 0 {
		t.Errorf("what was decided is below what the gifts leave: %+v", got)
	}
	if got := effects(1_200_000); len(got) != 1 || got[0].Before != 1_500_000 || got[0].After != 1_300_000 || got[0].Free != 1_000_000 {
		t.Errorf("beyond what was decided: %+v", got)
	}
}

package console

import (
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// A campaign for an initiative with two applications: one rule takes donations off and bears 500,000 yen of them, the other bears all.
func TestAnnouncingWarnsOfGrantsThatPayLess(t *testing.T) {
	t.Parallel()
	p := &Pages{DB: pgtest.New(t).App}
	o := ledgertest.NewOrganisation(t, p.DB)
	by, initiative := ledgertest.NewMember(t, p.DB, o.ID, ledger.Representative), ledgertest.NewInitiative(t, p.DB, o.ID)
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for key, category := range map[string]string{"t5_support_system": "pay", "t3_community_chest": "hall"} {
		form := forms[slices.IndexFunc(forms, func(f template.Version) bool { return f.Key == key })]
		sheet := budget.Sheet{Costs: []budget.Cost{{Category: category, Price: 2_300_000, Quantity: 1}, {Category: "food", Price: 200_000, Quantity: 1}}}
		ledgertest.Must(t, p.DB, func(tx *sqlx.Tx) error {
			if err := application.Publish(t.Context(), tx, form, "使い道", ledgertest.At); err != nil {
				return err
			}
			_, err := application.Start(t.Context(), tx, application.Draft{OrganisationID: o.ID, Title: form.Title, InitiativeID: initiative.ID, FormKey: form.Key, FormVersion: form.Version, Budget: sheet}, by, ledgertest.At)
			return err
		})
	}
	lowered := func(goal, before ledger.Yen) []page.Notice {
		t.Helper()
		notices, err := p.lowered(t.Context(), Desk{Organisation: o, Now: ledgertest.At}, initiative.ID, goal, before)
		if err != nil {
			t.Fatal(err)
		}
		return notices
	}
	got := lowered(700_000, 0)
	if len(got) != 1 || got[0].Head != "200,000円、少なくなります" {
		t.Fatalf("a goal of 700,000: %+v; want one warning, of the rule that takes donations off", got)
	}
	for _, want := range []string{"「都道府県 支え合い体制づくり 補助（型）」の申請", "助成は2,000,000円から1,800,000円になります", "寄付が500,000円までなら、助成はへりません"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("the warning does not say %q: %s", want, got[0].Text)
		}
	}
	for _, test := range []struct {
		goal, before ledger.Yen
		warns        bool
	}{{500_000, 0, false}, {700_000, 600_000, true}, {600_000, 700_000, false}, {500_000, 100_000, false}, {700_000, 700_000, false}} {
		if got := lowered(test.goal, test.before); (len(got) > 0) != test.warns {
			t.Errorf("from a goal of %s to %s: %d warnings; want any: %v", test.before, test.goal, len(got), test.warns)
		}
	}
}

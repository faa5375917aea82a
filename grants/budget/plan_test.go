package budget_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

func TestAWorksheetBecomesASheet(t *testing.T) {
	s := budget.FromPlan(plans.Body{
		Costs:   []plans.Cost{{What: "講師謝金", Quantity: 4, Unit: "回", Price: 10_000}, {What: "お茶", Price: 500}},
		Funding: []plans.Funding{{Source: plans.Fees, What: "参加費", Amount: 8_000}, {Source: plans.Own, Amount: 5_000}, {Source: plans.Grants, Amount: 20_000}},
	}, chest)
	want := []budget.Cost{{Category: "lecturer", Item: "講師謝金", Quantity: 4, Unit: "回", Price: 10_000}, {Item: "お茶", Quantity: 1, Price: 500}}
	if !reflect.DeepEqual(s.Costs, want) || !slices.Equal(s.Income, []budget.Income{{Source: formula.Fee, Item: "参加費", Amount: 8_000}}) {
		t.Errorf("FromPlan = %+v; what nobody can tell has no category, and own money and grants are no income", s)
	}
}

// A year of 1,200,000 yen: 900,000 from the funder, 120,000 in fees, 180,000 of its own. 100,000 a month go out and 10,000 come in.
func TestMoneyIsLaidOutUntilTheFunderPays(t *testing.T) {
	share := formula.Share{Grant: 900_000, Income: 120_000, Own: 180_000}
	from, until := ledger.NewDate(2027, time.April, 1), ledger.NewDate(2028, time.March, 31)
	for _, test := range []struct {
		name       string
		share      formula.Share
		paid       ledger.Date
		most       ledger.Yen
		begins     ledger.Date
		months     int
		out, lines int // index of the line that is compared, and how many there are
		want       budget.Month
	}{
		{"afterwards, in July", share, ledger.NewDate(2028, time.July, 20), 900_000, ledger.NewDate(2027, time.June, 1), 13, 2, 16,
			budget.Month{On: ledger.NewDate(2027, time.June, 1), Spent: 300_000, In: 30_000, Out: 90_000}},
		{"before it begins", share, ledger.NewDate(2027, time.March, 10), 0, ledger.Date{}, 0, 0, 12,
			budget.Month{On: from, Spent: 100_000, In: 10_000, Grant: 900_000}},
		{"in the third month", share, ledger.NewDate(2027, time.July, 1), 90_000, ledger.NewDate(2027, time.June, 1), 1, 3, 12,
			budget.Month{On: ledger.NewDate(2027, time.July, 1), Spent: 400_000, In: 40_000, Grant: 900_000}},
		{"the group carries nothing itself", formula.Share{Grant: 1_200_000}, ledger.NewDate(2027, time.June, 1), 200_000, from, 2, 1, 12,
			budget.Month{On: ledger.NewDate(2027, time.May, 1), Spent: 200_000, Out: 200_000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := budget.Ahead(1_200_000, test.share, from, until, test.paid)
			if a.Most != test.most || a.From != test.begins || a.Months != test.months || len(a.Lines) != test.lines {
				t.Fatalf("Ahead = %s from %s, %d months, %d lines; want %s from %s, %d months, %d lines", a.Most, a.From, a.Months, len(a.Lines), test.most, test.begins, test.months, test.lines)
			}
			if a.Lines[test.out] != test.want {
				t.Errorf("line %d is %+v; want %+v", test.out, a.Lines[test.out], test.want)
			}
		})
	}
}

func TestNoMoreIsEverLaidOutThanTheGrant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := ledger.Yen(rapid.Int64Range(0, 1_000_000).Draw(t, "total"))
		grant := ledger.Yen(rapid.Int64Range(0, int64(total)).Draw(t, "grant"))
		income := ledger.Yen(rapid.Int64Range(0, int64(total-grant)).Draw(t, "income"))
		from := ledger.NewDate(2027, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"))
		until, paid := from.AddDays(rapid.IntRange(0, 2_500).Draw(t, "days")), from.AddDays(rapid.IntRange(-200, 2_500).Draw(t, "paid"))
		a := budget.Ahead(total, formula.Share{Grant: grant, Income: income, Own: total - grant - income}, from, until, paid)
		last := a.Lines[len(a.Lines)-1]
		if a.Most > grant+1 || len(a.Lines) > 60 || (a.Months == 0) != (a.Most == 0) || last.Spent != total || last.In != income {
			t.Errorf("%s of %s laid out over %d months in %d lines; at the end %+v", a.Most, grant, a.Months, len(a.Lines), last)
		}
	})
}

package formula_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// costs are facts with a total and an eligible cost.
func costs(total, eligible ledger.Yen) formula.Facts {
	return formula.Facts{Costs: map[string]ledger.Yen{formula.Total: total, formula.Eligible: eligible}}
}

func parse(t testing.TB, rule string) formula.Formula {
	t.Helper()
	f, err := formula.Parse([]byte(rule))
	if err != nil {
		t.Fatalf("Parse(%s) = %v", rule, err)
	}
	return f
}

const (
	threeQuarters = `{"floor": {"unit": 1000, "of": {"rate": {"num": 3, "den": 4, "of": "total"}}}}`
	fourFifths    = `{"min": [{"floor": {"unit": 1000, "of": {"rate": {"num": 4, "den": 5, "of": "total"}}}}, 300000]}`
	standard      = `{"floor": {"unit": 1000, "of": {"min": ["eligible", 2000000, {"less": {"of": "total", "income": ["donation", "other"]}}]}}}`
	startAndRun   = `{"sum": [
		{"years": [{"min": ["setup", 100000]}]},
		{"units": {"count": "session", "each": 1500, "max": 48}},
		{"min": ["rent", {"units": {"count": "month", "each": 50000, "max": 12}}]}]}`
)

func TestClaimsOfPublishedRules(t *testing.T) {
	run := formula.Facts{
		Costs:  map[string]ledger.Yen{"setup": 130_000, "rent": 660_000},
		Counts: map[string]int64{"session": 48, "month": 12},
	}
	later := run
	later.Year = 2
	income := costs(2_500_000, 2_300_000)
	income.Income = map[formula.Source]ledger.Yen{formula.Donation: 700_000}
	tests := []struct {
		name  string
		rule  string
		facts formula.Facts
		want  ledger.Yen
	}{
		{"three quarters, to the thousand", threeQuarters, costs(210_000, 0), 157_000},
		{"four fifths reach the cap", fourFifths, costs(410_000, 0), 300_000},
		{"four fifths below the cap", fourFifths, costs(333_333, 0), 266_000},
		{"half with a high cap", `{"min": [{"floor": {"unit": 1000, "of": {"rate": {"num": 1, "den": 2, "of": "eligible"}}}}, 2000000]}`, costs(0, 1_234_567), 617_000},
		{"eighty per cent of the total", `{"rate": {"num": 80, "den": 100, "of": "total"}}`, costs(2_000_000, 0), 1_600_000},
		{"standard amount less income", standard, income, 1_800_000},
		{"standard amount, little cost", standard, costs(1_300_000, 1_234_567), 1_234_000},
		{"start, sessions and rent", startAndRun, run, 772_000},
		{"nothing for the start in the second year", startAndRun, later, 672_000},
		{"a flat amount bears no more than the cost", `{"min": ["eligible", 150000]}`, costs(0, 98_000), 98_000},
		{"steps of ten thousand", `{"floor": {"unit": 10000, "of": {"min": ["eligible", 100000]}}}`, costs(0, 87_500), 80_000},
		{"below the least nothing is paid", `{"least": {"yen": 500000, "of": {"min": ["eligible", 7000000]}}}`, costs(0, 499_999), 0},
		{"at the least all is paid", `{"least": {"yen": 500000, "of": {"min": ["eligible", 7000000]}}}`, costs(0, 500_000), 500_000},
		{"per head, the cost if lower", `{"min": ["total", {"units": {"count": "person", "each": 1000}}]}`,
			formula.Facts{Costs: map[string]ledger.Yen{formula.Total: 41_200}, Counts: map[string]int64{"person": 55}}, 41_200},
		{"two meetings a month", `{"tiers": {"count": "meetings", "steps": [[2, 50000], [4, 100000]]}}`, formula.Facts{Counts: map[string]int64{"meetings": 3}}, 50_000},
		{"one meeting a month", `{"tiers": {"count": "meetings", "steps": [[2, 50000], [4, 100000]]}}`, formula.Facts{Counts: map[string]int64{"meetings": 1}}, 0},
		{"the third year pays a third", `{"years": [{"rate": {"num": 1, "den": 2, "of": "total"}}, {"rate": {"num": 1, "den": 2, "of": "total"}}, {"rate": {"num": 1, "den": 3, "of": "total"}}]}`,
			formula.Facts{Costs: map[string]ledger.Yen{formula.Total: 100_000}, Year: 3}, 33_333},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parse(t, test.rule).Claim(test.facts)
			if err != nil || got.Amount != test.want {
				t.Fatalf("Claim = %s, %v; want %s", got.Amount, err, test.want)
			}
			if again, err := formula.Replay(got.Steps, test.facts); err != nil || again != test.want {
				t.Errorf("Replay = %s, %v; want %s", again, err, test.want)
			}
		})
	}
}

func TestSettlementPaysNoMoreThanWasDecided(t *testing.T) {
	f := parse(t, threeQuarters)
	for spent, want := range map[ledger.Yen]ledger.Yen{210_000: 157_000, 260_000: 170_000} {
		claim, err := f.ClaimUpTo(costs(spent, spent), 170_000)
		if err != nil || claim.Amount != want {
			t.Errorf("spent %s of a decided 170,000: %s, %v; want %s", spent, claim.Amount, err, want)
		}
		share, err := formula.ShareOf(claim.Amount, costs(spent, spent))
		if err != nil || share.Own != spent-want {
			t.Errorf("own part of %s = %s, %v; want %s", spent, share.Own, err, spent-want)
		}
	}
}

func TestDonationsLowerAClaimOnlyAboveTheGap(t *testing.T) {
	f := parse(t, standard)
	facts := costs(2_500_000, 2_300_000) // 500,000 above the standard amount
	effect, err := f.EffectOf(facts, formula.Donation, 700_000)
	if err != nil {
		t.Fatal(err)
	}
	if effect.Before.Amount != 2_000_000 || effect.After.Amount != 1_800_000 || effect.Lowered != 200_000 || effect.Free != 500_000 {
		t.Errorf("before %s, after %s, lowered %s, free %s; want 2,000,000 1,800,000 200,000 500,000",
			effect.Before.Amount, effect.After.Amount, effect.Lowered, effect.Free)
	}
	if untouched, err := f.EffectOf(facts, formula.Sponsor, 700_000); err != nil || untouched.Lowered != 0 || untouched.Free != formula.Largest {
		t.Errorf("sponsors lowered it by %s, free %s, %v; want never", untouched.Lowered, untouched.Free, err)
	}
}

func TestACutLeavesMoreToFind(t *testing.T) {
	facts := costs(260_000, 260_000)
	facts.Income = map[formula.Source]ledger.Yen{formula.Fee: 50_000}
	for percent, want := range map[int64]formula.Share{
		0:  {Grant: 170_000, Income: 50_000, Own: 40_000},
		10: {Grant: 153_000, Income: 50_000, Own: 57_000},
		30: {Grant: 119_000, Income: 50_000, Own: 91_000},
	} {
		got, err := formula.Cut(170_000, percent, 1_000, facts)
		if err != nil || got != want {
			t.Errorf("Cut(%d %%) = %+v, %v; want %+v", percent, got, err, want)
		}
	}
	if _, err := formula.Cut(170_000, 101, 1_000, facts); !errors.Is(err, ledger.ErrOverflow) {
		t.Errorf("cut by 101 %% = %v; want %v", err, ledger.ErrOverflow)
	}
}

func TestAnUnknownFactIsAskedAndNeverZero(t *testing.T) {
	f := parse(t, startAndRun)
	_, err := f.Claim(formula.Facts{Costs: map[string]ledger.Yen{"setup": 1, "rent": 1}})
	if want := (formula.Missing{Kind: formula.Count, Name: "session"}); !errors.Is(err, want) {
		t.Errorf("Claim without sessions = %v; want %v", err, want)
	}
	var keys []string
	for _, need := range f.Needs() {
		keys = append(keys, string(need.Kind)+":"+need.Name)
	}
	if got, want := strings.Join(keys, " "), "cost:setup count:session cost:rent count:month"; got != want {
		t.Errorf("Needs = %s; want %s", got, want)
	}
}

func TestFactsOutOfRangeAreRefused(t *testing.T) {
	f := parse(t, standard)
	for name, facts := range map[string]formula.Facts{
		"negative cost": costs(-1, 5), "quote of a slipped finger": costs(formula.Largest+1, 5),
		"negative income": costs(10, 5).With(formula.Donation, -3),
	} {
		if _, err := f.Claim(facts); !errors.Is(err, ledger.ErrOverflow) {
			t.Errorf("%s: Claim = %v; want %v", name, err, ledger.ErrOverflow)
		}
	}
	if claim, err := f.Claim(costs(9_999_999_999, 9_999_999_999)); err != nil || claim.Amount != 2_000_000 {
		t.Errorf("a quote of 9,999,999,999: %s, %v; want 2,000,000", claim.Amount, err)
	}
}

func TestChangedStepsDoNotReplay(t *testing.T) {
	facts := costs(210_000, 0)
	claim, err := parse(t, threeQuarters).Claim(facts)
	if err != nil {
		t.Fatal(err)
	}
	claim.Steps[1].Out += 1_000
	if _, err = formula.Replay(claim.Steps, facts); !errors.Is(err, formula.ErrReplay) {
		t.Errorf("Replay of a changed step = %v; want %v", err, formula.ErrReplay)
	}
	forward := []formula.Step{{Kind: formula.Min, Of: []int{3}}}
	if _, err = formula.Replay(forward, facts); !errors.Is(err, formula.ErrReplay) {
		t.Errorf("Replay of a step that looks ahead = %v; want %v", err, formula.ErrReplay)
	}
}

func TestAClaimExplainsItself(t *testing.T) {
	facts := costs(260_000, 260_000)
	claim, err := parse(t, fourFifths).ClaimUpTo(facts, 170_000)
	if err != nil {
		t.Fatal(err)
	}
	want := `① 総事業費 260,000円
② ①260,000円 × 4/5 = 208,000円
③ ②208,000円 の千円未満を切り捨てて 208,000円
④ 募集要項の額 300,000円
⑤ ③208,000円 と ④300,000円 のうち少ないほう 208,000円
⑥ 交付決定額 170,000円
⑦ ⑤208,000円 と ⑥170,000円 のうち少ないほう 170,000円`
	if got := strings.Join(claim.Explain(formula.Words{}), "\n"); got != want {
		t.Errorf("Explain =\n%s\nwant\n%s", got, want)
	}
}

func TestUnitsAreExplainedWithTheirCounters(t *testing.T) {
	words := formula.Words{
		Names:    map[string]string{"session": "開催回数", "children": "1回の子どもの人数", "rent": "家賃"},
		Counters: map[string]string{"session": "回", "children": "人"},
	}
	f := parse(t, `{"when": {"count": "children", "least": 3, "then": {"units": {"count": "session", "each": 5000, "min": 4, "max": 50}}}}`)
	for _, test := range []struct {
		sessions, children int64
		want               string
	}{
		{60, 5, "① 募集要項の額 5,000円\n② ①5,000円 × 50回(60回のうち) = 250,000円\n③ 1回の子どもの人数が5人で、3人以上なので 250,000円"},
		{3, 5, "① 募集要項の額 5,000円\n② 開催回数が3回で、4回に届かないので 0円\n③ 1回の子どもの人数が5人で、3人以上なので 0円"},
		{60, 2, "① 1回の子どもの人数が2人で、3人に届かないので 0円"},
	} {
		claim, err := f.Claim(formula.Facts{Counts: map[string]int64{"session": test.sessions, "children": test.children}})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(claim.Explain(words), "\n"); got != test.want {
			t.Errorf("%d sessions, %d children:\n%s\nwant\n%s", test.sessions, test.children, got, test.want)
		}
	}
}

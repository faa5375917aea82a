package ledger_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func anyYen() *rapid.Generator[ledger.Yen] {
	return rapid.Map(rapid.Int64(), func(n int64) ledger.Yen { return ledger.Yen(n) })
}

func fits(n *big.Int) bool { return n.IsInt64() }

func TestSumsOutsideTheRangeAreRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyYen().Draw(t, "a"), anyYen().Draw(t, "b")
		for name, op := range map[string]struct {
			got  func(ledger.Yen) (ledger.Yen, error)
			want *big.Int
		}{
			"Add": {a.Add, new(big.Int).Add(big.NewInt(int64(a)), big.NewInt(int64(b)))},
			"Sub": {a.Sub, new(big.Int).Sub(big.NewInt(int64(a)), big.NewInt(int64(b)))},
		} {
			got, err := op.got(b)
			if fits(op.want) {
				if err != nil || int64(got) != op.want.Int64() {
					t.Fatalf("%s(%d, %d) = %d, %v; want %d", name, a, b, got, err, op.want)
				}
			} else if !errors.Is(err, ledger.ErrOverflow) {
				t.Fatalf("%s(%d, %d) = %d, %v; want ErrOverflow", name, a, b, got, err)
			}
		}
	})
}

func TestSumStopsAtTheFirstOverflow(t *testing.T) {
	t.Parallel()
	if got, err := ledger.Sum(64_500, 30_000, -500); got != 94_000 || err != nil {
		t.Errorf("Sum = %d, %v; want 94000", got, err)
	}
	if got, err := ledger.Sum(); got != 0 || err != nil {
		t.Errorf("Sum of nothing = %d, %v; want 0", got, err)
	}
	if _, err := ledger.Sum(math.MaxInt64, 1, -1); !errors.Is(err, ledger.ErrOverflow) {
		t.Errorf("Sum = %v; want ErrOverflow", err)
	}
}

func TestMulRoundsTheMagnitude(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		amount   ledger.Yen
		num, den int64
		rounding ledger.Rounding
		want     ledger.Yen
	}{
		{"3.6 % of 3,000", 3_000, 36, 1_000, ledger.HalfUp, 108},
		{"a fraction is dropped", 999, 1, 2, ledger.Down, 499},
		{"half goes up", 999, 1, 2, ledger.HalfUp, 500},
		{"less than half goes down", 1_000, 1, 3, ledger.HalfUp, 333},
		{"any fraction goes up", 1_000, 1, 3, ledger.Up, 334},
		{"no fraction stays", 900, 1, 3, ledger.Up, 300},
		{"negative halves go away from zero", -999, 1, 2, ledger.HalfUp, -500},
		{"negative fractions are dropped towards zero", -999, 1, 2, ledger.Down, -499},
		{"negative by negative", -999, -1, 2, ledger.Up, 500},
		{"the product may pass 64 bits", math.MaxInt64, 7, 7, ledger.Down, math.MaxInt64},
		{"the smallest amount", math.MinInt64, 1, 1, ledger.Down, math.MinInt64},
		{"the smallest amount of a positive", math.MinInt64 / 2, 2, 1, ledger.Down, math.MinInt64},
		{"nothing", 0, -5, 3, ledger.Up, 0},
	} {
		got, err := test.amount.Mul(test.num, test.den, test.rounding)
		if err != nil || got != test.want {
			t.Errorf("%s: %d × %d ÷ %d = %d, %v; want %d", test.name, test.amount, test.num, test.den, got, err, test.want)
		}
	}
}

func TestMulOutsideTheRangeIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		amount   ledger.Yen
		num, den int64
		rounding ledger.Rounding
	}{
		{"too large", math.MaxInt64, 2, 1, ledger.Down},
		{"too large by one", math.MinInt64, -1, 1, ledger.Down},
		{"too small", math.MinInt64, 3, 2, ledger.Down},
		{"no denominator", 100, 1, 0, ledger.Down},
		{"negative denominator", 100, 1, -3, ledger.Down},
		// (2⁶³−1)(2⁶³−1) ÷ (2⁶²) is just below 2⁶⁴: rounding up must not wrap it to zero.
		{"rounding would wrap", math.MaxInt64, math.MaxInt64, 1 << 62, ledger.Up},
	} {
		if got, err := test.amount.Mul(test.num, test.den, test.rounding); !errors.Is(err, ledger.ErrOverflow) {
			t.Errorf("%s: %d × %d ÷ %d = %d, %v; want ErrOverflow", test.name, test.amount, test.num, test.den, got, err)
		}
	}
}

func TestMulAgreesWithBigIntegers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount, num := anyYen().Draw(t, "amount"), rapid.Int64().Draw(t, "num")
		den := rapid.Int64Range(1, math.MaxInt64).Draw(t, "den")
		rounding := rapid.SampledFrom([]ledger.Rounding{ledger.Down, ledger.HalfUp, ledger.Up}).Draw(t, "rounding")

		product := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(num))
		sign := int64(product.Sign())
		quotient, rest := new(big.Int).QuoRem(new(big.Int).Abs(product), big.NewInt(den), new(big.Int))
		twice := new(big.Int).Lsh(rest, 1)
		if (rounding == ledger.Up && rest.Sign() > 0) || (rounding == ledger.HalfUp && twice.Cmp(big.NewInt(den)) >= 0) {
			quotient.Add(quotient, big.NewInt(1))
		}
		want := quotient.Mul(quotient, big.NewInt(sign))

		got, err := amount.Mul(num, den, rounding)
		if fits(want) {
			if err != nil || int64(got) != want.Int64() {
				t.Fatalf("got %d, %v; want %d", got, err, want)
			}
		} else if !errors.Is(err, ledger.ErrOverflow) {
			t.Fatalf("got %d, %v; want ErrOverflow for %d", got, err, want)
		}
	})
}

func TestAllocateGivesTheRestToTheLargestRemainders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		amount  ledger.Yen
		weights []int64
		want    []ledger.Yen
	}{
		{"equal weights, the earlier part first", 100, []int64{1, 1, 1}, []ledger.Yen{34, 33, 33}},
		{"two left over", 101, []int64{1, 1, 1}, []ledger.Yen{34, 34, 33}},
		{"the largest remainder wins", 10, []int64{1, 2, 4}, []ledger.Yen{1, 3, 6}}, // 1.43, 2.86, 5.71
		{"nothing for weight zero", 2, []int64{0, 1, 0, 1, 1}, []ledger.Yen{0, 1, 0, 1, 0}},
		{"one weight takes all", 999, []int64{0, 7}, []ledger.Yen{0, 999}},
		{"nothing to share", 0, []int64{3, 4}, []ledger.Yen{0, 0}},
		{"as large as it gets", math.MaxInt64, []int64{math.MaxInt64 - 1, 1}, []ledger.Yen{math.MaxInt64 - 1, 1}},
	} {
		got, err := test.amount.Allocate(test.weights)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: Allocate(%d, %v) = %v, %v; want %v", test.name, test.amount, test.weights, got, err, test.want)
		}
	}
}

func TestAllocateRefusesWhatCannotBeShared(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		amount  ledger.Yen
		weights []int64
	}{
		{"a negative amount", -1, []int64{1}},
		{"a negative weight", 1, []int64{1, -1, 2}},
		{"no weight", 1, []int64{0, 0}},
		{"no parts", 1, nil},
		{"weights beyond 64 bits", 1, []int64{math.MaxInt64, 1}},
	} {
		if got, err := test.amount.Allocate(test.weights); !errors.Is(err, ledger.ErrOverflow) {
			t.Errorf("%s: Allocate(%d, %v) = %v, %v; want ErrOverflow", test.name, test.amount, test.weights, got, err)
		}
	}
}

func TestAllocateKeepsTheSumAndGivesNobodyAYenTooMuch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := ledger.Yen(rapid.Int64Range(0, math.MaxInt64).Draw(t, "amount"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/16), 1, 16).Draw(t, "weights")
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		if total.Sign() == 0 {
			return
		}
		parts, err := amount.Allocate(weights)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := ledger.Sum(parts...)
		if err != nil || sum != amount {
			t.Fatalf("the parts %v add up to %d, %v; want %d", parts, sum, err, amount)
		}
		rests := make([]*big.Int, len(weights))
		rounded := make([]bool, len(weights)) // up
		for i, w := range weights {
			share, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(w)), total, new(big.Int))
			more := new(big.Int).Sub(big.NewInt(int64(parts[i])), share)
			if more.Sign() < 0 || more.Cmp(big.NewInt(1)) > 0 || (more.Sign() > 0 && rest.Sign() == 0) {
				t.Fatalf("part %d of weight %d is %d; its share is %d and a fraction", i, w, parts[i], share)
			}
			rests[i], rounded[i] = rest, more.Sign() > 0
		}
		for i := range weights {
			for j := range weights {
				if order := rests[i].Cmp(rests[j]); rounded[j] && !rounded[i] && (order > 0 || (order == 0 && i < j)) {
					t.Fatalf("part %d was rounded up before part %d, whose remainder is not smaller", j, i)
				}
			}
		}
	})
}

func TestYenIsWrittenWithSeparators(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		amount ledger.Yen
		want   string
	}{
		{0, "0"}, {7, "7"}, {999, "999"}, {1_000, "1,000"}, {-12_345, "-12,345"}, {270_220, "270,220"}, {-1_000_000, "-1,000,000"},
		{math.MinInt64, "-9,223,372,036,854,775,808"},
	} {
		if got := test.amount.String(); got != test.want {
			t.Errorf("%d is written %q; want %q", int64(test.amount), got, test.want)
		}
	}
}

func TestParseYenReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want ledger.Yen
	}{
		{"3000", 3_000}, {"3,000", 3_000}, {"３，０００円", 3_000}, {"¥3,000", 3_000}, {"￥３０００", 3_000}, {`\3000`, 3_000},
		{" 3000 円 ", 3_000}, {"¥ 3,000", 3_000}, {"０", 0}, {"999,999,999,999", 999_999_999_999},
	} {
		if got, err := ledger.ParseYen(test.text); err != nil || got != test.want {
			t.Errorf("ParseYen(%q) = %d, %v; want %d", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{"", " ", "円", "¥", ",", "-3000", "−3000", "+3000", "3000.5", "3千", "三千", "3 000", "0x10", "1e3", "1000000000000", "3000円円", "\x80"} {
		if got, err := ledger.ParseYen(text); !errors.Is(err, ledger.ErrAmount) {
			t.Errorf("ParseYen(%q) = %d, %v; want ErrAmount", text, got, err)
		}
	}
}

func FuzzParseYen(f *testing.F) {
	for _, text := range []string{"3000", "３，０００円", "¥ 1,2,3", "円", "-5", "999999999999", "０００", "、", "\\1円", "\xff", "¥円"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := ledger.ParseYen(text)
		if err != nil {
			if !errors.Is(err, ledger.ErrAmount) || amount != 0 {
				t.Fatalf("ParseYen(%q) = %d, %v; want 0 and ErrAmount", text, amount, err)
			}
			return
		}
		if amount < 0 || amount > 999_999_999_999 {
			t.Fatalf("ParseYen(%q) = %d, out of range", text, amount)
		}
		if strings.ContainsAny(text, "-−－+.．") {
			t.Fatalf("ParseYen(%q) = %d in spite of a sign or fraction", text, amount)
		}
		for _, again := range []string{amount.String(), "¥" + amount.String(), amount.String() + "円"} {
			if back, err := ledger.ParseYen(again); err != nil || back != amount {
				t.Fatalf("ParseYen(%q) = %d, %v; want %d back", again, back, err, amount)
			}
		}
	})
}

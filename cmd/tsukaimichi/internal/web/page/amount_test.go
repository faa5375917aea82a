package page

import (
	"math"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestAmountsAreWrittenForReaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		amount               ledger.Yen
		plain, signed, paper string
	}{
		{0, "0", "0", "0"},
		{1234567, "1,234,567", "+1,234,567", "1,234,567"},
		{-3000, "−3,000", "−3,000", "△3,000"},
		{math.MinInt64, "−9,223,372,036,854,775,808", "−9,223,372,036,854,775,808", "△9,223,372,036,854,775,808"},
	} {
		if got := YenText(test.amount); got != test.plain {
			t.Errorf("YenText(%d) = %s, want %s", test.amount, got, test.plain)
		}
		if got := SignedYen(test.amount); got != test.signed {
			t.Errorf("SignedYen(%d) = %s, want %s", test.amount, got, test.signed)
		}
		if got := PaperYen(test.amount); got != test.paper {
			t.Errorf("PaperYen(%d) = %s, want %s", test.amount, got, test.paper)
		}
	}
}

func TestHundredPercentIsSaidOfTheWholeAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		part, whole ledger.Yen
		want        string
	}{
		{268000, 400000, "67％"},
		{299322, 312400, "95.8％"},
		{399999, 400000, "99.9％"},
		{400000, 400000, "100％"},
		{440000, 400000, "110％"},
		{0, 400000, "0％"},
		{-1000, 12000, "−8.3％"},
		{-11, 12000, "0％"},
		{1, 0, ""},
	} {
		if got := Percent(test.part, test.whole); got != test.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", test.part, test.whole, got, test.want)
		}
	}
}

package page

import (
	"strings"
	"testing"
)

func TestLineShowsPromiseAndActualOnOneScale(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		bar      Bar
		sentence string
		want     []string
		not      []string
	}{
		{"running", Bar{Promised: 400000, Received: 268000, Spent: 91025, Left: 176975, Total: true},
			"約束 400,000円。届いた 268,000円。使った 91,025円。残り 176,975円",
			[]string{`class="michi__left" fill="url(#hatch)" x="22.76%" y="0.875em" width="44.24%"`, `class="michi__spent" x="0%" y="0.875em" width="22.76%"`,
				`x1="67%" y1="2.625em" x2="67%"`, `<svg x="100%"`}, []string{"michi__over"}},
		{"nothing yet", Bar{Promised: 60000}, "約束 60,000円。届いた 0円。使った 0円。残り 0円", nil, []string{"michi__got", "michi__left", "michi__over"}},
		{"advanced", Bar{Promised: 60000, Received: 20000, Spent: 25000, Left: -5000}, "約束 60,000円。届いた 20,000円。使った 25,000円。立替え 5,000円",
			[]string{`class="michi__over" fill="url(#over)" x="33.33%" y="0.625em" width="8.34%"`}, []string{"michi__left"}},
		{"more than promised", Bar{Promised: 60000, Received: 71400, Spent: 25000, Left: 46400}, "約束 60,000円。届いた 71,400円。使った 25,000円。残り 46,400円",
			[]string{`class="michi__track" x="0%" y="0.625em" width="84.03%"`, `<svg x="84.03%"`}, nil},
		{"report, spent more", Bar{Promised: 156000, Spent: 171860, Final: true}, "約束 156,000円。使った 171,860円。約束より多い 15,860円",
			[]string{`height="2.125em"`, `class="michi__over" fill="url(#over)" x="90.77%" y="0.625em" width="9.23%"`}, []string{"michi__got", "michi__left"}},
		{"report, spent less", Bar{Promised: 40000, Spent: 28450, Final: true}, "約束 40,000円。使った 28,450円。使わなかった 11,550円",
			[]string{`class="michi__left" fill="url(#hatch)" x="71.13%" y="0.625em" width="28.87%"`}, []string{"michi__over"}},
		{"report, as promised", Bar{Promised: 14000, Spent: 14000, Final: true}, "約束 14,000円。使った 14,000円。差 0円", nil, []string{"michi__over", "michi__left"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.bar.Sentence(); got != test.sentence {
				t.Errorf("Sentence() = %s, want %s", got, test.sentence)
			}
			line := string(test.bar.Line())
			for _, want := range test.want {
				if !strings.Contains(line, want) {
					t.Errorf("the line lacks %s:\n%s", want, line)
				}
			}
			for _, not := range test.not {
				if strings.Contains(line, not) {
					t.Errorf("the line has %s:\n%s", not, line)
				}
			}
		})
	}
}

func TestWithoutAPromiseThereIsNoLine(t *testing.T) {
	t.Parallel()
	if (Bar{Spent: 500, Received: 500}).Drawn() {
		t.Error("a line without a promise has no scale")
	}
}

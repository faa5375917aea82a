package limit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
)

func TestFormsCountDifferently(t *testing.T) {
	chars := limit.Limit{Kind: limit.Chars, Max: 205}
	frame := limit.Limit{Kind: limit.Frame, Max: 3, Cols: 5}
	for _, test := range []struct {
		name  string
		limit limit.Limit
		text  string
		want  int
	}{
		{"a line break is one character", chars, "a\r\nb", 3},
		{"an old line break too", chars, "a\rb\nc", 5},
		{"a kana and its mark are one", chars, "か\u3099", 1},
		{"a kana that has no composed form stays two", chars, "ん\u3099", 2},
		{"a rare kanji is one", chars, "𠮷野家", 3},
		{"spaces and breaks count where the form says so", chars, "あ い\nう　え", 7},
		{"or do not", limit.Limit{Kind: limit.Chars, Max: 9, NoSpaces: true, NoBreaks: true}, "あ い\nう　え", 4},
		{"breaks alone do not", limit.Limit{Kind: limit.Chars, Max: 9, NoBreaks: true}, "あ い\nう　え", 6},
		{"ten full and ten half", limit.Limit{Kind: limit.HalfWidth, Max: 99}, "一二三四五六七八九十0123456789", 30},
		{"half-width kana", limit.Limit{Kind: limit.HalfWidth, Max: 99}, "ｶﾞｶ\n", 4},
		{"nothing fills no row", frame, "", 0},
		{"five squares are one row", frame, "一二三四五", 1},
		{"the sixth begins the second", frame, "一二三四五六", 2},
		{"ten halves are one row", frame, "0123456789", 1},
		{"a full one does not fit into half a square", frame, "012345678九", 2},
		{"empty rows between count, at the end they do not", frame, "一\n\n二\n\n", 3},
		{"41 rows are two pages", limit.Limit{Kind: limit.Pages, Max: 4, Cols: 40, PageRows: 40}, strings.Repeat("行\n", 41), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.limit.Check(); err != nil {
				t.Fatal(err)
			}
			if got := test.limit.Count(test.text); got.Used != test.want || got.Left != test.limit.Max-test.want {
				t.Errorf("Count(%q) = %+v; want %d used", test.text, got, test.want)
			}
		})
	}
}

func TestASoftLimitBearsATenthMore(t *testing.T) {
	for _, test := range []struct {
		soft bool
		min  int
		used int
		want limit.Verdict
	}{
		{false, 0, 200, limit.Fits}, {false, 0, 201, limit.TooLong},
		{true, 0, 201, limit.Over}, {true, 0, 220, limit.Over}, {true, 0, 221, limit.TooLong},
		{false, 100, 99, limit.TooShort}, {false, 100, 100, limit.Fits},
	} {
		l := limit.Limit{Kind: limit.Chars, Max: 200, Min: test.min, Soft: test.soft}
		if got := l.Count(strings.Repeat("字", test.used)); got.Verdict != test.want {
			t.Errorf("soft %t, least %d, %d used: %s; want %s", test.soft, test.min, test.used, got.Verdict, test.want)
		}
	}
}

func TestLimitsThatMakeNoSenseAreRefused(t *testing.T) {
	for name, l := range map[string]limit.Limit{
		"no kind":                {Max: 1},
		"no room":                {Kind: limit.Chars},
		"at least above most":    {Kind: limit.Chars, Max: 5, Min: 6},
		"a frame of no columns":  {Kind: limit.Frame, Max: 5},
		"columns of no frame":    {Kind: limit.Chars, Max: 5, Cols: 3},
		"pages of no rows":       {Kind: limit.Pages, Max: 4, Cols: 40},
		"a frame without spaces": {Kind: limit.Frame, Max: 4, Cols: 40, NoSpaces: true},
		"endless":                {Kind: limit.Chars, Max: 100_001},
	} {
		if err := l.Check(); !errors.Is(err, limit.ErrLimit) {
			t.Errorf("%s: Check = %v; want %v", name, err, limit.ErrLimit)
		}
	}
}

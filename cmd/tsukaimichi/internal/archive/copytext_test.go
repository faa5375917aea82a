package archive

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLineComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.OneOf(
			rapid.Just[any](nil), rapid.Just[any](`\N`), rapid.Just[any](""), rapid.Just[any]("\\\t\r\n\\n"),
			rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "text") }),
		), 1, 6).Draw(t, "values")
		var line []byte
		for i, value := range want {
			if i > 0 {
				line = append(line, '\t')
			}
			if value == nil {
				line = appendField(line, nil)
			} else {
				line = appendField(line, append([]byte{}, value.(string)...))
			}
		}
		if bytes.ContainsAny(line, "\n\r") {
			t.Fatalf("%q is more than a line", line)
		}
		got := make([]any, len(want))
		if err := parseLine(string(line), got); err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("column %d: got %q; want %q", i, got[i], want[i])
			}
		}
	})
}

func TestLineOfAnotherShapeIsRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"a", "a\tb\tc", `a\`, `a\x` + "\tb", `\` + "\tb"} {
		if err := parseLine(line, make([]any, 2)); err == nil {
			t.Errorf("%q was read as two columns", line)
		}
	}
	if err := eachLine(strings.NewReader("a\nb"), func(string) error { return nil }); err == nil {
		t.Error("a line without its end was read")
	}
}

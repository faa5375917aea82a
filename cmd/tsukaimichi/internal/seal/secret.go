package seal

import (
	"fmt"
	"log/slog"
)

const hidden = "[hidden]"

// Secret is a text that must not reach a log, a page or an error: printing it in any way gives "[hidden]". Reveal
// is the one way to its content.
type Secret string

// Reveal returns the text itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string { return hidden }

// Format hides the text from every verb, %x and %#v included.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text from JSON and every other encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

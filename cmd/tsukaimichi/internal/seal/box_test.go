package seal_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
)

func newBox(t *testing.T, current seal.Key, older ...seal.Key) *seal.Box {
	t.Helper()
	box, err := seal.New(current, older...)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealedSecretOpensForItsOrganisationAndPurposeOnly(t *testing.T) {
	t.Parallel()
	box := newBox(t, seal.NewKey())
	sealed := box.Seal(7, "stripe.key", "sk_test_練習")
	if got, err := box.Open(7, "stripe.key", sealed); err != nil || got.Reveal() != "sk_test_練習" {
		t.Errorf("Open = %q, %v; want the secret", got.Reveal(), err)
	}
	head, body, _ := strings.Cut(sealed[3:], ".")
	for name, open := range map[string]func() (seal.Secret, error){
		"another organisation": func() (seal.Secret, error) { return box.Open(8, "stripe.key", sealed) },
		"another purpose":      func() (seal.Secret, error) { return box.Open(7, "stripe.webhook", sealed) },
		"another key":          func() (seal.Secret, error) { return newBox(t, seal.NewKey()).Open(7, "stripe.key", sealed) },
		"changed text":         func() (seal.Secret, error) { return box.Open(7, "stripe.key", "s1."+head+".A"+body[1:]+"A") },
		"cut text":             func() (seal.Secret, error) { return box.Open(7, "stripe.key", sealed[:20]) },
		"another version":      func() (seal.Secret, error) { return box.Open(7, "stripe.key", "s2"+sealed[2:]) },
		"nothing":              func() (seal.Secret, error) { return box.Open(7, "stripe.key", "") },
	} {
		if got, err := open(); !errors.Is(err, seal.ErrSealed) || got != "" {
			t.Errorf("%s: Open = %q, %v; want ErrSealed", name, got.Reveal(), err)
		}
	}
}

func TestSealingTwiceGivesDifferentTexts(t *testing.T) {
	t.Parallel()
	box := newBox(t, seal.NewKey())
	if one, two := box.Seal(1, "p", "x"), box.Seal(1, "p", "x"); one == two {
		t.Errorf("sealed twice as %q", one)
	}
}

func TestOlderKeyStillOpensAndIsNotCurrent(t *testing.T) {
	t.Parallel()
	old, fresh := seal.NewKey(), seal.NewKey()
	sealed := newBox(t, old).Seal(1, "p", "x")
	box := newBox(t, fresh, old)
	if got, err := box.Open(1, "p", sealed); err != nil || got.Reveal() != "x" {
		t.Errorf("Open with the older key = %q, %v", got.Reveal(), err)
	}
	if box.Current(sealed) || !box.Current(box.Seal(1, "p", "x")) {
		t.Error("Current does not tell the older key's seal from its own")
	}
}

func TestBoxRefusesZeroKey(t *testing.T) {
	t.Parallel()
	if _, err := seal.New(seal.Key{}); !errors.Is(err, seal.ErrKey) {
		t.Errorf("New with a zero key: %v; want ErrKey", err)
	}
}

package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
)

func TestKeyFileIsMadeOnceAndOnlyItsOwnerReadsIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	names := make([]string, 8)
	var all sync.WaitGroup
	for i := range names {
		all.Go(func() {
			key, err := seal.KeyFile(path)
			if err != nil {
				t.Error(err)
			}
			names[i] = key.Name()
		})
	}
	all.Wait()
	for _, name := range names {
		if name != names[0] || len(name) != 8 {
			t.Fatalf("eight starts together got keys %q", names)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v; want mode 0600", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files beside the key; want none", len(left)-1)
	}
}

func TestKeyFileWithSomethingElseIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	os.WriteFile(path, []byte("password"), 0o600)
	if _, err := seal.KeyFile(path); !errors.Is(err, seal.ErrKey) {
		t.Errorf("KeyFile: %v; want ErrKey", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "password" {
		t.Errorf("the file now holds %q", text)
	}
}

func TestParseKeyTakesBothAlphabets(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		strings.Repeat("+/", 21) + "8=":  true,
		strings.Repeat("-_", 21) + "8":   true,
		" " + strings.Repeat("A", 43):    true,
		strings.Repeat("A", 42):          false,
		strings.Repeat("A", 44) + "AA==": false,
		"":                               false,
	} {
		if _, err := seal.ParseKey(text); (err == nil) != ok {
			t.Errorf("ParseKey(%q) = %v", text, err)
		}
	}
}

func TestSecretAndKeyNeverPrintThemselves(t *testing.T) {
	t.Parallel()
	const word = "himitsu"
	secret, key := seal.Secret(word), seal.NewKey()
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", secret, "key", key)
	for _, verb := range []string{"%v", "%+v", "%s", "%q", "%x", "%X", "%#v"} {
		fmt.Fprintf(&out, verb+" ", secret)
		fmt.Fprintf(&out, verb+" ", struct{ S seal.Secret }{secret})
	}
	json.NewEncoder(&out).Encode(map[string]any{"s": secret})
	for _, leak := range []string{word, fmt.Sprintf("%x", word), fmt.Sprintf("%X", word)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%q leaked in %s", leak, out.String())
		}
	}
	if got := fmt.Sprintf("%v %#v %+v", key, key, key); strings.Count(got, "[hidden]") != 3 {
		t.Errorf("a key prints as %s", got)
	}
}

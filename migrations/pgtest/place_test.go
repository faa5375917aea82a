//go:build unix

package pgtest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestServersOfVanishedCheckoutsAreRemoved(t *testing.T) {
	t.Parallel()
	family := filepath.Join(t.TempDir(), "server-")
	here := t.TempDir()
	for name, checkout := range map[string]string{"gone": filepath.Join(here, "gone"), "here": here} {
		if err := os.Mkdir(family+name, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(family+name, checkoutFile), []byte(checkout), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(family+"new", 0o755); err != nil { // another process is just making it
		t.Fatal(err)
	}
	if err := removeAbandoned(family); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"gone": false, "here": true, "new": true} {
		if _, err := os.Stat(family + name); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", name, err == nil, want)
		}
	}
}

//go:build unix

package pgtest

import (
	"os"
	"path/filepath"
	"slices"
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

// TestDirectoryIsSignedAtOnce looks at the signature while others write it again and again.
func TestDirectoryIsSignedAtOnce(t *testing.T) {
	t.Parallel()
	dir, over := t.TempDir(), make(chan bool)
	checkouts := []string{"/one/checkout", "/another/checkout"}
	if err := sign(dir, checkouts[0]); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(over)
		for n := range 500 {
			if err := sign(dir, checkouts[n%2]); err != nil {
				t.Error(err)
			}
		}
	}()
	for {
		signed, err := os.ReadFile(filepath.Join(dir, checkoutFile))
		if err != nil || !slices.Contains(checkouts, string(signed)) {
			t.Fatalf("signed %q, %v", signed, err)
		}
		select {
		case <-over:
			return
		default:
		}
	}
}

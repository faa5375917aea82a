package chromium

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// debian says which packages bring a program that tests use.
var debian = map[string]string{
	"chromium":  "chromium fonts-morisawa-bizud-gothic",
	"hledger":   "hledger",
	"ledger":    "ledger",
	"pdftotext": "poppler-utils",
	"pdftoppm":  "poppler-utils",
}

// Tool returns the path of a program from outside. Where it is missing the test is skipped with the line that installs it; under CI=true it fails.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Lacking(t, "%s is missing: apt-get install -y --no-install-recommends %s", name, debian[name])
	}
	return path
}

// axeVersion is the release of axe-core that looks at every page.
const axeVersion = "4.14.1"

// Axe returns the text of axe-core, which .ci/run lays into the cache.
func Axe(t testing.TB) string {
	t.Helper()
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		cache = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	path := filepath.Join(cache, "tsukaimichi", "axe-"+axeVersion+".js")
	text, err := os.ReadFile(path)
	if err != nil {
		Lacking(t, "axe-core is missing: npm pack axe-core@%[1]s && mkdir -p %[2]s && tar xzOf axe-core-%[1]s.tgz package/axe.min.js > %[3]s",
			axeVersion, filepath.Dir(path), path)
	}
	return string(text)
}

// Lacking skips a test that something is missing for; under CI=true it fails.
func Lacking(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

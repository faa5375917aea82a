//go:build unix

package rehearsed

import (
	"fmt"
	"os"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// Main is a whole TestMain: the tests run with their folders in memory, and after the last one the browser and the program end.
func Main(m *testing.M) {
	leave, err := InMemory()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	chromium.Close()
	End()
	leave()
	os.Exit(code)
}

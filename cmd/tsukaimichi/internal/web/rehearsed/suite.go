//go:build unix

package rehearsed

import (
	"fmt"
	"os"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// Main is a whole TestMain: the tests run with their folders in memory, and after the last one the browser and the program end, and what else has to.
func Main(m *testing.M, ends ...func()) {
	leave, err := layInMemory()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	chromium.Close()
	End()
	for _, end := range append(ends, leave) {
		end()
	}
	os.Exit(code)
}

package year

import (
	"os"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// TestMain ends the browser and the program after the last test.
func TestMain(m *testing.M) {
	code := m.Run()
	chromium.Close()
	rehearsed.End()
	os.Exit(code)
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/page"
)

// errNoChromium says that the other side is missing.
var errNoChromium = errors.New("no Chromium here (apt-get install chromium), so nothing stands beside ours")

// chromium is the browser that prints.
type chromium struct{ program, version string }

// findChromium looks for the browser on the PATH.
func findChromium(ctx context.Context) (*chromium, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		program, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, err := exec.CommandContext(ctx, program, "--version").Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", program, err)
		}
		words := strings.Fields(string(version))
		return &chromium{program, strings.Join(words[:min(2, len(words))], " ")}, nil
	}
	return nil, errNoChromium
}

// print starts the browser with a fresh profile, has it print the document's page and returns how long that took in milliseconds,
// laying out the files not counted.
func (c *chromium) print(ctx context.Context, d document.Document) (float64, error) {
	dir, err := os.MkdirTemp("", "tsukaimichi-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	body, err := page.Render(d)
	if err != nil {
		return 0, err
	}
	source, printed := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	html := `<!doctype html><html lang="ja"><meta charset="utf-8"><title>print</title>
<style>@page { size: A4; margin: 20mm } body { font: 12pt/1.6 "BIZ UDPGothic", "Noto Sans CJK JP", sans-serif } table { border-collapse: collapse }</style>
<body>` + string(body) + `</body></html>`
	if err = os.WriteFile(source, []byte(html), 0o600); err != nil {
		return 0, err
	}
	begun := time.Now()
	said, err := exec.CommandContext(ctx, c.program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--print-to-pdf="+printed, "file://"+source).CombinedOutput()
	took := milliseconds(begun)
	if err != nil {
		return 0, fmt.Errorf("chromium: %w: %s", err, said)
	}
	content, err := os.ReadFile(printed)
	if err != nil {
		return 0, fmt.Errorf("chromium: %w: %s", err, said)
	}
	if !bytes.HasPrefix(content, []byte("%PDF-")) {
		return 0, fmt.Errorf("chromium: printed no PDF: %s", said)
	}
	return took, nil
}

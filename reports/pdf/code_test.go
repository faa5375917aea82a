package pdf

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// TestCodeIsPrintedModuleByModule looks at the printed page: every square of the code is dark or light as it must be, and
// the quiet zone around it is white.
func TestCodeIsPrintedModuleByModule(t *testing.T) {
	t.Parallel()
	d := document.Document{Blocks: document.Blocks{document.QR{Text: "https://tsukaimichi.example/r/R-2026-0031", Caption: "この報告のページ"}}}
	l, err := lay(context.Background(), d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var code mark
	for _, m := range l.pages[0] {
		if m.kind == modules {
			code = m
		}
	}
	const dots = 300
	page := printed(t, render(t, d).Bytes, dots)
	n := len(code.code)
	side := code.w / float64(n)
	for y := -quiet; y < n+quiet; y++ {
		for x := -quiet; x < n+quiet; x++ {
			at := func(mm float64) int { return int(math.Round(mm / 25.4 * dots)) }
			r, _, _, _ := page.At(at(code.x+(float64(x)+0.5)*side), at(code.y+(float64(y)+0.5)*side)).RGBA()
			inside := x >= 0 && y >= 0 && x < n && y < n
			if want := inside && code.code[y][x]; want != (r < 0x8000) {
				t.Fatalf("module %d, %d is printed wrongly", x, y)
			}
		}
	}
	if side < 0.5 {
		t.Errorf("a module is %.2f mm: too small for an old telephone", side)
	}
}

// printed is the first page at a resolution.
func printed(t *testing.T, pdf []byte, dots int) image.Image {
	t.Helper()
	_, folder := run(t, pdf, "pdftoppm", "-singlefile", "-png", "-r", "300", "FILE", "page")
	b, err := os.ReadFile(filepath.Join(folder, "page.png"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if want := int(math.Round(210 / 25.4 * float64(dots))); m.Bounds().Dx() < want-2 {
		t.Fatalf("page is %d dots wide, want %d", m.Bounds().Dx(), want)
	}
	return m
}

func TestStampIsShapesWithItsWordsInTheText(t *testing.T) {
	t.Parallel()
	faces, err := typeset.Noto()
	if err != nil {
		t.Fatal(err)
	}
	s := setter{faces: faces}
	long := document.Stamp{Top: "とても長い名前の監査ずみ", Bottom: "監事"}
	for _, m := range s.stamp(long, 10, 20) {
		for _, contour := range m.shapes {
			for _, p := range contour {
				if dx, dy := p.X-stampSide/2, p.Y-stampSide/2; math.Hypot(dx, dy) > 0.475*stampSide {
					t.Fatalf("a letter leaves the ring at %.1f, %.1f", p.X, p.Y)
				}
			}
		}
	}
}

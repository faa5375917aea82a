package sample

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/fonts"
)

// faces are the letters on a practice receipt, large and small. A face is not safe for use by two at once, hence the lock.
var faces = sync.OnceValues(func() (sizes [2]font.Face, err error) {
	parsed, err := opentype.Parse(fonts.Regular)
	if err != nil {
		return sizes, fmt.Errorf("font: %w", err)
	}
	for i, size := range []float64{44, 22} {
		if sizes[i], err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72}); err != nil {
			return sizes, fmt.Errorf("font: %w", err)
		}
	}
	return sizes, nil
})

var drawing sync.Mutex

// drawPaper returns a JPEG of a receipt that says 練習.
func drawPaper(payee, what string, amount ledger.Yen, on ledger.Date) ([]byte, error) {
	drawing.Lock()
	defer drawing.Unlock()
	sizes, err := faces()
	if err != nil {
		return nil, err
	}
	sheet := image.NewGray(image.Rect(0, 0, 480, 360))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{Y: 250}), image.Point{}, draw.Src)
	for _, line := range []struct {
		face font.Face
		y    int
		text string
	}{
		{sizes[1], 40, "練習用・本物ではありません"}, {sizes[0], 110, "領収書(練習)"}, {sizes[0], 190, "¥" + amount.String()},
		{sizes[1], 240, "但し " + what}, {sizes[1], 280, on.String()}, {sizes[1], 320, payee},
	} {
		pen := font.Drawer{Dst: sheet, Src: image.NewUniform(color.Gray{Y: 40}), Face: line.face, Dot: fixed.P(30, line.y)}
		pen.DrawString(line.text)
	}
	var out bytes.Buffer
	if err = jpeg.Encode(&out, sheet, &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return out.Bytes(), nil
}

package files

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// Box is a place of a picture in thousandths of its width and height, from the corner at the upper left.
type Box struct {
	Left, Top, Width, Height int
}

// whole is all of a side.
const whole = 1000

// block is the side of the squares a JPEG with halved colours is made of, in pixels.
const block = 16

// Fits reports whether the box lies within the picture and covers something.
func (b Box) Fits() bool {
	return b.Left >= 0 && b.Top >= 0 && b.Width > 0 && b.Height > 0 && b.Left+b.Width <= whole && b.Top+b.Height <= whole
}

// Redact returns a photo as Photo keeps it, painted black within the boxes and encoded anew. What lay below the boxes decides no byte of the answer. Every
// error is a Refused.
func Redact(content []byte, boxes []Box) ([]byte, error) {
	if _, err := fit(content, JPEG); err != nil {
		return nil, err
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return nil, Unreadable
	}
	if int64(config.Width)*int64(config.Height) > MaxPixels {
		return nil, TooManyPixels
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	source, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, Unreadable
	}
	sheet := image.NewRGBA(image.Rectangle{Max: source.Bounds().Size()})
	draw.Draw(sheet, sheet.Bounds(), source, source.Bounds().Min, draw.Src)
	for _, b := range boxes {
		draw.Draw(sheet, b.over(sheet.Bounds().Size()), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err = jpeg.Encode(&out, sheet, &jpeg.Options{Quality: quality}); err != nil {
		return nil, Unreadable
	}
	return out.Bytes(), nil
}

// over is the box on a picture of a size, widened to whole blocks: within a block the kept JPEG has mixed what is inside the box with what is outside, and a
// letter leaves its trace beside itself.
func (b Box) over(size image.Point) image.Rectangle {
	down := func(part, side int) int { return part * side / whole / block * block }
	up := func(part, side int) int { return ((part*side+whole-1)/whole + block - 1) / block * block }
	return image.Rect(down(b.Left, size.X), down(b.Top, size.Y), up(b.Left+b.Width, size.X), up(b.Top+b.Height, size.Y))
}

package files

import (
	"bytes"
	"image"
	"image/jpeg"
	_ "image/png" // for image.Decode
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // for image.Decode
)

const (
	// MaxPixels is the most that is decoded: 40 million, of up to eight bytes.
	MaxPixels = 40_000_000
	// LongestSide is the longer side of a kept photo in pixels: enough for A4 at 170 dpi.
	LongestSide = 2000

	quality = 85
)

// decoding lets two photos be decoded at a time on this machine: one takes up to 320 MB.
var decoding = make(chan struct{}, 2)

// Photo returns the photo drawn anew as a JPEG that stands upright, no side longer than LongestSide, on white where
// it was transparent, and with nothing but the picture: no place, no day, no camera. It takes JPEG, PNG and WebP up
// to MaxBytes and MaxPixels; every error is a Refused.
func Photo(content []byte) ([]byte, error) {
	mime, err := fit(content, JPEG, PNG, WebP)
	if err != nil {
		return nil, err
	}
	// The header alone tells the size: a small file may claim to be a picture of many gigabytes.
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return nil, Unreadable
	}
	if int64(config.Width)*int64(config.Height) > MaxPixels {
		return nil, TooManyPixels
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	source, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, Unreadable
	}
	picture := orientation(content, mime).turn(shrink(source))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
		return nil, Unreadable
	}
	return out.Bytes(), nil
}

// Evidence returns what is kept of a receipt or an invoice, and its MIME type: a PDF as it is, a photo as Photo
// returns it. Every error is a Refused.
func Evidence(content []byte) ([]byte, string, error) {
	mime, err := fit(content, PDF, JPEG, PNG, WebP)
	if err != nil {
		return nil, "", err
	}
	if mime == PDF {
		return content, PDF, quietPDF(content)
	}
	clean, err := Photo(content)
	return clean, JPEG, err
}

// Upload reads an upload up to MaxBytes; TooLarge beyond, without reading on.
func Upload(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > MaxBytes {
		return nil, TooLarge
	}
	return content, nil
}

// shrink draws the picture on white, with no side longer than LongestSide. Each new pixel is the average of the area
// it covers; source rows are read one at a time, so that no second picture of full size is held.
func shrink(source image.Image) *image.RGBA {
	from := source.Bounds()
	width, height := smaller(from.Dx(), from.Dy())
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	line := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	wide, sum := make([]uint64, width*3), make([]uint64, width*3)
	area := uint64(from.Dx()) * uint64(from.Dy())
	y, missing := 0, from.Dy() // a new row is made of from.Dy() parts, a source row holds height parts
	for sy := range from.Dy() {
		draw.Draw(line, line.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Bounds(), source, image.Pt(from.Min.X, from.Min.Y+sy), draw.Over)
		squeeze(wide, line.Pix, from.Dx())
		for parts := height; parts > 0; {
			take := min(parts, missing)
			for i, v := range wide {
				sum[i] += v * uint64(take)
			}
			parts, missing = parts-take, missing-take
			if missing == 0 {
				emit(out.Pix[y*out.Stride:], sum, area)
				y, missing = y+1, from.Dy()
			}
		}
	}
	return out
}

// squeeze makes a row of len(wide)/3 pixels from the sourceWidth pixels of pix; each value is sourceWidth times its
// average.
func squeeze(wide []uint64, pix []uint8, sourceWidth int) {
	width := len(wide) / 3
	clear(wide)
	x, missing := 0, sourceWidth
	for sx := range sourceWidth {
		r, g, b := uint64(pix[sx*4]), uint64(pix[sx*4+1]), uint64(pix[sx*4+2])
		for parts := width; parts > 0; {
			take := min(parts, missing)
			wide[x*3] += r * uint64(take)
			wide[x*3+1] += g * uint64(take)
			wide[x*3+2] += b * uint64(take)
			parts, missing = parts-take, missing-take
			if missing == 0 {
				x, missing = x+1, sourceWidth
			}
		}
	}
}

// emit writes a finished row and empties the sums.
func emit(pix []uint8, sum []uint64, area uint64) {
	for x := range len(sum) / 3 {
		for c := range 3 {
			pix[x*4+c] = uint8((sum[x*3+c] + area/2) / area)
		}
		pix[x*4+3] = 255
	}
	clear(sum)
}

// smaller returns the size that fits LongestSide; a picture that fits keeps its own.
func smaller(width, height int) (int, int) {
	longest := max(width, height)
	if longest <= LongestSide {
		return width, height
	}
	return max(1, width*LongestSide/longest), max(1, height*LongestSide/longest)
}

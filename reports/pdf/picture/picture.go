package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// Expected problems of a picture.
var (
	ErrUnreadable = errors.New("picture: not a JPEG, PNG, GIF or WebP")
	ErrTooLarge   = errors.New("picture: too many pixels")
)

const (
	// MaxPixels is what a picture may have when it comes; telephones make 50 million.
	MaxPixels = 64_000_000
	// MaxSide is what a picture has when it goes: 220 dots an inch over a full page width.
	MaxSide = 1600
	quality = 82
)

// Picture is a clean JPEG.
type Picture struct {
	JPEG          []byte
	Width, Height int // pixels
}

// Clean decodes a picture, turns it as its camera was held, reduces it to MaxSide and writes it as JPEG without any
// metadata. A picture that is clean already comes back as it is, so that it is not worn by being cleaned again.
// ErrUnreadable, or ErrTooLarge before anything large is decoded.
func Clean(file []byte) (Picture, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return Picture{}, ErrUnreadable
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > MaxPixels/config.Height {
		return Picture{}, fmt.Errorf("%w: %d × %d", ErrTooLarge, config.Width, config.Height)
	}
	turn := orientation(file) // first: decoding loses it
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return Picture{}, ErrUnreadable
	}
	if isBare(file) && max(config.Width, config.Height) <= MaxSide {
		return Picture{file, config.Width, config.Height}, nil
	}
	clean := upright(reduced(decoded), turn)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, clean, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, err
	}
	return Picture{out.Bytes(), clean.Bounds().Dx(), clean.Bounds().Dy()}, nil
}

// reduced draws the picture on white, since paper shows through where a picture is transparent.
func reduced(from image.Image) *image.RGBA {
	size := from.Bounds().Size()
	if longest := max(size.X, size.Y); longest > MaxSide {
		size.X = max(1, (size.X*MaxSide+longest/2)/longest)
		size.Y = max(1, (size.Y*MaxSide+longest/2)/longest)
	}
	to := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	if size == from.Bounds().Size() {
		draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
	}
	return to
}

// upright applies the eight orientations of EXIF.
func upright(from *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 || turn > 8 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			u, v := x, y
			switch turn {
			case 2:
				u = w - 1 - x
			case 3:
				u, v = w-1-x, h-1-y
			case 4:
				v = h - 1 - y
			case 5:
				u, v = y, x
			case 6:
				u, v = h-1-y, x
			case 7:
				u, v = h-1-y, w-1-x
			case 8:
				u, v = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(u, v):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

package files_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

func decode(t *testing.T, clean []byte) image.Image {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(clean))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// colours names the four quarters from the top left in reading order.
func colours(picture image.Image) string {
	b, names := picture.Bounds(), ""
	for _, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, bl, _ := picture.At(b.Min.X+b.Dx()*at.X/4, b.Min.Y+b.Dy()*at.Y/4).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			names += "y"
		case r > 0x8000:
			names += "r"
		case g > 0x8000:
			names += "g"
		case bl > 0x8000:
			names += "b"
		default:
			names += "?"
		}
	}
	return names
}

func TestPhotoStandsUprightHoweverItWasTaken(t *testing.T) {
	t.Parallel()
	for orientation, want := range map[uint16]struct {
		quarters      string
		width, height int
	}{
		1: {"rgby", 80, 40}, 2: {"gryb", 80, 40}, 3: {"ybgr", 80, 40}, 4: {"byrg", 80, 40},
		5: {"rbgy", 40, 80}, 6: {"bryg", 40, 80}, 7: {"ygbr", 40, 80}, 8: {"gyrb", 40, 80},
		0: {"rgby", 80, 40}, 9: {"rgby", 80, 40},
	} {
		for name, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			clean, err := files.Photo(withEXIF(newJPEG(t, 80, 40), newEXIF(order, orientation)))
			if err != nil {
				t.Fatal(err)
			}
			picture := decode(t, clean)
			if got := colours(picture); got != want.quarters || picture.Bounds().Dx() != want.width || picture.Bounds().Dy() != want.height {
				t.Errorf("orientation %d %s: %s, %v; want %v", orientation, name, got, picture.Bounds(), want)
			}
		}
	}
}

func TestPhotoOfPNGTurnsByItsChunk(t *testing.T) {
	t.Parallel()
	raw := newPNG(t, newPicture(80, 40))
	head := len("\x89PNG\r\n\x1a\n") + 25 // signature and IHDR
	turned := append(append(append([]byte{}, raw[:head]...), pngChunk("eXIf", newEXIF(binary.BigEndian, 6))...), raw[head:]...)
	clean, err := files.Photo(turned)
	if err != nil {
		t.Fatal(err)
	}
	if got := colours(decode(t, clean)); got != "bryg" {
		t.Errorf("quarters %s; want bryg", got)
	}
}

func TestPhotoTellsNoPlaceAndNoCamera(t *testing.T) {
	t.Parallel()
	raw := withEXIF(newJPEG(t, 300, 200), newEXIF(binary.LittleEndian, 6))
	if !bytes.Contains(raw, []byte("GPS-35.6895")) {
		t.Fatal("the place was not planted")
	}
	clean, err := files.Photo(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"GPS-", "KAMERA", "Exif"} {
		if bytes.Contains(clean, []byte(trace)) {
			t.Errorf("%q is still in the photo", trace)
		}
	}
}

func TestLargePhotoIsMadeSmallerAndKeepsItsColours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ width, height, wantWidth, wantHeight int }{
		{4001, 3001, 2000, 1500}, {2000, 10, 2000, 10}, {2001, 3, 2000, 2}, {3, 6001, 1, 2000}, {1, 1, 1, 1},
	} {
		clean, err := files.Photo(newPNG(t, newPicture(c.width, c.height)))
		if err != nil {
			t.Fatal(err)
		}
		picture := decode(t, clean)
		if got := picture.Bounds(); got.Dx() != c.wantWidth || got.Dy() != c.wantHeight {
			t.Errorf("%d×%d became %v; want %d×%d", c.width, c.height, got, c.wantWidth, c.wantHeight)
		}
		if got := colours(picture); c.width > 4000 && got != "rgby" {
			t.Errorf("%d×%d: quarters %s", c.width, c.height, got)
		}
	}
}

func TestShrinkingAveragesTheAreaItCovers(t *testing.T) {
	t.Parallel()
	stripes := image.NewGray(image.Rect(0, 0, 4000, 4)) // black and white columns become one even grey
	for x := range 4000 {
		for y := range 4 {
			stripes.SetGray(x, y, color.Gray{uint8(x % 2 * 255)})
		}
	}
	clean, err := files.Photo(newPNG(t, stripes))
	if err != nil {
		t.Fatal(err)
	}
	for x := range 2000 {
		if r, _, _, _ := decode(t, clean).At(x, 0).RGBA(); r>>8 < 126 || r>>8 > 130 {
			t.Fatalf("column %d is %d; want 128", x, r>>8)
		}
		x += 97
	}
}

func TestTransparentPhotoStandsOnWhite(t *testing.T) {
	t.Parallel()
	clean, err := files.Photo(newPNG(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decode(t, clean).At(4, 4).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
		t.Errorf("transparent became %d %d %d; want white", r>>8, g>>8, b>>8)
	}
}

func TestPhotoTakesWebP(t *testing.T) {
	t.Parallel()
	clean, err := files.Photo(newWebP(t))
	if err != nil || files.Sniff(clean) != files.JPEG {
		t.Errorf("Photo of a WebP: %s, %v; want a JPEG", files.Sniff(clean), err)
	}
}

func TestUnfitUploadsAreRefusedWithTheirReason(t *testing.T) {
	t.Parallel()
	bomb := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", []byte("\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"))...)
	wide := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", []byte("\x7f\xff\xff\xff\x00\x00\x00\x01\x08\x06\x00\x00\x00"))...)
	for name, c := range map[string]struct {
		content []byte
		want    files.Refused
	}{
		"nothing":                  {nil, files.Empty},
		"21 MB":                    {append(newJPEG(t, 8, 8), make([]byte, files.MaxBytes)...), files.TooLarge},
		"HEIC":                     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), files.HEIC},
		"GIF":                      {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), files.UnknownType},
		"page named .jpg":          {[]byte("<html><script>alert(1)</script>"), files.UnknownType},
		"PDF as a photo":           {[]byte("%PDF-1.7"), files.UnknownType},
		"65,535 × 65,535 of 45 B":  {bomb, files.TooManyPixels},
		"2,147,483,647 × 1":        {wide, files.TooManyPixels},
		"half a JPEG":              {newJPEG(t, 400, 400)[:2000], files.Unreadable},
		"a JPEG's first bytes":     {[]byte("\xff\xd8\xff"), files.Unreadable},
		"a PNG's first bytes":      {[]byte("\x89PNG\r\n\x1a\n"), files.Unreadable},
		"a WebP's first bytes":     {[]byte("RIFF\xff\xff\xff\xffWEBPVP8X"), files.Unreadable},
		"EXIF that points nowhere": {append([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"), "\xff\xd9"...), files.Unreadable},
	} {
		began := time.Now()
		clean, err := files.Photo(c.content)
		if !errors.Is(err, c.want) || clean != nil {
			t.Errorf("%s: Photo = %d bytes, %v; want %v", name, len(clean), err, c.want)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestUploadStopsReadingAtItsLimit(t *testing.T) {
	t.Parallel()
	if _, err := files.Upload(strings.NewReader(strings.Repeat("x", files.MaxBytes+1))); !errors.Is(err, files.TooLarge) {
		t.Errorf("Upload of 20 MiB + 1: %v; want TooLarge", err)
	}
	if got, err := files.Upload(strings.NewReader("abc")); err != nil || string(got) != "abc" {
		t.Errorf("Upload = %q, %v", got, err)
	}
}

func FuzzPhotoNeverPanics(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Add(append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("eXIf", []byte("MM\x00*\x00\x00\x00\x08\x00\x01"))...))
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBPEXIF\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if clean, err := files.Photo(content); err != nil && !errors.As(err, new(files.Refused)) || err == nil && files.Sniff(clean) != files.JPEG {
			t.Errorf("Photo: %v", err)
		}
	})
}

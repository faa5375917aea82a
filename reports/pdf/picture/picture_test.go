package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// corner is a picture of w × h whose top left quarter is red and the rest white.
func corner(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

const secret = "GPS 36.39N 136.9E, camera 4711"

// photograph is a JPEG with an EXIF block that holds an orientation and a secret.
func photograph(t *testing.T, m image.Image, orientation uint16, order binary.AppendByteOrder) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, nil); err != nil {
		t.Fatal(err)
	}
	mark := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM"
	}
	tiff := order.AppendUint16([]byte(mark), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	exif := append([]byte("Exif\x00\x00"), append(tiff, secret...)...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2))
	return append(append(out, exif...), plain.Bytes()[2:]...)
}

// redAt says in which quarter the red is: "top left" …
func redAt(t *testing.T, p Picture) string {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		name string
		x, y int
	}{{"top left", 1, 1}, {"top right", 3, 1}, {"bottom left", 1, 3}, {"bottom right", 3, 3}} {
		r, g, _, _ := m.At(p.Width*q.x/4, p.Height*q.y/4).RGBA()
		if r > 0xc000 && g < 0x4000 {
			return q.name
		}
	}
	return "nowhere"
}

func TestPictureIsTurnedUpright(t *testing.T) {
	t.Parallel()
	for orientation, want := range map[uint16]string{0: "top left", 1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left",
		5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left", 9: "top left"} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			got, err := Clean(photograph(t, corner(80, 40), orientation, order))
			if err != nil {
				t.Fatal(err)
			}
			if at := redAt(t, got); at != want {
				t.Errorf("orientation %d: red is %s, want %s", orientation, at, want)
			}
			if turned := orientation >= 5 && orientation <= 8; turned != (got.Height > got.Width) {
				t.Errorf("orientation %d: %d × %d", orientation, got.Width, got.Height)
			}
		}
	}
}

func TestNothingButThePictureIsLeft(t *testing.T) {
	t.Parallel()
	file := photograph(t, corner(80, 40), 6, binary.BigEndian)
	if !bytes.Contains(file, []byte(secret)) {
		t.Fatal("the test's picture has no secret")
	}
	got, err := Clean(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got.JPEG, []byte("Exif")) || bytes.Contains(got.JPEG, []byte("GPS")) {
		t.Error("metadata of the original is left")
	}
	again, err := Clean(file)
	if err != nil || !bytes.Equal(again.JPEG, got.JPEG) {
		t.Error("the same picture becomes other bytes")
	}
}

func TestCleanPictureIsNotWornByCleaningAgain(t *testing.T) {
	t.Parallel()
	first, err := Clean(photograph(t, corner(80, 40), 6, binary.BigEndian))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Clean(first.JPEG)
	if err != nil || !bytes.Equal(again.JPEG, first.JPEG) || again.Width != first.Width {
		t.Errorf("the clean picture changed, %v", err)
	}
	tail, err := Clean(append(bytes.Clone(first.JPEG), secret+"\xff\xd9"...))
	if err != nil || bytes.Contains(tail.JPEG, []byte(secret)) {
		t.Errorf("what hides behind the picture is left, %v", err)
	}
}

func TestEveryKindOfPictureIsRead(t *testing.T) {
	t.Parallel()
	var deep, transparent, animated bytes.Buffer
	sixteen := image.NewNRGBA64(image.Rect(0, 0, 40, 40)) // 16 bits a channel, which gofpdf refuses
	for y := range 20 {
		for x := range 20 {
			sixteen.Set(x, y, color.RGBA64{0xffff, 0, 0, 0xffff})
		}
	}
	for _, err := range []error{png.Encode(&deep, sixteen), png.Encode(&transparent, image.NewNRGBA(image.Rect(0, 0, 8, 8))), gif.Encode(&animated, corner(40, 40), nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range map[string][]byte{"deep PNG": deep.Bytes(), "GIF": animated.Bytes()} {
		got, err := Clean(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if at := redAt(t, got); at != "top left" {
			t.Errorf("%s: red is %s", name, at)
		}
	}
	got, err := Clean(transparent.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(got.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := m.At(4, 4).RGBA(); r < 0xf000 {
		t.Error("what is transparent is not white as paper")
	}
}

func TestLargePictureIsReduced(t *testing.T) {
	t.Parallel()
	got, err := Clean(photograph(t, corner(2400, 1200), 8, binary.LittleEndian))
	if err != nil {
		t.Fatal(err)
	}
	if got.Width != 800 || got.Height != MaxSide {
		t.Errorf("%d × %d, want 800 × %d", got.Width, got.Height, MaxSide)
	}
}

func TestBadPictureIsRefused(t *testing.T) {
	t.Parallel()
	whole := photograph(t, corner(200, 200), 1, binary.LittleEndian)
	huge := []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00") // 65,535 × 65,535
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing": {nil, ErrUnreadable}, "text": {[]byte("hello"), ErrUnreadable}, "cut off": {whole[:len(whole)/2], ErrUnreadable}, "a bomb": {huge, ErrTooLarge},
	} {
		if _, err := Clean(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPEXIF"))
	f.Add([]byte("\x89PNG\r\n\x1a\neXIfMM"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if n := orientation(file); n < 0 || n > 65535 {
			t.Errorf("orientation %d", n)
		}
		if len(file) < 4096 {
			_, _ = Clean(file)
		}
	})
}

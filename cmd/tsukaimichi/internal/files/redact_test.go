package files_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// receipt is a photo of 300 × 430 with lines everywhere; below the box of the tests it has what the seed draws.
func receipt(t *testing.T, seed uint64) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 300, 430))
	same, secret := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(seed, 2))
	for y := range 430 {
		for x := range 300 {
			shade := uint8(same.IntN(256))
			if x >= 100 && x < 200 && y >= 86 && y < 172 {
				shade = uint8(secret.IntN(256))
			}
			picture.Set(x, y, color.RGBA{shade, shade / 2, 255 - shade, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// secretBox covers what the seed draws: a third to two thirds of the width, a fifth to two fifths of the height.
var secretBox = files.Box{Left: 333, Top: 200, Width: 334, Height: 200}

func redact(t *testing.T, content []byte, boxes ...files.Box) []byte {
	t.Helper()
	out, err := files.Redact(content, boxes)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNothingBelowABoxDecidesAnyByte: two receipts that differ below the box alone give the very same copy.
func TestNothingBelowABoxDecidesAnyByte(t *testing.T) {
	t.Parallel()
	one, other := receipt(t, 3), receipt(t, 4)
	if bytes.Equal(one, other) || bytes.Equal(redact(t, one), redact(t, other)) {
		t.Fatal("the receipts do not differ")
	}
	if !bytes.Equal(redact(t, one, secretBox), redact(t, other, secretBox)) {
		t.Error("what is below the box shows in the copy")
	}
	narrow := secretBox
	narrow.Width /= 2
	if bytes.Equal(redact(t, one, narrow), redact(t, other, narrow)) {
		t.Error("half the box hides all of it")
	}
}

func TestBoxIsBlackAndTheRestIsAsItWas(t *testing.T) {
	t.Parallel()
	before, err := jpeg.Decode(bytes.NewReader(receipt(t, 3)))
	if err != nil {
		t.Fatal(err)
	}
	after, err := jpeg.Decode(bytes.NewReader(redact(t, receipt(t, 3), secretBox)))
	if err != nil || after.Bounds() != before.Bounds() {
		t.Fatal(err, after.Bounds())
	}
	for y := range 430 {
		for x := range 300 {
			r, g, b, _ := after.At(x, y).RGBA()
			if x >= 99 && x < 201 && y >= 86 && y < 172 && r+g+b > 3*0x0300 {
				t.Fatalf("%d, %d is %v, want black", x, y, after.At(x, y))
			}
		}
	}
	far := color.GrayModel.Convert(before.At(10, 400)).(color.Gray)
	if got := color.GrayModel.Convert(after.At(10, 400)).(color.Gray); int(got.Y)-int(far.Y) > 40 || int(far.Y)-int(got.Y) > 40 {
		t.Errorf("far from the box %v became %v", far, got)
	}
}

func TestCopyHasNothingButThePicture(t *testing.T) {
	t.Parallel()
	content := receipt(t, 3)
	said := []byte("練習 花子 GPS")
	comment := append([]byte{0xff, 0xfe, 0, byte(len(said) + 2)}, said...)
	exif := append([]byte{0xff, 0xe1, 0, byte(len(said) + 8)}, append([]byte("Exif\x00\x00"), said...)...)
	content = append(append(append([]byte{0xff, 0xd8}, exif...), comment...), content[2:]...)
	content = append(content, said...) // behind the end of the picture
	out := redact(t, content, secretBox)
	if bytes.Contains(out, said) || bytes.Contains(out, []byte("Exif")) {
		t.Error("words of the paper stand in the copy")
	}
	if !bytes.HasSuffix(out, []byte{0xff, 0xd9}) {
		t.Error("something stands behind the picture")
	}
}

func TestWhatIsNoPhotoIsNotPainted(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{"PDF": []byte("%PDF-1.4\n"), "half a photo": receipt(t, 3)[:400], "nothing": nil, "PNG": []byte("\x89PNG\r\n\x1a\n")} {
		if _, err := files.Redact(content, nil); err == nil {
			t.Errorf("%s was painted", name)
		}
	}
	for _, b := range []files.Box{{0, 0, 0, 10}, {-1, 0, 5, 5}, {990, 0, 11, 5}, {0, 999, 5, 2}} {
		if b.Fits() {
			t.Errorf("%+v fits", b)
		}
	}
	if !(files.Box{Left: 0, Top: 0, Width: 1000, Height: 1000}).Fits() {
		t.Error("the whole picture does not fit")
	}
}

package files_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// newPicture draws a picture whose four quarters are red, green, blue and yellow, so that turning it shows.
func newPicture(width, height int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	quarters := [2][2]color.RGBA{{{200, 0, 0, 255}, {0, 200, 0, 255}}, {{0, 0, 200, 255}, {200, 200, 0, 255}}}
	for y := range height {
		for x := range width {
			p.SetRGBA(x, y, quarters[y*2/height][x*2/width])
		}
	}
	return p
}

func newJPEG(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, newPicture(width, height), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func newPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// newEXIF is a block as a phone writes it: how it was held, the maker, and where it was.
func newEXIF(order binary.AppendByteOrder, orientation uint16) []byte {
	mark := "MM"
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		mark = "II"
	}
	b := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count), value)
	}
	b = order.AppendUint16(b, 3)
	entry(0x010f, 2, 12, 50) // Make, text at offset 50
	b = order.AppendUint16(order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x0112), 3), 1), orientation), 0)
	entry(0x8825, 4, 1, 62) // GPS directory at offset 62
	b = order.AppendUint32(b, 0)
	b = append(b, "KAMERA-MAKER"...)
	b = order.AppendUint16(b, 1)
	entry(0x001d, 2, 11, 80)
	b = order.AppendUint32(b, 0)
	return append(b, "GPS-35.6895-139.6917"...)
}

// withEXIF plants the block in a JPEG behind a JFIF segment, as cameras do.
func withEXIF(jpeg, exif []byte) []byte {
	body := append([]byte("Exif\x00\x00"), exif...)
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, "\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"...)
	out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(len(body)+2))
	out = append(append(out, body...), jpeg[2:]...)
	return out
}

// pngChunk is one chunk of a PNG with its check sum.
func pngChunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// newWebP is a whole WebP of one grey pixel.
func newWebP(t *testing.T) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

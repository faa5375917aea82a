package rehearsed

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// PhotoWithPlace is a photo of a receipt as a telephone takes it: its EXIF block names the camera and the place.
func PhotoWithPlace(t testing.TB) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 480, 640))
	for y := range 640 {
		for x := range 480 {
			ink := uint8(250)
			if y%40 < 8 && x > 60 && x < 60+(y*7)%360 {
				ink = 40
			}
			picture.Set(x, y, color.RGBA{ink, ink, ink, 255})
		}
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, picture, nil); err != nil {
		t.Fatal(err)
	}
	block := append([]byte("Exif\x00\x00"), placed()...)
	photo := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(block)+2))...)
	return append(append(photo, block...), plain.Bytes()[2:]...)
}

// placed is a TIFF with the camera's name and a place: 35°40′ N, 139°45′ E.
func placed() []byte {
	var b []byte
	short := func(v int) { b = binary.LittleEndian.AppendUint16(b, uint16(v)) }
	long := func(v int) { b = binary.LittleEndian.AppendUint32(b, uint32(v)) }
	field := func(tag, kind, count, value int) { short(tag); short(kind); long(count); long(value) }
	const camera = "練習カメラ\x00"
	b = append(b, "II*\x00"...)
	long(8)
	short(2) // two fields from byte 8: 2 + 2×12 + 4 bytes
	field(0x010f, 2, len(camera), 38)
	field(0x8825, 4, 1, 38+len(camera))
	long(0)
	b = append(b, camera...)
	degrees := 38 + len(camera) + 2 + 4*12 + 4
	short(4)
	field(1, 2, 2, 'N')
	field(2, 5, 3, degrees)
	field(3, 2, 2, 'E')
	field(4, 5, 3, degrees+24)
	long(0)
	for _, v := range []int{35, 1, 40, 1, 0, 1, 139, 1, 45, 1, 0, 1} {
		long(v)
	}
	return b
}

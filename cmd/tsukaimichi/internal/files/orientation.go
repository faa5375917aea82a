package files

import (
	"bytes"
	"encoding/binary"
	"image"
)

// exifOrientation is how the camera was held, 1 to 8 as in EXIF (CIPA DC-008, tag 0x0112); 0 and 1 are upright.
type exifOrientation int

// turn returns the picture upright.
func (o exifOrientation) turn(p *image.RGBA) *image.RGBA {
	if o < 2 || o > 8 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			toX, toY := o.place(x, y, w, h)
			out.SetRGBA(toX, toY, p.RGBAAt(x, y))
		}
	}
	return out
}

// place returns where the pixel x, y of a w × h picture goes.
func (o exifOrientation) place(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// orientation reads it from the EXIF block of an upload; 0 if there is none.
func orientation(content []byte, mime string) exifOrientation {
	switch mime {
	case JPEG:
		return inTIFF(exifInJPEG(content))
	case PNG:
		return inTIFF(exifInChunks(content, 8, binary.BigEndian, "eXIf", true))
	case WebP:
		return inTIFF(exifInChunks(content, 12, binary.LittleEndian, "EXIF", false))
	}
	return 0
}

// exifInJPEG walks the segments before the picture.
func exifInJPEG(content []byte) []byte {
	for rest := content[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || length < 2 || len(rest) < 2+length { // 0xda: the picture begins
			return nil
		}
		if body := rest[4 : 2+length]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		rest = rest[2+length:]
	}
	return nil
}

// exifInChunks walks PNG chunks (length, name, body, check sum) or RIFF chunks (name, length, body, padding).
func exifInChunks(content []byte, head int, order binary.ByteOrder, wanted string, png bool) []byte {
	for rest := content[min(head, len(content)):]; len(rest) >= 8; {
		name, length := string(rest[:4]), int64(order.Uint32(rest[4:]))
		after := length + length%2
		if png {
			name, length = string(rest[4:8]), int64(order.Uint32(rest))
			after = length + 4
		}
		if int64(len(rest)) < 8+after {
			return nil
		}
		if name == wanted {
			return bytes.TrimPrefix(rest[8:8+length], []byte("Exif\x00\x00"))
		}
		rest = rest[8+after:]
	}
	return nil
}

// inTIFF reads tag 0x0112 of the first directory.
func inTIFF(tiff []byte) exifOrientation {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			return exifOrientation(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 0
}

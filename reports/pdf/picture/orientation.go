package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation finds how the camera was held in the EXIF block of a JPEG, PNG or WebP: 1 to 8, and 1 when it is not said.
func orientation(file []byte) int {
	for _, block := range [][]byte{jpegExif(file), chunkAfter(file, "\x89PNG", "eXIf", 0), chunkAfter(file, "RIFF", "EXIF", 4)} {
		if n := tiffOrientation(block); n != 0 {
			return n
		}
	}
	return 1
}

// jpegExif walks the segments before the picture to APP1 "Exif".
func jpegExif(file []byte) []byte {
	if len(file) < 4 || file[0] != 0xff || file[1] != 0xd8 {
		return nil
	}
	for p := 2; p+4 <= len(file) && file[p] == 0xff; {
		marker, size := file[p+1], int(binary.BigEndian.Uint16(file[p+2:]))
		if marker == 0xda || size < 2 || p+2+size > len(file) {
			return nil
		}
		if exif, ok := bytes.CutPrefix(file[p+4:p+2+size], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return exif
		}
		p += 2 + size
	}
	return nil
}

// isBare reports a JPEG of nothing but tables and one baseline picture, as Clean writes it: no application's block, no
// comment, nothing behind the end.
func isBare(file []byte) bool {
	if len(file) < 4 || file[0] != 0xff || file[1] != 0xd8 || !bytes.HasSuffix(file, []byte{0xff, 0xd9}) {
		return false
	}
	for p := 2; p+4 <= len(file) && file[p] == 0xff; {
		size := int(binary.BigEndian.Uint16(file[p+2:]))
		switch file[p+1] {
		case 0xda: // the picture's data, in which ff d9 is its end
			return bytes.Index(file[p:], []byte{0xff, 0xd9}) == len(file)-p-2
		case 0xdb, 0xc0, 0xc4, 0xdd: // tables, frame
			p += 2 + size
		default:
			return false
		}
	}
	return false
}

// chunkAfter finds a named chunk of PNG or RIFF; skip is the length field that stands behind the name in RIFF.
func chunkAfter(file []byte, magic, chunk string, skip int) []byte {
	if !bytes.HasPrefix(file, []byte(magic)) {
		return nil
	}
	i := bytes.Index(file, []byte(chunk))
	if i < 0 || i+len(chunk)+skip > len(file) {
		return nil
	}
	block := file[i+len(chunk)+skip:]
	return bytes.TrimPrefix(block, []byte("Exif\x00\x00"))
}

// tiffOrientation reads tag 0x0112 of the first directory; 0 when there is none.
func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(t[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(t[4:]))
	if at+2 > uint64(len(t)) {
		return 0
	}
	for i := range uint64(order.Uint16(t[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(t)) {
			return 0
		}
		if order.Uint16(t[entry:]) == 0x0112 {
			return int(order.Uint16(t[entry+8:]))
		}
	}
	return 0
}

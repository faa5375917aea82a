package files

import (
	"bytes"
	"net/http"
	"slices"
)

// The MIME types that uploads may have.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
	PDF  = "application/pdf"
)

// MaxBytes is the largest upload, 20 MiB.
const MaxBytes = 20 << 20

const heic = "image/heic"

// heicBrands are the ftyp brands of photos in HEVC (ISO/IEC 23008-12).
var heicBrands = []string{"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"}

// Sniff returns the MIME type of the bytes by what they are, never by a name or a header somebody sent.
func Sniff(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(content) >= 12 && string(content[:4]) == "RIFF" && string(content[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return PDF
	case len(content) >= 12 && string(content[4:8]) == "ftyp" && slices.Contains(heicBrands, string(content[8:12])):
		return heic
	}
	return http.DetectContentType(content)
}

// fit refuses what is empty, too large or of a type not asked for, before anything is decoded.
func fit(content []byte, types ...string) (string, error) {
	if len(content) == 0 {
		return "", Empty
	}
	if len(content) > MaxBytes {
		return "", TooLarge
	}
	mime := Sniff(content)
	if mime == heic {
		return "", HEIC
	}
	if !slices.Contains(types, mime) {
		return "", UnknownType
	}
	return mime, nil
}

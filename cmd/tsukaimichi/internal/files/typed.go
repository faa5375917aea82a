package files

import (
	"errors"
	"io"
	"net/http"
	"net/url"
)

// MostTyped is the most bytes of words that Typed keeps.
const MostTyped = 1 << 20

// Typed reads what was typed into a form whose files nobody takes, because they are too large or come too early: the files are passed over. The body has not
// been read before, and ends by itself (http.MaxBytesReader); what came until then is returned. Nothing is for a form that was not sent with files.
func Typed(r *http.Request) url.Values {
	typed, left := url.Values{}, int64(MostTyped)
	parts, err := r.MultipartReader()
	for err == nil {
		part, next := parts.NextPart()
		if err = next; err != nil || part.FileName() != "" || part.FormName() == "" || part.Header.Get("Content-Type") != "" { // as files come, also where none was chosen
			continue
		}
		value, cut := io.ReadAll(io.LimitReader(part, left))
		if left -= int64(len(value)); left == 0 || errors.Is(cut, io.ErrUnexpectedEOF) {
			break
		}
		typed.Add(part.FormName(), string(value))
	}
	return typed
}

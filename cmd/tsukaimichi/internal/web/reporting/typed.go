package reporting

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

const (
	// uploadBytes is the most a form with photos may be: two of the largest, or many of a usual size.
	uploadBytes = 2*files.MaxBytes + 1<<20
	// uploadMemory is what is held in memory of it; the rest waits on disk.
	uploadMemory = 8 << 20
)

// typed is a form as it was sent, with what could not be read of it.
type typed struct {
	url.Values
	bad ledger.Invalid
}

// readForm reads a form, with files or without. What is wrong with its size is said at the photos, and what was typed beside them comes back.
func readForm(w http.ResponseWriter, r *http.Request) (typed, error) {
	if r.ContentLength > uploadBytes {
		return typed{files.Typed(r), ledger.Invalid{}}, files.TooLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, uploadBytes)
	err := r.ParseMultipartForm(uploadMemory)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil // ParseMultipartForm has read a form without files all the same
	}
	var large *http.MaxBytesError
	t := typed{r.PostForm, ledger.Invalid{}}
	switch {
	case errors.As(err, &large):
		return t, files.TooLarge
	case err != nil:
		return t, ledger.Invalid{"": "report.expired"}
	}
	return t, nil
}

// text is what was typed, without spaces at its ends and with one kind of line break.
func (t typed) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(t.Get(name), "\r\n", "\n"))
}

// line is a text of one line.
func (t typed) line(name string) string { return strings.Join(strings.Fields(t.text(name)), " ") }

// count reads a number of things; nothing typed is 0.
func (t typed) count(name string) int {
	text := t.text(name)
	if text == "" {
		return 0
	}
	n, err := ledger.ParseYen(text) // the same digits and separators
	t.bad.Need(err == nil && n >= 0 && !strings.ContainsAny(text, "円¥￥"), name, "report.count_shape")
	t.bad.Need(n <= 9_999_999, name, "report.count_range")
	return int(min(max(n, 0), 9_999_999))
}

// day reads a day; nothing typed is no day.
func (t typed) day(name string) ledger.Date {
	if t.text(name) == "" {
		return ledger.Date{}
	}
	day, err := ledger.ParseDate(t.text(name))
	t.bad.Need(err == nil, name, "report.day_shape")
	return day
}

package limit

import (
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a limit counts.
type Kind string

// The kinds of limits.
const (
	Chars     Kind = "chars"     // 字: code points
	HalfWidth Kind = "halfwidth" // 半角換算: full-width two, half-width one
	Frame     Kind = "frame"     // 枠: rows of a grid
	Pages     Kind = "pages"     // A4 枚: as many rows as a page has
)

// Limit is the length a form allows for one answer.
type Limit struct {
	Kind     Kind `json:"kind"`
	Max      int  `json:"max"`            // characters, units, rows or pages
	Min      int  `json:"min,omitempty"`  // of the same; 0 is none
	Soft     bool `json:"soft,omitempty"` // 程度: a tenth more is a warning
	NoSpaces bool `json:"no_spaces,omitempty"`
	NoBreaks bool `json:"no_breaks,omitempty"` // line breaks are not counted
	Cols     int  `json:"cols,omitempty"`      // full-width characters of a row: Frame and Pages
	PageRows int  `json:"page_rows,omitempty"` // rows of a page: Pages
}

// ErrLimit says that a limit makes no sense: no room at all, more at least than at most, a frame without columns.
var ErrLimit = errors.New("limit: makes no sense")

// The largest frame and page that are believed.
const (
	mostCols = 200
	mostRows = 200
	mostMax  = 100_000
)

// Check says whether the limit makes sense; ErrLimit otherwise.
func (l Limit) Check() error {
	grid := l.Kind == Frame || l.Kind == Pages
	switch {
	case l.Kind != Chars && l.Kind != HalfWidth && !grid,
		l.Max < 1, l.Max > mostMax, l.Min < 0, l.Min > l.Max,
		grid != (l.Cols >= 1), l.Cols > mostCols,
		(l.Kind == Pages) != (l.PageRows >= 1), l.PageRows > mostRows,
		grid && (l.NoSpaces || l.NoBreaks):
		return ErrLimit
	}
	return nil
}

// Verdict is what a count means.
type Verdict string

// The verdicts, from the worst.
const (
	TooLong  Verdict = "too_long"  // cannot be handed in
	TooShort Verdict = "too_short" // cannot be handed in
	Over     Verdict = "over"      // past a soft limit by no more than a tenth
	Fits     Verdict = "fits"
)

// Count is a text measured against a limit.
type Count struct {
	Used    int     `json:"used"`
	Left    int     `json:"left"` // negative past the limit
	Verdict Verdict `json:"verdict"`
}

// Count measures the text. It needs a limit that Check accepts.
func (l Limit) Count(text string) Count {
	used := l.used(plain(text))
	c := Count{Used: used, Left: l.Max - used, Verdict: Fits}
	switch {
	case used > l.Max && (!l.Soft || used > l.Max+l.Max/10):
		c.Verdict = TooLong
	case used > l.Max:
		c.Verdict = Over
	case used < l.Min:
		c.Verdict = TooShort
	}
	return c
}

func (l Limit) used(text string) int {
	switch l.Kind {
	case Frame:
		return rows(text, l.Cols)
	case Pages:
		return (rows(text, l.Cols) + l.PageRows - 1) / l.PageRows
	}
	n := 0
	for _, r := range text {
		if (l.NoSpaces && isSpace(r)) || (l.NoBreaks && r == '\n') {
			continue
		}
		if l.Kind == HalfWidth && r != '\n' {
			n += width(r)
		} else {
			n++
		}
	}
	return n
}

// rows is how many rows of a grid the text fills. A character takes one or two half squares.
func rows(text string, cols int) int {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return 0
	}
	n, at := 1, 0
	for _, r := range text {
		if r == '\n' {
			n, at = n+1, 0
			continue
		}
		if w := width(r); at+w > 2*cols {
			n, at = n+1, w
		} else {
			at += w
		}
	}
	return n
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// plain is the text as it is counted.
func plain(text string) string { return norm.NFC.String(breaks.Replace(text)) }

func width(r rune) int {
	if (r >= 0x20 && r <= 0x7E) || (r >= 0xFF61 && r <= 0xFF9F) {
		return 1
	}
	return 2
}

func isSpace(r rune) bool {
	switch {
	case r == 0x20, r == 0x09, r == 0xA0, r == 0x3000, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F:
		return true
	}
	return false
}

package typeset

import (
	"math"
	"strings"

	"github.com/rivo/uniseg"
)

// composed is text with its glyphs found and the gaps between them judged, ready to be filled into lines of any width.
type composed struct {
	text    string
	letters []letter
}

type letter struct {
	at      int // byte offset in text
	code    uint16
	advance int  // thousandths of an em
	space   bool // takes no room at the end of a line
	after   rule // how the gap behind it may be used
}

// Break fills lines of width mm, ragged at the end. Every character is set; "\n" begins a new line. At least one line
// comes back, empty for an empty text. A line is wider than asked only if a single character is.
func (c *Case) Break(size, width float64, runs ...Run) []Line {
	return c.compose(runs).fill(size, width)
}

// Balance breaks a heading into lines of like length: no more lines than Break makes, and no lone last character.
func (c *Case) Balance(size, width float64, runs ...Run) []Line {
	text := c.compose(runs)
	best := text.fill(size, width)
	if len(best) == 1 {
		return best
	}
	for low, high := width/2, width; high-low > 0.5; {
		middle := (low + high) / 2
		if lines := text.fill(size, middle); len(lines) <= len(best) {
			best, high = lines, middle
		} else {
			low = middle
		}
	}
	return best
}

// Widest is the width in mm the runs need to stand without being broken.
func (c *Case) Widest(size float64, runs ...Run) float64 {
	widest := 0.0
	for _, l := range c.compose(runs).fill(size, math.Inf(1)) {
		widest = max(widest, l.Width)
	}
	return widest
}

func (c *Case) compose(runs []Run) composed {
	var all strings.Builder
	var ends []int
	for _, r := range runs {
		all.WriteString(clean(r.Text, func(r rune) { c.missing[r]++ }))
		ends = append(ends, all.Len())
	}
	t := composed{text: all.String()}
	t.letters = make([]letter, 0, len(t.text)/2)
	run := 0
	for at := 0; at < len(t.text); {
		for at >= ends[run] {
			run++
		}
		if t.text[at] == '\n' {
			t.letters = append(t.letters, letter{at: at, space: true, after: must})
			at++
			continue
		}
		found, n := c.letter(t.text[at:], runs[run].Bold)
		first := t.text[at : at+n]
		t.letters = append(t.letters, letter{at: at, code: found.code, advance: found.advance,
			space: first == " " || first == "\u3000", after: tight})
		at += n
	}
	t.judge()
	return t
}

// judge sets the rule of every gap.
func (t *composed) judge() {
	rest, state, at, next := t.text, -1, 0, 0
	for len(rest) > 0 {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		at += len(segment)
		for next < len(t.letters) && t.letters[next].at < at {
			next++
		}
		if last := &t.letters[next-1]; last.after == tight && (next == len(t.letters) || t.letters[next].at == at) {
			last.after = loose
		}
	}
	runes := make([]rune, len(t.letters))
	for i, l := range t.letters {
		for _, r := range t.text[l.at:] {
			runes[i] = r
			break
		}
	}
	kana := katakanaRuns(runes)
	for i := range len(runes) - 1 {
		l := &t.letters[i]
		switch {
		case l.after == must:
		case t.letters[i+1].space, isMark(runes[i+1]), isBound(runes[t.solid(i)], runes[i+1]):
			l.after = never
		case l.after == loose:
			l.after = hold(runes[max(0, i-1):i+1], runes[i+1], kana[i])
		}
	}
}

// solid is the last letter up to i that is not a space: 「（ 」 at the end of a line is still an open bracket.
func (t *composed) solid(i int) int {
	for i > 0 && t.letters[i].space && t.letters[i].after != must {
		i--
	}
	return i
}

// katakanaRuns gives each letter the length of the word of katakana it stands in.
func katakanaRuns(runes []rune) []int {
	lengths := make([]int, len(runes))
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && isKatakana(runes[j]) {
			j++
		}
		for k := i; k < j; k++ {
			lengths[k] = j - i
		}
		i = max(j, i+1)
	}
	return lengths
}

// fill takes for each line as much as fits, and ends it at the last gap of the loosest rule found.
func (t composed) fill(size, width float64) []Line {
	room := math.MaxInt
	if limit := width*1000/(size*MM) + 1e-6; limit < 1e12 {
		room = int(limit)
	}
	var lines []Line
	for before, from := 0, 0; from < len(t.letters); {
		to, hard := t.reach(from, room)
		if to < len(t.letters) && !hard {
			to = t.choose(from, to, room)
		} else if from > before && to-from <= lonely {
			if at := t.company(before, from, to, room); at > 0 {
				lines[len(lines)-1] = t.line(before, at, size)
				from = at
			}
		}
		lines = append(lines, t.line(from, to, size))
		before, from = from, to
		if hard {
			before = from
		}
	}
	if n := len(t.letters); n == 0 || t.letters[n-1].after == must {
		lines = append(lines, Line{})
	}
	return lines
}

// reach returns the end of what fits into room from one letter on, spaces at the end not counted; hard says that a line
// end in the text stopped it.
func (t composed) reach(from, room int) (to int, hard bool) {
	used := 0
	for i := from; i < len(t.letters); i++ {
		l := t.letters[i]
		if l.after == must {
			return i + 1, true
		}
		if used += l.advance; used > room && !l.space && i > from {
			return i, false
		}
	}
	return len(t.letters), false
}

// choose moves an end back to a gap that may be used.
func (t composed) choose(from, to, room int) int {
	at := [never]int{}
	for i := to; i > from; i-- {
		if r := t.letters[i-1].after; r < never && at[r] == 0 {
			at[r] = i
		}
	}
	// A line less than a quarter full reads worse than a word parted at a tolerable place.
	if at[loose] > 0 && (at[near] <= at[loose] || 4*t.advance(from, at[loose]) > room) {
		return at[loose]
	}
	for _, end := range []int{at[near], at[loose], at[tight]} {
		if end > 0 {
			return end
		}
	}
	return to // nothing but marks that bind: 「「「「「
}

// lonely is how few letters (with 。) look forgotten on the last line of a paragraph; company is what they are joined by.
const lonely, joined = 3, 2

// company finds an earlier end for the line from…to, so that the few letters up to end are joined by more; 0 if that would
// leave the line less than two thirds full or the last one too wide.
func (t composed) company(from, to, end, room int) int {
	for i := to - joined; i > from && 3*t.advance(from, i) > 2*room && t.advance(i, end) <= room; i-- {
		if t.letters[i-1].after == loose {
			return i
		}
	}
	return 0
}

func (t composed) advance(from, to int) (sum int) {
	for _, l := range t.letters[from:to] {
		sum += l.advance
	}
	return sum
}

// line cuts letters out, without the spaces at their end.
func (t composed) line(from, to int, size float64) Line {
	end := to
	for end > from && t.letters[end-1].space {
		end--
	}
	var codes strings.Builder
	for _, l := range t.letters[from:end] {
		codes.WriteRune(rune(l.code))
	}
	text := t.text
	if end < len(t.letters) {
		text = text[:t.letters[end].at]
	}
	if from < len(t.letters) {
		text = text[t.letters[from].at:]
	}
	return Line{text, codes.String(), float64(t.advance(from, end)) * size * MM / 1000}
}

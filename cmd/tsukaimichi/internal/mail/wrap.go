package mail

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// columns is the width of a line of a letter; a Japanese letter takes two, so it is 35 of them, which a phone held
// upright shows as two lines and an old mail program without a break.
const columns = 70

// address finds web addresses: a broken one is not a link any more.
var webAddress = regexp.MustCompile(`https?://[!-~]+`)

// Wrap breaks long lines where Japanese and English may be broken (UAX #14: no 。at the start of a line), never inside
// a web address. Short lines, empty lines and what people wrote as lists stay as they are.
func Wrap(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = wrapLine(line)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

func wrapLine(line string) string {
	if uniseg.StringWidth(line) <= columns {
		return strings.TrimRight(line, " ")
	}
	var out strings.Builder
	width := 0
	for _, piece := range pieces(line) {
		wide := uniseg.StringWidth(strings.TrimRight(piece, " "))
		if width > 0 && width+wide > columns {
			out.WriteByte('\n')
			width = 0
		}
		out.WriteString(piece)
		width += uniseg.StringWidth(piece)
	}
	return trimEnds(out.String())
}

// pieces cuts a line at every place it may be broken.
func pieces(line string) (cut []string) {
	whole := webAddress.FindAllStringIndex(line, -1)
	inside := func(at int) bool {
		for _, w := range whole {
			if at > w[0] && at < w[1] {
				return true
			}
		}
		return false
	}
	start, at, state := 0, 0, -1
	for rest := line; len(rest) > 0; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		at += len(segment)
		if !inside(at) {
			cut = append(cut, line[start:at])
			start = at
		}
	}
	return cut
}

func trimEnds(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

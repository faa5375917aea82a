package pdf

import (
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// The boxes of a 回覧, in mm: a seal of 15 mm and a signature of three letters have room in one.
const (
	boxLeast  = 18.0 // the narrowest
	boxHeight = 16.5
)

// boxes sets a label and rows of numbered squares under it. A row is never parted; they fill the width.
func (s *setter) boxes(b document.Boxes) {
	s.of = "「" + b.Label + "」"
	s.gap(3)
	s.lines(0, body, tight, s.breakWords(body, s.width, b.Label, true), ink)
	for i := range s.slabs {
		if s.slabs[i].Of == s.of {
			s.slabs[i].KeepNext = true
		}
	}
	s.gap(1)
	across := max(1, int(s.width/boxLeast))
	rows := (b.Count + across - 1) / across
	across = (b.Count + rows - 1) / rows // rows of one length, as far as it goes
	width := s.width / float64(across)
	number := pitch(body, tight)
	for from := 0; from < b.Count; from += across {
		var marks []mark
		for i := from; i < min(from+across, b.Count); i++ {
			x := float64(i-from) * width
			marks = append(marks, mark{kind: frame, x: x + thin/2, y: thin / 2, w: width - thin, h: boxHeight - thin, colour: ink, thick: thin},
				words(x+1.2, 0.4+baseline(body, number), body, s.types.Line(false, body, strconv.Itoa(i+1)), soft))
		}
		s.add(boxHeight, from+across < b.Count, marks...)
	}
}

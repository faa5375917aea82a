package pdf

import "github.com/tsukaimichi/tsukaimichi/reports/typeset"

// sheet is the paper and its margins as they are set, in mm. Set on a smaller one and drawn enlarged, the paper has larger letters and
// everything else in their measure: rules, white, codes, stamps.
type sheet struct {
	width, height           float64
	top, side, bottom, foot float64 // foot is the strip of the page number, above the bottom margin
	times                   float64 // what is set is drawn that many times as large
	full                    bool    // the footer stands at the foot of the sheet, not under the last words
}

var (
	a4      = sheet{width: 210, height: 297, top: 18, side: 18, bottom: 12, foot: 9, times: 1}
	onePage = sheet{width: 210, height: 297, top: 12, side: 14, bottom: 8, foot: 7.5, times: 1}
	largeA4 = sheet{width: 180, height: 297 * 6. / 7, top: 10, side: 12, bottom: 6, foot: 6.5, times: 7. / 6, full: true} // 14 points and more
	// A poster is set on A5: A3 is twice its size, with 24 points and more; A4 the same at √2, with 17 and more.
	posterA3 = sheet{width: 148.5, height: 210, top: 8, side: 11, bottom: 6, foot: 6, times: 2, full: true}
	posterA4 = sheet{width: 148.5, height: 297 * 148.5 / 210, top: 8, side: 11, bottom: 6, foot: 6, times: 210 / 148.5, full: true}
)

// sheet is the paper of the options.
func (o Options) sheet() sheet {
	switch {
	case o.Format == LargeA4:
		return largeA4
	case o.Format == PosterA3:
		return posterA3
	case o.Format == PosterA4:
		return posterA4
	case o.OnePage:
		return onePage
	}
	return a4
}

func (s sheet) column() float64 { return s.width - 2*s.side }

func (s sheet) room() float64 { return s.height - s.top - s.bottom - s.foot }

// The sizes of type, in points. Nothing is smaller than body: 12 is what readers of 80 ask for.
const (
	body     = 12.0
	heading  = 13.5
	fact     = 15.0 // amounts under a line, labels of a use
	name     = 18.0 // whom it is for
	sum      = 20.0 // the amount of a receipt
	headline = 21.0
	people   = 30.0
)

// leading is the distance of lines over the size; tight is that of cells and headings.
const (
	leading = 1.55
	tight   = 1.35
)

// colour is red, green, blue.
type colour [3]uint8

var (
	ink    = colour{0x1a, 0x1a, 0x1a}
	soft   = colour{0x4d, 0x4d, 0x4d}
	nando  = colour{0x00, 0x61, 0x73}
	edge   = colour{0x76, 0x76, 0x76}
	washi  = colour{0xf6, 0xf5, 0xf1}
	attend = colour{0xfb, 0xf5, 0xe0}
	white  = colour{0xff, 0xff, 0xff}
)

// px is the pixel the screens are drawn in: 1/96 inch, in mm.
const px = 25.4 / 96

// The weights of rules, in mm.
const (
	thin  = 1 * px
	heavy = 2 * px
	bold  = 3 * px
)

// baseline is how far below the top of a line of the given pitch its letters stand: the em box, of which 0.12 hangs below
// the baseline, is centred in the pitch.
func baseline(size, pitch float64) float64 {
	em := size * typeset.MM
	return (pitch-em)/2 + 0.88*em
}

func pitch(size, lead float64) float64 { return size * typeset.MM * lead }

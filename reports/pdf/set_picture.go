package pdf

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf/picture"
)

// tallest is the most of a page a photograph takes, in mm.
const tallest = 100.0

func (s *setter) photo(p document.Photo) error {
	s.of = "写真「" + beginning(p.Caption+p.Alt) + "」"
	clean, err := picture.Clean(p.Bytes)
	if err != nil {
		return fmt.Errorf("photo %q: %w", beginning(p.Alt), err)
	}
	w := s.width
	h := w * float64(clean.Height) / float64(clean.Width)
	if h > tallest {
		w, h = w*tallest/h, tallest
	}
	s.gap(4)
	s.add(h, p.Caption != "", mark{kind: photo, w: w, h: h, jpeg: clean.JPEG, about: p.Alt})
	if p.Caption != "" {
		s.gap(1)
		s.lines(0, body, leading, s.breakWords(body, s.width, p.Caption, false), soft)
	}
	return nil
}

// qrSide is the side of a code with its quiet zone, in mm: a module is over half a millimetre.
const qrSide = 30.0

// qr sets the code with its caption and its text beside it.
func (s *setter) qr(q document.QR) error {
	s.of = "QRコード「" + beginning(q.Text) + "」"
	code, err := codeMark(q.Text, qrSide)
	if err != nil {
		return err
	}
	const gap = 4.0
	width := s.width - qrSide - gap
	lines := s.breakWords(body, width, q.Text, false)
	if q.Caption != "" {
		lines = append(s.breakWords(body, width, q.Caption, false), lines...)
	}
	p := pitch(body, leading)
	height := max(qrSide, float64(len(lines))*p)
	code.y = (height - qrSide) / 2
	marks := []mark{inset(code)}
	y := (height - float64(len(lines))*p) / 2
	for i, l := range lines {
		marks = append(marks, words(qrSide+gap, y+float64(i)*p+baseline(body, p), body, l, ink))
	}
	s.gap(4)
	s.add(height, false, marks...)
	return nil
}

// quiet is the white a reader needs around a code, in modules.
const quiet = 4

// codeMark draws text as a code in a box of side mm, quiet zone included; inset moves it within.
func codeMark(text string, side float64) (mark, error) {
	code, err := Modules(text)
	if err != nil {
		return mark{}, err
	}
	return mark{kind: modules, w: side, h: side, code: code, about: text}, nil
}

// Modules returns the QR code of a text as rows of squares, true for black, without the quiet zone of four squares that has to be around it.
func Modules(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	rows := make([][]bool, code.Bounds().Dx())
	for y := range rows {
		rows[y] = make([]bool, len(rows))
		for x := range rows {
			r, _, _, _ := code.At(x, y).RGBA()
			rows[y][x] = r == 0
		}
	}
	return rows, nil
}

// inset takes the quiet zone off the box.
func inset(m mark) mark {
	border := m.w * quiet / float64(len(m.code)+2*quiet)
	m.x, m.y = m.x+border, m.y+border
	m.w, m.h = m.w-2*border, m.h-2*border
	return m
}

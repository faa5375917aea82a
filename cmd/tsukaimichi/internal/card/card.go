package card

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"sync"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/fonts"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// The size of a card in pixels: what the pages that show them ask for.
const (
	Width  = 1200
	Height = 630
)

// Facts are what a card says. Two cards of the same facts are the same picture.
type Facts struct {
	Group    string // who asks
	Title    string // what for
	State    string // 募金中, 使いみちの報告
	People   string // 128人・36世帯; empty for nobody yet
	Practice bool

	Promised ledger.Yen // 0: no line is drawn
	Received ledger.Yen
	Spent    ledger.Yen
	Final    bool // a report: promised and spent alone
}

// Words say what the picture shows, for those who do not see it.
func (f Facts) Words() string {
	text := f.Group + "「" + f.Title + "」"
	if f.People != "" {
		text += "。" + f.People
	}
	for _, l := range f.amounts() {
		text += "。" + l.name + " " + l.amount.String() + "円"
	}
	return text + "。"
}

// amount is a labelled amount below the line.
type amount struct {
	name   string
	amount ledger.Yen
}

func (f Facts) amounts() []amount {
	switch {
	case f.Promised <= 0:
		return nil
	case f.Final:
		return []amount{{"約束", f.Promised}, {"使った", f.Spent}}
	}
	return []amount{{"約束", f.Promised}, {"届いた", f.Received}, {"使った", f.Spent}}
}

// most is how many cards are kept; then all are drawn anew.
const most = 100

// Press draws cards and keeps them. Its zero value is ready; it is for use by many at once.
type Press struct {
	mu   sync.Mutex
	kept map[Facts][]byte
}

// Draw returns the PNG of a card. One is drawn at a time: a crowd that asks for the same waits for one drawing.
func (p *Press) Draw(f Facts) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if drawn, is := p.kept[f]; is {
		return drawn, nil
	}
	faces, err := letters()
	if err != nil {
		return nil, err
	}
	s := newSheet(faces)
	s.set(f)
	var out bytes.Buffer
	if err = png.Encode(&out, s.picture); err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	if p.kept == nil || len(p.kept) >= most {
		p.kept = map[Facts][]byte{}
	}
	p.kept[f] = out.Bytes()
	return out.Bytes(), nil
}

// letters are our faces, read once.
var letters = sync.OnceValues(func() (typeset.Faces, error) {
	regular, err := typeset.ParseFace(fonts.Regular)
	if err != nil {
		return typeset.Faces{}, fmt.Errorf("font: %w", err)
	}
	bold, err := typeset.ParseFace(fonts.Bold)
	if err != nil {
		return typeset.Faces{}, fmt.Errorf("font: %w", err)
	}
	return typeset.NewFaces(regular, bold)
})

// The places of a card, in pixels from the top left.
const (
	margin    = 72
	inner     = Width - 2*margin
	titleTop  = 196
	lineTop   = 432
	lineThick = 40
	footLine  = 596
)

// set lays the card out: the rule and the group, the title, who took part, the line with its amounts, and whose page it is.
func (s *sheet) set(f Facts) {
	s.fill(ink, image.Rect(margin, 56, margin+72, 62))
	s.fill(ink, image.Rect(margin, 59, Width-margin, 60))
	group := f.Group
	if f.State != "" {
		group += "　" + f.State
	}
	s.line(group, false, 28, margin, 110, inkSoft)
	s.title(f.Title)
	if f.People != "" {
		x := s.line(f.People, true, 44, margin, lineTop-32, nando)
		s.line("　が参加", false, 28, x, lineTop-32, ink)
	}
	if f.Promised > 0 {
		s.road(f)
	}
	x := s.line("使い道", true, 28, margin, footLine, ink)
	s.line("　使いみちを先に約束し、使ったあとで報告します。", false, 24, x, footLine, inkSoft)
	if f.Practice {
		s.fill(attend, image.Rect(Width-margin-112, 78, Width-margin, 122))
		s.line("練習", true, 28, Width-margin-84, 110, ink)
	}
}

// title writes the title on one line where it may stand so, else as large as it fits on three lines at most.
func (s *sheet) title(text string) {
	for _, try := range []struct{ size, lines int }{{60, 1}, {54, 1}, {48, 1}, {60, 2}, {52, 3}, {46, 3}, {40, 3}} {
		lines := s.lines(text, try.size)
		if len(lines) > try.lines && try.size > 40 {
			continue
		}
		if len(lines) > 3 {
			lines = append(lines[:2], lines[2]+"…")
		}
		for i, l := range lines {
			s.line(l, true, try.size, margin, titleTop+i*(try.size*13/10), ink)
		}
		return
	}
}

package pdf

import (
	"context"
	"errors"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// laid is a document in its final form: marks for each page, measured from the page's top left.
type laid struct {
	types *typeset.Case
	sheet sheet
	pages [][]mark
}

// lay sets the document and distributes it over pages.
func lay(ctx context.Context, d document.Document, o Options) (laid, error) {
	if err := d.Check(); err != nil {
		return laid{}, err
	}
	faces, err := typeset.Noto()
	if err != nil {
		return laid{}, err
	}
	l := laid{types: typeset.NewCase(faces), sheet: o.sheet()}
	s := setter{types: l.types, faces: faces, width: l.sheet.column(), room: l.sheet.room(), close: o.OnePage || l.sheet.full, full: l.sheet.full}
	for _, b := range d.Blocks {
		if err := ctx.Err(); err != nil {
			return laid{}, err
		}
		if err := s.set(b); err != nil {
			return laid{}, err
		}
	}
	pages, err := typeset.Paginate(s.slabs, l.sheet.room())
	if o.OnePage && errors.Is(err, typeset.ErrTooTall) {
		return laid{}, Overflow{}
	}
	if err != nil {
		return laid{}, err
	}
	if o.OnePage && len(pages) > 1 {
		return laid{}, overflow(pages[1:])
	}
	if len(pages) == 0 {
		pages = append(pages, nil)
	}
	for i, p := range pages {
		l.pages = append(l.pages, append(l.page(p), l.foot(d.Meta.Number, i+1, len(pages))...))
	}
	return l, nil
}

func (l laid) page(p typeset.Page[[]mark]) []mark {
	var marks []mark
	y, slack := l.sheet.top, 0.0
	if l.sheet.full {
		slack = l.sheet.room()
		for _, s := range p {
			slack -= s.Height
		}
	}
	for _, s := range p {
		if s.Of == footerName && slack > 0 {
			y, slack = y+slack, 0
		}
		marks = append(marks, shifted(s.Ink, l.sheet.side, y)...)
		y += s.Height
	}
	return marks
}

// foot is the strip at the end of each page: the document's number, and which page of how many.
func (l laid) foot(number string, page, pages int) []mark {
	y := l.sheet.height - l.sheet.bottom
	marks := []mark{words(l.sheet.side, y, body, l.types.Line(false, body, number), soft)}
	if l.sheet.full && pages == 1 { // one sheet, and it looks like one
		return marks
	}
	count := l.types.Line(false, body, fmt.Sprintf("%d / %d", page, pages))
	return append(marks, words(l.sheet.width-l.sheet.side-count.Width, y, body, count, soft))
}

func overflow(pages []typeset.Page[[]mark]) error {
	var names []string
	for _, p := range pages {
		for _, s := range p {
			if n := len(names); s.Of != "" && (n == 0 || names[n-1] != s.Of) {
				names = append(names, s.Of)
			}
		}
	}
	return Overflow{names}
}

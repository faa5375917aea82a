package typeset

import (
	"errors"
	"fmt"
)

// ErrTooTall says that something that cannot be cut is taller than a page.
var ErrTooTall = errors.New("typeset: taller than a page")

// Slab is a strip across the page; T is what is on it. A page is a pile of slabs.
type Slab[T any] struct {
	Height   float64 // mm
	KeepNext bool    // no page ends below it
	Space    bool    // only white: left out at the top of a page
	NewPage  bool    // begins a page
	Of       string  // what it belongs to, as a person would name it
	Ink      T
	Head     *Slab[T] // set again above it when it begins a page that is not the table's first
	// Cut parts the slab so that the first part is at most room high, or says that it cannot. It makes progress: the
	// rest is less than the whole.
	Cut func(room float64) (first, rest Slab[T], ok bool)
}

// Page is the slabs of one page from its top.
type Page[T any] []Slab[T]

// slack keeps rounding from moving a line to the next page.
const slack = 0.02

// Paginate distributes slabs over pages of room mm. Slabs that keep together go to one page if any page can hold them;
// one that is taller than what is left is cut. ErrTooTall names a slab that fits nowhere.
func Paginate[T any](slabs []Slab[T], room float64) ([]Page[T], error) {
	p := pile[T]{room: room + slack}
	for i := 0; i < len(slabs); {
		j, height := i+1, slabs[i].Height
		for ; j < len(slabs) && slabs[j-1].KeepNext && !slabs[j].NewPage; j++ {
			height += slabs[j].Height
		}
		if slabs[i].NewPage {
			p.turn()
		}
		fitsAlone := height+headHeight(slabs[i]) <= p.room
		if !p.fits(height) && (fitsAlone || p.room-p.used < p.room/3) {
			p.turnAt(slabs[i])
		}
		for ; i < j; i++ {
			if err := p.place(slabs[i]); err != nil {
				return nil, err
			}
		}
	}
	p.turn()
	return p.pages, nil
}

type pile[T any] struct {
	pages []Page[T]
	page  Page[T]
	used  float64
	room  float64
}

func (p *pile[T]) fits(height float64) bool { return p.used+height <= p.room }

func (p *pile[T]) turn() {
	for n := len(p.page); n > 0 && p.page[n-1].Space; n-- {
		p.page = p.page[:n-1]
	}
	if len(p.page) > 0 {
		p.pages = append(p.pages, p.page)
	}
	p.page, p.used = nil, 0
}

// turnAt turns the page before s and sets its head again.
func (p *pile[T]) turnAt(s Slab[T]) {
	p.turn()
	if s.Head != nil {
		p.page, p.used = append(p.page, *s.Head), s.Head.Height
	}
}

func (p *pile[T]) place(s Slab[T]) error {
	if s.Space && p.used == 0 {
		return nil
	}
	for !p.fits(s.Height) {
		if s.Space {
			p.turn()
			return nil
		}
		first, rest, ok := s, s, false
		if s.Cut != nil {
			first, rest, ok = s.Cut(p.room - p.used)
		}
		fresh := p.used <= headHeight(s)
		if ok {
			p.page = append(p.page, first)
			s = rest
		} else if fresh {
			return fmt.Errorf("%w: %s, %.0f mm", ErrTooTall, s.Of, s.Height)
		}
		p.turnAt(s)
	}
	p.page, p.used = append(p.page, s), p.used+s.Height
	return nil
}

func headHeight[T any](s Slab[T]) float64 {
	if s.Head == nil {
		return 0
	}
	return s.Head.Height
}

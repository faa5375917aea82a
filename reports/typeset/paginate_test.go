package typeset

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// text is a slab of n lines of 1 mm that can be cut.
func text(name string, n int) Slab[string] {
	s := Slab[string]{Height: float64(n), Of: name, Ink: fmt.Sprintf("%s%d", name, n)}
	s.Cut = func(room float64) (first, rest Slab[string], ok bool) {
		fit := int(room)
		if fit < 2 || fit >= n {
			return s, s, false
		}
		return text(name, fit), text(name, n-fit), true
	}
	return s
}

// under gives a slab and what is cut from it a head.
func under(head *Slab[string], s Slab[string]) Slab[string] {
	s.Head = head
	cut := s.Cut
	s.Cut = func(room float64) (first, rest Slab[string], ok bool) {
		first, rest, ok = cut(room)
		return first, under(head, rest), ok
	}
	return s
}

func block(name string, height float64) Slab[string] {
	return Slab[string]{Height: height, Of: name, Ink: name}
}

func show(pages []Page[string]) string {
	var all []string
	for _, p := range pages {
		var one []string
		for _, s := range p {
			one = append(one, s.Ink)
		}
		all = append(all, strings.Join(one, " "))
	}
	return strings.Join(all, " | ")
}

func TestPaginate(t *testing.T) {
	t.Parallel()
	keep := func(s Slab[string]) Slab[string] { s.KeepNext = true; return s }
	head := keep(block("head", 1))
	row := func(name string, height float64) Slab[string] {
		s := block(name, height)
		s.Head = &head
		return s
	}
	longRow := under(&head, text("long", 25))
	gap := Slab[string]{Height: 1, Space: true, Ink: "gap"}
	turn := Slab[string]{NewPage: true, Ink: "turn"}
	for name, c := range map[string]struct {
		slabs []Slab[string]
		want  string
	}{
		"fills a page":                    {[]Slab[string]{block("a", 6), block("b", 4), block("c", 1)}, "a b | c"},
		"heading goes with what it heads": {[]Slab[string]{block("a", 8), keep(block("h", 1)), block("b", 5)}, "a | h b"},
		"chain stays together":            {[]Slab[string]{block("a", 5), keep(block("h", 2)), keep(block("i", 2)), block("b", 2)}, "a | h i b"},
		"head comes again":                {[]Slab[string]{block("a", 6), head, row("1", 2), row("2", 2), row("3", 2)}, "a head 1 | head 2 3"},
		"head is not stranded":            {[]Slab[string]{block("a", 9), head, row("1", 2)}, "a | head 1"},
		"long text is cut":                {[]Slab[string]{text("t", 25)}, "t10 | t10 | t5"},
		"long row is cut under heads":     {[]Slab[string]{head, longRow}, "head long9 | head long9 | head long7"},
		"long row starts a fresh page":    {[]Slab[string]{block("a", 8), head, longRow}, "a | head long9 | head long9 | head long7"},
		"no white at the top or bottom":   {[]Slab[string]{gap, block("a", 9), gap, gap, block("b", 1)}, "a | b"},
		"white between stays":             {[]Slab[string]{block("a", 3), gap, block("b", 1)}, "a gap b"},
		"page break":                      {[]Slab[string]{block("a", 3), turn, block("b", 1)}, "a | turn b"},
		"nothing":                         {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pages, err := Paginate(c.slabs, 10)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(pages); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPaginateNamesWhatFitsNowhere(t *testing.T) {
	t.Parallel()
	_, err := Paginate([]Slab[string]{block("a", 3), block("表「大きい」", 11)}, 10)
	if !errors.Is(err, ErrTooTall) || !strings.Contains(err.Error(), "表「大きい」") {
		t.Errorf("got %v, want ErrTooTall with its name", err)
	}
}

func TestPaginateLosesNothingAndOverfillsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		heights := rapid.SliceOf(rapid.IntRange(1, 35)).Draw(t, "lines")
		keeps := rapid.SliceOfN(rapid.Bool(), len(heights), len(heights)).Draw(t, "keep")
		var slabs []Slab[string]
		want := 0.0
		for i, n := range heights {
			s := text("t", n)
			s.KeepNext = keeps[i]
			slabs = append(slabs, s)
			want += float64(n)
		}
		pages, err := Paginate(slabs, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for _, p := range pages {
			height := 0.0
			for _, s := range p {
				height += s.Height
			}
			if height > 10+slack {
				t.Errorf("page of %.1f", height)
			}
			got += height
		}
		if got != want {
			t.Errorf("%v lines became %v", want, got)
		}
	})
}

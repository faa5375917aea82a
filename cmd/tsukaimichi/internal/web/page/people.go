package page

import "strings"

// People is who took part. A person who gave twice is one person; gifts without a name are gifts, never people.
type People struct {
	Persons    int
	Households int
	Companies  int
	Groups     int // other organisations
	Nameless   int // gifts of which nobody knows who gave
	Fewest     int // for everybody's pages: a count below it is told as 「5人未満」; 0 tells every count
}

// Head is one count with its unit.
type Head struct {
	Count int
	Unit  string
}

// Heads are the counts that are not zero, people first.
func (p People) Heads() []Head {
	var heads []Head
	for _, h := range []Head{{p.Persons, "人"}, {p.Households, "世帯"}, {p.Companies, "社"}, {p.Groups, "団体"}, {p.Nameless, "件"}} {
		if h.Count <= 0 {
			continue
		}
		if h.Count < p.Fewest {
			h = Head{p.Fewest, h.Unit + "未満"}
		}
		heads = append(heads, h)
	}
	return heads
}

// String writes 128人・36世帯・2社, or that nobody has taken part yet.
func (p People) String() string {
	var parts []string
	for _, h := range p.Heads() {
		parts = append(parts, Count(h.Count)+h.Unit)
	}
	if len(parts) == 0 {
		return "まだ、だれも参加していません"
	}
	return strings.Join(parts, "・")
}

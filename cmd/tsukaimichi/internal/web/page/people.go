package page

import "strings"

// People is who took part. A person who gave twice is one person; gifts without a name are gifts, never people.
type People struct {
	Persons    int
	Households int
	Companies  int
	Groups     int // other organisations
	Nameless   int // gifts of which nobody knows who gave
	Fewest     int // for everybody's pages: no count below it is told; 0 tells every count
}

// Head is one count with its unit, or without a number: ほか.
type Head struct {
	Count int
	Unit  string
}

// Heads are the counts that are not zero, people first. Of those below Fewest it is said that there are others; where there is nobody else, that they are few.
func (p People) Heads() []Head {
	var heads, few []Head
	for _, h := range []Head{{p.Persons, "人"}, {p.Households, "世帯"}, {p.Companies, "社"}, {p.Groups, "団体"}, {p.Nameless, "件"}} {
		switch {
		case h.Count <= 0:
		case h.Count < p.Fewest:
			few = append(few, Head{p.Fewest, h.Unit + "未満"})
		default:
			heads = append(heads, h)
		}
	}
	if len(heads) == 0 {
		return few
	}
	if len(few) > 0 {
		heads = append(heads, Head{Unit: "ほか"})
	}
	return heads
}

// NamelessTold reports whether gifts without a name stand among the counts.
func (p People) NamelessTold() bool { return p.Nameless > 0 && p.Nameless >= p.Fewest }

// String writes 128人・36世帯・2社, or that nobody has taken part yet.
func (p People) String() string {
	var parts []string
	for _, h := range p.Heads() {
		if h.Count > 0 {
			h.Unit = Count(h.Count) + h.Unit
		}
		parts = append(parts, h.Unit)
	}
	if len(parts) == 0 {
		return "まだ、だれも参加していません"
	}
	return strings.Join(parts, "・")
}

package english

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// entry is a text of the catalogue.
type entry struct {
	holes   []string       // their names, in the order of the Japanese text; "" for a value that is written out
	fixed   []string       // the values that are written out, by their place among the holes
	match   *regexp.Regexp // with a group for each hole; nil without any
	first   string         // what the shape begins with
	last    string         // and ends with
	literal int            // how many characters are not holes
	open    bool           // has a hole that takes any text
	english []part
}

// part is a stretch of an English text: words, or a hole with the forms a number chooses among.
type part struct {
	words    string
	hole     string
	one, any string
}

var (
	holeInKey  = regexp.MustCompile(`\{[a-z]+\d?\}`)
	holeInText = regexp.MustCompile(`\{([a-z]+\d?)(?::([^|}]*)\|([^}]*))?\}`)
)

// newEntry reads a key with its English text.
func newEntry(key, english string) (entry, string, error) {
	e := entry{}
	var expression, whole strings.Builder
	literal := func(text string) {
		shaped, found := shape(text)
		for _, r := range shaped {
			if !isSign(r) {
				e.literal++
				expression.WriteString(regexp.QuoteMeta(string(r)))
				continue
			}
			e.holes, e.fixed = append(e.holes, ""), append(e.fixed, found[0].raw)
			found = found[1:]
			fmt.Fprintf(&expression, `(%c)`, r)
		}
		whole.WriteString(shaped)
	}
	from := 0
	for _, at := range holeInKey.FindAllStringIndex(key, -1) {
		literal(key[from:at[0]])
		from = at[1]
		name := key[at[0]+1 : at[1]-1]
		e.holes, e.fixed = append(e.holes, name), append(e.fixed, "")
		sign, typed := signs[strings.TrimRight(name, "0123456789")]
		if !typed {
			e.open = true
			expression.WriteString(`(.+?)`)
			whole.WriteString("\x00")
			continue
		}
		fmt.Fprintf(&expression, `(%c)`, sign)
		whole.WriteRune(sign)
	}
	literal(key[from:])
	if len(e.holes) > 0 {
		e.match = regexp.MustCompile(`(?s)\A` + expression.String() + `\z`)
	}
	parts := strings.Split(whole.String(), "\x00")
	e.first, e.last = parts[0], parts[len(parts)-1]
	return e, whole.String(), e.write(key, english)
}

// write reads the English text; each of its holes must be in the key.
func (e *entry) write(key, english string) error {
	known := map[string]bool{}
	for _, h := range e.holes {
		known[h] = h != ""
	}
	from := 0
	for _, at := range holeInText.FindAllStringSubmatchIndex(english, -1) {
		p := part{hole: english[at[2]:at[3]]}
		if at[4] >= 0 {
			p.one, p.any = english[at[4]:at[5]], english[at[6]:at[7]]
		}
		if !known[p.hole] {
			return fmt.Errorf("%q: the Japanese text has no {%s}", key, p.hole)
		}
		if at[0] > from {
			e.english = append(e.english, part{words: english[from:at[0]]})
		}
		e.english = append(e.english, p)
		from = at[1]
	}
	if from < len(english) {
		e.english = append(e.english, part{words: english[from:]})
	}
	return nil
}

// read matches a shape with its values, and gives what is in the holes; fixed values must be the same.
func (e *entry) read(shaped string, found []value) (map[string]filled, bool) {
	if e.open && len(shaped) < len(e.first)+len(e.last) || !strings.HasPrefix(shaped, e.first) || !strings.HasSuffix(shaped, e.last) {
		return nil, false
	}
	at := e.match.FindStringSubmatchIndex(shaped)
	if at == nil {
		return nil, false
	}
	holes := map[string]filled{}
	for i, name := range e.holes {
		begin, end := at[2*i+2], at[2*i+3]
		before := countSigns(shaped[:begin])
		r, _ := utf8.DecodeRuneInString(shaped[begin:])
		switch inside := shaped[begin:end]; {
		case name == "" && found[before].raw != e.fixed[i]:
			return nil, false
		case name == "":
		case signs[strings.TrimRight(name, "0123456789")] == r && utf8.RuneCountInString(inside) == 1:
			holes[name] = filled{value: &found[before]}
		default:
			holes[name] = filled{text: unshape(inside, found[before:])}
		}
	}
	return holes, true
}

// filled is what a hole holds.
type filled struct {
	value *value
	text  string
}

func countSigns(shaped string) int {
	n := 0
	for _, r := range shaped {
		if isSign(r) {
			n++
		}
	}
	return n
}

// unshape writes the values back.
func unshape(shaped string, found []value) string {
	var b strings.Builder
	for _, r := range shaped {
		if isSign(r) {
			b.WriteString(found[0].raw)
			found = found[1:]
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

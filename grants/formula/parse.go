package formula

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
)

// ErrRule says that a text is no rule: not JSON, an unknown kind, a number out of range, too deep or too large. It comes wrapped with the place.
var ErrRule = errors.New("formula: not a rule")

// The size of a rule: real ones have a depth of five and a dozen nodes.
const (
	deepest  = 12
	mostNode = 200
	longest  = 20_000 // bytes
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Parse reads a rule from JSON; the kinds of nodes show the form of each. An amount alone stands for a flat one, a name alone for a cost.
// Numbers are whole and never negative; a rate is between nothing and the whole. ErrRule otherwise.
func Parse(text []byte) (Formula, error) {
	if len(text) > longest {
		return Formula{}, fmt.Errorf("%d bytes: %w", len(text), ErrRule)
	}
	p := parser{}
	root, err := p.node(text, 0)
	if err != nil {
		return Formula{}, err
	}
	return Formula{root}, nil
}

type parser struct{ nodes int }

func (p *parser) node(text []byte, depth int) (*Node, error) {
	if p.nodes++; p.nodes > mostNode || depth > deepest {
		return nil, fmt.Errorf("more than %d parts or deeper than %d: %w", mostNode, deepest, ErrRule)
	}
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] != '{' {
		return short(text)
	}
	var parts map[Kind]json.RawMessage
	if err := strict(text, &parts); err != nil {
		return nil, err
	}
	if len(parts) != 1 {
		return nil, fmt.Errorf("%d kinds in one part: %w", len(parts), ErrRule)
	}
	for kind, body := range parts {
		n, err := p.kind(kind, body, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%.20s: %w", kind, err)
		}
		return n, nil
	}
	return nil, ErrRule
}

// short reads what may be said without a kind: an amount, or the name of a cost.
func short(text []byte) (*Node, error) {
	if len(text) > 0 && text[0] == '"' {
		return named(Cost, text)
	}
	return flat(text)
}

func flat(text []byte) (*Node, error) {
	var yen int64
	if err := strict(text, &yen); err != nil {
		return nil, err
	}
	return (&Node{kind: Flat, numbers: []int64{yen}}).inRange()
}

func named(kind Kind, text []byte) (*Node, error) {
	var name string
	if err := strict(text, &name); err != nil {
		return nil, err
	}
	if !nameForm.MatchString(name) {
		return nil, fmt.Errorf("name %.20q: %w", name, ErrRule)
	}
	return &Node{kind: kind, name: name}, nil
}

func (p *parser) kind(kind Kind, body []byte, depth int) (*Node, error) {
	switch kind {
	case Flat:
		return flat(body)
	case Cost:
		return named(Cost, body)
	case Min, Sum, Years:
		return p.list(kind, body, depth)
	case Rate:
		return p.rate(body, depth)
	case Less:
		return p.less(body, depth)
	case Floor, Least:
		return p.limit(kind, body, depth)
	case Units:
		return p.units(body, depth)
	case Tiers:
		return tiers(body)
	case When:
		return p.when(body, depth)
	}
	return nil, ErrRule
}

func (p *parser) list(kind Kind, body []byte, depth int) (*Node, error) {
	var parts []json.RawMessage
	if err := strict(body, &parts); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("nothing listed: %w", ErrRule)
	}
	return p.with(&Node{kind: kind}, depth, parts...)
}

func (p *parser) rate(body []byte, depth int) (*Node, error) {
	var r struct {
		Num int64           `json:"num"`
		Den int64           `json:"den"`
		Of  json.RawMessage `json:"of"`
	}
	if err := strict(body, &r); err != nil {
		return nil, err
	}
	if r.Den < 1 || r.Num > r.Den {
		return nil, fmt.Errorf("rate %d/%d: %w", r.Num, r.Den, ErrRule)
	}
	return p.with(&Node{kind: Rate, numbers: []int64{r.Num, r.Den}}, depth, r.Of)
}

func (p *parser) less(body []byte, depth int) (*Node, error) {
	var l struct {
		Of     json.RawMessage `json:"of"`
		Income []Source        `json:"income"`
	}
	if err := strict(body, &l); err != nil {
		return nil, err
	}
	if len(l.Income) == 0 || len(l.Income) > len(Sources) {
		return nil, fmt.Errorf("which income: %w", ErrRule)
	}
	for i, s := range l.Income {
		if !slices.Contains(Sources, s) || slices.Contains(l.Income[:i], s) {
			return nil, fmt.Errorf("income %.20q: %w", s, ErrRule)
		}
	}
	return p.with(&Node{kind: Less, income: l.Income}, depth, l.Of)
}

func (p *parser) limit(kind Kind, body []byte, depth int) (*Node, error) {
	var l struct {
		Unit *int64          `json:"unit"`
		Yen  *int64          `json:"yen"`
		Of   json.RawMessage `json:"of"`
	}
	if err := strict(body, &l); err != nil {
		return nil, err
	}
	number := l.Unit
	if kind == Least {
		number = l.Yen
	}
	if number == nil || *number < 1 || (l.Unit != nil && l.Yen != nil) {
		return nil, fmt.Errorf("needs one number of at least 1: %w", ErrRule)
	}
	return p.with(&Node{kind: kind, numbers: []int64{*number}}, depth, l.Of)
}

func (p *parser) units(body []byte, depth int) (*Node, error) {
	u := struct {
		Count string          `json:"count"`
		Each  json.RawMessage `json:"each"`
		Min   int64           `json:"min"`
		Max   int64           `json:"max"`
	}{Max: Largest}
	if err := strict(body, &u); err != nil {
		return nil, err
	}
	if !nameForm.MatchString(u.Count) || u.Min > u.Max {
		return nil, fmt.Errorf("count %.20q from %d to %d: %w", u.Count, u.Min, u.Max, ErrRule)
	}
	return p.with(&Node{kind: Units, name: u.Count, numbers: []int64{u.Min, u.Max}}, depth, u.Each)
}

func tiers(body []byte) (*Node, error) {
	var t struct {
		Count string     `json:"count"`
		Steps [][2]int64 `json:"steps"`
	}
	if err := strict(body, &t); err != nil {
		return nil, err
	}
	if !nameForm.MatchString(t.Count) || len(t.Steps) == 0 || len(t.Steps) > 50 {
		return nil, fmt.Errorf("count %.20q with %d steps: %w", t.Count, len(t.Steps), ErrRule)
	}
	n := &Node{kind: Tiers, name: t.Count}
	for i, step := range t.Steps {
		if i > 0 && (step[0] <= t.Steps[i-1][0] || step[1] < t.Steps[i-1][1]) {
			return nil, fmt.Errorf("step %d does not rise: %w", i+1, ErrRule)
		}
		n.numbers = append(n.numbers, step[0], step[1])
	}
	return n.inRange()
}

func (p *parser) when(body []byte, depth int) (*Node, error) {
	var w struct {
		Count string          `json:"count"`
		Least int64           `json:"least"`
		Then  json.RawMessage `json:"then"`
		Else  json.RawMessage `json:"else"`
	}
	if err := strict(body, &w); err != nil {
		return nil, err
	}
	if !nameForm.MatchString(w.Count) {
		return nil, fmt.Errorf("count %.20q: %w", w.Count, ErrRule)
	}
	parts := []json.RawMessage{w.Then}
	if len(w.Else) > 0 {
		parts = append(parts, w.Else)
	}
	return p.with(&Node{kind: When, name: w.Count, numbers: []int64{w.Least}}, depth, parts...)
}

// with reads the parts a node takes.
func (p *parser) with(n *Node, depth int, parts ...json.RawMessage) (*Node, error) {
	for _, text := range parts {
		part, err := p.node(text, depth)
		if err != nil {
			return nil, err
		}
		n.of = append(n.of, part)
	}
	return n.inRange()
}

func (n *Node) inRange() (*Node, error) {
	for _, number := range n.numbers {
		if number < 0 || number > Largest {
			return nil, fmt.Errorf("number %d: %w", number, ErrRule)
		}
	}
	return n, nil
}

// strict reads one JSON value, with no field it does not know and nothing after it.
func strict(text []byte, into any) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return ErrRule // the decoder would leave a zero
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return ErrRule // the decoder's words quote the input
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrRule
	}
	return nil
}

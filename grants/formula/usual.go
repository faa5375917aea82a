package formula

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Usual is the rule that most calls have: a share of a cost or the whole of it, no more than what is accepted and than a cap, rounded down; perhaps less what income
// covers, perhaps nothing below a least amount. People can fill it in; anything else is a rule of its own.
type Usual struct {
	Num, Den int64  // the share; Num 0: the whole of what is accepted
	Of       string // Total or Eligible
	Cap      int64  // 0 for none
	Unit     int64  // rounded down to; 1 or less: to a yen
	Least    int64  // below it nothing is paid; 0 for none
	Deducts  bool   // all other income is taken off the whole cost
}

type object = map[string]any

// Floored is a part of a rule rounded down; as it is when the unit is a yen.
func Floored(unit int64, of any) any {
	if unit <= 1 {
		return of
	}
	return object{"floor": object{"unit": unit, "of": of}}
}

// Rated is a share of a part of a rule; the part itself when num is 0.
func Rated(num, den int64, of any) any {
	if num == 0 {
		return of
	}
	return object{"rate": object{"num": num, "den": den, "of": of}}
}

func capped(parts []any, most int64) []any {
	if most > 0 {
		parts = append(parts, most)
	}
	return parts
}

// Rule is the rule as Parse reads it.
func (u Usual) Rule() json.RawMessage { return text(u.tree()) }

func text(rule any) json.RawMessage {
	written, err := json.Marshal(rule)
	if err != nil {
		return nil
	}
	return written
}

func (u Usual) tree() any {
	rule := any(object{"min": capped([]any{Floored(u.Unit, Rated(u.Num, u.Den, u.Of)), Eligible}, u.Cap)})
	switch {
	case u.Deducts:
		most := append(capped([]any{Eligible}, u.Cap), object{"less": object{"of": Total, "income": Sources}})
		rule = Floored(u.Unit, Rated(u.Num, u.Den, object{"min": most}))
	case u.Num == 0:
		rule = Floored(u.Unit, object{"min": capped([]any{Eligible}, u.Cap)})
	}
	if u.Least > 0 {
		rule = object{"least": object{"yen": u.Least, "of": rule}}
	}
	return rule
}

// alike are trees that come to the same for all facts: a share of what is accepted is never more than that.
func (u Usual) alike() []any {
	all := []any{u.tree()}
	if u.Of == Eligible && !u.Deducts && u.Num > 0 && u.Least == 0 {
		bare := Floored(u.Unit, Rated(u.Num, u.Den, Eligible))
		if all = append(all, object{"min": capped([]any{bare}, u.Cap)}); u.Cap == 0 {
			all = append(all, bare)
		}
	}
	return all
}

// UsualOf takes a rule apart; false when it is another rule than a usual one that rounds to the unit.
func UsualOf(rule json.RawMessage, unit int64) (Usual, bool) {
	u := Usual{Den: 1, Of: Eligible, Unit: unit}
	var tree any
	if json.Unmarshal(rule, &tree) != nil {
		return u, false
	}
	u.look(tree)
	for _, known := range u.alike() {
		if Same(text(known), rule) {
			return u, true
		}
	}
	return u, false
}

// ShareIn is the share that a part of a rule takes, of which cost; the whole of the accepted cost when it takes none.
func ShareIn(part any) Usual {
	u := Usual{Den: 1, Of: Eligible}
	if cost, is := part.(string); is {
		u.Of = cost
	}
	u.look(part)
	return u
}

// look gathers the figures of a rule, wherever they stand; whether they say the rule is another question.
func (u *Usual) look(node any) {
	o, _ := node.(object)
	for kind, body := range o {
		inner, _ := body.(object)
		switch kind {
		case "rate":
			u.Num, u.Den = Whole(inner["num"]), Whole(inner["den"])
			if of, is := inner["of"].(string); is {
				u.Of = of
			}
		case "less":
			u.Deducts = true
		case "least":
			u.Least = Whole(inner["yen"])
		case "min":
			parts, _ := body.([]any)
			for _, part := range parts {
				if n := Whole(part); n > 0 {
					u.Cap = n
				}
				u.look(part)
			}
		}
		u.look(inner["of"])
	}
}

// Whole is a number of JSON; 0 for anything else. Numbers of rules have at most 13 digits, so that none was rounded when it was read.
func Whole(v any) int64 {
	n, err := strconv.ParseInt(string(text(v)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Same reports whether two rules are the same JSON.
func Same(a, b json.RawMessage) bool {
	var left, right any
	return json.Unmarshal(a, &left) == nil && json.Unmarshal(b, &right) == nil && reflect.DeepEqual(left, right)
}

// ParseShare reads a share as people write it: 3/4, 80％, 10/10, 4分の3. False when it is none between nothing and the whole.
func ParseShare(written string) (num, den int64, ok bool) {
	written = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '／':
			return '/'
		case r == '％':
			return '%'
		}
		return r
	}, strings.TrimSpace(written))
	if whole, is := strings.CutSuffix(written, "%"); is {
		n, err := strconv.ParseInt(strings.TrimSpace(whole), 10, 64)
		return n, 100, err == nil && n > 0 && n <= 100
	}
	left, right, found := strings.Cut(written, "/")
	if below, above, said := strings.Cut(written, "分の"); said { // 4分の3
		left, right, found = above, below, true
	}
	num, err := strconv.ParseInt(strings.TrimSpace(left), 10, 64)
	den, also := strconv.ParseInt(strings.TrimSpace(right), 10, 64)
	return num, den, found && err == nil && also == nil && num > 0 && den > 0 && num <= den
}

// ShareText is the share as ParseShare reads it; empty for the whole.
func (u Usual) ShareText() string {
	if u.Num == 0 {
		return ""
	}
	return strconv.FormatInt(u.Num, 10) + "/" + strconv.FormatInt(u.Den, 10)
}

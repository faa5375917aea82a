package formula

import (
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Words gives names to the keys of a call: "rent" is 家賃, "session" is 開催回数 with the counter 回. A key without a name is printed as it is.
type Words struct {
	Names    map[string]string // of costs and counts
	Counters map[string]string // of counts: 回, 人, か月
}

var usualNames = map[string]string{
	Total: "総事業費", Eligible: "対象経費", "decided": "交付決定額",
	string(Donation): "寄付", string(Fee): "利用料・参加費", string(Sponsor): "協賛", string(OtherGrant): "ほかの助成・補助", string(OtherIn): "その他の収入",
}

func (w Words) name(key string) string {
	if name := w.Names[key]; name != "" {
		return name
	}
	if name := usualNames[key]; name != "" {
		return name
	}
	return key
}

// counted is a count with its counter: 「48回」.
func (w Words) counted(key string, n int64) string {
	return fmt.Sprintf("%s%s", ledger.Yen(n), w.Counters[key])
}

// Explain prints the claim as numbered sentences in plain Japanese, one a step: 「なぜこの額か」. Steps that only look a figure up and the
// steps that use them are numbered alike, so that a line can point at another.
func (c Claim) Explain(w Words) []string {
	lines := make([]string, len(c.Steps))
	for i, s := range c.Steps {
		lines[i] = fmt.Sprintf("%s %s", mark(i), s.sentence(c.Steps, w))
	}
	return lines
}

// mark is the number of a line as Japanese lists write it.
func mark(i int) string {
	if i < 20 {
		return string(rune('①' + i))
	}
	return fmt.Sprintf("(%d)", i+1)
}

func (s Step) sentence(all []Step, w Words) string {
	switch s.Kind {
	case Flat:
		if s.Name != "" {
			return fmt.Sprintf("%s %s円", w.name(s.Name), s.Out)
		}
		return fmt.Sprintf("募集要項の額 %s円", s.Out)
	case Cost:
		return fmt.Sprintf("%s %s円", w.name(s.Name), s.Out)
	case Income:
		return fmt.Sprintf("差し引く収入(%s) %s円", w.listed(s.Income), s.Out)
	case Tiers:
		return fmt.Sprintf("%sが%sなので %s円", w.name(s.Name), w.counted(s.Name, s.Given), s.Out)
	case When:
		return s.condition(w)
	case Years:
		return s.yearly()
	}
	return s.sum(all, w)
}

func (s Step) sum(all []Step, w Words) string {
	of := s.operands(all)
	first := all[s.Of[0]].Out
	switch s.Kind {
	case Rate:
		return fmt.Sprintf("%s × %d/%d = %s円", of[0], s.Numbers[0], s.Numbers[1], s.Out)
	case Less:
		if s.Out == 0 && first > 0 {
			return fmt.Sprintf("%s − %s は残らないので 0円", of[0], of[1])
		}
		return fmt.Sprintf("%s − %s = %s円", of[0], of[1], s.Out)
	case Floor:
		return fmt.Sprintf("%s の%s円未満を切り捨てて %s円", of[0], inWords(s.Numbers[0]), s.Out)
	case Least:
		if s.Out < first {
			return fmt.Sprintf("%s は下限の%s円に届かないので 0円", of[0], ledger.Yen(s.Numbers[0]))
		}
		return fmt.Sprintf("%s は下限の%s円以上なので %s円", of[0], ledger.Yen(s.Numbers[0]), s.Out)
	case Units:
		return s.units(of[0], w)
	case Sum:
		return fmt.Sprintf("%s = %s円", strings.Join(of, " + "), s.Out)
	}
	return fmt.Sprintf("%s のうち少ないほう %s円", strings.Join(of, " と "), s.Out)
}

// operands are the earlier lines a line takes, with their amounts: 「①210,000円」.
func (s Step) operands(all []Step) []string {
	of := make([]string, len(s.Of))
	for i, at := range s.Of {
		of[i] = fmt.Sprintf("%s%s円", mark(at), all[at].Out)
	}
	return of
}

func (s Step) units(each string, w Words) string {
	switch n := s.counted(); {
	case n < s.Given && n == 0:
		return fmt.Sprintf("%sが%sで、%sに届かないので 0円", w.name(s.Name), w.counted(s.Name, s.Given), w.counted(s.Name, s.Numbers[0]))
	case n < s.Given:
		return fmt.Sprintf("%s × %s(%sのうち) = %s円", each, w.counted(s.Name, n), w.counted(s.Name, s.Given), s.Out)
	default:
		return fmt.Sprintf("%s × %s = %s円", each, w.counted(s.Name, n), s.Out)
	}
}

func (s Step) condition(w Words) string {
	reached := "に届かないので"
	if s.Given >= s.Numbers[0] {
		reached = "以上なので"
	}
	return fmt.Sprintf("%sが%sで、%s%s %s円", w.name(s.Name), w.counted(s.Name, s.Given), w.counted(s.Name, s.Numbers[0]), reached, s.Out)
}

func (s Step) yearly() string {
	if len(s.Of) == 0 {
		return fmt.Sprintf("%d年目は助成の年数(%d年)を過ぎているので 0円", s.Given, s.Numbers[0])
	}
	return fmt.Sprintf("%d年目の額 %s円", s.Given, s.Out)
}

func (w Words) listed(sources []Source) string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = w.name(string(s))
	}
	return strings.Join(names, "・")
}

// inWords writes the usual units as rule books do: 千円未満, 1万円未満.
func inWords(unit int64) string {
	switch unit {
	case 1_000:
		return "千"
	case 10_000:
		return "1万"
	}
	return ledger.Yen(unit).String()
}

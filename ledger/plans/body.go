package plans

import (
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Body is what stands on the sheet, box by box.
type Body struct {
	Voice     string    `json:"voice,omitempty"`    // 本人・家族の声: what people said; anonymous before it leaves the group
	Assessed  string    `json:"assessed,omitempty"` // 専門職の見立て
	Gap       string    `json:"gap,omitempty"`      // why what exists does not do
	Name      string    `json:"name,omitempty"`     // 開発したい社会資源・サービス
	Content   string    `json:"content,omitempty"`
	Occasions string    `json:"occasions,omitempty"` // 検討する機会: 協議体, 地域ケア会議
	Survey    Survey    `json:"survey,omitzero"`
	Formal    []Partner `json:"formal,omitempty"`   // based on law or an official scheme
	Informal  []Partner `json:"informal,omitempty"` // based on neither
	Steps     []Step    `json:"steps,omitempty"`
	Helpers   string    `json:"helpers,omitempty"` // 担い手の発掘・養成
	Costs     []Cost    `json:"costs,omitempty"`
	Funding   []Funding `json:"funding,omitempty"`
}

// Survey is how the need of the whole area is found out.
type Survey struct {
	Who  string `json:"who,omitempty"`
	How  string `json:"how,omitempty"`
	When string `json:"when,omitempty"`
	What string `json:"what,omitempty"`
}

// Partner is an office, a group or people to work with.
type Partner struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
}

// Step is one piece of preparation.
type Step struct {
	Month string `json:"month"` // 2026-12
	What  string `json:"what"`
	Who   string `json:"who,omitempty"`
}

// Cost is one line of what is needed, in yen a unit.
type Cost struct {
	What     string     `json:"what"`
	Quantity int64      `json:"quantity"`
	Unit     string     `json:"unit,omitempty"`
	Price    ledger.Yen `json:"price"`
}

// Amount is the line's whole: quantity × price.
func (c Cost) Amount() (ledger.Yen, error) { return c.Price.Mul(max(c.Quantity, 1), 1, ledger.Down) }

// Source is where money is to come from.
type Source string

// The sources of the four kinds of money, and the group's own.
const (
	Own         Source = "own"
	Fees        Source = "fee"
	Donations   Source = "donation"
	Sponsorship Source = "sponsor"
	Grants      Source = "grant"
)

// Funding is one line of where money is to come from.
type Funding struct {
	Source Source     `json:"source"`
	What   string     `json:"what,omitempty"`
	Amount ledger.Yen `json:"amount"`
}

// The sizes a sheet may have.
const (
	longestText = 4_000
	mostLines   = 60
	mostYen     = 99_999_999_999
)

// Check says what does not fit, by box: a text that is too long for the paper, too many lines, an amount beyond belief, a month that is none.
func (b Body) Check() ledger.Invalid {
	bad := ledger.Invalid{}
	for box, text := range map[string]string{"voice": b.Voice, "assessed": b.Assessed, "gap": b.Gap, "name": b.Name, "content": b.Content, "occasions": b.Occasions,
		"survey_who": b.Survey.Who, "survey_how": b.Survey.How, "survey_when": b.Survey.When, "survey_what": b.Survey.What, "helpers": b.Helpers} {
		if len([]rune(text)) > longestText {
			bad[box] = "plan.text_too_long"
		}
	}
	for box, n := range map[string]int{"formal": len(b.Formal), "informal": len(b.Informal), "steps": len(b.Steps), "costs": len(b.Costs), "funding": len(b.Funding)} {
		if n > mostLines {
			bad[box] = "plan.too_many_lines"
		}
	}
	for _, c := range b.Costs {
		if amount, err := c.Amount(); err != nil || c.Price < 0 || c.Quantity < 0 || amount > mostYen {
			bad["costs"] = "plan.amount_beyond_belief"
		}
	}
	for _, f := range b.Funding {
		if f.Amount < 0 || f.Amount > mostYen {
			bad["funding"] = "plan.amount_beyond_belief"
		}
	}
	for _, s := range b.Steps {
		if _, err := ledger.ParseDate(s.Month + "-01"); s.Month != "" && err != nil {
			bad["steps"] = "plan.no_month"
		}
	}
	return bad
}

// Total is what the plan costs and what is to come in; both in yen. Check has made sure that they fit.
func (b Body) Total() (cost, funding ledger.Yen) {
	for _, c := range b.Costs {
		amount, _ := c.Amount()
		cost += amount
	}
	for _, f := range b.Funding {
		funding += f.Amount
	}
	return cost, funding
}

// Keys gives the texts of the sheet under the common keys of forms; what is empty has none. The voices of people are not among them: need.voice is
// filled by hand, after they were made anonymous.
func (b Body) Keys() map[string]string {
	cost, _ := b.Total()
	keys := map[string]string{
		"need.summary": b.Assessed, "need.gap": b.Gap, "project.name": b.Name, "project.content": b.Content,
		"process.forum": b.Occasions, "need.survey": b.Survey.text(), "partners.formal": listed(b.Formal), "partners.informal": listed(b.Informal),
		"project.schedule": b.schedule(), "team.structure": b.Helpers, "budget.use": b.costs(),
	}
	if cost > 0 {
		keys["budget.total"] = cost.String()
	}
	for key, text := range keys {
		if strings.TrimSpace(text) == "" {
			delete(keys, key)
		}
	}
	return keys
}

func (s Survey) text() string {
	var lines []string
	for _, part := range []struct{ label, text string }{{"対象", s.Who}, {"方法", s.How}, {"時期", s.When}, {"内容", s.What}} {
		if part.text != "" {
			lines = append(lines, part.label+"："+part.text)
		}
	}
	return strings.Join(lines, "\n")
}

func listed(partners []Partner) string {
	names := make([]string, 0, len(partners))
	for _, p := range partners {
		if p.Role == "" {
			names = append(names, p.Name)
		} else {
			names = append(names, p.Name+"（"+p.Role+"）")
		}
	}
	return strings.Join(names, "、")
}

func (b Body) schedule() string {
	lines := make([]string, 0, len(b.Steps))
	for _, s := range b.Steps {
		line := s.What
		if month, err := ledger.ParseDate(s.Month + "-01"); err == nil {
			line = fmt.Sprintf("%d年%d月　%s", month.Year(), month.Month(), s.What)
		}
		if s.Who != "" {
			line += "（" + s.Who + "）"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (b Body) costs() string {
	lines := make([]string, 0, len(b.Costs))
	for _, c := range b.Costs {
		amount, err := c.Amount()
		if err != nil {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s　%s円", c.What, amount))
	}
	return strings.Join(lines, "\n")
}

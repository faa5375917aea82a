package template

import (
	"encoding/json"

	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
	"github.com/tsukaimichi/tsukaimichi/grants/limit"
)

// Version is one version of a form.
type Version struct {
	Key         string       `json:"key"`     // kyobo_koubo
	Version     string       `json:"version"` // 1.0
	Kind        string       `json:"kind"`    // application, report, change, claim, oath, cover
	Title       string       `json:"title"`
	Lead        string       `json:"lead,omitempty"`
	FiscalYear  int          `json:"fiscal_year"`
	Source      string       `json:"source,omitempty"`      // what it is written after
	VerifiedOn  string       `json:"verified_on,omitempty"` // empty: not verified, 要確認
	Unsure      []string     `json:"unsure,omitempty"`      // 要確認: what was not read at the source
	Sections    []Section    `json:"sections"`
	Budget      *Budget      `json:"budget,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Rules       []Rule       `json:"rules,omitempty"`
	Obligations []Obligation `json:"obligations,omitempty"`
}

// Section is a heading with its fields.
type Section struct {
	Key       string     `json:"key"`
	Title     string     `json:"title"`
	Intro     string     `json:"intro,omitempty"`
	ShowIf    *Condition `json:"show_if,omitempty"`
	Criterion string     `json:"criterion,omitempty"` // what reviewers look for: 必要性
	Fields    []Field    `json:"fields"`
}

// Type is the kind of an answer.
type Type string

// The types of fields. A list, table and its kin are answered in rows; Oath is a tick; Computed and Static are never answered.
const (
	Text       Type = "text"
	LongText   Type = "long_text"
	Number     Type = "number"
	Yen        Type = "yen"
	Date       Type = "date"
	WarekiDate Type = "wareki_date" // a date printed as 令和8年11月25日
	DateRange  Type = "date_range"
	YearMonth  Type = "year_month"
	YesNo      Type = "yes_no"
	Single     Type = "single"
	Multi      Type = "multi"
	Person     Type = "person"
	Address    Type = "address"
	Phone      Type = "phone"
	Mail       Type = "email"
	URL        Type = "url"
	Table      Type = "table"
	Schedule   Type = "schedule"
	Members    Type = "member_list" // personal: never in a public copy
	Partners   Type = "partner_list"
	Indicators Type = "indicator_table"
	BudgetGrid Type = "budget"
	File       Type = "file"
	Bank       Type = "bank_account"
	Oath       Type = "oath"
	Computed   Type = "computed"
	Static     Type = "static"
)

// Field is one question.
type Field struct {
	Key       string       `json:"key"`
	CommonKey string       `json:"common_key,omitempty"` // need.summary: answered once, used in many forms
	Label     string       `json:"label"`
	Official  string       `json:"label_official,omitempty"` // the words of the funder's form
	Type      Type         `json:"type"`
	Required  Required     `json:"required,omitempty"`
	Help      string       `json:"help,omitempty"`
	Example   string       `json:"example,omitempty"`
	ShowIf    *Condition   `json:"show_if,omitempty"`
	Public    string       `json:"public,omitempty"` // yes, no, ask; personal types are always no
	Criterion string       `json:"criterion,omitempty"`
	Limit     *limit.Limit `json:"limit,omitempty"`
	Options   []string     `json:"options,omitempty"`
	Columns   []Column     `json:"columns,omitempty"`
	MinRows   int          `json:"min_rows,omitempty"`
	MaxRows   int          `json:"max_rows,omitempty"`
	Prefill   *Prefill     `json:"prefill,omitempty"`
	Compute   *Expression  `json:"compute,omitempty"`
	Source    string       `json:"source,omitempty"` // the sentence of the call it is asked by
	Unsure    string       `json:"unsure,omitempty"` // 要確認: what of it was not read at the source
}

// Column is one column of a table.
type Column struct {
	Key   string       `json:"key"`
	Label string       `json:"label"`
	Type  Type         `json:"type"`
	Limit *limit.Limit `json:"limit,omitempty"`
}

// Required says when a field must be filled. A draft can always be kept without.
type Required string

// When a field must be filled.
const (
	Optional Required = ""
	OnSubmit Required = "submit"
)

// Prefill says where an answer comes from when nobody has written one.
type Prefill struct {
	Source string `json:"source"` // org, initiative, worksheet, budget, ledger, award, previous, const
	Path   string `json:"path"`
	Policy string `json:"policy"` // copy: once; live: until it is edited; suggest: offered beside
}

// Budget is the money side of a form.
type Budget struct {
	Categories []Category        `json:"categories"`
	Claim      json.RawMessage   `json:"claim,omitempty"` // a formula.Formula
	Names      map[string]string `json:"names,omitempty"` // of costs and counts in the formula
	Counters   map[string]string `json:"counters,omitempty"`
	Source     string            `json:"source,omitempty"` // the sentence the claim is written after
	Unit       int64             `json:"unit,omitempty"`   // what a claim is rounded down to; 1 when empty
	Quotes     *Quotes           `json:"quotes,omitempty"`
	Change     *Change           `json:"change,omitempty"`
	Window     string            `json:"window,omitempty"` // decision: nothing bought before it counts
	Options    []ClaimOption     `json:"options,omitempty"`
}

// ClaimOption is another formula under which a programme of the type may pay; the person who drafts picks the one of the call.
type ClaimOption struct {
	Label string          `json:"label"`
	Claim json.RawMessage `json:"claim"`
}

// Category is a kind of cost.
type Category struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Eligible string   `json:"eligible"` // yes, no, ask
	Reason   string   `json:"reason,omitempty"`
	UnitCap  int64    `json:"unit_cap,omitempty"` // yen of one unit that is accepted: 宿泊 6,000円/泊
	Share    int64    `json:"share,omitempty"`    // per cent of the total that is accepted
	Requires []string `json:"requires,omitempty"` // quote, rule_book
	Account  int      `json:"account,omitempty"`  // of the book
}

// Quotes says from which price how many written quotes are needed.
type Quotes struct {
	From  int64 `json:"from"`
	Count int   `json:"count"`
}

// Change is when a change needs the funder's approval: more than so many per cent of the total, or moved between categories.
type Change struct {
	Total    int64 `json:"total,omitempty"`
	Transfer int64 `json:"transfer,omitempty"`
}

// Attachment is a paper to hand in.
type Attachment struct {
	Kind     string     `json:"kind"`
	Least    int        `json:"least,omitempty"`
	Fresh    string     `json:"fresh,omitempty"` // fiscal_year, last_year, three_months
	ShowIf   *Condition `json:"show_if,omitempty"`
	Original bool       `json:"original,omitempty"`
	Seal     bool       `json:"seal,omitempty"`
}

// Rule is a check over several answers. It holds when its condition does.
type Rule struct {
	When     *Condition `json:"when,omitempty"` // checked only then
	Assert   Condition  `json:"assert"`
	Severity Severity   `json:"severity"`
	Message  string     `json:"message"`
	Fields   []string   `json:"fields,omitempty"` // where it is shown
}

// Severity says how bad a problem is: too many warnings drown the errors.
type Severity string

// The severities. Only an error stops handing in.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Hint    Severity = "hint"
)

// Obligation is a duty that follows an award.
type Obligation struct {
	Kind        string         `json:"kind"` // 実績報告, 受領確認, 帳簿保存 …
	From        string         `json:"from"` // decision, received, end, fiscal_year_end, tax_return
	Due         *calendar.Rule `json:"due,omitempty"`
	Template    string         `json:"template,omitempty"`
	Consequence string         `json:"consequence,omitempty"`
	If          *Condition     `json:"if,omitempty"`
}

// Fields are all fields in the order of the form.
func (v Version) Fields() []Field {
	var all []Field
	for _, s := range v.Sections {
		all = append(all, s.Fields...)
	}
	return all
}

// rows reports whether answers of the type are rows of cells.
func (t Type) rows() bool {
	switch t {
	case Table, Schedule, Members, Partners, Indicators:
		return true
	}
	return false
}

// Personal reports whether answers of the type are of persons, or secret: they never stand in a public copy, a snippet or a log.
func (t Type) Personal() bool {
	switch t {
	case Person, Address, Phone, Mail, Members, Bank:
		return true
	}
	return false
}

// answered reports whether somebody answers the field at all.
func (t Type) answered() bool { return t != Computed && t != Static }

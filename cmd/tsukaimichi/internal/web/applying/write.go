package applying

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// WritePage is one section of a form to write on.
type WritePage struct {
	page.Console
	Heading   string
	Criterion string
	Intro     string
	Action    string
	Revision  int
	Seen      string
	Fields    []Answering
	Conflicts []ConflictRow
	Previous  page.Link
	Next      page.Link
	Problems  page.Problems
	Written   page.Written // under questions that are gone
}

// Template names the template of the page.
func (WritePage) Template() string { return "applying/write" }

// Answering is one question with what can be taken into it.
type Answering struct {
	Field   page.Field
	Choices page.Choices
	Tick    page.Tick
	Range   []page.Field
	Table   page.Rows
	Says    string // what is wrong now, though it is kept
	Limit   string // JSON of the limit, for the script
	Counted string // what is left, without the script
	Offers  []OfferRow
	Kind    string // field, choices, tick, range, table, said
	When    string // it is shown; in a preview alone
	Key     string
	Keep    string // where to keep the answer for other drafts
	Notes   []NoteRow
	Noting  bool   // a word can be written beside it
	Word    string // as it was typed, where the form comes back
	Quote   string // the sentence of the call
	Unsure  string // 要確認
}

// OfferRow is a text that can be taken with a button: a text that is known, or one of the library by its id.
type OfferRow struct {
	From, Text, Name, Value string
	Over                    string
}

// ConflictRow shows two texts of one field.
type ConflictRow struct {
	Label, Now, Yours, By string
}

// Write shows a section to write on.
func (p *Pages) Write(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.write(w, r, http.StatusOK, m, m.Draft.Answers, nil, nil)
}

// section returns the section of the path and its place.
func (m matter) section(r *http.Request) (template.Section, int, error) {
	for i, s := range m.Form.Sections {
		if s.Key == r.PathValue("section") {
			return s, i, nil
		}
	}
	return template.Section{}, 0, ledger.ErrNotFound
}

func (p *Pages) write(w http.ResponseWriter, r *http.Request, status int, m matter, answers template.Answers, conflicts []application.Conflict, problems map[string]string) error {
	s, at, err := m.section(r)
	if err != nil {
		return err
	}
	if !m.Draft.Status.Open() { // handed in meanwhile
		if len(problems) > 0 {
			return p.application(w, r, status, m, r.PostForm, problems)
		}
		return redirect(w, r, m.at(), "")
	}
	shown := WritePage{Heading: s.Title, Criterion: s.Criterion, Intro: s.Intro, Action: m.at("write", s.Key), Revision: m.Draft.Revision, Seen: seen(sectionAnswers(s, m.Draft.Answers))}
	form := page.NewForm(nil, problems)
	if err = p.questions(r, m, s, answers, form, &shown); err != nil {
		return err
	}
	for _, c := range conflicts {
		shown.Conflicts = append(shown.Conflicts, ConflictRow{Label: labelOf(s, c.Field), Now: answerWords(c.Now), Yours: answerWords(c.Yours), By: c.By})
	}
	if at > 0 {
		shown.Previous = page.Link{Href: m.at("write", m.Form.Sections[at-1].Key), Text: m.Form.Sections[at-1].Title}
	}
	if at+1 < len(m.Form.Sections) {
		shown.Next = page.Link{Href: m.at("write", m.Form.Sections[at+1].Key), Text: m.Form.Sections[at+1].Title}
	}
	shown.Problems = form.Problems()
	if len(problems) > 0 {
		for i, a := range shown.Fields {
			shown.Fields[i].Word = r.PostForm.Get("note_" + a.Key)
		}
		shown.Written = page.NewWritten(strays(s, r.PostForm))
	}
	shown.Console = m.frame(r, s.Title)
	shown.NeedsFix = len(problems) > 0 || len(conflicts) > 0
	return p.Renderer.Render(w, status, shown)
}

// questions makes the fields of a section that the answers let see.
func (p *Pages) questions(r *http.Request, m matter, s template.Section, answers template.Answers, form *page.Form, shown *WritePage) error {
	known, _, err := p.known(r, m.Desk, m.Draft.WorksheetID)
	if err != nil {
		return err
	}
	visible := map[string]bool{}
	for _, key := range m.Form.Shown(answers) {
		visible[key] = true
	}
	said := map[string]string{}
	for _, problem := range m.Form.Check(answers, m.figures()).Problems {
		if said[problem.Field] == "" && problem.Code != "draft.missing" {
			said[problem.Field] = problemWords(problem)
		}
	}
	notes, err := p.notesByField(r, m)
	if err != nil {
		return err
	}
	for _, f := range s.Fields {
		if !visible[f.Key] {
			continue
		}
		a := answering(m, f, answers[f.Key], form)
		a.Key, a.Says, a.Notes, a.Noting = f.Key, said[f.Key], notes[f.Key], true
		if a.Kind == "field" && keepable(f) && !m.Draft.Answers[f.Key].Empty() {
			a.Keep = m.Path("snippets") + "?from=" + strconv.FormatInt(m.Draft.ID, 10) + "&field=" + f.Key + "#new"
		}
		if f.CommonKey != "" && a.Kind == "field" {
			snippets, err := application.Fitting(r.Context(), p.DB, m.Organisation.ID, f.CommonKey, f.Limit)
			if err != nil {
				return err
			}
			a.Offers = offers(f, answers[f.Key], known, snippets)
		}
		shown.Fields = append(shown.Fields, a)
	}
	return nil
}

// keepable reports whether an answer may be kept for other drafts: a long text under a common question that is not of persons.
func keepable(f template.Field) bool {
	k, known := template.CommonKeyOf(f.CommonKey)
	return f.Type == template.LongText && known && !k.Personal
}

// notesByField are the open notes of a draft by the field they stand beside.
func (p *Pages) notesByField(r *http.Request, m matter) (map[string][]NoteRow, error) {
	all, err := application.Notes(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return nil, err
	}
	notes := map[string][]NoteRow{}
	for _, n := range all {
		if n.Field != "" && !n.Done {
			notes[n.Field] = append(notes[n.Field], noteRow(m, n))
		}
	}
	return notes, nil
}

// answering is the field of a question, by its type.
func answering(m matter, f template.Field, a template.Answer, form *page.Form) Answering {
	name := "a_" + f.Key
	base := page.Field{Name: name, ID: "a-" + f.Key, Label: f.Label, Hint: f.Help, Value: a.Text, Required: f.Required == template.OnSubmit}
	if f.Criterion != "" {
		base.Aside = "《" + f.Criterion + "》"
	}
	made := Answering{Kind: "field", Quote: f.Source, Unsure: f.Unsure}
	switch f.Type {
	case template.Computed:
		n, known := m.Form.Value(f.Key, m.Draft.Answers, m.figures())
		made.Kind, made.Field = "said", base
		if made.Field.Value = "まだ計算できません"; known {
			made.Field.Value = ledger.Yen(n).String()
		}
		return made
	case template.BudgetGrid:
		made.Kind, made.Field = "said", base
		made.Field.Value = "収支予算は、予算のページで入れます。"
		return made
	case template.Static:
		made.Kind, made.Field = "said", base
		return made
	case template.Single, template.Multi, template.YesNo:
		made.Kind, made.Choices = "choices", form.Choices(choicesOf(f, a, base))
		return made
	case template.Oath:
		made.Kind, made.Tick = "tick", form.Tick(page.Tick{Name: name, Label: f.Label, Note: f.Help, Checked: a.Text == template.IsYes})
		return made
	case template.DateRange:
		made.Kind, made.Field = "range", base
		from, until := "", ""
		if len(a.List) == 2 {
			from, until = a.List[0], a.List[1]
		}
		made.Range = []page.Field{{Name: name + "_from", ID: base.ID + "-from", Label: f.Label + "　いつから", Value: from, Hint: "例：2026年12月1日"}, {Name: name + "_until", ID: base.ID + "-until", Label: f.Label + "　いつまで", Value: until}}
		return made
	}
	if len(f.Columns) > 0 {
		made.Kind, made.Table = "table", tableOf(f, a)
		return made
	}
	if f.Type == template.LongText {
		base.Rows = 6
	}
	if f.Type == template.Number || f.Type == template.Yen {
		base.InputMode = "numeric"
	}
	made.Field = form.Field(base)
	if f.Limit != nil {
		limit, err := json.Marshal(f.Limit)
		if err == nil {
			made.Limit = string(limit)
		}
		made.Counted = countWords(f.Limit.Count(a.Text).Left)
	}
	return made
}

func choicesOf(f template.Field, a template.Answer, base page.Field) page.Choices {
	c := page.Choices{Name: base.Name, Label: f.Label, Legend: true, Hint: f.Help, Value: a.Text, Multiple: f.Type == template.Multi}
	offered := f.Options
	if f.Type == template.YesNo {
		offered = []string{template.IsYes, "いいえ"}
	}
	for _, o := range offered {
		c.Options = append(c.Options, page.Option{Value: o, Text: o})
	}
	return c
}

func tableOf(f template.Field, a template.Answer) page.Rows {
	t := page.Rows{ID: "a-" + f.Key, Label: f.Label}
	for _, c := range f.Columns {
		t.Heads = append(t.Heads, c.Label)
	}
	for i := range min(len(a.Rows)+2, 210) {
		var line []page.Field
		for j, c := range f.Columns {
			value := ""
			if i < len(a.Rows) && j < len(a.Rows[i]) {
				value = a.Rows[i][j]
			}
			line = append(line, page.Field{Name: "a_" + f.Key + "_" + c.Key, ID: fmt.Sprintf("a-%s-%s-%d", f.Key, c.Key, i), Label: fmt.Sprintf("%s %d行目", c.Label, i+1), Value: value})
		}
		t.Lines = append(t.Lines, line)
	}
	return t
}

// offers are texts that are known and not what stands there already.
func offers(f template.Field, a template.Answer, known []application.Known, snippets []application.Snippet) []OfferRow {
	var rows []OfferRow
	for _, o := range application.Offers(f, known) {
		if o.Text == a.Text {
			continue
		}
		row := OfferRow{From: locale.Japanese.T(o.Source), Text: o.Text, Name: "take", Value: f.Key + "\x1f" + o.Text}
		if o.Over > 0 {
			row.Over = fmt.Sprintf("%d字多いので、短くして使います。", o.Over)
		}
		rows = append(rows, row)
	}
	for _, s := range snippets {
		if s.Text != a.Text {
			row := OfferRow{From: "取っておいた文：" + s.Title, Text: s.Text, Name: "snippet", Value: f.Key + "\x1f" + strconv.FormatInt(s.ID, 10)}
			if f.Limit != nil {
				row.From += "　" + countWords(f.Limit.Count(s.Text).Left)
			}
			if !s.SaidOn.IsZero() {
				row.From += "　" + page.DayOnly(s.SaidOn) + "のこと"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func countWords(left int) string {
	if left < 0 {
		return fmt.Sprintf("%d字多すぎます", -left)
	}
	return fmt.Sprintf("あと%d字", left)
}

// problemWords is a problem in plain Japanese; a form's own rule brings its words.
func problemWords(problem template.Problem) string {
	if !locale.Japanese.Has(problem.Code) {
		return problem.Code
	}
	words := locale.Japanese.T(problem.Code)
	return strings.ReplaceAll(words, "#", strconv.Itoa(problem.By))
}

func labelOf(s template.Section, key string) string {
	for _, f := range s.Fields {
		if f.Key == key {
			return f.Label
		}
	}
	return key
}

func answerWords(a template.Answer) string {
	if len(a.Rows) > 0 {
		lines := make([]string, len(a.Rows))
		for i, row := range a.Rows {
			lines[i] = strings.Join(row, "　")
		}
		return strings.Join(lines, "\n")
	}
	if len(a.List) > 0 {
		return strings.Join(a.List, "、")
	}
	return a.Text
}

func sectionAnswers(s template.Section, answers template.Answers) template.Answers {
	own := template.Answers{}
	for _, f := range s.Fields {
		if a, there := answers[f.Key]; there {
			own[f.Key] = a
		}
	}
	return own
}

package forming

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FormPage is a form in the making: its head, its sections with their fields, and what else belongs to it.
type FormPage struct {
	page.Console
	Heading  string
	State    string
	Faults   []page.Link
	Sections []SectionRow
	Parts    string // where parts are added, moved and taken out
	Money    page.Link
	Rules    page.Link
	Preview  string
	Paper    string
	Publish  string
	Drop     string
	Action   string
	Head     []page.Field
	HeadOpen bool
	Seen     string     // the head as the form was sent out with
	Add      page.Field // title of a new section
	Problems page.Problems
}

// Template names the template of the page.
func (FormPage) Template() string { return "forming/form" }

// SectionRow is a section with its fields.
type SectionRow struct {
	Key, Title, Notes, Href string
	Says                    []string
	Fields                  []FieldRow
	Label, Type             page.Field // of a field to add
	Open                    bool       // what was typed of it is wrong
}

// FieldRow is a field with what is said of it.
type FieldRow struct {
	Key, Label, Notes, Href string
	Says                    []string
}

// Form shows a form in the making.
func (p *Pages) Form(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.form(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) form(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	shown := FormPage{Heading: m.Form.Title, State: "第" + m.Form.Version + "版　" + page.DayOnly(ledger.DateOf(m.SavedAt)) + "　" + m.SavedBy, Parts: m.at("parts"), Action: m.at(),
		Preview: m.at("preview"), Paper: m.at("form.pdf"), Publish: m.at("publish"), Drop: m.at("drop"),
		Money: page.Link{Href: m.at("money"), Text: "予算と額の決まり", Note: moneyWords(m.Form)}, Rules: page.Link{Href: m.at("rules"), Text: "添える書類・確かめること・義務", Note: rulesWords(m.Form)}}
	if values == nil {
		values = headValues(m.Form)
	}
	form := page.NewForm(values, problems)
	shown.Seen, shown.Head = seen(headValues(m.Form)), headFields(form)
	shown.HeadOpen = r.Method == http.MethodPost && r.URL.Path == shown.Action
	shown.Add = form.Field(page.Field{Name: "new_section", Label: "足す部分の題", Hint: "例：収支予算"})
	for _, s := range m.Form.Sections {
		row := m.sectionRow(s)
		if values.Get("do") == "field-add:"+s.Key {
			row.Label, row.Type, row.Open = form.Field(row.Label), form.Field(row.Type), true
		}
		shown.Sections = append(shown.Sections, row)
	}
	shown.Faults = m.faultLinks()
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, m.Form.Title)
	shown.Crumbs = shown.Crumbs[:1]
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func (m matter) sectionRow(s template.Section) SectionRow {
	row := SectionRow{Key: s.Key, Title: s.Title, Href: m.at("sections", s.Key), Says: m.faultsAt(s.Key)}
	var notes []string
	if s.Criterion != "" {
		notes = append(notes, "《"+s.Criterion+"》")
	}
	if s.ShowIf != nil {
		notes = append(notes, m.Form.Says(s.ShowIf)+"に出ます")
	}
	row.Notes = strings.Join(notes, "　")
	for _, f := range s.Fields {
		row.Fields = append(row.Fields, FieldRow{Key: f.Key, Label: f.Label, Notes: strings.Join(fieldNotes(m.Form, f), "　"), Href: m.at("fields", f.Key), Says: m.faultsAt(f.Key)})
	}
	row.Label = page.Field{ID: "label-" + s.Key, Name: "label", Label: "足す質問"}
	row.Type = page.Field{ID: "type-" + s.Key, Name: "type", Label: "答え方", Options: typeOptions("")}
	return row
}

func typeOptions(chosen template.Type) []page.Option {
	options := make([]page.Option, len(template.Types))
	for i, t := range template.Types {
		options[i] = page.Option{Value: string(t), Text: t.TypeName(), Chosen: t == chosen}
	}
	return options
}

// fieldNotes say of a field what a reader of the list wants to know.
func fieldNotes(form template.Version, f template.Field) []string {
	notes := []string{f.Type.TypeName()}
	if words := template.LimitWords(f.Limit); words != "" {
		notes = append(notes, words)
	}
	if f.Required == template.OnSubmit {
		notes = append(notes, "出すまでに書く")
	}
	if k, known := template.CommonKeyOf(f.CommonKey); known {
		notes = append(notes, "「"+k.Label+"」から入る")
	}
	if f.ShowIf != nil {
		notes = append(notes, form.Says(f.ShowIf)+"に出ます")
	}
	if f.Unsure != "" {
		notes = append(notes, "要確認")
	}
	return notes
}

// faultLinks are all faults, each with the page that mends it.
func (m matter) faultLinks() []page.Link {
	var links []page.Link
	for _, f := range m.Faults {
		link := page.Link{Text: m.Form.LabelOf(f.Where) + "：" + locale.Japanese.T(f.Code), Href: m.at("money")}
		_, notField := m.Form.FindField(f.Where)
		s, notSection := m.Form.FindSection(f.Where)
		switch {
		case notField == nil:
			link.Href = m.at("fields", f.Where)
		case notSection == nil:
			link.Text, link.Href = s.Title+"："+locale.Japanese.T(f.Code), m.at("sections", f.Where)
		case f.Where == "form":
			link.Text, link.Href = "様式："+locale.Japanese.T(f.Code), "#head"
		case strings.HasPrefix(f.Where, "rule "):
			n := strings.TrimPrefix(f.Where, "rule ")
			link.Text, link.Href = "確かめること "+n+"："+locale.Japanese.T(f.Code), m.at("checks", n)
		case f.Where == "obligation" || slices.ContainsFunc(m.Form.Obligations, func(o template.Obligation) bool { return o.Kind == f.Where }):
			link.Href = m.at("rules")
		}
		if !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}

func headFields(form *page.Form) []page.Field {
	kinds := []page.Option{{Value: "application", Text: "申請書"}, {Value: "report", Text: "実績報告書"}, {Value: "change", Text: "変更承認申請書"}, {Value: "claim", Text: "請求書"}, {Value: "oath", Text: "誓約書"}, {Value: "cover", Text: "送り状"}}
	return []page.Field{
		form.Field(page.Field{Name: "title", Label: "様式の名前", Required: true}),
		form.Field(page.Field{Name: "key", Label: "記号", Hint: "半角の小さい英字と数字。前の版と同じ記号なら、新しい版になります。"}),
		form.Field(page.Field{Name: "version", Label: "版", Hint: "例：1.1"}),
		form.Field(page.Field{Name: "kind", Label: "何の様式か", Options: kinds}),
		form.Field(page.Field{Name: "fiscal_year", Label: "何年度の募集に合わせたか", InputMode: "numeric"}),
		form.Field(page.Field{Name: "lead", Label: "どんな助成のための様式か", Rows: 3}),
		form.Field(page.Field{Name: "source", Label: "もとにした資料", Hint: "募集要項の名前や、ページの場所"}),
		form.Field(page.Field{Name: "verified_on", Label: "資料とくらべた日", Aside: "くらべていなければ空けます。「要確認」と出ます"}),
		form.Field(page.Field{Name: "unsure", Label: "確かめていないこと（要確認）", Hint: "1行に1つ", Rows: 3}),
	}
}

func headValues(v template.Version) url.Values {
	return url.Values{"title": {v.Title}, "key": {v.Key}, "version": {v.Version}, "kind": {v.Kind}, "fiscal_year": {strconv.Itoa(v.FiscalYear)}, "lead": {v.Lead}, "source": {v.Source},
		"verified_on": {v.VerifiedOn}, "unsure": {strings.Join(v.Unsure, "\n")}}
}

// SaveHead keeps what stands above the sections.
func (p *Pages) SaveHead(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(name), "\r\n", "\n"))
	}
	bad := ledger.Invalid{}
	year, err := strconv.Atoi(strings.TrimSuffix(text("fiscal_year"), "年度"))
	bad.Need(err == nil, "fiscal_year", "template.no_fiscal_year")
	verified := text("verified_on")
	if verified != "" {
		on, err := ledger.ParseDate(verified)
		bad.Need(err == nil && !on.After(m.Today()), "verified_on", "template.verified_on")
		verified = on.String()
	}
	if err = bad.Err(); err == nil {
		err = p.edit(r, m, func(v *template.Version) error {
			was := headValues(*v)
			v.Title, v.Key, v.Version, v.Kind, v.FiscalYear = text("title"), text("key"), text("version"), text("kind"), year
			v.Lead, v.Source, v.VerifiedOn, v.Unsure = text("lead"), text("source"), verified, lines(text("unsure"))
			if r.PostForm.Has("seen") && overtaken(r, was, headValues(*v)) {
				return errOvertaken
			}
			return nil
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil {
			return err
		}
		return p.form(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at(), "saved")
}

// Part adds, moves or takes out a section or a field. do is what and of which: field-up:q1, section-drop:s2, field-add:s1, section-add.
func (p *Pages) Part(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	do, key, _ := strings.Cut(r.PostForm.Get("do"), ":")
	to := m.at()
	err = p.edit(r, m, func(v *template.Version) error {
		anchor, err := carryOut(v, do, key, r.PostForm)
		if anchor != "" {
			to = m.at() + anchor
		}
		if do == "field-add" && err == nil {
			to = m.at("fields", strings.TrimPrefix(anchor, "#f-"))
		}
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if text, is := problems["title"]; is { // of a new section
			delete(problems, "title")
			problems["new_section"] = text
		}
		values := headValues(m.Form)
		for _, name := range []string{"do", "new_section", "label", "type"} {
			values[name] = r.PostForm[name]
		}
		return p.form(w, r, http.StatusUnprocessableEntity, m, values, problems)
	}
	return redirect(w, r, to, strings.ReplaceAll(do, "-", "_"))
}

// carryOut does one thing to the parts of a form and returns the place on the page to go on at.
func carryOut(v *template.Version, do, key string, values url.Values) (anchor string, err error) {
	switch do {
	case "section-add":
		key, err = v.AddSection(strings.TrimSpace(values.Get("new_section")))
		return "#s-" + key, err
	case "section-up":
		return "#s-" + key, v.MoveSection(key, -1)
	case "section-down":
		return "#s-" + key, v.MoveSection(key, 1)
	case "section-drop":
		return "", v.DropSection(key)
	case "field-add":
		key, err = v.AddField(key, strings.TrimSpace(values.Get("label")), template.Type(values.Get("type")))
		return "#f-" + key, err
	case "field-up":
		return "#f-" + key, v.MoveField(key, -1)
	case "field-down":
		return "#f-" + key, v.MoveField(key, 1)
	case "field-drop":
		return "", v.DropField(key)
	}
	return "", ledger.ErrNotFound
}

// Drop puts the form in the making away.
func (p *Pages) Drop(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return application.DropFormDraft(r.Context(), tx, m.ID, m.Now) })
	if err != nil {
		_, err = wrong(err)
		return err
	}
	return redirect(w, r, console.FormsPath, "dropped")
}

package forming

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FieldPage is one question of a form.
type FieldPage struct {
	page.Console
	Heading  string
	Action   string
	Seen     string
	Revision int
	Groups   []Group
	Columns  page.Rows
	Says     []string // what the linter says and no field of the page takes
	Problems page.Problems
	Back     page.Link
}

// Template names the template of the page.
func (FieldPage) Template() string { return "forming/field" }

// Group is some fields of the page under a heading; the first stands open.
type Group struct {
	Title  string
	Note   string
	Fields []page.Field
	Ticks  []page.Tick
	When   *ConditionForm
	Figure *FigureForm
	Open   bool
}

// Field shows one question with what the linter says at its place.
func (p *Pages) Field(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.field(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) field(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	f, err := m.Form.FindField(r.PathValue("field"))
	if err != nil {
		_, err = wrong(err)
		return err
	}
	if values == nil {
		values = fieldValues(m.Form, f)
	}
	if problems == nil {
		problems = m.fieldFaults(f.Key)
	}
	shown := FieldPage{Heading: f.Label, Action: m.at("fields", f.Key), Seen: seen(f), Revision: m.Revision, Back: page.Link{Href: m.at() + "#f-" + f.Key, Text: "様式にもどる"}}
	form := page.NewForm(values, problems)
	shown.Groups = fieldGroups(form, values, m.Form, f)
	shown.Columns = columnsOf(form, values)
	shown.openFaulty()
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, f.Label)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

// openFaulty opens the groups in which something is to be mended.
func (f *FieldPage) openFaulty() {
	for i, g := range f.Groups {
		fields := g.Fields
		var lines []page.Rows
		if g.When != nil {
			fields, lines = append(fields, g.When.All, g.When.JSON), append(lines, g.When.Lines)
		}
		if g.Figure != nil {
			fields, lines = append(append(fields, g.Figure.How, g.Figure.JSON), g.Figure.Rest...), append(lines, g.Figure.Lines)
		}
		faulty := slices.ContainsFunc(fields, func(f page.Field) bool { return f.Problem != "" }) || slices.ContainsFunc(lines, page.Rows.Faulty)
		f.Groups[i].Open = g.Open || faulty
	}
}

// places are the fields of the page at which a fault of the linter is said.
var places = map[string]string{
	"template.no_name": "label", "template.unknown_type": "type", "template.no_choice": "options", "template.no_column": "columns", "template.column_senseless": "columns",
	"template.nothing_computed": "compute_how", "template.more_least_than_most": "min_rows", "template.personal_in_public": "public", "template.nobody_answers": "required",
	"template.limit_senseless": "limit_max", "template.limit_too_small": "limit_max", "template.example_too_long": "example", "template.key_twice": "key", "template.cycle": "show",
	"template.unreachable": "show", "template.unknown_field": "show", "template.unknown_column": "show", "template.no_budget": "type", "template.names_a_group": "label",
}

// fieldFaults are the faults of a field by the field of the page that mends them.
func (m matter) fieldFaults(key string) map[string]string {
	said := map[string]string{}
	own, err := m.Form.FindField(key)
	for _, f := range m.Faults {
		place := places[f.Code]
		if place == "show" && err == nil && own.Compute != nil && own.ShowIf == nil {
			place = "compute_lines"
		}
		if f.Where == key && said[place] == "" {
			said[place] = locale.Japanese.T(f.Code)
		}
	}
	return said
}

func fieldGroups(form *page.Form, values url.Values, v template.Version, f template.Field) []Group {
	first := Group{Title: "質問", Open: true, Fields: []page.Field{
		form.Field(page.Field{Name: "label", Label: "質問", Required: true}), form.Field(page.Field{Name: "type", Label: "答え方", Options: typeOptions(f.Type)}),
		form.Field(page.Field{Name: "help", Label: "書く人への説明", Rows: 2}), form.Field(page.Field{Name: "example", Label: "記入の例", Rows: 2}),
		form.Field(page.Field{Name: "required", Label: "いつまでに書くか", Options: []page.Option{{Value: "", Text: "書かなくてもよい"}, {Value: string(template.OnSubmit), Text: "出すまでに書く"}}}),
	}}
	length := Group{Title: "長さ", Note: "文の質問のときに決めます。", Open: f.Limit != nil, Fields: []page.Field{
		form.Field(page.Field{Name: "limit_kind", Label: "数え方", Options: []page.Option{{Value: "", Text: "決まりなし"}, {Value: "chars", Text: "文字数"}, {Value: "halfwidth", Text: "半角で数える（全角は2）"}, {Value: "frame", Text: "枠（字×行）"}, {Value: "pages", Text: "A4の枚数"}}}),
		form.Field(page.Field{Name: "limit_max", Label: "多くても", Hint: "字・行・枚", InputMode: "numeric"}), form.Field(page.Field{Name: "limit_min", Label: "少なくとも", Aside: "あれば", InputMode: "numeric"}),
		form.Field(page.Field{Name: "limit_cols", Label: "1行の字数", Hint: "枠とA4のとき", InputMode: "numeric"}), form.Field(page.Field{Name: "limit_page_rows", Label: "1枚の行数", Hint: "A4のとき", InputMode: "numeric"}),
	}, Ticks: []page.Tick{
		form.Tick(page.Tick{Name: "limit_soft", Label: "「程度」", Note: "1割まで多くてもよい"}), form.Tick(page.Tick{Name: "limit_no_spaces", Label: "空白は数えない"}), form.Tick(page.Tick{Name: "limit_no_breaks", Label: "改行は数えない"}),
	}}
	choice := Group{Title: "選ぶ答え", Note: "「1つ選ぶ」「いくつでも選ぶ」のときに書きます。", Open: len(f.Options) > 0 || f.Type == template.Single || f.Type == template.Multi, Fields: []page.Field{form.Field(page.Field{Name: "options", Label: "答え", Hint: "1行に1つ", Rows: 4})}}
	when := Group{Title: "出す条件", Note: "決めなければ、いつも出ます。", Open: f.ShowIf != nil, When: conditionForm(form, values, "show", v, f.Key)}
	when.When.Says = v.Says(f.ShowIf)
	figure := Group{Title: "計算", Note: "「計算した数」の質問のときに決めます。書く人は、答えません。", Open: f.Compute != nil || f.Type == template.Computed, Figure: figureForm(form, values, v, f.Key)}
	from := Group{Title: "どこから入るか", Open: f.CommonKey != "", Fields: []page.Field{
		form.Field(page.Field{Name: "common_key", Label: "もとの答え", Hint: "計画のシートや団体のプロフィールに書いたことが、はじめから入ります。", Options: commonOptions(f.CommonKey)}),
	}}
	source := Group{Title: "もとの資料・公開", Open: f.Source != "" || f.Unsure != "", Fields: []page.Field{
		form.Field(page.Field{Name: "label_official", Label: "助成団体の様式での言い方"}), form.Field(page.Field{Name: "criterion", Label: "審査で見られること"}),
		form.Field(page.Field{Name: "source", Label: "募集要項の文", Rows: 2}), form.Field(page.Field{Name: "unsure", Label: "確かめていないこと（要確認）", Hint: "例：字数は前の年のもの"}),
		form.Field(page.Field{Name: "public", Label: "公開用の申請書に", Options: []page.Option{{Value: "", Text: "決めない"}, {Value: "yes", Text: "出す"}, {Value: "no", Text: "出さない"}, {Value: "ask", Text: "書く人が選ぶ"}}}),
		form.Field(page.Field{Name: "key", Label: "記号", Hint: "半角の小さい英字と数字。条件や計算は、新しい記号に合わせて直ります。"}),
	}}
	rows := Group{Title: "表の行の数", Open: f.MinRows > 0 || f.MaxRows > 0, Fields: []page.Field{
		form.Field(page.Field{Name: "min_rows", Label: "少なくとも", InputMode: "numeric"}), form.Field(page.Field{Name: "max_rows", Label: "多くても", InputMode: "numeric"})}}
	return []Group{first, length, choice, figure, when, from, source, rows}
}

func commonOptions(now string) []page.Option {
	options := []page.Option{{Value: "", Text: "なし（この様式だけの質問）"}}
	if _, known := template.CommonKeyOf(now); now != "" && !known {
		options = append(options, page.Option{Value: now, Text: now})
	}
	for _, k := range template.CommonKeys {
		options = append(options, page.Option{Value: k.Key, Text: k.Label})
	}
	return options
}

// columnTypes are what a cell of a table can be.
var columnTypes = []template.Type{template.Text, template.LongText, template.Number, template.Yen, template.Date, template.YearMonth, template.YesNo, template.Phone, template.Mail}

func columnsOf(form *page.Form, values url.Values) page.Rows {
	types := make([]page.Option, len(columnTypes))
	for i, t := range columnTypes {
		types[i] = page.Option{Value: string(t), Text: t.TypeName()}
	}
	rows := gridOf(values, "columns", "表の列", page.RowColumn{Name: "column_label", Head: "列の名前"}, page.RowColumn{Name: "column_key", Head: "記号"}, page.RowColumn{Name: "column_type", Head: "答え方", Options: types}, page.RowColumn{Name: "column_limit", Head: "字数"})
	return form.Rows(rows)
}

// SaveField keeps one question. Whoever saved it first is not overwritten: the second sees both.
func (p *Pages) SaveField(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	key := r.PathValue("field")
	old, err := m.Form.FindField(key)
	if err != nil {
		_, err = wrong(err)
		return err
	}
	f, bad := readField(r.PostForm, m.Form, old)
	quiet := r.Header.Get("Accept") == "application/json"
	if quiet {
		f.Key = key // the page stands under the old one until its button is pressed
	}
	if err = bad.Err(); err == nil {
		err = p.edit(r, m, func(v *template.Version) error {
			now, err := v.FindField(key)
			if err == nil && overtaken(r, now, f) {
				err = errOvertaken
			}
			if err != nil {
				return err
			}
			return v.PutField(key, f)
		})
	}
	if quiet {
		return p.saidQuietly(w, r, err)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil { // what stands now, to be seen beside
			return err
		}
		return p.field(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at("fields", f.Key), "saved")
}

// saidQuietly tells the script what became of its saving, and what the linter says of the question now.
func (p *Pages) saidQuietly(w http.ResponseWriter, r *http.Request, failed error) error {
	var answer struct {
		Revision int    `json:"revision"`
		Seen     string `json:"seen"`
		Says     string `json:"says"`
	}
	status := http.StatusOK
	m, err := p.find(r)
	if err == nil {
		var f template.Field
		f, err = m.Form.FindField(r.PathValue("field"))
		answer.Revision, answer.Seen, answer.Says = m.Revision, seen(f), m.Now.In(ledger.Tokyo).Format("15:04")+"に残しました。"
		for _, said := range m.faultsAt(f.Key) {
			answer.Says += said
		}
	}
	if err == nil && failed != nil {
		var problems map[string]string
		problems, err = wrong(failed)
		status, answer.Says = http.StatusUnprocessableEntity, ""
		for _, said := range problems {
			answer.Says += said
		}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(answer)
}

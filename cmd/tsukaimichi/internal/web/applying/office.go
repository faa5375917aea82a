package applying

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/office"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// OfficePage is the funder's own form: uploaded once, mapped, filled as often as needed.
type OfficePage struct {
	page.Console
	Heading  string
	Action   string
	File     page.Field
	Name     string
	MapAt    string
	Mapping  []page.Field
	MapOpen  bool // something is wrong with it
	Filled   string
	Says     []string
	Sheets   []SheetView
	Words    []string
	Text     [][]PieceView // of a Word form
	PlaceAt  string        // empty for those who only read
	Choose   page.Field
	Empty    page.Empty
	Problems page.Problems
}

// Template names the template of the page.
func (OfficePage) Template() string { return "applying/office" }

// officeRefusals say why a file is not taken.
var officeRefusals = map[error]string{
	office.ErrNoForm: "office.no_form", office.ErrMacros: "office.macros", office.ErrLinks: "office.links", office.ErrTooLarge: "office.too_large", office.ErrLocked: "office.locked",
}

// Office shows the funder's form and where each answer goes.
func (p *Pages) Office(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.office(w, r, http.StatusOK, m, nil)
}

func (p *Pages) office(w http.ResponseWriter, r *http.Request, status int, m matter, problems map[string]string) error {
	form, found, err := application.FindPaperForm(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	shown := OfficePage{Heading: "助成団体の様式に入れる", Empty: page.Empty{Text: "助成団体から配られたWord（.docx）かExcel（.xlsx）を入れると、書いたことをそのまま写せます。"}}
	fields := page.NewForm(r.PostForm, problems)
	if m.May(writers...) {
		shown.Action = m.at("form")
		shown.File = fields.Field(page.Field{Name: "file", Label: "様式のファイル", Hint: ".docx か .xlsx（マクロの入ったものは使えません）", Type: "file", Accept: ".docx,.xlsx", Required: true})
	}
	if found {
		if err = p.showForm(r.Context(), m, form, r.URL.Query().Get("next"), fields, &shown); err != nil {
			return err
		}
	}
	shown.Problems = fields.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func (p *Pages) showForm(ctx context.Context, m matter, form application.PaperForm, next string, fields *page.Form, shown *OfficePage) error {
	content, err := p.formFile(ctx, m, form)
	if err != nil {
		return err
	}
	shown.Name, shown.Filled = form.Name, m.at("form", "filled")
	if form.Kind == office.Word {
		if shown.Words, err = office.Placeholders(content); err != nil {
			return err
		}
		known := answersByKey(m)
		for _, name := range shown.Words {
			if _, ok := known[name]; !ok && form.Mapping[name] == "" {
				shown.Says = append(shown.Says, "{{"+name+"}} に入れるものが決まっていません。")
			}
		}
		err = shown.paragraphs(content, m, form)
	} else {
		err = shown.cells(content, m, form)
	}
	if err == nil && m.May(writers...) {
		shown.MapAt = m.at("form", "map")
		shown.mapping(m, form, fields)
		shown.MapOpen = slices.ContainsFunc(shown.Mapping, func(f page.Field) bool { return f.Problem != "" })
		shown.PlaceAt, shown.Choose = m.at("form", "place"), choose(m, form, next)
	}
	return err
}

// mapping asks where each answer goes: for Excel a cell of each field, for Word a field of each placeholder that is no key itself.
func (o *OfficePage) mapping(m matter, form application.PaperForm, fields *page.Form) {
	if form.Kind == office.Excel {
		for _, f := range mapped(m.Form) {
			o.Mapping = append(o.Mapping, fields.Field(page.Field{Name: "map_" + f.Key, ID: "map-" + strings.ReplaceAll(f.Key, ".", "-"), Label: f.Label, Hint: "シート!セル　例：様式1!B3", Value: form.Mapping[f.Key]}))
		}
		return
	}
	options := []page.Option{{Value: "", Text: "そのまま残す"}}
	for _, f := range mapped(m.Form) {
		options = append(options, page.Option{Value: f.Key, Text: f.Label})
	}
	known := answersByKey(m)
	for _, name := range o.Words {
		if _, ok := known[name]; ok {
			continue
		}
		o.Mapping = append(o.Mapping, fields.Field(page.Field{Name: "map_" + name, ID: "map-" + strings.ReplaceAll(name, ".", "-"), Label: "{{" + name + "}}", Options: options, Value: form.Mapping[name]}))
	}
}

// mapped are the fields that can go somewhere, and the figures of the budget.
func mapped(form template.Version) []template.Field {
	var all []template.Field
	for _, f := range form.Fields() {
		if f.Type != template.BudgetGrid && f.Type != template.Static {
			all = append(all, f)
		}
	}
	if form.Budget != nil {
		all = append(all, template.Field{Key: "budget.total", Label: "総事業費", Type: template.Yen}, template.Field{Key: "budget.requested", Label: "申請する額", Type: template.Yen}, template.Field{Key: "budget.own", Label: "団体の負担", Type: template.Yen})
	}
	return all
}

func (p *Pages) formFile(ctx context.Context, m matter, form application.PaperForm) ([]byte, error) {
	var hash files.Hash
	copy(hash[:], form.Hash)
	return p.Files.Read(ctx, m.Organisation.ID, files.KindForm, hash)
}

// Upload takes a funder's form after it was found to be harmless.
func (p *Pages) Upload(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, files.MaxBytes+1<<20)
	if err = r.ParseMultipartForm(8 << 20); err != nil || len(r.MultipartForm.File["file"]) != 1 {
		return p.office(w, r, http.StatusUnprocessableEntity, m, map[string]string{"file": locale.Japanese.T("office.no_form")})
	}
	header := r.MultipartForm.File["file"][0]
	f, err := header.Open()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	content, err := files.Upload(f)
	kind := office.Kind("")
	if err == nil {
		kind, err = office.Read(content)
	}
	if err != nil {
		for known, key := range officeRefusals {
			if errors.Is(err, known) {
				return p.office(w, r, http.StatusUnprocessableEntity, m, map[string]string{"file": locale.Japanese.T(key)})
			}
		}
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.office(w, r, http.StatusUnprocessableEntity, m, problems)
	}
	kept, err := p.Files.Put(r.Context(), m.Organisation.ID, files.KindForm, content)
	if err != nil {
		return err
	}
	name := plainName(header.Filename)
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return application.KeepPaperForm(r.Context(), tx, m.Organisation.ID, m.Draft.ID, application.PaperForm{Kind: kind, Name: name, Hash: kept.Hash[:]}, m.By(), m.Now)
	})
	if err != nil {
		return err
	}
	return redirect(w, r, m.at("form"), "form_uploaded")
}

// Map keeps where each answer goes. A cell that is none is said at its field, and nothing is kept.
func (p *Pages) Map(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	form, found, err := application.FindPaperForm(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	if !found {
		return ledger.ErrNotFound
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	mapping, problems := map[string]string{}, map[string]string{}
	for name := range r.PostForm {
		key, is := strings.CutPrefix(name, "map_")
		value := strings.TrimSpace(r.PostForm.Get(name))
		if !is || value == "" {
			continue
		}
		if form.Kind == office.Excel {
			cell, err := office.ParseCell(value)
			if err != nil {
				problems[name] = locale.Japanese.T("office.cell")
				continue
			}
			value = cell.String()
		}
		mapping[key] = value
	}
	if len(problems) > 0 {
		return p.office(w, r, http.StatusUnprocessableEntity, m, problems)
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return application.MapPaperForm(r.Context(), tx, m.Organisation.ID, m.Draft.ID, mapping)
	})
	if err != nil {
		return err
	}
	return redirect(w, r, m.at("form"), "mapped")
}

// Filled answers with the funder's form, filled.
func (p *Pages) Filled(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	form, found, err := application.FindPaperForm(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	if !found {
		return ledger.ErrNotFound
	}
	content, err := p.fill(r.Context(), m, form)
	if errors.Is(err, office.ErrCell) {
		return p.office(w, r, http.StatusUnprocessableEntity, m, map[string]string{"": locale.Japanese.T("office.cell")})
	}
	if err != nil {
		return err
	}
	if form.Kind == office.Excel {
		return send(w, excelType, `attachment; filename="form.xlsx"`, content)
	}
	return send(w, wordType, `attachment; filename="form.docx"`, content)
}

// fill writes the answers into a copy of the funder's form.
func (p *Pages) fill(ctx context.Context, m matter, form application.PaperForm) ([]byte, error) {
	content, err := p.formFile(ctx, m, form)
	if err != nil {
		return nil, err
	}
	texts := answersByKey(m)
	if form.Kind == office.Word {
		for name, field := range form.Mapping {
			texts[name] = texts[field]
		}
		return office.FillWord(content, texts)
	}
	f, err := office.OpenExcel(content)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	values := map[office.Cell]office.Value{}
	for _, field := range mapped(m.Form) {
		cell, err := office.ParseCell(form.Mapping[field.Key])
		if err != nil {
			continue
		}
		value := office.Value{Text: texts[field.Key]}
		if slices.Contains([]template.Type{template.Number, template.Yen, template.Computed}, field.Type) {
			if n, err := ledger.ParseYen(value.Text); err == nil {
				number := int64(n)
				value.Number = &number
			}
		}
		values[cell] = value
	}
	return f.Fill(values)
}

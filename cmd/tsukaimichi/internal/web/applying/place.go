package applying

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/office"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// SheetView is a sheet as it stands, with what goes where.
type SheetView struct {
	Name string
	Rows [][]CellView
	More bool // the sheet goes on below
}

// CellView is a cell that an answer can go into.
type CellView struct {
	office.Shown
	ID     string
	Value  string // 様式1!B3; empty for a formula, which stays the funder's
	Mapped string // the label of the answer that goes there
	Fits   string // whether all of it is seen
	Over   bool
}

// PieceView is a stretch of a Word form: text, or a placeholder with what goes there.
type PieceView struct {
	office.Piece
	ID     string
	Mapped string
	Open   bool // nothing goes there yet
}

// mostCells is how many cells of a form are shown; more would be no page for a telephone.
const mostCells = 4_000

// cells shows the sheets with the answers at their places, and says which overflow.
func (o *OfficePage) cells(content []byte, m matter, form application.PaperForm) error {
	f, err := office.OpenExcel(content)
	if err != nil {
		return err
	}
	defer f.Close()
	at, err := o.placed(f, m, form)
	if err != nil {
		return err
	}
	shown := 0
	for i, name := range f.Sheets()[:min(len(f.Sheets()), 5)] {
		grid, err := f.Grid(name)
		if err != nil {
			return err
		}
		sheet := SheetView{Name: name}
		for y, row := range grid {
			if shown += len(row); shown > mostCells {
				sheet.More = true
				break
			}
			line := make([]CellView, len(row))
			for x, cell := range row {
				line[x] = CellView{Shown: cell, ID: fmt.Sprintf("cell-%d-%d-%d", i, y, x)}
				if c := (office.Cell{Sheet: name, Axis: cell.Axis}); !cell.Formula {
					line[x].Value = c.String()
					line[x].Mapped, line[x].Fits, line[x].Over = at[c].label, at[c].fits, at[c].over
				}
			}
			sheet.Rows = append(sheet.Rows, line)
		}
		o.Sheets = append(o.Sheets, sheet)
	}
	return nil
}

// place is an answer at its cell.
type place struct {
	label, fits string
	over        bool
}

// placed holds every mapped answer against its cell.
func (o *OfficePage) placed(f *office.Form, m matter, form application.PaperForm) (map[office.Cell]place, error) {
	at, texts := map[office.Cell]place{}, answersByKey(m)
	for _, field := range mapped(m.Form) {
		cell, err := office.ParseCell(form.Mapping[field.Key])
		if err != nil {
			continue
		}
		fits, err := f.Fits(cell, texts[field.Key])
		one := place{label: field.Label, fits: "入ります"}
		switch {
		case errors.Is(err, office.ErrCell):
			o.Says = append(o.Says, fmt.Sprintf("「%s」の %s には書けません（ないセルか、式のあるセルです）。", field.Label, cell))
			continue
		case err != nil:
			return nil, err
		case texts[field.Key] == "":
			one.fits = "まだ書いていません"
		case !fits.OK():
			one.fits, one.over = fmt.Sprintf("%d行たりません", fits.Rows-fits.Available), true
			o.Says = append(o.Says, fmt.Sprintf("「%s」は %s に入りきりません（%d行いりますが、見えるのは%d行です）。", field.Label, cell, fits.Rows, fits.Available))
		}
		if cell, err = f.Place(cell); err != nil {
			return nil, err
		}
		at[cell] = one
	}
	return at, nil
}

// paragraphs shows the text of a Word form with what goes into its placeholders.
func (o *OfficePage) paragraphs(content []byte, m matter, form application.PaperForm) error {
	all, err := office.Paragraphs(content)
	if err != nil {
		return err
	}
	labels := map[string]string{}
	for _, f := range mapped(m.Form) {
		labels[f.Key] = f.Label
		if f.CommonKey != "" && labels[f.CommonKey] == "" {
			labels[f.CommonKey] = f.Label
		}
	}
	for i, pieces := range all {
		line := make([]PieceView, len(pieces))
		for j, piece := range pieces {
			line[j] = PieceView{Piece: piece, ID: fmt.Sprintf("place-%d-%d", i, j)}
			if piece.Placeholder == "" {
				continue
			}
			line[j].Mapped = labels[form.Mapping[piece.Placeholder]]
			if line[j].Mapped == "" {
				line[j].Mapped = labels[piece.Placeholder]
			}
			line[j].Open = line[j].Mapped == ""
		}
		o.Text = append(o.Text, line)
	}
	return nil
}

// choose asks which answer is to be placed: the next one that has no place yet.
func choose(m matter, form application.PaperForm, next string) page.Field {
	f := page.Field{ID: "field", Name: "field", Label: "どの答えを", Value: next}
	for _, field := range mapped(m.Form) {
		o := page.Option{Value: field.Key, Text: field.Label}
		if at := placeOf(form, field.Key); at != "" {
			o.Text += "　→ " + at
		} else if f.Value == "" {
			f.Value = field.Key
		}
		f.Options = append(f.Options, o)
	}
	for i := range f.Options {
		f.Options[i].Chosen = f.Options[i].Value == f.Value
	}
	return f
}

// placeOf is where an answer goes: a cell, or a placeholder.
func placeOf(form application.PaperForm, key string) string {
	if form.Kind == office.Excel {
		return form.Mapping[key]
	}
	for name, field := range form.Mapping {
		if field == key {
			return "{{" + name + "}}"
		}
	}
	return ""
}

// Place puts one answer to the place that was pressed, or takes it away from where it goes, and leads to the next answer.
func (p *Pages) Place(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	field := r.PostForm.Get("field")
	fields := mapped(m.Form)
	known := slices.ContainsFunc(fields, func(f template.Field) bool { return f.Key == field })
	form, found, err := application.FindPaperForm(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	if !found || !known {
		return ledger.ErrNotFound
	}
	if err = p.place(r, m, &form, field); err != nil {
		if !errors.Is(err, office.ErrCell) {
			return err
		}
		return p.office(w, r, http.StatusUnprocessableEntity, m, map[string]string{"": locale.Japanese.T("office.no_place")})
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return application.MapPaperForm(r.Context(), tx, m.Organisation.ID, m.Draft.ID, form.Mapping)
	})
	if err != nil {
		return err
	}
	next := field
	if r.PostForm.Get("do") != "clear" {
		at := slices.IndexFunc(fields, func(f template.Field) bool { return f.Key == field })
		for _, f := range slices.Concat(fields[at+1:], fields[:at]) {
			if placeOf(form, f.Key) == "" {
				next = f.Key
				break
			}
		}
	}
	return redirect(w, r, m.at("form")+"?next="+url.QueryEscape(next)+"#place", "mapped")
}

// place changes the mapping of a form. office.ErrCell when there is no such place.
func (p *Pages) place(r *http.Request, m matter, form *application.PaperForm, field string) error {
	at, clear := r.PostForm.Get("at"), r.PostForm.Get("do") == "clear"
	if form.Mapping == nil {
		form.Mapping = map[string]string{}
	}
	content, err := p.formFile(r.Context(), m, *form)
	if err != nil {
		return err
	}
	if form.Kind == office.Word {
		for name, was := range form.Mapping {
			if was == field && clear {
				delete(form.Mapping, name)
			}
		}
		names, err := office.Placeholders(content)
		if err != nil || clear {
			return err
		}
		if !slices.Contains(names, at) {
			return office.ErrCell
		}
		form.Mapping[at] = field
		return nil
	}
	delete(form.Mapping, field)
	if clear {
		return nil
	}
	cell, err := office.ParseCell(at)
	if err != nil {
		return err
	}
	f, err := office.OpenExcel(content)
	if err != nil {
		return err
	}
	defer f.Close()
	if cell, err = f.Place(cell); err != nil {
		return err
	}
	for key, was := range form.Mapping { // a cell takes one answer
		if strings.EqualFold(was, cell.String()) {
			delete(form.Mapping, key)
		}
	}
	form.Mapping[field] = cell.String()
	return nil
}

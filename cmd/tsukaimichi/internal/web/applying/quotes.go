package applying

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// quoteKind is the kind of a quote in the group's library.
const quoteKind = "見積書"

// QuoteForm is the quotes of each line, and what attaches another one.
type QuoteForm struct {
	Action   string // empty for those who only read
	Revision int
	Attached []QuoteRow
	Line     page.Field
	Paper    page.Field
	File     page.Field
}

// QuoteRow is a quote at its line.
type QuoteRow struct {
	Item, Name, Href string
	Line             int
	Paper            int64
}

// errOvertaken says that somebody saved the budget since the page was made: a line may be another one.
var errOvertaken = ledger.Invalid{"line": "budget.overtaken"}

func quoteForm(m matter, form *page.Form, papers []profile.Paper) QuoteForm {
	q := QuoteForm{Revision: m.Draft.Revision}
	names := map[int64]string{}
	library := []page.Option{{Text: "新しいファイルを入れる"}}
	for _, paper := range papers {
		names[paper.ID] = paper.Name
		if paper.Kind == quoteKind {
			library = append(library, page.Option{Value: strconv.FormatInt(paper.ID, 10), Text: paper.Name})
		}
	}
	lines := []page.Option{{Text: "選んでください"}}
	for i, c := range m.Draft.Budget.Costs {
		lines = append(lines, page.Option{Value: strconv.Itoa(i), Text: fmt.Sprintf("%d行目　%s", i+1, c.Item)})
		for _, id := range c.Papers {
			q.Attached = append(q.Attached, QuoteRow{Item: c.Item, Name: names[id], Href: m.Path("profile", "papers", id), Line: i, Paper: id})
		}
	}
	if !m.May(writers...) || !m.Draft.Status.Open() || len(m.Draft.Budget.Costs) == 0 {
		return q
	}
	q.Action = m.at("budget", "quotes")
	q.Line = form.Field(page.Field{Name: "line", Label: "どの行に", Options: lines})
	q.Paper = form.Field(page.Field{Name: "paper", Label: "見積書", Hint: "団体の書類にある見積書も選べます。", Options: library})
	q.File = form.Field(page.Field{Name: "file", Label: "ファイル", Aside: "新しく入れるとき", Hint: "PDFか写真", Type: "file", Accept: "application/pdf,image/jpeg,image/png,image/webp"})
	return q
}

// Quote attaches a quote to a line, or takes one away. A new file goes into the group's library first.
func (p *Pages) Quote(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, files.MaxBytes+1<<20)
	if err = r.ParseMultipartForm(8 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return p.budget(w, r, http.StatusUnprocessableEntity, m, sheetValues(m.Draft.Budget), map[string]string{"file": locale.Japanese.T(string(files.TooLarge))})
	}
	if !m.Draft.Status.Open() { // handed in meanwhile
		return p.budget(w, r, http.StatusUnprocessableEntity, m, sheetValues(m.Draft.Budget), map[string]string{"": locale.Japanese.T("draft.handed_in")})
	}
	detach := r.PostForm.Get("do") == "detach"
	if err = p.quote(r, m, detach); err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		values := sheetValues(m.Draft.Budget)
		for _, name := range []string{"line", "paper"} {
			values[name] = r.PostForm[name]
		}
		return p.budget(w, r, http.StatusUnprocessableEntity, m, values, problems)
	}
	return redirect(w, r, m.at("budget")+"#quotes", map[bool]string{true: "unquoted", false: "quoted"}[detach])
}

func (p *Pages) quote(r *http.Request, m matter, detach bool) error {
	line, err := strconv.Atoi(r.PostForm.Get("line"))
	if err != nil || line < 0 || line >= len(m.Draft.Budget.Costs) {
		return ledger.Invalid{"line": "budget.quote_line"}
	}
	if r.PostForm.Get("revision") != strconv.Itoa(m.Draft.Revision) {
		return errOvertaken
	}
	id, _ := strconv.ParseInt(r.PostForm.Get("paper"), 10, 64) // what is none is a new file
	var paper profile.Paper
	if id == 0 {
		if paper, err = p.quoteFile(r, m); err != nil {
			return err
		}
	} else if paper, err = profile.FindPaper(r.Context(), p.DB, m.Organisation.ID, id); err != nil || paper.Kind != quoteKind {
		return ledger.Invalid{"paper": "budget.quote_file"}
	}
	return ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if paper.ID == 0 {
			if paper.ID, err = profile.AddPaper(r.Context(), tx, m.Organisation.ID, paper, m.By(), m.Now); err != nil {
				return err
			}
		}
		sheet := m.Draft.Budget
		sheet.Costs = slices.Clone(sheet.Costs)
		cost := &sheet.Costs[line]
		papers := slices.DeleteFunc(slices.Clone(cost.Papers), func(id int64) bool { return id == paper.ID })
		if cost.Papers = papers; !detach {
			cost.Papers = append(papers, paper.ID)
		}
		_, conflicts, err := application.Save(r.Context(), tx, m.Organisation.ID, m.Draft.ID, application.Edit{Revision: m.Draft.Revision, BudgetBefore: &m.Draft.Budget, Budget: &sheet}, m.By(), m.Now)
		if err == nil && len(conflicts) > 0 {
			err = errOvertaken
		}
		return err
	})
}

// quoteFile keeps the file of the request as a quote of the group.
func (p *Pages) quoteFile(r *http.Request, m matter) (profile.Paper, error) {
	paper := profile.Paper{Kind: quoteKind}
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) != 1 || r.MultipartForm.File["file"][0].Size == 0 {
		return paper, ledger.Invalid{"file": "budget.quote_file"}
	}
	header := r.MultipartForm.File["file"][0]
	kept, err := p.Files.Receive(r.Context(), m.Organisation.ID, files.KindForm, header)
	if err != nil {
		return paper, err
	}
	paper.Name, paper.Hash, paper.Bytes, paper.Mime = plainName(header.Filename), kept.Hash[:], kept.Size, kept.Type
	return paper, nil
}

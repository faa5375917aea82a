package granting

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ImportPage takes a file, shows what it would do, and does it when somebody says so.
type ImportPage struct {
	page.Console
	Action   string
	File     page.Field
	Headings string
	Take     string // where to say yes; empty before a file was looked at
	Hash     string
	Says     string
	Rows     page.Table
	Problems page.Problems
}

// Template names the template of the page.
func (ImportPage) Template() string { return "granting/import" }

// Import asks for a file.
func (p *Pages) Import(w http.ResponseWriter, r *http.Request) error {
	return p.importing(w, r, http.StatusOK, nil, "", nil)
}

func (p *Pages) importing(w http.ResponseWriter, r *http.Request, status int, rows []catalogue.Row, hash string, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	form := page.NewForm(nil, problems)
	shown := ImportPage{Action: d.Path("grants", "import"), Headings: strings.Join(catalogue.Headings, "、")}
	shown.File = form.Field(page.Field{Name: "file", Label: "ファイル", Hint: "CSV（UTF-8かShift_JIS）、またはJグランツのJSON", Type: "file", Accept: ".csv,.json,text/csv,application/json", Required: true})
	shown.Problems = form.Problems()
	if rows != nil {
		shown.Take, shown.Hash = d.Path("grants", "import", "take"), hash
		shown.Rows, shown.Says = previewTable(rows)
	}
	shown.Console = frame(d, r, "募集を取り込む", page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

var actionWords = map[catalogue.Action]string{catalogue.New: "新しく入る", catalogue.Changed: "変わる", catalogue.Same: "同じ", catalogue.Refused: "入らない"}

// mostShown is how many rows of a file a page shows; the sums are of all.
const mostShown = 300

func previewTable(rows []catalogue.Row) (page.Table, string) {
	t := page.Table{Caption: "取り込むとこうなります", Columns: []page.Column{{Text: "行"}, {Text: "募集"}, {Text: "どうなる"}, {Text: "わけ"}}}
	counts := map[catalogue.Action]int{}
	for i, row := range rows {
		counts[row.Action]++
		if i >= mostShown {
			continue
		}
		var why []string
		for _, field := range row.Changed {
			why = append(why, locale.Japanese.T("call.field_"+field))
		}
		for _, key := range row.Bad {
			why = append(why, locale.Japanese.T(key))
		}
		t.Rows = append(t.Rows, page.Row{Name: fmt.Sprintf("%d", row.Line), Cells: []string{row.Round.Funder + "　" + row.Round.Call.Title, actionWords[row.Action], strings.Join(why, "、")}})
	}
	return t, fmt.Sprintf("新しく入る %d件、変わる %d件、同じ %d件、入らない %d件", counts[catalogue.New], counts[catalogue.Changed], counts[catalogue.Same], counts[catalogue.Refused])
}

// Preview looks at a file and says what importing it would do. The file is kept, so that exactly what was looked at is taken.
func (p *Pages) Preview(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, files.MaxBytes+1<<20)
	if err = r.ParseMultipartForm(8 << 20); err != nil {
		return p.importing(w, r, http.StatusUnprocessableEntity, nil, "", map[string]string{"file": locale.Japanese.T("call.file")})
	}
	content, err := uploaded(r)
	var rows []catalogue.Row
	if err == nil {
		rows, err = readRows(content)
	}
	if err == nil {
		rows, err = catalogue.Preview(r.Context(), p.DB, rows)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.importing(w, r, http.StatusUnprocessableEntity, nil, "", problems)
	}
	kept, err := p.Files.Put(r.Context(), d.Organisation.ID, files.KindForm, content)
	if err != nil {
		return err
	}
	return p.importing(w, r, http.StatusOK, append([]catalogue.Row{}, rows...), kept.Hash.String(), nil)
}

// uploaded is the file of the form.
func uploaded(r *http.Request) ([]byte, error) {
	headers := r.MultipartForm.File["file"]
	if len(headers) != 1 || headers[0].Size == 0 {
		return nil, catalogue.ErrFile
	}
	f, err := headers[0].Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := files.Upload(f)
	if err != nil {
		return nil, errors.Join(catalogue.ErrFile, err)
	}
	return content, nil
}

// readRows reads a CSV or an answer of Jグランツ, whichever it is.
func readRows(content []byte) ([]catalogue.Row, error) {
	if rows, err := catalogue.ReadJgrants(content); err == nil {
		return rows, nil
	}
	return catalogue.ReadCSV(content)
}

// Take does what was shown, with the file that was looked at.
func (p *Pages) Take(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	hash, err := files.ParseHash(r.PostFormValue("hash"))
	if err != nil {
		return errors.Join(ledger.ErrNotFound, err)
	}
	content, err := p.Files.Read(r.Context(), d.Organisation.ID, files.KindForm, hash)
	if err != nil {
		return errors.Join(ledger.ErrNotFound, err)
	}
	rows, err := readRows(content)
	if err != nil {
		return errors.Join(ledger.ErrNotFound, err)
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := catalogue.Take(r.Context(), tx, rows, author(d), d.Now)
		return err
	})
	if err != nil {
		return err
	}
	return page.Redirect(w, r, d.Path("grants"), "imported")
}

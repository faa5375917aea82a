package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"golang.org/x/text/width"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// The fewest and the most rows for places to be painted over.
const (
	leastBoxes = 3
	mostBoxes  = 12
)

// RedactPage is where a copy of a paper is made: the picture with what will be black, and the places in numbers.
type RedactPage struct {
	page.Console
	Heading  string
	Problems page.Problems
	Source   string // of the picture
	Alt      string
	Painted  []PaintedBox
	Lines    []int // of the grid, in percent
	Action   string
	Rows     []BoxRow
	Next     string // how many rows there are after one more; empty when there are enough
	Nothing  page.Tick
}

// Template names the template of the page.
func (RedactPage) Template() string { return "console/redact" }

// PaintedBox is a place in percent of the picture's sides, as SVG takes it: 12.5%.
type PaintedBox struct {
	Left, Top, Width, Height string
}

// BoxRow asks for one place.
type BoxRow struct {
	Legend string
	Fields []page.Field
}

// boxParts are the four numbers of a place.
var boxParts = []struct{ name, label string }{{"left", "左から"}, {"top", "上から"}, {"width", "幅"}, {"height", "高さ"}}

// NewRedaction shows a paper with the places typed so far, which stand in the address: a preview changes nothing.
func (p *Pages) NewRedaction(w http.ResponseWriter, r *http.Request) error {
	v, what, err := p.photographed(r)
	if err != nil {
		return err
	}
	values := r.URL.Query()
	boxes, bad := readBoxes(values)
	return p.redact(w, r, http.StatusOK, v, what, values, boxes, sayings(bad))
}

// photographed finds the paper a copy is to be made of: a photo. Of a PDF none can be made.
func (p *Pages) photographed(r *http.Request) (v ledger.Evidence, what string, err error) {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return v, "", err
	}
	if v, err = ledger.FindEvidence(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return v, "", err
	}
	if v.Type != files.JPEG || v.ExpenseID == 0 {
		return v, "", ledger.ErrNotFound
	}
	e, err := ledger.FindExpense(r.Context(), p.DB, d.Organisation.ID, v.ExpenseID)
	return v, e.What, err
}

func (p *Pages) redact(w http.ResponseWriter, r *http.Request, status int, v ledger.Evidence, what string, values url.Values, boxes []files.Box, problems map[string]string) error {
	d := desk(r)
	shown := buildRedact(d, v, what, values, boxes, problems)
	shown.Console = d.Frame(r, shown.Heading, page.Money, page.Link{Href: d.Path("expenses"), Text: "支出"}, page.Link{Href: d.Path("expenses", v.ExpenseID), Text: what})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func buildRedact(d Desk, v ledger.Evidence, what string, values url.Values, boxes []files.Box, problems map[string]string) RedactPage {
	shown := RedactPage{Heading: "公開する写しを作る", Source: d.Path("evidence", v.ID), Alt: what + " の書類", Action: d.Path("evidence", v.ID, "redact"), Lines: []int{10, 20, 30, 40, 50, 60, 70, 80, 90}}
	for _, b := range boxes {
		shown.Painted = append(shown.Painted, PaintedBox{percent(b.Left) + "%", percent(b.Top) + "%", percent(b.Width) + "%", percent(b.Height) + "%"})
	}
	form := page.NewForm(values, problems)
	rows := boxRows(values)
	for i := range rows {
		row := BoxRow{Legend: fmt.Sprintf("黒くするところ %d", i+1)}
		for _, part := range boxParts {
			f := form.Field(page.Field{Name: boxField(i+1, part.name), Label: fmt.Sprintf("%d番の%s", i+1, part.label), InputMode: "decimal", Autocomplete: "off"})
			f.Label = part.label + "（％）"
			row.Fields = append(row.Fields, f)
		}
		shown.Rows = append(shown.Rows, row)
	}
	if rows < mostBoxes {
		shown.Next = strconv.Itoa(min(rows+leastBoxes, mostBoxes))
	}
	shown.Nothing = form.Tick(page.Tick{Name: "nothing", Label: "黒くするところは、ありません", Note: "名前・住所・電話・口座やカードの番号・印影・手書きの字・顔が、どこにもないときだけです。"})
	shown.Problems = form.Problems()
	return shown
}

// boxRows is how many rows the form has: as many as asked for, and no fewer than were filled in.
func boxRows(values url.Values) int {
	n := leastBoxes
	if asked, err := strconv.Atoi(values.Get("rows")); err == nil {
		n = max(n, asked)
	}
	for i := range mostBoxes {
		for _, part := range boxParts {
			if values.Get(boxField(i+1, part.name)) != "" {
				n = max(n, i+1)
			}
		}
	}
	return min(n, mostBoxes)
}

func boxField(i int, part string) string { return fmt.Sprintf("box%d_%s", i, part) }

// readBoxes reads the places; rows left empty are none.
func readBoxes(values url.Values) (boxes []files.Box, bad ledger.Invalid) {
	bad = ledger.Invalid{}
	for i := 1; i <= mostBoxes; i++ {
		var parts [4]int
		empty := true
		for j, part := range boxParts {
			text := strings.TrimSpace(values.Get(boxField(i, part.name)))
			if empty = empty && text == ""; text == "" {
				parts[j] = -1
				continue
			}
			parts[j] = permille(text)
		}
		if empty {
			continue
		}
		whole := true
		for j, part := range boxParts {
			bad.Need(parts[j] >= 0, boxField(i, part.name), "redaction.box_part")
			whole = whole && parts[j] >= 0
		}
		b := files.Box{Left: parts[0], Top: parts[1], Width: parts[2], Height: parts[3]}
		bad.Need(!whole || b.Fits(), boxField(i, "left"), "redaction.box_range")
		if whole && b.Fits() {
			boxes = append(boxes, b)
		}
	}
	return boxes, bad
}

// permille reads 12.5 percent as 125 thousandths; -1 for what is no number from 0 to 100.
func permille(text string) int {
	text = strings.TrimSuffix(width.Narrow.String(text), "%")
	before, after, _ := strings.Cut(text, ".")
	after = (after + "0")[:1]
	n, err := strconv.Atoi(before + after)
	if err != nil || before == "" || n < 0 || n > 1000 {
		return -1
	}
	return n
}

// percent writes 125 thousandths as 12.5, and 120 as 12.
func percent(permille int) string {
	return strings.TrimSuffix(fmt.Sprintf("%d.%d", permille/10, permille%10), ".0")
}

// PrepareRedaction paints a copy and has it wait for another person.
func (p *Pages) PrepareRedaction(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	v, what, err := p.photographed(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	boxes, bad := readBoxes(t.Values)
	bad.Need(len(bad) > 0 || len(boxes) > 0 || t.Get("nothing") != "", "nothing", "redaction.no_boxes")
	if len(bad) > 0 {
		return p.redact(w, r, http.StatusUnprocessableEntity, v, what, t.Values, boxes, sayings(bad))
	}
	painted, err := p.paint(r, v, boxes)
	if err != nil {
		return err
	}
	var id int64
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		id, err = redaction.Prepare(r.Context(), tx, redaction.Redaction{OrganisationID: d.Organisation.ID, EvidenceID: v.ID, Boxes: len(boxes),
			FileHash: painted.Hash[:], Size: painted.Size}, d.By(), d.Now)
		return err
	})
	if err != nil {
		return err
	}
	return redirect(w, r, d.Path("redactions", id), "copy_prepared")
}

// paint makes and keeps the picture.
func (p *Pages) paint(r *http.Request, v ledger.Evidence, boxes []files.Box) (files.File, error) {
	content, err := p.Files.Read(r.Context(), v.OrganisationID, files.KindEvidence, files.Hash(v.FileHash))
	if errors.Is(err, files.ErrNotFound) {
		return files.File{}, ledger.ErrNotFound
	}
	if err != nil {
		return files.File{}, err
	}
	painted, err := files.Redact(content, boxes)
	if err != nil {
		return files.File{}, err
	}
	return p.Files.Put(r.Context(), v.OrganisationID, files.KindRedacted, painted)
}

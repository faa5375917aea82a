package catalogue

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrFile says that a file cannot be read at all: not the kind it should be, without the headings, or too large.
var ErrFile = errors.New("catalogue: the file cannot be read")

// The sizes of a file that are taken.
const (
	mostBytes = 20 << 20
	mostRows  = 20_000
)

// Headings are the columns of a CSV, in the order of the one that is offered to fill in. Funder, programme, year and title are needed.
var Headings = []string{"助成団体", "制度名", "年度", "回", "募集名", "概要", "分野", "地域", "下限額", "上限額", "募集開始", "締切", "締切の種類", "支払い", "URL", "整理番号",
	"締切の時刻", "事前相談", "推薦締切", "審査会", "決定予定", "事業開始", "事業終了"}

// ReadCSV reads rounds from a CSV with Headings, in UTF-8 or Shift_JIS, in any order of columns. A row that makes no sense comes with what is wrong with it; ErrFile
// when the whole does not.
func ReadCSV(file []byte) ([]Row, error) {
	if len(file) > mostBytes {
		return nil, ErrFile
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(file)
		if err != nil {
			return nil, ErrFile
		}
		file = decoded
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return nil, ErrFile
	}
	columns := map[string]int{}
	for i, name := range head {
		columns[strings.TrimSpace(name)] = i
	}
	for _, needed := range []string{"助成団体", "制度名", "年度", "募集名"} {
		if _, ok := columns[needed]; !ok {
			return nil, ErrFile
		}
	}
	var rows []Row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil || len(rows) == mostRows {
			return nil, ErrFile
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, readRow(line, func(name string) string {
			at, ok := columns[name]
			if !ok || at >= len(cells) {
				return ""
			}
			return strings.TrimSpace(cells[at])
		}))
	}
}

func readRow(line int, cell func(string) string) Row {
	row := Row{Line: line, Bad: ledger.Invalid{}}
	o := Opportunity{Funder: cell("助成団体"), Programme: cell("制度名"), Round: cell("回"), Source: CSV, SourceID: cell("整理番号"), Status: Announced}
	year, err := strconv.Atoi(strings.TrimSuffix(cell("年度"), "年度"))
	if err != nil {
		row.Bad["fiscal_year"] = "call.fiscal_year"
	}
	o.FiscalYear = year
	o.Call = Call{Title: cell("募集名"), Summary: cell("概要"), Purposes: split(cell("分野")), Areas: split(cell("地域")), SourceURL: cell("URL"), Payment: payments[cell("支払い")]}
	if _, ok := payments[cell("支払い")]; !ok {
		row.Bad["payment"] = "call.payment"
	}
	row.yen("least", cell("下限額"), &o.Call.Least)
	row.yen("most", cell("上限額"), &o.Call.Most)
	for _, kind := range Kinds {
		d, heading := Deadline{Kind: kind}, kind
		if kind == Closing {
			d.Rule, d.Time, heading = cell("締切の種類"), cell("締切の時刻"), "締切"
		}
		row.day(d, cell(heading), &o.Call)
	}
	if o.Funder == "" || o.Programme == "" {
		row.Bad["programme"] = "call.programme"
	}
	row.Round = o
	return row
}

var payments = map[string]Payment{"": "", "概算払": Before, "精算払": After, "選べる": Either}

func (r *Row) yen(field, text string, into *ledger.Yen) {
	if text == "" {
		return
	}
	amount, err := ledger.ParseYen(text)
	if err != nil {
		r.Bad[field] = "call.amount"
	}
	*into = amount
}

func (r *Row) day(d Deadline, text string, call *Call) {
	if text == "" && !d.Rolling() {
		return
	}
	if text != "" {
		on, err := ledger.ParseDate(text)
		if err != nil {
			r.Bad["deadlines"] = "call.deadline"
			return
		}
		d.On = on
	}
	call.Deadlines = append(call.Deadlines, d)
}

// split reads a list as people type it: 居場所、見守り / 配食.
func split(text string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，/／・\n", r) }) {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

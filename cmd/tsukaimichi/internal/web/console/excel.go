package console

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// excelType is the MIME type of a workbook.
const excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheetRows is the most rows a sheet of a workbook can have; a longer book goes on in the next sheet.
const sheetRows = 1_000_000

// workbook writes rows into sheets one after the other, never holding them.
type workbook struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	sheets int
	row    int
}

// BookExcel sends the book, narrowed by the query, as a workbook in which amounts are numbers.
func (p *Pages) BookExcel(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked, err := searched(w, r)
	if err != nil {
		return err
	}
	filter := readFilter(asked)
	book := workbook{file: excelize.NewFile()}
	defer func() { _ = book.file.Close() }() // only temporary files
	if err := book.nextSheet(); err != nil {
		return err
	}
	if err := p.eachEntry(r.Context(), d.Organisation.ID, filter, book.add); err != nil {
		return err
	}
	if err := book.stream.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	w.Header().Set("Content-Type", excelType)
	exportHeader(w, d, "xlsx")
	_ = book.file.Write(w) // a reader who went away is no error of ours
	return nil
}

func (b *workbook) nextSheet() error {
	if b.stream != nil {
		if err := b.stream.Flush(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	b.sheets++
	name := "帳簿"
	if b.sheets == 1 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	} else {
		name += strconv.Itoa(b.sheets)
		if _, err := b.file.NewSheet(name); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	var err error
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	b.row = 0
	cells := make([]any, len(exportColumns))
	for i, head := range exportColumns {
		cells[i] = head
	}
	return b.write(cells)
}

func (b *workbook) add(row exportRow) error {
	if b.row == sheetRows {
		if err := b.nextSheet(); err != nil {
			return err
		}
	}
	cells := make([]any, 0, len(exportColumns))
	for _, word := range row.Words {
		cells = append(cells, word) // a text cell is never a formula
	}
	for _, amount := range []ledger.Yen{row.Debit, row.Credit} {
		if amount == 0 {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, int64(amount))
	}
	for _, word := range row.After {
		cells = append(cells, word)
	}
	return b.write(cells)
}

func (b *workbook) write(cells []any) error {
	b.row++
	if err := b.stream.SetRow("A"+strconv.Itoa(b.row), cells); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

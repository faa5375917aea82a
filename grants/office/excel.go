package office

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
)

// Cell is a cell of an Excel form: 申請書!C5.
type Cell struct {
	Sheet string
	Axis  string // C5
}

// ErrCell says that the form has no such cell, or that it holds a formula, which stays the funder's.
var ErrCell = errors.New("office: not a cell to write into")

// ParseCell reads 申請書!C5, also 'シート 1'!C5; ErrCell otherwise.
func ParseCell(text string) (Cell, error) {
	at := strings.LastIndex(text, "!")
	if at < 1 {
		return Cell{}, ErrCell
	}
	c := Cell{strings.Trim(text[:at], "'"), strings.ToUpper(strings.TrimSpace(text[at+1:]))}
	if _, _, err := excelize.CellNameToCoordinates(c.Axis); err != nil || c.Sheet == "" {
		return Cell{}, ErrCell
	}
	return c, nil
}

// String is the cell as ParseCell reads it.
func (c Cell) String() string { return c.Sheet + "!" + c.Axis }

// Value is what goes into a cell: a number when Number is set, text otherwise.
type Value struct {
	Text   string
	Number *int64
}

// Form is an Excel form opened for looking or filling. Close it.
type Form struct{ file *excelize.File }

// OpenExcel opens a file that Read has found to be an Excel form.
func OpenExcel(file []byte) (*Form, error) {
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: mostWhole, UnzipXMLSizeLimit: mostPart})
	if err != nil {
		return nil, ErrNoForm
	}
	return &Form{f}, nil
}

// Close frees what the form holds.
func (f *Form) Close() { _ = f.file.Close() }

// Sheets are the names of its sheets, in order.
func (f *Form) Sheets() []string { return f.file.GetSheetList() }

// Shown is a cell as a person who maps a form sees it.
type Shown struct {
	Axis    string
	Text    string
	Formula bool
	Rows    int // it spans
	Cols    int
}

// mostShown is how much of a sheet is shown for mapping: a form's first pages.
const (
	mostShownRows = 300
	mostShownCols = 60
)

// Grid is what stands on a sheet, row by row, merged cells once. It shows the first 300 rows and 60 columns.
func (f *Form) Grid(sheet string) ([][]Shown, error) {
	rows, err := f.file.GetRows(sheet)
	if err != nil {
		return nil, ErrCell
	}
	spans, covered, err := f.merged(sheet)
	if err != nil {
		return nil, err
	}
	wide, high := f.extent(sheet, rows, spans)
	grid := make([][]Shown, high)
	for y := range grid {
		for x := range wide {
			axis, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				return nil, ErrCell
			}
			if covered[axis] {
				continue
			}
			shown := Shown{Axis: axis, Rows: 1, Cols: 1}
			if span, ok := spans[axis]; ok {
				shown.Rows, shown.Cols = span.rows, span.cols
			}
			if y < len(rows) && x < len(rows[y]) {
				shown.Text = rows[y][x]
			}
			formula, err := f.file.GetCellFormula(sheet, axis)
			shown.Formula = err == nil && formula != ""
			grid[y] = append(grid[y], shown)
		}
	}
	return grid, nil
}

type span struct{ rows, cols int }

// merged returns the merged ranges by their first cell, and the cells they cover.
func (f *Form) merged(sheet string) (map[string]span, map[string]bool, error) {
	ranges, err := f.file.GetMergeCells(sheet)
	if err != nil {
		return nil, nil, ErrCell
	}
	spans, covered := map[string]span{}, map[string]bool{}
	for _, m := range ranges {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return nil, nil, ErrCell
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			return nil, nil, ErrCell
		}
		spans[m.GetStartAxis()] = span{bottom - top + 1, right - left + 1}
		for y := top; y <= min(bottom, mostShownRows); y++ {
			for x := left; x <= min(right, mostShownCols); x++ {
				if axis, err := excelize.CoordinatesToCellName(x, y); err == nil && (x > left || y > top) {
					covered[axis] = true
				}
			}
		}
	}
	return spans, covered, nil
}

// extent is how many columns and rows are shown: as far as anything stands, is merged, or has a frame.
func (f *Form) extent(sheet string, rows [][]string, spans map[string]span) (wide, high int) {
	high = len(rows)
	if used, err := f.file.GetSheetDimension(sheet); err == nil {
		_, last, found := strings.Cut(used, ":")
		if x, y, err := excelize.CellNameToCoordinates(last); found && err == nil {
			wide, high = x, max(high, y)
		}
	}
	for _, row := range rows {
		wide = max(wide, len(row))
	}
	for axis, s := range spans {
		if x, y, err := excelize.CellNameToCoordinates(axis); err == nil {
			wide, high = max(wide, x+s.cols-1), max(high, y+s.rows-1)
		}
	}
	return min(wide, mostShownCols), min(high, mostShownRows)
}

// target finds the cell that is written to: of a merged range the first one.
func (f *Form) target(c Cell) (Cell, span, error) {
	at, err := f.file.GetSheetIndex(c.Sheet)
	if err != nil || at < 0 {
		return c, span{}, fmt.Errorf("%s: %w", c.Axis, ErrCell)
	}
	ranges, err := f.file.GetMergeCells(c.Sheet)
	if err != nil {
		return c, span{}, ErrCell
	}
	x, y, err := excelize.CellNameToCoordinates(c.Axis)
	if err != nil {
		return c, span{}, ErrCell
	}
	size := span{1, 1}
	for _, m := range ranges {
		left, top, _ := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, _ := excelize.CellNameToCoordinates(m.GetEndAxis())
		if x >= left && x <= right && y >= top && y <= bottom {
			c.Axis, size = m.GetStartAxis(), span{bottom - top + 1, right - left + 1}
		}
	}
	if formula, err := f.file.GetCellFormula(c.Sheet, c.Axis); err != nil || formula != "" {
		return c, size, fmt.Errorf("%s: %w", c.Axis, ErrCell)
	}
	return c, size, nil
}

// Place returns the cell that is written to: of a merged range the first one. ErrCell when there is none, or it holds a formula.
func (f *Form) Place(c Cell) (Cell, error) {
	at, _, err := f.target(c)
	return at, err
}

// Fill writes values into cells and returns the filled copy. Styles stay; formulas stay and are computed anew when the file is opened. A cell that holds a
// formula is ErrCell, and nothing is returned.
func (f *Form) Fill(values map[Cell]Value) ([]byte, error) {
	for c, v := range values {
		at, _, err := f.target(c)
		if err != nil {
			return nil, err
		}
		if v.Number != nil {
			err = f.file.SetCellInt(at.Sheet, at.Axis, *v.Number)
		} else {
			err = f.file.SetCellStr(at.Sheet, at.Axis, v.Text) // text is never read as a formula
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
	}
	full := true
	if err := f.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return nil, fmt.Errorf("filled form: %w", err)
	}
	out, err := f.file.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("filled form: %w", err)
	}
	return out.Bytes(), nil
}

// Fit is how much room a cell has for a text.
type Fit struct {
	Rows      int // the text needs
	Available int // the cell shows
}

// OK reports whether all of the text is seen on paper.
func (f Fit) OK() bool { return f.Rows <= f.Available }

// The usual figures of a sheet: the width of a column in characters of the usual font, its size, and the height of a row in points.
const (
	usualSize   = 11
	lineOfSize  = 135 // per cent of the size
	usualHeight = 15
)

// Fits says how many rows a text needs in a cell and how many are seen, from the widths and heights of the columns and rows the cell spans and the size of its
// letters. A cell that does not wrap has one row.
func (f *Form) Fits(c Cell, text string) (Fit, error) {
	at, size, err := f.target(c)
	if err != nil {
		return Fit{}, err
	}
	letters, wraps, err := f.letters(at)
	if err != nil {
		return Fit{}, err
	}
	x, y, err := excelize.CellNameToCoordinates(at.Axis)
	if err != nil {
		return Fit{}, ErrCell
	}
	wide, high := 0, 0 // hundredths of a character, hundredths of a point
	for i := range size.cols {
		name, _ := excelize.ColumnNumberToName(x + i)
		w, err := f.file.GetColWidth(at.Sheet, name)
		if err != nil {
			return Fit{}, ErrCell
		}
		wide += int(w * 100)
	}
	for i := range size.rows {
		h, err := f.file.GetRowHeight(at.Sheet, y+i)
		if err != nil || h == 0 {
			h = usualHeight
		}
		high += int(h * 100)
	}
	cols := max(1, (wide-100)*usualSize/letters/200) // full-width characters; one character of the usual font is margin
	rows := 1
	if wraps {
		rows = max(1, high/(letters*lineOfSize))
	}
	used := limit.Limit{Kind: limit.Frame, Max: 1, Cols: cols}.Count(text).Used
	return Fit{Rows: used, Available: rows}, nil
}

// letters are the size of a cell's letters in points and whether its text wraps.
func (f *Form) letters(c Cell) (points int, wraps bool, err error) {
	id, err := f.file.GetCellStyle(c.Sheet, c.Axis)
	if err != nil {
		return 0, false, ErrCell
	}
	style, err := f.file.GetStyle(id)
	if err != nil {
		return 0, false, ErrCell
	}
	points = usualSize
	if style.Font != nil && style.Font.Size >= 1 {
		points = int(style.Font.Size)
	}
	return points, style.Alignment != nil && style.Alignment.WrapText, nil
}

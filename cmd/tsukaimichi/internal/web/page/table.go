package page

// Table is figures in rows and columns. The first column names the row.
type Table struct {
	Caption string // also the name of the region that can be moved sideways
	Columns []Column
	Rows    []Row
	Foot    []Row
	Narrow  bool // fits a phone: need not be moved sideways
}

// Column is the head of a column.
type Column struct {
	Text   string
	Number bool // to the right, on one line
}

// Row is one row: its name, a note below the name, and the cells of the other columns.
type Row struct {
	Name, Note string
	Href       string // the name as a link
	Cells      []string
}

// TableRow is a row together with the columns, as the template needs it.
type TableRow struct {
	Row
	Columns []Column
}

// Cell is a cell with its alignment.
type Cell struct {
	Text   string
	Number bool
}

// Lines are the rows with their columns.
func (t Table) Lines() []TableRow { return t.pair(t.Rows) }

// FootLines are the rows of the foot with their columns.
func (t Table) FootLines() []TableRow { return t.pair(t.Foot) }

func (t Table) pair(rows []Row) []TableRow {
	paired := make([]TableRow, len(rows))
	for i, row := range rows {
		paired[i] = TableRow{row, t.Columns}
	}
	return paired
}

// Aligned are the cells of the row; missing ones are empty.
func (r TableRow) Aligned() []Cell {
	var cells []Cell
	for i, column := range r.Columns {
		if i == 0 {
			continue
		}
		cell := Cell{Number: column.Number}
		if i <= len(r.Cells) {
			cell.Text = r.Cells[i-1]
		}
		cells = append(cells, cell)
	}
	return cells
}

// BarTable is the same figures as the lines above it.
func BarTable(caption string, uses []Bar, total Bar) Table {
	t := Table{Caption: caption, Columns: []Column{{"使いみち", false}, {"約束", true}, {"届いた", true}, {"使った", true}, {"残り", true}}}
	row := func(b Bar) Row {
		name := b.Name
		if b.Number != "" {
			name = b.Number + " " + b.Name
		}
		return Row{Name: name, Cells: []string{
			YenText(b.Promised) + "円", YenText(b.Received) + "円", YenText(b.Spent) + "円", YenText(b.Left) + "円"}}
	}
	for _, use := range uses {
		t.Rows = append(t.Rows, row(use))
	}
	foot := row(total)
	foot.Name = "合計"
	t.Foot = []Row{foot}
	return t
}

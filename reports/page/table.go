package page

import "github.com/tsukaimichi/tsukaimichi/reports/document"

// table is a document's table with its totals in the foot and each cell told what it is.
type table struct {
	document.Table
	HasHead    bool
	Body, Foot [][]cell
}

type cell struct {
	Text        document.Text
	Header, End bool
}

func arrange(t document.Table) table {
	view := table{Table: t}
	for _, c := range t.Columns {
		view.HasHead = view.HasHead || c.Head != ""
	}
	end := len(t.Rows)
	for end > 0 && t.Rows[end-1].Total {
		end--
	}
	for i, r := range t.Rows {
		cells := make([]cell, len(r.Cells))
		for n, text := range r.Cells {
			if r.Bold {
				text = text.Bold()
			}
			cells[n] = cell{text, n == 0, t.Columns[n].End}
		}
		if i < end {
			view.Body = append(view.Body, cells)
		} else {
			view.Foot = append(view.Foot, cells)
		}
	}
	return view
}

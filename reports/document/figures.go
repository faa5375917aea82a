package document

// People counts who took part. It stands above any amount.
type People struct {
	Label  string  `json:"label"` // 参加した人
	Counts []Count `json:"counts"`
	Keep   bool    `json:"keep,omitzero"`
}

// Count is a number of 人, 世帯, 社 or 件.
type Count struct {
	Number int64  `json:"number"`
	Unit   string `json:"unit"`
}

// Facts are labelled values.
type Facts struct {
	Items []Fact `json:"items"`
	Keep  bool   `json:"keep,omitzero"`
}

// Fact is one label and its value.
type Fact struct {
	Label string `json:"label"`
	Value Text   `json:"value"`
	Large bool   `json:"large,omitzero"` // the sum of a receipt
}

// Table is rows of cells. Its head comes again on every page it reaches.
type Table struct {
	Name    string   `json:"name"` // what it shows, for those who cannot see it; not printed
	Caption string   `json:"caption,omitzero"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	Notes   []Text   `json:"notes,omitempty"` // below
	Fold    bool     `json:"fold,omitzero"`   // the page shows it on demand: the same numbers stand above
	Keep    bool     `json:"keep,omitzero"`
}

// Column is one column. The first column names the row.
type Column struct {
	Head   string `json:"head"`
	End    bool   `json:"end,omitzero"`    // aligned at the end: numbers
	Weight int    `json:"weight,omitzero"` // share of the width left over; 0 is as wide as its widest cell
}

// Row is one row, a cell for each column.
type Row struct {
	Cells []Text `json:"cells"`
	Bold  bool   `json:"bold,omitzero"`
	Total bool   `json:"total,omitzero"` // between heavy rules
}

// Columns sets two lists of blocks side by side; on a phone and when they are taller than a page, one after the other.
// Within them are no Columns, Title, PageBreak or Footer.
type Columns struct {
	Left  Blocks `json:"left"`
	Right Blocks `json:"right"`
	Keep  bool   `json:"keep,omitzero"`
}

// Kind names the block.
func (People) Kind() string { return "people" }

// Kind names the block.
func (Facts) Kind() string { return "facts" }

// Kind names the block.
func (Table) Kind() string { return "table" }

// Kind names the block.
func (Columns) Kind() string { return "columns" }

// KeepsWithNext is as the writer says.
func (p People) KeepsWithNext() bool { return p.Keep }

// KeepsWithNext is as the writer says.
func (f Facts) KeepsWithNext() bool { return f.Keep }

// KeepsWithNext is as the writer says.
func (t Table) KeepsWithNext() bool { return t.Keep }

// KeepsWithNext is as the writer says.
func (c Columns) KeepsWithNext() bool { return c.Keep }

package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

// Rows are lines of fields under common heads: a table to fill in. The template is rowfields.
type Rows struct {
	ID      string
	Label   string // of the table, for who does not see it
	Heads   []string
	Lines   [][]Field
	Spare   int    // the first of the empty lines to go on; a narrow screen shows one of them
	Problem string // of the whole table
}

// RowColumn is a column of Rows: every line has a field of its name, a choice if there are options.
type RowColumn struct {
	Name, Head string
	Options    []Option
}

// NewRows makes a line for each that was typed and some spare ones to go on, at most so many. The values of a column stand one after another under its name.
func NewRows(id, label string, columns []RowColumn, values url.Values, spare, most int) Rows {
	made := Rows{ID: id, Label: label}
	n := 0
	for _, c := range columns {
		made.Heads = append(made.Heads, c.Head)
		n = max(n, len(values[c.Name]))
	}
	made.Spare = n
	for i := range min(n+spare, most) {
		line := make([]Field, len(columns))
		for j, c := range columns {
			value := ""
			if i < len(values[c.Name]) {
				value = values[c.Name][i]
			}
			line[j] = Field{Name: c.Name, ID: c.Name + "-" + strconv.Itoa(i), Label: fmt.Sprintf("%s %d行目", c.Head, i+1), Value: value, Options: choose(c.Options, value)}
		}
		made.Lines = append(made.Lines, line)
	}
	return made
}

// Faulty reports whether something of the table is to be put right.
func (r Rows) Faulty() bool {
	for _, line := range r.Lines {
		if slices.ContainsFunc(line, func(f Field) bool { return f.Problem != "" }) {
			return true
		}
	}
	return r.Problem != ""
}

// Rows fills in what is wrong with a table: with a cell under the cell's id (name-0 of the first line), with the whole under the table's. A problem of the whole
// leads to its first field.
func (f *Form) Rows(r Rows) Rows {
	first := ""
	for _, line := range r.Lines {
		for i := range line {
			if first == "" {
				first = line[i].ID
			}
			line[i].Problem, line[i].Autofocus = f.take(line[i].ID, line[i].ID, line[i].Label)
		}
	}
	r.Problem, _ = f.take(r.ID, first, r.Label)
	return r
}

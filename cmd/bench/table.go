package main

import (
	"fmt"
	"io"
	"strings"
)

// table is what a measurement prints: plain text in columns, the first to the left and the rest to the right.
type table struct {
	title   string
	machine string
	head    []string
	rows    [][]string
	notes   []string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the table. All rows have as many cells as the head.
func (t *table) write(out io.Writer) error {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", t.title, t.machine)
	writeRow(&b, t.head, widths)
	for _, row := range t.rows {
		writeRow(&b, row, widths)
	}
	b.WriteByte('\n')
	for _, note := range t.notes {
		b.WriteString(note + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func writeRow(b *strings.Builder, row []string, widths []int) {
	for i, cell := range row {
		space := strings.Repeat(" ", widths[i]-len([]rune(cell)))
		if i == 0 {
			b.WriteString(cell + space)
			continue
		}
		b.WriteString("  " + space + cell)
	}
	b.WriteByte('\n')
}

// ratio is a/b as a table shows it; a dash where nothing was measured.
func ratio(a, b float64) string {
	switch {
	case a == 0 || b == 0:
		return "-"
	case a/b >= 10:
		return fmt.Sprintf("%.0f", a/b)
	case a/b < 0.1:
		return fmt.Sprintf("%.3f", a/b)
	}
	return fmt.Sprintf("%.2f", a/b)
}

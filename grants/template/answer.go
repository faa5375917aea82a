package template

import (
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Answer is what somebody wrote into a field: Text of most types; List of Multi; Rows of tables, a cell a column. Yes of YesNo and Oath is the
// text 「はい」. A range has its two days in List.
type Answer struct {
	Text string     `json:"text,omitempty"`
	List []string   `json:"list,omitempty"`
	Rows [][]string `json:"rows,omitempty"`
}

// Answers are the answers of a draft, by key of the field.
type Answers map[string]Answer

// IsYes is the text of a yes.
const IsYes = "はい"

// Empty reports whether nothing was written.
func (a Answer) Empty() bool {
	for _, text := range a.List {
		if strings.TrimSpace(text) != "" {
			return false
		}
	}
	return strings.TrimSpace(a.Text) == "" && a.rows() == 0
}

// rows counts the rows in which something stands.
func (a Answer) rows() int {
	n := 0
	for _, row := range a.Rows {
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			n++
		}
	}
	return n
}

// number is the answer as a whole number: of a number or an amount as people type it.
func (a Answer) number() (int64, bool) {
	n, err := ledger.ParseYen(a.Text)
	return int64(n), err == nil
}

// column adds up one column of a table; cells that are no number do not count.
func (a Answer) column(at int) int64 {
	var sum int64
	for _, row := range a.Rows {
		if at < 0 || at >= len(row) {
			continue
		}
		if n, err := ledger.ParseYen(row[at]); err == nil {
			sum += int64(n) // a thousand rows of 12 digits are far from the end of int64
		}
	}
	return sum
}

// words is the answer as one piece of text, to be compared with an option.
func (a Answer) words() []string {
	if len(a.List) > 0 {
		return a.List
	}
	return []string{a.Text}
}

// NumberAnswer is a number as a computed field answers it.
func NumberAnswer(n int64) Answer { return Answer{Text: strconv.FormatInt(n, 10)} }

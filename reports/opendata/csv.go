package opendata

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// The kinds of rows of the list, as its first column names them.
const (
	RowUse    = "使いみち"
	RowTotal  = "合計"
	RowGoal   = "目標" // besides yen
	RowReport = "報告" // what a report said was spent on a use, from the beginning up to it
)

// fewCell stands where a number of 1 to 4 givers, or their yen, is not told.
const fewCell = "5未満"

// CSV is plan and actual of campaigns as a list for spreadsheets: UTF-8 with a byte order mark, one row for each use, one for the whole, one for each goal besides yen, and
// one for each use in each report. Its columns are Columns.
func CSV(list ...Campaign) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	names := make([]string, len(Columns))
	for i, c := range Columns {
		names[i] = c.CSV
	}
	rows := [][]string{names}
	for _, d := range list {
		rows = append(rows, d.rows()...)
	}
	for _, row := range rows {
		for i := range row {
			if _, err := strconv.ParseInt(row[i], 10, 64); err != nil { // a number is no formula
				row[i] = reports.Cell(row[i])
			}
		}
		if err := w.Write(row); err != nil {
			return nil, fmt.Errorf("list of %s: %w", row[0], err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// rows are the rows of a campaign.
func (d Campaign) rows() [][]string {
	var all [][]string
	for _, u := range d.Uses {
		all = append(all, d.row(map[string]string{
			"row": RowUse, "number": strconv.Itoa(u.Number), "name": u.Name, "detail": u.Detail, "quantity": count(u.Quantity), "unit": u.Unit, "unit_price": count(int64(u.UnitPrice)),
			"due_on": u.DueOn, "promised": yen(u.Promised), "received": yen(u.Received), "named": yen(u.Named), "spent": yen(u.Spent), "left": yen(u.Left), "unchecked": yen(u.Unchecked),
		}))
	}
	t := d.Total
	all = append(all, d.row(map[string]string{
		"row": RowTotal, "promised": yen(t.Promised), "received": yen(t.Received), "spent": yen(t.Spent), "left": yen(t.Left), "unchecked": yen(t.Unchecked),
		"persons": people(d.People.Persons), "households": people(d.People.Households), "companies": people(d.People.Companies), "nameless": people(d.People.Nameless),
	}))
	for _, g := range d.Goals {
		all = append(all, d.row(map[string]string{"row": RowGoal, "name": g.Name, "unit": g.Unit, "target": strconv.FormatInt(g.Target, 10), "reached": strconv.FormatInt(g.Reached, 10)}))
	}
	for i, r := range d.Reports {
		for _, u := range d.Uses {
			all = append(all, d.row(map[string]string{"row": RowReport, "number": strconv.Itoa(u.Number), "name": u.Name, "spent": yen(u.Reported[i]), "report": r.Number}))
		}
	}
	return all
}

// row fills the columns that every row of a campaign has, and those given by the name of the field.
func (d Campaign) row(cells map[string]string) []string {
	cells["organisation"], cells["campaign"], cells["title"], cells["status"], cells["version"], cells["on"] =
		d.Organisation.Name, d.Slug, d.Title, d.Status, strconv.Itoa(d.Plan.Version), d.On
	row := make([]string, len(Columns))
	for i, c := range Columns {
		row[i] = cells[c.Key]
	}
	return row
}

func yen(amount ledger.Yen) string { return strconv.FormatInt(int64(amount), 10) }

// count leaves out what there is none of.
func count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func people(n *int) string {
	if n == nil {
		return fewCell
	}
	return strconv.Itoa(*n)
}

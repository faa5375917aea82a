package console

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// AccessCSV sends who has opened what, narrowed by the query, as CSV for spreadsheets: UTF-8 with a mark at the beginning.
func (p *Pages) AccessCSV(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	filter := readAccessFilter(typed{r.URL.Query(), ledger.Invalid{}})
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="access-%s-%s.csv"`, d.Organisation.Slug, d.Today()))
	begun := &begunWriter{w: w}
	buffer := bufio.NewWriter(begun)
	_, _ = buffer.WriteString("\uFEFF")
	out := csv.NewWriter(buffer)
	out.UseCRLF = true
	_ = out.Write([]string{"日", "時刻", "だれが", "何を", "番号", "ページの種類"})
	for after := (access.Place{}); ; {
		rows, err := access.Openings(r.Context(), p.DB, d.Organisation.ID, filter, after, exportPage)
		if err != nil {
			return cutOff(begun, err)
		}
		for _, row := range rows {
			number := ""
			if row.SubjectID > 0 {
				number = strconv.FormatInt(row.SubjectID, 10)
			}
			_ = out.Write([]string{ledger.DateOf(row.At).String(), row.At.In(ledger.Tokyo).Format("15:04:05"), reports.Cell(openerName(row)),
				reports.Cell(openedNames[row.What]), number, reports.Cell(row.Route)})
			after = access.Place{At: row.At, ID: row.ID}
		}
		if len(rows) < exportPage {
			break
		}
	}
	out.Flush()
	_ = buffer.Flush() // a reader who went away is no error of ours
	return nil
}

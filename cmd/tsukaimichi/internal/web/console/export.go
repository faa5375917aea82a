package console

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// exportPage is how many transactions are read at a time for an export.
const exportPage = 500

// exportColumns are the heads of an exported book: one row for each entry.
var exportColumns = []string{"番号", "日", "本当の日", "種類", "内容", "相手", "科目番号", "勘定科目", "お金の分類", "だれのためのお金", "取り組み", "使いみち", "事業費・管理費",
	"借方", "貸方", "状態", "理由", "入れた人"}

// exportRow is one entry of an exported book; amounts stay numbers.
type exportRow struct {
	Words         []string // the columns before the amounts
	Debit, Credit ledger.Yen
	After         []string // the columns after them
}

// eachEntry yields the entries of the book that fit the filter, the newest transaction first, as they stood at one instant.
func (p *Pages) eachEntry(ctx context.Context, organisationID int64, f ledger.JournalFilter, yield func(exportRow) error) error {
	tx, err := p.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return eachLine(ctx, tx, organisationID, f, func(l ledger.JournalLine) error {
		for _, e := range l.Entries {
			if err := yield(rowOf(l, e)); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachLine(ctx context.Context, q sqlx.QueryerContext, organisationID int64, f ledger.JournalFilter, yield func(ledger.JournalLine) error) error {
	var after ledger.JournalPlace
	for {
		lines, err := ledger.Journal(ctx, q, organisationID, f, after, exportPage)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err = yield(l); err != nil {
				return err
			}
		}
		if len(lines) < exportPage {
			return nil
		}
		last := lines[len(lines)-1]
		after = ledger.JournalPlace{On: last.BookedOn, At: last.PostedAt, ID: last.ID}
	}
}

func rowOf(l ledger.JournalLine, e ledger.JournalEntry) exportRow {
	state := ""
	switch {
	case l.Reversed:
		state = "取り消しました"
	case l.Unchecked:
		state = "確認前"
	}
	row := exportRow{
		Words: []string{strconv.FormatInt(l.ID, 10), l.BookedOn.String(), l.BelongsOn.String(), kindName(l.Kind), lineName(l), l.Payee, strconv.Itoa(e.Account),
			e.AccountName, e.Plain, e.Fund, e.Initiative, e.Use, segmentName(e.Segment)},
		After: []string{state, l.Reason, l.By},
	}
	if e.Amount > 0 {
		row.Debit = e.Amount
	} else {
		row.Credit = -e.Amount
	}
	return row
}

// BookCSV sends the book, narrowed by the query, as CSV for spreadsheets: UTF-8 with a mark at the beginning.
func (p *Pages) BookCSV(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked, err := searched(w, r)
	if err != nil {
		return err
	}
	filter := readFilter(asked)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	exportHeader(w, d, "csv")
	begun := &begunWriter{w: w}
	buffer := bufio.NewWriter(begun)
	_, _ = buffer.WriteString("\uFEFF")
	out := csv.NewWriter(buffer)
	out.UseCRLF = true
	_ = out.Write(exportColumns)
	err = p.eachEntry(r.Context(), d.Organisation.ID, filter, func(row exportRow) error {
		var cells []string
		for _, word := range row.Words {
			cells = append(cells, reports.Cell(word))
		}
		cells = append(cells, amountCell(row.Debit), amountCell(row.Credit))
		for _, word := range row.After {
			cells = append(cells, reports.Cell(word))
		}
		return out.Write(cells)
	})
	if err != nil {
		return cutOff(begun, err)
	}
	out.Flush()
	_ = buffer.Flush() // a reader who went away is no error of ours
	return nil
}

// amountCell is an amount without separators, so that a spreadsheet reads a number; no amount is an empty cell.
func amountCell(amount ledger.Yen) string {
	if amount == 0 {
		return ""
	}
	return strconv.FormatInt(int64(amount), 10)
}

func exportHeader(w http.ResponseWriter, d Desk, ending string) {
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="book-%s-%s.%s"`, d.Organisation.Slug, d.Today(), ending))
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// begunWriter knows whether anything was sent.
type begunWriter struct {
	w     http.ResponseWriter
	begun bool
}

// Write sends on.
func (b *begunWriter) Write(content []byte) (int, error) {
	b.begun = true
	return b.w.Write(content)
}

// cutOff ends an answer that failed on the way. Before anything was sent the error becomes a page; later the only honest end is a broken
// connection, so that nobody takes half a book for a whole one.
func cutOff(b *begunWriter, err error) error {
	if b.begun {
		panic(http.ErrAbortHandler)
	}
	for _, name := range []string{"Content-Type", "Content-Disposition", "Cache-Control"} {
		b.w.Header().Del(name)
	}
	return err
}

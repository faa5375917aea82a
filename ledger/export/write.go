package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"
)

// ErrFormat says that a format is not one of Formats.
var ErrFormat = errors.New("export: no such format")

// Formats are what Write writes.
var Formats = []string{"hledger", "csv", "json", "ndjson"}

// Write writes a book in a format: the journal for hledger and ledger-cli, CSV with one row for each entry, JSON as one list,
// NDJSON with one transaction in each line. ErrFormat for any other.
func Write(w io.Writer, format string, book iter.Seq2[Transaction, error]) error {
	out := bufio.NewWriter(w)
	var err error
	switch format {
	case "hledger":
		err = writeJournal(out, book)
	case "csv":
		err = writeCSV(out, book)
	case "json":
		err = writeJSON(out, book, "[\n", ",\n", "\n]\n")
	case "ndjson":
		err = writeJSON(out, book, "", "\n", "\n")
	default:
		return fmt.Errorf("%w: %q", ErrFormat, format)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// writeJSON writes transactions one after the other with something before, between and after. An empty book in NDJSON has no line.
func writeJSON(out *bufio.Writer, book iter.Seq2[Transaction, error], before, between, after string) error {
	out.WriteString(before) // an error stays in out until Flush
	first := true
	for t, err := range book {
		if err != nil {
			return err
		}
		if !first {
			out.WriteString(between)
		}
		first = false
		text, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("transaction %d: %w", t.ID, err)
		}
		out.Write(text)
	}
	if !first || before != "" {
		out.WriteString(after)
	}
	return nil
}

var columns = []string{
	"transaction", "sequence", "kind", "source", "booked_on", "belongs_on", "posted_at", "by", "memo", "reason", "reverses", "number", "account",
	"account_name", "fund_id", "fund", "segment", "initiative", "use", "counterparty", "amount",
}

// writeCSV writes what a program reads back: no byte order mark, nothing changed. The console's export is the one for spreadsheets.
func writeCSV(out *bufio.Writer, book iter.Seq2[Transaction, error]) error {
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	for t, err := range book {
		if err != nil {
			return err
		}
		for _, e := range t.Entries {
			if err := w.Write([]string{
				number(t.ID), number(t.Sequence), t.Kind, t.Source, t.BookedOn.String(), t.BelongsOn.String(), t.PostedAt.Format(time.RFC3339Nano), t.By,
				t.Memo, t.Reason, number(t.Reverses), strconv.Itoa(e.Number), strconv.Itoa(e.Account), e.AccountName, number(e.FundID), e.Fund,
				e.Segment, e.Initiative, e.Use, e.Counterparty, number(int64(e.Amount)),
			}); err != nil {
				return fmt.Errorf("export: %w", err)
			}
		}
	}
	w.Flush()
	return w.Error()
}

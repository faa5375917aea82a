package reports

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PublicEntry is one line of the list anyone can add up: no person, no day, no memo.
type PublicEntry struct {
	Record  int64       `json:"record" db:"record"` // in the log; 0 where gifts stand together
	Month   ledger.Date `json:"month" db:"month"`   // its first day
	Account int         `json:"account" db:"account"`
	UseID   int64       `json:"use_id" db:"use_id"`
	Use     string      `json:"use" db:"use"`
	Gifts   int         `json:"gifts" db:"gifts"` // how many gifts stand together in the line
	Amount  ledger.Yen  `json:"amount" db:"amount"`
	Kind    string      `json:"kind" db:"kind"`
	Until   ledger.Date `json:"until" db:"-"` // the last month, where several stand together
}

// fewGifts is the number below which a month's gifts are printed together with the next month's, so that nobody's
// amount can be read from the list.
const fewGifts = 5

//go:embed query/entries.sql
var entriesSQL string

func publicEntries(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign) ([]PublicEntry, error) {
	var all []PublicEntry
	if err := sqlx.SelectContext(ctx, q, &all, entriesSQL, c.OrganisationID, c.FundID); err != nil {
		return nil, fmt.Errorf("entries of campaign %d: %w", c.ID, err)
	}
	return together(all), nil
}

// together joins the gifts of months with few of them: first with the months after, and what is still few at the end with the line before.
func together(all []PublicEntry) []PublicEntry {
	var out []PublicEntry
	open := -1 // index of a line of gifts that is still too small
	last := -1 // index of the latest line of gifts
	for _, e := range all {
		if e.Account != ledger.Gifts {
			out = append(out, e)
			continue
		}
		e.Until = e.Month
		if open >= 0 {
			out[open].Gifts += e.Gifts
			out[open].Amount += e.Amount
			out[open].Until = e.Month
		} else {
			out = append(out, e)
			open = len(out) - 1
		}
		if out[open].Gifts >= fewGifts {
			last, open = open, -1
		}
	}
	if open >= 0 && last >= 0 {
		out[last].Gifts += out[open].Gifts
		out[last].Amount += out[open].Amount
		out[last].Until = out[open].Until
		out = append(out[:open], out[open+1:]...)
	}
	return out
}

// What names a line's kind of money in the list.
func (e PublicEntry) What(names map[int]string) string {
	if e.Account == ledger.Gifts {
		return fmt.Sprintf("寄付 %d件", e.Gifts)
	}
	return names[e.Account]
}

// EntriesCSV is the list as a file for spreadsheets: UTF-8 with a byte order mark, as Excel needs it to read Japanese.
func EntriesCSV(entries []PublicEntry, names map[int]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write([]string{"記録番号", "月", "内容", "使いみち", "入ったお金", "出たお金"}); err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	for _, e := range entries {
		in, spent := "", ""
		switch {
		case e.Account >= 5000 || (e.Account == ledger.FundTransfer && e.UseID > 0):
			spent = strconv.FormatInt(int64(e.Amount), 10)
		default:
			in = strconv.FormatInt(int64(e.Amount), 10)
		}
		record := ""
		if e.Record > 0 {
			record = strconv.FormatInt(e.Record, 10)
		}
		month := fmt.Sprintf("%d年%d月", e.Month.Year(), e.Month.Month())
		if !e.Until.IsZero() && e.Until != e.Month {
			month += fmt.Sprintf("〜%d年%d月", e.Until.Year(), e.Until.Month())
		}
		if err := w.Write([]string{record, month, cell(e.What(names)), cell(e.Use), in, spent}); err != nil {
			return nil, fmt.Errorf("entries: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@' || text[0] == '\t' || text[0] == '\r') {
		return "'" + text
	}
	return text
}

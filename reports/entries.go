package reports

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PublicEntry is one line of the list anyone can add up: no person, no day, no memo. Money in adds up to what the fund
// had, money out to what was spent, exactly.
type PublicEntry struct {
	Record   int64       `json:"record" db:"record"` // in the log; 0 where gifts, or their costs, stand together, -1 of what was left of the years before
	Month    ledger.Date `json:"month" db:"month"`   // its first day
	Until    ledger.Date `json:"until" db:"-"`       // the last month, where several stand together
	Account  int         `json:"account" db:"account"`
	Plain    string      `json:"plain" db:"plain"` // the account, as residents read it
	UseID    int64       `json:"use_id" db:"use_id"`
	Use      string      `json:"use" db:"use"`
	Side     Side        `json:"side" db:"side"`
	Amount   ledger.Yen  `json:"amount" db:"amount"`      // below zero takes back a line before it
	Gifts    int         `json:"gifts" db:"gifts"`        // how many gifts stand together in the line, or whose costs
	Returned int         `json:"returned" db:"returned"`  // how many of the campaign's gifts were given back in it
	Untold   bool        `json:"untold,omitempty" db:"-"` // the number of gifts would tell how few of a kind there were
	campaigns.Givers
}

// Side says which column of the list an amount stands in.
type Side string

// Money in, money out, and the worth of goods, which is neither.
const (
	SideIn     Side = "in"
	SideOut    Side = "out"
	SideInKind Side = "in_kind"
)

//go:embed query/entries.sql
var entriesSQL string

// publicEntries are the lines of all the campaign's time, or of one year: then what was left before stands first, so that the list adds up.
func publicEntries(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, fewGoods bool, from, before ledger.Date) ([]PublicEntry, error) {
	var all []PublicEntry
	if err := sqlx.SelectContext(ctx, q, &all, entriesSQL, c.OrganisationID, c.FundID, from, before); err != nil {
		return nil, fmt.Errorf("entries of campaign %d: %w", c.ID, err)
	}
	return together(goodsTogether(all, fewGoods)), nil
}

// together joins the gifts of months with few of them, and what taking them cost: first with the months after, and what is still few at the
// end with the line before. A cost alone would tell what the gift was.
func together(all []PublicEntry) []PublicEntry {
	type kind struct {
		account int
		useID   int64
	}
	var out []PublicEntry
	open := map[kind]int{} // index of a line that is still too small
	last := map[kind]int{} // index of the latest line that is not
	for _, e := range all {
		if !e.joined() || e.Side == SideInKind {
			out = append(out, e)
			continue
		}
		e.Until = e.Month
		k := kind{e.Account, e.UseID}
		i, waits := open[k]
		if waits {
			out[i].join(e)
		} else {
			i = len(out)
			out = append(out, e)
		}
		if open[k] = i; !out[i].few() {
			last[k] = i
			delete(open, k)
		}
	}
	gone := map[int]bool{}
	for k, i := range open {
		if into, some := last[k]; some {
			out[into].join(out[i])
			gone[i] = true
		}
	}
	kept := out[:0]
	for i, e := range out {
		if !gone[i] {
			kept = append(kept, e)
		}
	}
	return kept
}

// joined reports whether the line is of gifts or of their costs, of which several stand together.
func (e PublicEntry) joined() bool { return e.Record == 0 }

// few reports whether the line shows what so few gave, or so few gifts, that it cannot stand by itself.
func (e PublicEntry) few() bool {
	return e.Gifts < campaigns.Fewest || e.Givers.Count() < campaigns.Fewest
}

func (e *PublicEntry) join(next PublicEntry) {
	e.Givers = e.And(next.Givers)
	e.Gifts += next.Gifts
	e.Returned += next.Returned
	e.Amount += next.Amount
	e.Until = next.Until
}

// What names a line's kind of money in the list. names answers for lines that were kept without one.
func (e PublicEntry) What(names map[int]string) string {
	switch {
	case e.Side == SideInKind:
		return "品物など"
	case e.Account == ledger.Gifts:
		what := "寄付"
		if !e.few() && !e.Untold {
			what = fmt.Sprintf("寄付 %d件", e.Gifts)
		}
		if e.Returned != 0 {
			what += "（返した分を引いた額）"
		}
		return what
	case e.joined() && e.few():
		return cmp.Or(e.Plain, names[e.Account]) + "（寄付の分）"
	case e.joined():
		return fmt.Sprintf("%s（寄付%d件分）", cmp.Or(e.Plain, names[e.Account]), e.Gifts)
	}
	return cmp.Or(e.Plain, names[e.Account])
}

// EntriesCSV is the list as a file for spreadsheets: UTF-8 with a byte order mark, as Excel needs it to read Japanese.
func EntriesCSV(entries []PublicEntry, names map[int]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write([]string{"記録番号", "月", "内容", "使いみち", "入ったお金", "出たお金", "品物などの額"}); err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	for _, e := range entries {
		row := []string{"", e.months(), Cell(e.What(names)), Cell(e.Use), "", "", ""}
		if e.Record > 0 {
			row[0] = strconv.FormatInt(e.Record, 10)
		}
		column := map[Side]int{SideIn: 4, SideOut: 5, SideInKind: 6}[e.Side]
		row[column] = strconv.FormatInt(int64(e.Amount), 10)
		if err := w.Write(row); err != nil {
			return nil, fmt.Errorf("entries: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	return b.Bytes(), nil
}

func (e PublicEntry) months() string {
	months := fmt.Sprintf("%d年%d月", e.Month.Year(), e.Month.Month())
	if !e.Until.IsZero() && e.Until != e.Month {
		months += fmt.Sprintf("〜%d年%d月", e.Until.Year(), e.Until.Month())
	}
	return months
}

// Cell keeps a spreadsheet from taking a text for a formula, in the wide letters of Japanese keyboards as well.
func Cell(text string) string {
	if strings.ContainsAny(firstRune(strings.TrimLeft(text, " \u3000\n")), "=+-@\t\r＝＋－＠") {
		return "'" + text
	}
	return text
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}

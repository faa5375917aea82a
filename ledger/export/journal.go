package export

import (
	"bufio"
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// classes are the words by which hledger knows what an account is.
var classes = map[ledger.Class]string{"asset": "Assets", "liability": "Liabilities", "net": "Equity", "income": "Revenues", "expense": "Expenses"}

// JournalAccount is the name of an (account, fund) in the journal: the fund last, so that a tree adds up over funds.
func JournalAccount(e Entry) string {
	return fmt.Sprintf("%s:%d %s:%d %s", classes[e.Class], e.Account, part(e.AccountName), e.FundID, part(e.Fund))
}

// writeJournal writes the plain-text journal that hledger and ledger-cli both read. Their words in it are few: a date, a status, a
// number in parentheses, a description, accounts, whole yen, comments.
func writeJournal(out *bufio.Writer, book iter.Seq2[Transaction, error]) error {
	out.WriteString("; tsukaimichi export\n") // an error stays in out until Flush
	for t, err := range book {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s * (%d) %s\n", t.BookedOn, t.ID, describe(t))
		for _, remark := range []struct{ name, text string }{
			{"sequence", numberIf(t.Sequence)}, {"source", t.Source}, {"belongs", belongs(t)}, {"by", t.By}, {"reverses", numberIf(t.Reverses)}, {"reason", t.Reason},
		} {
			if remark.text != "" {
				fmt.Fprintf(out, "    ; %s: %s\n", remark.name, remarkText(remark.text))
			}
		}
		for _, e := range t.Entries {
			fmt.Fprintf(out, "    %s  %d JPY\n", JournalAccount(e), int64(e.Amount))
			for _, remark := range []struct{ name, text string }{{"use", e.Use}, {"initiative", e.Initiative}, {"segment", e.Segment}, {"counterparty", e.Counterparty}} {
				if remark.text != "" {
					fmt.Fprintf(out, "    ; %s: %s\n", remark.name, remarkText(remark.text))
				}
			}
		}
	}
	return nil
}

func numberIf(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func belongs(t Transaction) string {
	if t.BelongsOn == t.BookedOn {
		return ""
	}
	return t.BelongsOn.String()
}

func describe(t Transaction) string {
	if memo := part(t.Memo); memo != "" {
		return t.Kind + " " + memo
	}
	return t.Kind
}

// part makes a text fit where a colon parts, a semicolon begins a comment and two spaces end a name.
func part(text string) string {
	text = strings.NewReplacer(":", "：", ";", "；", "|", "｜").Replace(oneLine(text))
	return text
}

// remarkText keeps a text from beginning a tag, a date or a second line: commas end tags, brackets hold dates.
func remarkText(text string) string {
	return strings.NewReplacer(":", "：", ",", "，", "[", "［", "]", "］").Replace(oneLine(text))
}

// oneLine turns every run of spaces and of what cannot be seen into one space.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
}

package console

import (
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// linesOnPage is how many transactions a page of the book has.
const linesOnPage = 50

// BookPage is 帳簿: the transactions, the newest first, month by month.
type BookPage struct {
	page.Console
	Filter BookFilter
	Chips  []Chip
	Months []BookMonth
	Next   page.Link
	After  Hidden   // the place after which the next page begins, when words were searched
	Asked  []Hidden // what was searched for with words, to be sent again
	CSV    page.Link
	Excel  page.Link
	Enter  page.Link
	Empty  page.Empty
}

// Chip is one thing the book is narrowed by, with the address without it; no address where words would have to stand in it.
type Chip struct{ Text, Href string }

// BookMonth is the lines of a month that are on the page.
type BookMonth struct {
	Month string
	Whole bool // all lines of the month that were asked for are here, so their sums can be said
	In    ledger.Yen
	Out   ledger.Yen
	Lines []BookLine
}

// BookLine is a transaction as a line.
type BookLine struct {
	On    string
	What  string
	Href  string
	Mark  string // 入, 出, 移, 品, 未 and nothing
	Out   bool
	Yen   ledger.Yen
	Where []string
	Tags  []page.Tag
}

// Template names the template of the page.
func (BookPage) Template() string { return "console/book" }

// Book shows the book, narrowed by the query.
func (p *Pages) Book(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked, err := searched(w, r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost && asked.text("q") == "" { // nothing that may not stand in an address
		return redirect(w, r, d.Path("book")+"?"+filterQuery(asked, ""), "")
	}
	filter, after := readFilter(asked), readBookPlace(asked.Get("after"))
	lines, err := ledger.Journal(r.Context(), p.DB, d.Organisation.ID, filter, after, linesOnPage+1)
	if err != nil {
		return err
	}
	offered, err := findBookChoices(r.Context(), p.DB, d)
	if err != nil {
		return err
	}
	book := buildBook(d, asked, lines, offered)
	book.Console = d.Frame(r, "帳簿", page.Book)
	return p.Renderer.Render(w, http.StatusOK, book)
}

func buildBook(d Desk, asked typed, lines []ledger.JournalLine, c bookChoices) BookPage {
	book := BookPage{Filter: buildBookFilter(d, asked, c)}
	more := len(lines) > linesOnPage
	if more {
		lines = lines[:linesOnPage]
		after := placeText(lines[linesOnPage-1])
		book.Next = page.Link{Href: d.Path("book") + "?" + filterQuery(asked, after), Text: "この前の記録を見る"}
		book.After = Hidden{"after", after}
	}
	book.Months = bookMonths(d, lines)
	if n := len(book.Months); n > 0 {
		// A month at either end of the page may go on beyond it.
		book.Months[0].Whole = asked.Get("after") == "" && (n > 1 || !more)
		book.Months[n-1].Whole = !more && (n > 1 || asked.Get("after") == "")
	}
	for _, name := range bookFields {
		if asked.text(name) != "" {
			without := typed{cloneWithout(asked, name), ledger.Invalid{}}
			chip := Chip{Text: chipText(name, asked, book.Filter)}
			if without.text("q") == "" {
				chip.Href = d.Path("book") + "?" + filterQuery(without, "")
			}
			book.Chips = append(book.Chips, chip)
		}
	}
	query := "?" + filterQuery(asked, "")
	if book.Asked = askedAgain(asked, bookFields); book.Asked != nil {
		query, book.Next.Href = "", ""
	}
	book.CSV = page.Link{Href: d.Path("book", "csv") + query, Text: "CSVで受け取る"}
	book.Excel = page.Link{Href: d.Path("book", "xlsx") + query, Text: "Excelで受け取る"}
	if d.May(enterers...) {
		book.Enter = page.Link{Href: d.Path("expenses", "new"), Text: "レシートを入れる"}
	}
	book.Empty = page.Empty{Text: "まだ帳簿に記録はありません。寄付や支出を入れると、ここに出ます。"}
	if len(book.Chips) > 0 {
		book.Empty = page.Empty{Text: "さがした記録は、ありませんでした。", Link: page.Link{Href: d.Path("book"), Text: "みな見る"}}
	}
	return book
}

func cloneWithout(t typed, name string) map[string][]string {
	rest := map[string][]string{}
	for key, values := range t.Values {
		if key != name {
			rest[key] = values
		}
	}
	return rest
}

func chipText(name string, t typed, f BookFilter) string {
	for _, selects := range [][]page.Select{f.First, f.More} {
		for _, s := range selects {
			if s.Name != name {
				continue
			}
			for _, o := range s.Options {
				if o.Chosen {
					return o.Text
				}
			}
		}
	}
	switch day, _ := ledger.ParseDate(t.text(name)); {
	case name == "from" && !day.IsZero():
		return page.DayOnly(day) + "から"
	case name == "until" && !day.IsZero():
		return page.DayOnly(day) + "まで"
	}
	return t.text(name)
}

func bookMonths(d Desk, lines []ledger.JournalLine) []BookMonth {
	var months []BookMonth
	for _, l := range lines {
		name := page.Month(l.BookedOn)
		if len(months) == 0 || months[len(months)-1].Month != name {
			months = append(months, BookMonth{Month: name, Whole: true})
		}
		month := &months[len(months)-1]
		if l.Kind != ledger.PlaceMovement && l.Kind != ledger.Payout && l.Kind != ledger.OpeningBalance { // what was there, or stays there
			month.In, month.Out = month.In+l.In, month.Out+l.Out
		}
		month.Lines = append(month.Lines, bookLine(d, l))
	}
	return months
}

func bookLine(d Desk, l ledger.JournalLine) BookLine {
	line := BookLine{On: page.ShortDay(l.BookedOn), What: lineName(l), Href: d.Path("book", l.ID), Where: lineWhere(l)}
	line.Mark, line.Yen = lineAmount(l)
	line.Out = line.Mark == "出"
	if l.BelongsOn != l.BookedOn {
		line.Tags = append(line.Tags, page.Tag{Kind: page.TagWait, Text: "前期分 " + page.ShortDay(l.BelongsOn)})
	}
	if l.Unchecked {
		line.Tags = append(line.Tags, page.Tag{Kind: page.TagWait, Text: "確認前"})
	}
	if l.Reversed {
		line.Tags = append(line.Tags, page.Tag{Kind: page.TagDraft, Text: "取り消しました"})
	}
	return line
}

// lineName is what happened, in the words of who typed it where there are any.
func lineName(l ledger.JournalLine) string {
	switch {
	case l.Kind == ledger.Reversal:
		return fmt.Sprintf("取り消し（%d番の記録）", l.Reverses)
	case l.Memo != "":
		return l.Memo
	}
	return kindName(l.Kind)
}

// lineAmount is the sum of a transaction and which way it goes.
func lineAmount(l ledger.JournalLine) (string, ledger.Yen) {
	switch {
	case l.In > 0 && l.Out > 0 && l.In == l.Out:
		return "移", l.In
	case l.In > l.Out:
		return "入", l.In - l.Out
	case l.Out > l.In:
		return "出", l.Out - l.In
	}
	var debits ledger.Yen
	for _, e := range l.Entries {
		if e.Amount > 0 && (e.Account >= 3000 || l.Kind != ledger.BetweenFunds) {
			debits += e.Amount
		}
	}
	switch l.Kind {
	case ledger.BetweenFunds:
		return "移", debits
	case ledger.GiftInKind:
		return "品", debits
	}
	return "未", debits
}

func lineWhere(l ledger.JournalLine) []string {
	var where []string
	add := func(text string) {
		for _, there := range where {
			if there == text {
				return
			}
		}
		if text != "" {
			where = append(where, text)
		}
	}
	add(l.Payee)
	add(netText(l))
	if l.Memo != "" || l.Kind == ledger.Reversal {
		add(kindName(l.Kind))
	}
	if l.Kind == ledger.PlaceMovement || l.Kind == ledger.Payout {
		add(movedText(l))
		return where
	}
	for _, e := range l.Entries {
		if e.Account < 3000 {
			continue // the other side says more
		}
		name := e.Fund
		if e.Use != "" {
			name += "／" + e.Use
		} else {
			name += "／" + e.Plain
		}
		add(name)
	}
	return where
}

// netText says how the yen of a gift and those that arrived differ, where the payment service kept its cost: the list of gifts says the first, the line of the book the second.
func netText(l ledger.JournalLine) string {
	var gross, cost ledger.Yen
	for _, e := range l.Entries {
		switch e.Account {
		case ledger.Gifts:
			gross -= e.Amount
		case ledger.ProcessingCost:
			cost += e.Amount
		}
	}
	if l.Kind != ledger.GiftReceived || cost <= 0 || l.In-l.Out != gross-cost {
		return ""
	}
	return "寄付 " + page.YenText(gross) + "円 − 手数料 " + page.YenText(cost) + "円 ＝ 届いた " + page.YenText(gross-cost) + "円"
}

// movedText says from where to where money went.
func movedText(l ledger.JournalLine) string {
	var from, to string
	for _, e := range l.Entries {
		if e.Amount < 0 {
			from = e.Plain
		} else {
			to = e.Plain
		}
	}
	return from + " → " + to
}

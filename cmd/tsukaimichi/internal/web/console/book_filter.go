package console

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// bookFields are the names of what the book can be narrowed by, in the order of the form.
var bookFields = []string{"q", "from", "until", "fund", "show", "initiative", "use", "account", "kind", "amount"}

// readFilter reads what the book is to be narrowed by. What cannot be read narrows nothing and is noted.
func readFilter(t typed) ledger.JournalFilter {
	f := ledger.JournalFilter{
		From: t.day("from"), Until: t.day("until"), FundID: t.id("fund"), InitiativeID: t.id("initiative"), UseID: t.id("use"),
		Account: int(t.id("account")), Kind: ledger.TransactionKind(t.Get("kind")), Unchecked: t.Get("show") == "unchecked",
		Text: t.text("q"), Amount: t.yen("amount"),
	}
	if amount, err := ledger.ParseYen(f.Text); err == nil && amount > 0 { // an amount typed among the words
		f.Text, f.Amount = "", amount
	}
	return f
}

// filterQuery writes what was asked for, and where the page begins, as the query of an address.
func filterQuery(t typed, after string) string {
	query := url.Values{}
	for _, name := range bookFields {
		if value := t.text(name); value != "" {
			query.Set(name, value)
		}
	}
	if after != "" {
		query.Set("after", after)
	}
	return query.Encode()
}

// placeText writes where a page of the book ends, and readBookPlace reads it.
func placeText(l ledger.JournalLine) string {
	return fmt.Sprintf("%s_%d_%d", l.BookedOn, l.PostedAt.UnixMicro(), l.ID)
}

func readBookPlace(text string) ledger.JournalPlace {
	parts := strings.Split(text, "_")
	if len(parts) != 3 {
		return ledger.JournalPlace{}
	}
	on, err := ledger.ParseDate(parts[0])
	micros, atErr := strconv.ParseInt(parts[1], 10, 64)
	id, idErr := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || atErr != nil || idErr != nil {
		return ledger.JournalPlace{}
	}
	return ledger.JournalPlace{On: on, At: time.UnixMicro(micros), ID: id}
}

// bookChoices is what the form over the book offers.
type bookChoices struct {
	Funds       []fundLeft
	Initiatives []ledger.Initiative
	Uses        []page.Option
	Accounts    []ledger.Account
}

func findBookChoices(ctx context.Context, q sqlx.QueryerContext, d Desk) (bookChoices, error) {
	var c bookChoices
	var err error
	if c.Funds, err = fundsLeft(ctx, q, d.Organisation.ID, d.Today()); err != nil {
		return c, err
	}
	if c.Initiatives, err = ledger.Initiatives(ctx, q, d.Organisation.ID); err != nil {
		return c, err
	}
	if c.Accounts, err = ledger.Accounts(ctx, q, d.Organisation.ID); err != nil {
		return c, err
	}
	for _, f := range c.Funds {
		uses, err := ledger.Uses(ctx, q, d.Organisation.ID, f.ID)
		if err != nil {
			return c, err
		}
		for _, u := range uses {
			c.Uses = append(c.Uses, page.Option{Value: fmt.Sprint(u.ID), Text: f.Name + "／" + u.Name})
		}
	}
	return c, nil
}

// BookFilter is the form over the book: a few fields, and the rest folded away.
type BookFilter struct {
	Action string
	Text   string
	From   page.Field
	Until  page.Field
	First  []page.Select
	More   []page.Select
	Open   bool // one of the folded ones is in use
}

func buildBookFilter(d Desk, t typed, c bookChoices) BookFilter {
	form := page.NewForm(t.Values, sayings(t.bad))
	f := BookFilter{Action: d.Path("book"), Text: t.text("q"), From: form.Field(page.Field{Name: "from", Label: "いつから", Type: "date"}),
		Until: form.Field(page.Field{Name: "until", Label: "いつまで", Type: "date"})}
	funds := []page.Option{{Value: "", Text: "すべて"}}
	for _, fund := range c.Funds {
		funds = append(funds, page.Option{Value: fmt.Sprint(fund.ID), Text: fundName(fund.Fund)})
	}
	initiatives := []page.Option{{Value: "", Text: "すべて"}}
	for _, in := range c.Initiatives {
		initiatives = append(initiatives, page.Option{Value: fmt.Sprint(in.ID), Text: in.Name})
	}
	accounts := []page.Option{{Value: "", Text: "すべて"}}
	for _, a := range c.Accounts {
		accounts = append(accounts, page.Option{Value: fmt.Sprint(a.Code), Text: a.Plain + "（" + a.Name + "）"})
	}
	kinds := []page.Option{{Value: "", Text: "すべて"}}
	for _, k := range allKinds {
		kinds = append(kinds, page.Option{Value: string(k), Text: kindName(k)})
	}
	f.First = []page.Select{{Name: "fund", Label: "どのお金", Options: funds},
		{Name: "show", Label: "状態", Options: []page.Option{{Value: "", Text: "すべて"}, {Value: "unchecked", Text: "確認前"}}}}
	f.More = []page.Select{{Name: "initiative", Label: "取り組み", Options: initiatives}, {Name: "use", Label: "使いみち", Options: append([]page.Option{{Value: "", Text: "すべて"}}, c.Uses...)},
		{Name: "account", Label: "お金の分類", Options: accounts}, {Name: "kind", Label: "種類", Options: kinds}}
	for _, selects := range [][]page.Select{f.First, f.More} {
		for i := range selects {
			for j := range selects[i].Options {
				selects[i].Options[j].Chosen = selects[i].Options[j].Value == t.Get(selects[i].Name)
			}
		}
	}
	for _, s := range f.More {
		f.Open = f.Open || t.Get(s.Name) != ""
	}
	return f
}

// allKinds are the kinds of transaction in the order a person looks for them.
var allKinds = []ledger.TransactionKind{
	ledger.GiftReceived, ledger.OtherIncome, ledger.Grant, ledger.ExpensePaid, ledger.Repayment, ledger.Cost, ledger.PlaceMovement, ledger.Payout,
	ledger.BetweenFunds, ledger.GiftRefunded, ledger.RefundFailed, ledger.Dispute, ledger.GiftInKind, ledger.OpeningBalance, ledger.NotClear, ledger.Reversal,
}

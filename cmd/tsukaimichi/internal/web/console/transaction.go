package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TransactionPage is one transaction of the book with its entries.
type TransactionPage struct {
	page.Console
	Heading string
	Tags    []page.Tag
	Failed  Failure
	Pairs   []page.Pair
	Entries page.Table
	Reverse Act
	Why     string // why it cannot be reversed here
}

// Template names the template of the page.
func (TransactionPage) Template() string { return "console/transaction" }

// Transaction shows one transaction.
func (p *Pages) Transaction(w http.ResponseWriter, r *http.Request) error {
	return p.transaction(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) transaction(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	line, err := ledger.FindJournalLine(r.Context(), p.DB, d.Organisation.ID, id)
	if err != nil {
		return err
	}
	online := false
	if line.Donation > 0 {
		gift, err := campaigns.FindDonation(r.Context(), p.DB, d.Organisation.ID, line.Donation)
		if err != nil {
			return err
		}
		online = gift.Channel.Online()
	}
	failed := notDone(problems)
	built := buildTransaction(d, line, online, values, problems)
	built.Failed = failed.gone("reverse", values, problems, built.Reverse)
	built.Console = d.Frame(r, built.Heading, page.Book, page.Link{Href: d.Path("book"), Text: "帳簿"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildTransaction(d Desk, l ledger.JournalLine, online bool, values url.Values, problems map[string]string) TransactionPage {
	t := TransactionPage{Heading: lineName(l), Tags: bookLine(d, l).Tags, Entries: entriesTable(l), Pairs: transactionPairs(d, l)}
	if !d.May(treasurer...) || l.Reversed || l.Kind == ledger.Reversal {
		return t
	}
	if t.Why = notReversedHere(l, online); t.Why != "" {
		return t
	}
	b := builder{form: page.NewForm(values, problems), prefix: "reverse"}
	t.Reverse = Act{ID: "reverse", Summary: "取り消す", Action: d.Path("book", l.ID, "reverse"), Button: "取り消しの記録を足す", Plain: true, Open: problems != nil,
		Lead: "この記録は消えません。反対の記録を足して、なかったことにします。両方が残ります。", Items: []Item{b.reason("取り消す理由", "")}}
	t.Reverse.Problems = b.form.Problems()
	return t
}

// notReversedHere says why a transaction is not taken back by hand; nothing where it may be.
func notReversedHere(l ledger.JournalLine, online bool) string {
	switch {
	case l.ExpenseID > 0:
		return "支出は、支出のページで取り消します。"
	case online:
		return "カードやコンビニの記録は、決済の会社の記録と同じです。ここでは取り消せません。"
	}
	switch l.Kind {
	case ledger.Cost: // what a person decided about yen in 照合待ち
		if slices.ContainsFunc(l.Entries, func(e ledger.JournalEntry) bool { return e.Account == ledger.Unclear }) {
			return ""
		}
	case ledger.OpeningBalance, ledger.GiftReceived, ledger.PlaceMovement, ledger.Repayment, ledger.OtherIncome, ledger.BetweenFunds, ledger.GiftInKind:
		return ""
	}
	return "この記録は、ここでは取り消せません。"
}

func transactionPairs(d Desk, l ledger.JournalLine) []page.Pair {
	pairs := []page.Pair{{Term: "番号", Text: fmt.Sprintf("%d", l.ID)}, {Term: "種類", Text: kindName(l.Kind)}, {Term: "日", Text: page.Day(l.BookedOn)}}
	if l.BelongsOn != l.BookedOn {
		pairs = append(pairs, page.Pair{Term: "本当の日", Text: page.Day(l.BelongsOn) + "（前期分。締めたあとに入れました）"})
	}
	for _, pair := range []page.Pair{{Term: "相手", Text: l.Payee}, {Term: "内容", Text: l.Memo}, {Term: "理由", Text: l.Reason}} {
		if pair.Text != "" {
			pairs = append(pairs, pair)
		}
	}
	pairs = append(pairs, page.Pair{Term: "入れた人", Text: l.By + "\n" + page.Minute(l.PostedAt)})
	if l.ExpenseID > 0 {
		pairs = append(pairs, page.Pair{Term: "支出", Link: page.Link{Href: d.Path("expenses", l.ExpenseID), Text: "レシートを見る"}})
	}
	if l.Donation > 0 {
		pairs = append(pairs, page.Pair{Term: "寄付", Link: page.Link{Href: d.Path("gifts", l.Donation), Text: "寄付を見る"}})
	}
	if l.Reverses > 0 {
		pairs = append(pairs, page.Pair{Term: "取り消した記録", Link: page.Link{Href: d.Path("book", l.Reverses), Text: fmt.Sprintf("%d番を見る", l.Reverses)}})
	}
	return pairs
}

// entriesTable is the transaction as book-keepers write it.
func entriesTable(l ledger.JournalLine) page.Table {
	t := page.Table{Caption: "仕訳（帳簿のことばで）", Columns: []page.Column{{Text: "勘定科目"}, {Text: "だれのためのお金"}, {Text: "使いみち・取り組み"},
		{Text: "借方", Number: true}, {Text: "貸方", Number: true}}}
	var debit, credit ledger.Yen
	for _, e := range l.Entries {
		row := page.Row{Name: e.AccountName, Note: e.Plain, Cells: []string{e.Fund, joined(e.Use, e.Initiative, segmentName(e.Segment)), "", ""}}
		if e.Amount > 0 {
			row.Cells[2] = page.YenText(e.Amount) + "円"
			debit += e.Amount
		} else {
			row.Cells[3] = page.YenText(-e.Amount) + "円"
			credit -= e.Amount
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{"", "", page.YenText(debit) + "円", page.YenText(credit) + "円"}}}
	return t
}

func segmentName(segment string) string {
	switch ledger.Segment(segment) {
	case ledger.Program:
		return "事業費"
	case ledger.Administration:
		return "管理費"
	}
	return ""
}

// ReverseTransaction takes a transaction back by posting its mirror, with a reason. What it may not take back by hand it does not find.
func (p *Pages) ReverseTransaction(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	var mirror int64
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		line, err := ledger.FindJournalLine(r.Context(), tx, d.Organisation.ID, id)
		if err != nil {
			return err
		}
		online := false
		if line.Donation > 0 {
			gift, err := campaigns.FindDonation(r.Context(), tx, d.Organisation.ID, line.Donation)
			if err != nil {
				return err
			}
			online = gift.Channel.Online()
		}
		if notReversedHere(line, online) != "" {
			return ledger.ErrNotFound
		}
		if mirror, err = ledger.Reverse(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now, d.Today(), t.text("reason")); err != nil {
			return err
		}
		return p.Till.Undecided(r.Context(), tx, d.Organisation.ID, id)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.transaction(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("book", mirror), "reversed")
}

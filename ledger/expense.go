package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Expense is 支出: one paper, split over uses and funds, entered by one person and checked by another.
type Expense struct {
	OrganisationID int64         `db:"organisation_id"`
	ID             int64         `db:"id"`
	Status         ExpenseStatus `db:"status"`
	PaidOn         Date          `db:"paid_on"` // the day of the invoice while unpaid
	Payee          string        `db:"payee"`
	Amount         Yen           `db:"amount"`
	Account        int           `db:"account"` // the place it was paid from; Payable if not paid yet or advanced by a member
	What           string        `db:"what"`
	EnteredBy      string        `db:"entered_by"`
	EnteredPerson  int64         `db:"entered_person_id"`
	EnteredAt      time.Time     `db:"entered_at"`
	DecidedBy      string        `db:"decided_by"`
	DecidedAt      sql.NullTime  `db:"decided_at"`
	Reason         string        `db:"reason"`
	TransactionID  int64         `db:"transaction_id"` // 0 until posted
	Papers         int           `db:"papers"`         // pieces of evidence
	Key            string        `db:"key"`            // of the form it was typed into
	Lines          []ExpenseLine `db:"-"`
}

// ExpenseStatus is how far the check of an expense has come.
type ExpenseStatus string

// An expense is unchecked (確認前) until another person checks or refuses it.
const (
	Unchecked ExpenseStatus = "unchecked"
	Checked   ExpenseStatus = "checked"
	Refused   ExpenseStatus = "refused"
)

// ExpenseLine is the share of one account, fund and use in an expense.
type ExpenseLine struct {
	Account      int     `db:"account"`
	FundID       int64   `db:"fund_id"`
	Segment      Segment `db:"segment"`
	InitiativeID int64   `db:"initiative_id"`
	UseID        int64   `db:"use_id"`
	Amount       Yen     `db:"amount"`
}

// Paid reports whether the money has left a place of the group.
func (e Expense) Paid() bool { return e.Account != Payable }

// EnterExpense enters an expense and returns its id. A paid one is posted at once and counts, marked unchecked;
// an unpaid one is posted when checked. The same form sent twice gives the same expense. Invalid names what is missing.
func EnterExpense(ctx context.Context, tx *sqlx.Tx, e Expense, by Actor, at time.Time) (int64, error) {
	if err := e.check(DateOf(at)); err != nil {
		return 0, err
	}
	if id, err := expenseOfForm(ctx, tx, e.OrganisationID, e.Key); err != nil || id > 0 {
		return id, err
	}
	actor, err := ActorID(ctx, tx, e.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	payee, err := Counterparty(ctx, tx, e.OrganisationID, e.Payee)
	if err != nil {
		return 0, err
	}
	var transaction int64
	if e.Paid() {
		if transaction, err = Post(ctx, tx, e.transaction(payee, by, at)); err != nil {
			return 0, err
		}
	}
	err = tx.GetContext(ctx, &e.ID, `
		INSERT INTO expense (organisation_id, paid_on, counterparty_id, amount, account, what, entered_by,
		       entered_person_id, entered_at, transaction_id, key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10::bigint, 0), $11)
		RETURNING id`, e.OrganisationID, e.PaidOn, payee, e.Amount, e.Account, e.What, actor, by.SubjectID, at, transaction, e.Key)
	if err != nil {
		return 0, fmt.Errorf("expense: %w", Classify(err))
	}
	if err = e.insertLines(ctx, tx); err != nil {
		return 0, err
	}
	return e.ID, Note(ctx, tx, e.OrganisationID, "expense", e.ID, "entered", by, at, "")
}

// check looks at what a person can get wrong; the book itself checks the rest.
func (e Expense) check(today Date) error {
	bad := Invalid{}
	bad.Need(e.Payee != "", "payee", "expense.payee_missing")
	bad.Need(len([]rune(e.Payee)) <= 200, "payee", "field.too_long")
	bad.Need(e.What != "", "what", "expense.what_missing")
	bad.Need(len([]rune(e.What)) <= 500, "what", "field.too_long")
	bad.Need(!e.PaidOn.IsZero(), "paid_on", "expense.day_missing")
	bad.Need(!e.PaidOn.After(today), "paid_on", "expense.day_in_future")
	bad.Need(e.Amount >= 1, "amount", "expense.amount_missing")
	bad.Need(e.Amount <= 999_999_999, "amount", "amount.too_large")
	bad.Need(e.Account != 0, "account", "expense.place_missing")
	bad.Need(len(e.Lines) > 0, "lines", "expense.lines_missing")
	bad.Need(e.Key != "", "key", "form.expired")
	var total Yen
	for i, l := range e.Lines {
		field := fmt.Sprintf("line%d", i+1)
		bad.Need(l.Amount >= 1 && l.Amount <= 999_999_999, field, "expense.line_amount")
		bad.Need(l.Account >= 5000 && l.Account <= 5999, field, "expense.line_account")
		bad.Need(l.FundID > 0, field, "expense.line_fund")
		bad.Need(l.Segment == Administration || l.InitiativeID > 0, field, "expense.line_initiative")
		total += min(l.Amount, 999_999_999)
	}
	bad.Need(total == e.Amount, "lines", "expense.lines_differ")
	return bad.Err()
}

func (e Expense) transaction(payee int64, by Actor, at time.Time) Transaction {
	t := Transaction{
		OrganisationID: e.OrganisationID, Kind: ExpensePaid, Source: "expense:" + e.Key, On: e.PaidOn, By: by, At: at, Memo: e.What,
	}
	perFund := map[int64]Yen{}
	var order []int64
	for _, l := range e.Lines {
		t.Entries = append(t.Entries, Entry{l.Account, l.FundID, l.Segment, l.InitiativeID, l.UseID, payee, l.Amount})
		if _, seen := perFund[l.FundID]; !seen {
			order = append(order, l.FundID)
		}
		perFund[l.FundID] += l.Amount
	}
	for _, fund := range order { // the program, not the person, writes one cash line per fund
		t.Entries = append(t.Entries, Entry{Account: e.Account, FundID: fund, CounterpartyID: payee, Amount: -perFund[fund]})
	}
	return t
}

func (e Expense) insertLines(ctx context.Context, tx *sqlx.Tx) error {
	for i, l := range e.Lines {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO expense_line (organisation_id, expense_id, number, account, fund_id, segment, initiative_id, use_id, amount)
			VALUES ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0), nullif($8::bigint, 0), $9)`,
			e.OrganisationID, e.ID, i+1, l.Account, l.FundID, l.Segment, l.InitiativeID, l.UseID, l.Amount)
		if err != nil {
			return fmt.Errorf("expense %d line %d: %w", e.ID, i+1, Classify(err))
		}
	}
	return nil
}

func expenseOfForm(ctx context.Context, q sqlx.QueryerContext, organisationID int64, key string) (int64, error) {
	var id int64
	err := sqlx.GetContext(ctx, q, &id, `SELECT id FROM expense WHERE organisation_id = $1 AND key = $2`, organisationID, key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("expense: %w", err)
	}
	return id, nil
}

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
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
	NoPaper        NoPaper       `db:"no_paper_reason"`
	Key            string        `db:"key"` // of the form it was typed into
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

// ErrNoPerson says that only a person of the group may do that.
var ErrNoPerson = errors.New("ledger: only a person of the group may do that")

// EnterExpense enters an expense and returns its id. A paid one is posted at once and counts, marked unchecked;
// an unpaid one is posted when checked. The same form sent twice gives the same expense. Invalid names what is missing;
// ErrNoPerson when it is not a person who enters it, for then nobody could be another.
func EnterExpense(ctx context.Context, tx *sqlx.Tx, e Expense, by Actor, at time.Time) (int64, error) {
	if by.Kind != KindPerson {
		return 0, fmt.Errorf("expense: %w", ErrNoPerson)
	}
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
		transaction, err = Post(ctx, tx, e.transaction(payee, by, at))
		if errors.Is(err, ErrPostedBefore) { // the same form, meanwhile
			return expenseOfForm(ctx, tx, e.OrganisationID, e.Key)
		}
		if err != nil {
			return 0, err
		}
	}
	err = tx.GetContext(ctx, &e.ID, `
		INSERT INTO expense (organisation_id, paid_on, counterparty_id, amount, account, what, no_paper_reason,
		       entered_by, entered_person_id, entered_at, transaction_id, key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11::bigint, 0), $12)
		    ON CONFLICT ON CONSTRAINT expense_key DO NOTHING
		RETURNING id`, e.OrganisationID, e.PaidOn, payee, e.Amount, e.Account, e.What, e.NoPaper,
		actor, by.SubjectID, at, transaction, e.Key)
	if errors.Is(err, sql.ErrNoRows) {
		return expenseOfForm(ctx, tx, e.OrganisationID, e.Key)
	}
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
	bad.Need(e.NoPaper.known(), "no_paper", "expense.no_paper_unknown")
	var total Yen
	for i, l := range e.Lines {
		field := fmt.Sprintf("line%d", i+1)
		bad.Need(l.Amount >= 1 && l.Amount <= 999_999_999, field, "expense.line_amount")
		bad.Need(l.Account >= 5000 && l.Account <= 5999, field, "expense.line_account")
		bad.Need(l.FundID > 0, field, "expense.line_fund")
		bad.Need(l.Segment == Program || l.Segment == Administration, field, "expense.line_segment")
		bad.Need(l.Segment != Program || l.InitiativeID > 0, field, "expense.line_initiative")
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

// insertLines writes all lines in one statement.
func (e Expense) insertLines(ctx context.Context, tx *sqlx.Tx) error {
	n := len(e.Lines)
	accounts, funds, initiatives := make([]int64, n), make([]int64, n), make([]int64, n)
	uses, amounts, segments := make([]int64, n), make([]int64, n), make([]string, n)
	for i, l := range e.Lines {
		accounts[i], funds[i], initiatives[i] = int64(l.Account), l.FundID, l.InitiativeID
		uses[i], amounts[i], segments[i] = l.UseID, int64(l.Amount), string(l.Segment)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO expense_line (organisation_id, expense_id, number, account, fund_id, segment, initiative_id, use_id, amount)
		SELECT $1, $2, l.number, l.account, l.fund_id, l.segment, nullif(l.initiative_id, 0), nullif(l.use_id, 0), l.amount
		  FROM unnest($3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
		    WITH ORDINALITY AS l (account, fund_id, segment, initiative_id, use_id, amount, number)`,
		e.OrganisationID, e.ID, pq.Array(accounts), pq.Array(funds), pq.Array(segments), pq.Array(initiatives),
		pq.Array(uses), pq.Array(amounts))
	if err != nil {
		return fmt.Errorf("expense %d: %w", e.ID, Classify(err))
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

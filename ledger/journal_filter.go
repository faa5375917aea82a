package ledger

import (
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// JournalFilter narrows the journal; zero fields do not.
type JournalFilter struct {
	From, Until  Date
	FundID       int64
	InitiativeID int64
	UseID        int64
	Account      int
	Kind         TransactionKind
	Unchecked    bool
	Text         string // in payee, memo or account name, letter for letter
	Amount       Yen    // of one of its entries, either sign
}

// JournalPlace is where a page of the journal ends; the next begins after it. The zero place is the newest end.
type JournalPlace struct {
	On Date
	At time.Time
	ID int64
}

// conditions are constant pieces of SQL with their arguments. Asking only for what is wanted lets PostgreSQL choose
// between walking the days and looking entries up; one statement full of "or not asked" would scan.
type conditions struct {
	sql  strings.Builder
	args []any
}

func (c *conditions) add(asked bool, sql string, args ...any) {
	if asked {
		c.sql.WriteString(sql)
		c.args = append(c.args, args...)
	}
}

// query chooses the page first and then looks up, for its lines alone, what they show.
func (f JournalFilter) query(organisationID int64, after JournalPlace, limit int) (string, []any) {
	c := &conditions{}
	c.add(true, `
WITH page AS (
  SELECT t.organisation_id, t.id, t.kind, t.booked_on, t.belongs_on, t.posted_at, t.actor_id, t.reason, t.reverses, t.donation_id
    FROM transaction t
   WHERE t.organisation_id = ?`, organisationID)
	c.add(!f.From.IsZero(), ` AND t.booked_on >= ?`, f.From)
	c.add(!f.Until.IsZero(), ` AND t.booked_on <= ?`, f.Until)
	c.add(f.Kind != "", ` AND t.kind = ?`, f.Kind)
	c.add(f.Unchecked, `
     AND t.id IN (SELECT x.transaction_id FROM expense x WHERE x.organisation_id = ? AND x.status = 'unchecked')`, organisationID)
	f.entry(c, organisationID)
	f.text(c, organisationID)
	c.add(!after.On.IsZero(), ` AND (t.booked_on, t.posted_at, t.id) < (?, ?, ?)`, after.On, after.At, after.ID)
	c.add(true, `
   ORDER BY t.booked_on DESC, t.posted_at DESC, t.id DESC
   LIMIT ?)
`+journalSQL, limit)
	return sqlx.Rebind(sqlx.DOLLAR, c.sql.String()), c.args
}

// entry adds what one and the same entry has to be.
func (f JournalFilter) entry(c *conditions, organisationID int64) {
	if f.FundID == 0 && f.InitiativeID == 0 && f.UseID == 0 && f.Account == 0 && f.Amount == 0 {
		return
	}
	c.add(true, `
     AND t.id IN (SELECT e.transaction_id FROM entry e WHERE e.organisation_id = ?`, organisationID)
	c.add(f.FundID != 0, ` AND e.fund_id = ?`, f.FundID)
	c.add(f.InitiativeID != 0, ` AND e.initiative_id = ?`, f.InitiativeID)
	// The fund of the use is what the index begins with.
	c.add(f.UseID != 0, ` AND e.use_id = ? AND e.fund_id = (SELECT u.fund_id FROM use u WHERE u.organisation_id = ? AND u.id = ?)`,
		f.UseID, organisationID, f.UseID)
	c.add(f.Account != 0, ` AND e.account = ?`, f.Account)
	c.add(f.Amount != 0, ` AND e.amount IN (?, ?)`, f.Amount, -f.Amount)
	c.add(true, `)`)
	// The walk back through the days begins in the month in which the fund was last moved.
	c.add(f.FundID != 0, `
     AND t.booked_on < (SELECT (max(e.month) + interval '1 month')::date FROM flow e WHERE e.organisation_id = ? AND e.fund_id = ?)`, organisationID, f.FundID)
}

// text adds what the memo, a payee or an account has to hold, letter for letter.
func (f JournalFilter) text(c *conditions, organisationID int64) {
	c.add(f.Text != "", `
     AND (EXISTS (
           SELECT FROM memo m
            WHERE m.organisation_id = t.organisation_id AND m.transaction_id = t.id AND position(? IN m.text) > 0)
       OR EXISTS (
           SELECT FROM entry e
            WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
              AND (e.account = ANY (ARRAY(
                     SELECT a.code FROM account a
                      WHERE a.organisation_id = ? AND (position(? IN a.name) > 0 OR position(? IN a.plain) > 0)))
                OR e.counterparty_id = ANY (ARRAY(
                     SELECT p.id FROM counterparty p
                      WHERE p.organisation_id = ? AND position(? IN p.name) > 0)))))`,
		f.Text, organisationID, f.Text, f.Text, organisationID, f.Text)
}

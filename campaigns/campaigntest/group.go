package campaigntest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// Now is the instant at which a test's group acts unless the test moves Group.At.
var Now = time.Date(2026, 10, 1, 12, 0, 0, 0, ledger.Tokyo)

var counter atomic.Int64

// Unique returns a key that no other call in this process gives.
func Unique(prefix string) string { return fmt.Sprintf("%s-%d", prefix, counter.Add(1)) }

// Group is an organisation with an initiative, a representative, a treasurer and an auditor.
type Group struct {
	T          testing.TB
	DB         *sqlx.DB
	ID         int64
	General    int64 // the general fund
	Initiative int64
	Head       ledger.Actor
	Treasurer  ledger.Actor
	Auditor    ledger.Actor
	At         time.Time
}

// Found founds a group that may announce campaigns.
func Found(t testing.TB, db *sqlx.DB, change ...func(*ledger.Organisation)) *Group {
	t.Helper()
	g := &Group{T: t, DB: db, At: Now}
	o := ledger.Organisation{
		Name: "練習つどいの会", Kind: "volunteer", Representative: "練習 代表", PostalCode: "000-0000", Address: "練習県練習市一丁目1番1号",
		AddressDisclosed: true, Phone: "000-000-0000", Mail: "renshu@example.jp", Practice: true, CreatedAt: Now, Slug: Unique("renshu"),
	}
	for _, f := range change {
		f(&o)
	}
	g.In(func(tx *sqlx.Tx) error {
		var err error
		if g.ID, err = ledger.FoundOrganisation(t.Context(), tx, o); err != nil {
			return err
		}
		if err = ledgertest.Vet(t.Context(), tx, g.ID); err != nil {
			return err
		}
		general, err := ledger.FindGeneralFund(t.Context(), tx, g.ID)
		if err != nil {
			return err
		}
		g.General = general.ID
		g.Initiative, err = ledger.StartInitiative(t.Context(), tx, ledger.Initiative{OrganisationID: g.ID, Name: "見守り配食", Kind: "meal"})
		return err
	})
	g.Head = g.person("練習 代表", ledger.Representative)
	g.Treasurer = g.person("練習 会計", ledger.Treasurer)
	g.Auditor = g.person("練習 監事", ledger.Auditor)
	return g
}

func (g *Group) person(name string, role ledger.Role) ledger.Actor {
	g.T.Helper()
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		id, err = ledger.AddPerson(g.T.Context(), tx, ledger.Person{Name: name, Mail: Unique("renshu") + "@example.jp", CreatedAt: g.At})
		if err != nil {
			return err
		}
		return ledger.AddMember(g.T.Context(), tx, ledger.Membership{
			OrganisationID: g.ID, PersonID: id, Role: role, FromOn: ledger.DateOf(g.At).AddDays(-365),
		})
	})
	return ledger.ByPerson(id, name)
}

// Try runs fn in a transaction of its own.
func (g *Group) Try(fn func(tx *sqlx.Tx) error) error { return ledger.InTx(g.T.Context(), g.DB, fn) }

// In runs fn in a transaction of its own and fails the test on an error.
func (g *Group) In(fn func(tx *sqlx.Tx) error) {
	g.T.Helper()
	if err := g.Try(fn); err != nil {
		g.T.Fatal(err)
	}
}

// Today is the Tokyo day of the group's instant.
func (g *Group) Today() ledger.Date { return ledger.DateOf(g.At) }

// Pass moves the group's instant by days.
func (g *Group) Pass(days int) { g.At = g.At.AddDate(0, 0, days) }

// Left is what is left of a fund.
func (g *Group) Left(fund int64) ledger.Yen {
	g.T.Helper()
	left, err := ledger.FundBalance(g.T.Context(), g.DB, g.ID, fund)
	if err != nil {
		g.T.Fatal(err)
	}
	return left
}

// Holds is the balance of an account over all funds.
func (g *Group) Holds(account int) ledger.Yen {
	g.T.Helper()
	all, err := ledger.AccountBalances(g.T.Context(), g.DB, g.ID, ledger.NewDate(2999, 1, 1))
	if err != nil {
		g.T.Fatal(err)
	}
	for _, a := range all {
		if a.Code == account {
			return a.Balance
		}
	}
	return 0
}

// Entries lists the entries of the transaction booked from a source as "fund account amount", in their order: F for the
// fund given, G for the general one, ? for another. Nothing when there is no such transaction.
func (g *Group) Entries(source string, fund int64) string {
	g.T.Helper()
	var rows []struct {
		Fund    int64      `db:"fund_id"`
		Account int        `db:"account"`
		Amount  ledger.Yen `db:"amount"`
	}
	err := g.DB.SelectContext(g.T.Context(), &rows, `
		SELECT e.fund_id, e.account, e.amount
		  FROM entry e
		  JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
		 WHERE t.organisation_id = $1 AND t.source = $2
		 ORDER BY e.number`, g.ID, source)
	if err != nil {
		g.T.Fatal(err)
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		name := "?"
		switch r.Fund {
		case g.General:
			name = "G"
		case fund:
			name = "F"
		}
		lines[i] = fmt.Sprintf("%s %d %d", name, r.Account, r.Amount)
	}
	return strings.Join(lines, " · ")
}

// MustBalance fails the test unless the group's book holds every rule of a book.
func (g *Group) MustBalance() {
	g.T.Helper()
	faults, _, err := ledger.Verify(g.T.Context(), g.DB, g.ID)
	if err != nil {
		g.T.Fatal(err)
	}
	for _, f := range faults {
		g.T.Errorf("organisation %d: %s", g.ID, f)
	}
}

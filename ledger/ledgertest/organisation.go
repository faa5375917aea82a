package ledgertest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var count atomic.Int64

// next numbers what must be unique within a test's process.
func next() int64 { return count.Add(1) }

// NewOrganisation founds a volunteer circle whose year begins in April and which may announce campaigns.
func NewOrganisation(t testing.TB, db *sqlx.DB, edits ...func(*ledger.Organisation)) ledger.Organisation {
	t.Helper()
	n := next()
	o := ledger.Organisation{
		Name: fmt.Sprintf("練習 みんなの食堂 %d", n), Kind: "volunteer", Purpose: "だれもが来られる食堂を開く", Representative: "練習 代表",
		Address: "練習県練習市一丁目1番1号", AddressDisclosed: true, Phone: "000-0000-0000", FiscalMonth: 4,
		Practice: true, CreatedAt: At, Slug: fmt.Sprintf("practice-%d", n),
	}
	for _, edit := range edits {
		edit(&o)
	}
	Must(t, db, func(tx *sqlx.Tx) (err error) {
		if o.ID, err = ledger.FoundOrganisation(t.Context(), tx, o); err != nil {
			return err
		}
		return Vet(t.Context(), tx, o.ID)
	})
	return o
}

// NewPerson enters a person with a mail address of its own.
func NewPerson(t testing.TB, db *sqlx.DB, edits ...func(*ledger.Person)) ledger.Person {
	t.Helper()
	n := next()
	p := ledger.Person{Name: fmt.Sprintf("練習 %d", n), Mail: fmt.Sprintf("person%d@example.jp", n), CreatedAt: At}
	for _, edit := range edits {
		edit(&p)
	}
	Must(t, db, func(tx *sqlx.Tx) (err error) {
		p.ID, err = ledger.AddPerson(t.Context(), tx, p)
		return err
	})
	return p
}

// NewMember enters a person with a role since 2020, which a coordinator has from half a year before Today to half a year after it, and
// returns him as he acts.
func NewMember(t testing.TB, db *sqlx.DB, organisationID int64, role ledger.Role) ledger.Actor {
	t.Helper()
	p := NewPerson(t, db, func(p *ledger.Person) { p.Name = "練習 " + string(role) })
	m := ledger.Membership{OrganisationID: organisationID, PersonID: p.ID, Role: role, FromOn: ledger.NewDate(2020, 4, 1)}
	if role == ledger.Coordinator {
		m.FromOn, m.UntilOn = Today.AddDays(-180), Today.AddDays(180)
	}
	Must(t, db, func(tx *sqlx.Tx) error { return ledger.AddMember(t.Context(), tx, m) })
	return ledger.ByPerson(p.ID, p.Name)
}

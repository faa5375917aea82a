package ledgertest

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewInitiative starts a dining room.
func NewInitiative(t testing.TB, db *sqlx.DB, organisationID int64, edits ...func(*ledger.Initiative)) ledger.Initiative {
	t.Helper()
	i := ledger.Initiative{OrganisationID: organisationID, Name: fmt.Sprintf("百円食堂 %d", next()), Kind: "meal"}
	for _, edit := range edits {
		edit(&i)
	}
	Must(t, db, func(tx *sqlx.Tx) (err error) {
		i.ID, err = ledger.StartInitiative(t.Context(), tx, i)
		return err
	})
	return i
}

// NewFund opens a separate fund (別途会計); a campaign's collects only once its uses are published.
func NewFund(t testing.TB, db *sqlx.DB, organisationID int64, edits ...func(*ledger.Fund)) ledger.Fund {
	t.Helper()
	f := ledger.Fund{OrganisationID: organisationID, Name: fmt.Sprintf("別途 %d", next()), Kind: ledger.SeparateFund}
	for _, edit := range edits {
		edit(&f)
	}
	Must(t, db, func(tx *sqlx.Tx) (err error) {
		f.ID, err = ledger.OpenFund(t.Context(), tx, f)
		return err
	})
	return f
}

// NewUse states a use of ¥50,000 in a fund.
func NewUse(t testing.TB, db *sqlx.DB, organisationID, fundID int64, edits ...func(*ledger.Use)) ledger.Use {
	t.Helper()
	u := ledger.Use{
		OrganisationID: organisationID, FundID: fundID, Position: 1, Name: "食材", Planned: 50_000, DueOn: Today.AddDays(90),
	}
	for _, edit := range edits {
		edit(&u)
	}
	Must(t, db, func(tx *sqlx.Tx) (err error) {
		u.ID, err = ledger.StateUse(t.Context(), tx, u)
		return err
	})
	return u
}

package auth_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, ledger.Tokyo)
	today = ledger.DateOf(noon)
)

func newPerson(t *testing.T, db *sqlx.DB, name, address string) (id int64) {
	t.Helper()
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.AddPerson(context.Background(), tx, ledger.Person{Name: name, Mail: address, CreatedAt: noon})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newOrganisation(t *testing.T, db *sqlx.DB) (id int64) {
	t.Helper()
	err := db.Get(&id, `INSERT INTO organisation (name, kind, created_at) VALUES ('練習の会', 'volunteer', $1) RETURNING id`, noon)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newMember(t *testing.T, db *sqlx.DB, organisationID, personID int64, role ledger.Role, change ...func(*ledger.Membership)) {
	t.Helper()
	m := ledger.Membership{OrganisationID: organisationID, PersonID: personID, Role: role, FromOn: today.AddDays(-100)}
	if role == ledger.Coordinator {
		m.UntilOn = today.AddDays(100)
	}
	for _, c := range change {
		c(&m)
	}
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error { return ledger.AddMember(context.Background(), tx, m) })
	if err != nil {
		t.Fatal(err)
	}
}

// begin asks for a mail and returns the browser's value.
func begin(t *testing.T, db *sqlx.DB, address string, at time.Time) string {
	t.Helper()
	browser, err := auth.Begin(context.Background(), db, newRequest(address), at)
	if err != nil {
		t.Fatal(err)
	}
	return browser
}

func newRequest(address string) auth.Request {
	return auth.Request{
		Mail: address, Address: "203.0.113.5",
		Link: func(token string) string { return "https://tsukaimichi.example/sign-in/" + token },
	}
}

// readMail returns the digits and the token of the newest mail, as its reader finds them.
func readMail(t *testing.T, db *sqlx.DB) (code, token string) {
	t.Helper()
	letters, err := mail.Recent(context.Background(), db, 1)
	if err != nil || len(letters) == 0 {
		t.Fatalf("no mail: %v", err)
	}
	code = regexp.MustCompile(`(?m)^　　(\d{6})$`).FindStringSubmatch(letters[0].Text)[1]
	token = regexp.MustCompile(`/sign-in/(\S+)`).FindStringSubmatch(letters[0].Text)[1]
	return code, token
}

package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// writer enters one organisation. Its first error stays, and nothing is done after it.
type writer struct {
	ctx   context.Context
	tx    *sqlx.Tx
	store *files.Store
	base  time.Time // the instant of loading
	at    time.Time // the instant it is acting at
	err   error

	slug                             string
	organisation                     int64
	general, initiative              int64 // the general fund and the initiative
	head, treasurer, auditor, helper ledger.Actor
	keys                             int
}

// do runs fn unless something failed before.
func (w *writer) do(fn func() error) {
	if w.err == nil {
		w.err = fn()
	}
}

// day goes to noon of the day n days from the day of loading; no instant is later than loading itself.
func (w *writer) day(n int) {
	w.at = ledger.DateOf(w.base).AddDays(n).Midnight().Add(12 * time.Hour)
	if w.at.After(w.base) {
		w.at = w.base
	}
}

// today is the day the writer acts on, and in a day some days from it.
func (w *writer) today() ledger.Date { return ledger.DateOf(w.at) }

func (w *writer) in(days int) ledger.Date { return ledger.DateOf(w.base).AddDays(days) }

// key gives a form its key.
func (w *writer) key() string {
	w.keys++
	return fmt.Sprintf("sample-%s-%d", w.slug, w.keys)
}

// found enters the organisation with its people and its initiative. Their mail addresses are under host.
func (w *writer) found(o ledger.Organisation, host string, i ledger.Initiative) {
	w.slug = o.Slug
	o.Name, o.Practice, o.CreatedAt = "【練習】"+o.Name, true, w.at
	o.Representative, o.AddressDisclosed, o.Phone, o.PhoneHours = "練習 代表", true, "000-000-0000", "平日 10時から15時まで"
	o.Mail, o.PostalCode = "kaikei@"+host, "000-0000"
	o.BankAccount, o.HandIn = "練習銀行 練習支店 普通 0000000", "練習集会所(火曜 10時から15時まで)"
	w.do(func() (err error) {
		if w.organisation, err = ledger.FoundOrganisation(w.ctx, w.tx, o); err != nil {
			return err
		}
		general, err := ledger.FindGeneralFund(w.ctx, w.tx, w.organisation)
		if err != nil {
			return err
		}
		w.general, i.OrganisationID = general.ID, w.organisation
		w.initiative, err = ledger.StartInitiative(w.ctx, w.tx, i)
		return err
	})
	w.head = w.person("練習 代表", "daihyo@"+host, ledger.Representative, ledger.Date{})
	w.treasurer = w.person("練習 会計", "kaikei@"+host, ledger.Treasurer, ledger.Date{})
	w.auditor = w.person("練習 監事", "kanji@"+host, ledger.Auditor, ledger.Date{})
	w.helper = w.person("練習 担当", "tanto@"+host, ledger.Member, ledger.Date{})
	w.vet(o.Kind)
	founded := w.at
	w.day(-100)
	w.person("練習 コーディネーター", "coordinator@renshu.example", ledger.Coordinator, w.in(200)) // the same person everywhere
	w.at = founded
}

func (w *writer) person(name, mail string, role ledger.Role, until ledger.Date) ledger.Actor {
	var id int64
	w.do(func() (err error) {
		if id, err = ledger.AddPerson(w.ctx, w.tx, ledger.Person{Name: name, Mail: mail, CreatedAt: w.at}); err != nil {
			return err
		}
		return ledger.AddMember(w.ctx, w.tx, ledger.Membership{
			OrganisationID: w.organisation, PersonID: id, Role: role, FromOn: w.today(), UntilOn: until,
		})
	})
	return ledger.ByPerson(id, name)
}

// fund opens a fund that is no campaign's.
func (w *writer) fund(name string) (id int64) {
	w.do(func() (err error) {
		id, err = ledger.OpenFund(w.ctx, w.tx, ledger.Fund{OrganisationID: w.organisation, Name: name, Kind: ledger.SeparateFund})
		return err
	})
	return id
}

func (w *writer) open(places ...ledger.Entry) {
	w.do(func() error {
		_, err := ledger.OpenBook(w.ctx, w.tx, w.organisation, w.today(), places, w.treasurer, w.at)
		return err
	})
}

// receive books income that is no gift.
func (w *writer) receive(fund int64, account, place int, from, what string, amount ledger.Yen) {
	w.do(func() error {
		_, err := ledger.Receive(w.ctx, w.tx, ledger.Received{
			OrganisationID: w.organisation, On: w.today(), Account: account, Place: place, FundID: fund, From: from, What: what, Amount: amount, Key: w.key(),
		}, w.treasurer, w.at)
		return err
	})
}

func (w *writer) move(from, to int, what string, amount ledger.Yen) {
	w.do(func() error {
		_, err := ledger.Move(w.ctx, w.tx, ledger.Moved{
			OrganisationID: w.organisation, On: w.today(), From: from, To: to, Amount: amount, What: what, Key: w.key(),
		}, w.treasurer, w.at)
		return err
	})
}

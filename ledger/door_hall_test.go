package ledger_test

import (
	"math/rand/v2"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// hall is a book before the door: with a closed month, account and fund, a held use, gifts at every stage, and others beside it.
type hall struct {
	db                       *pgtest.DB
	book, others             ledgertest.Book
	key                      string // of the treasurer
	second, shut, use, party int64  // the use is the second fund's
	othersUse, othersParty   int64
	gifts                    gift // its use is held
	refund                   int64
	standing                 []ledger.Transaction // reversals of what stands
	given, returned          ledger.Transaction
}

func newHall(t *testing.T) hall {
	t.Helper()
	db := pgtest.New(t)
	h := hall{db: db, book: ledgertest.NewBook(t, db.App), others: ledgertest.NewBook(t, db.App)}
	h.second = ledgertest.NewFund(t, db.App, h.book.ID).ID
	h.shut = ledgertest.NewFund(t, db.App, h.book.ID).ID
	h.use = ledgertest.NewUse(t, db.App, h.book.ID, h.second).ID
	h.othersUse = ledgertest.NewUse(t, db.App, h.others.ID, ledgertest.NewFund(t, db.App, h.others.ID).ID).ID
	by := h.book.Treasurer
	if err := db.App.Get(&h.key, `SELECT actor_key($1, $2, $3)`, by.Kind, by.SubjectID, by.Name); err != nil {
		t.Fatal(err)
	}
	const party = `INSERT INTO counterparty (organisation_id, name) VALUES ($1, '練習商店') RETURNING id`
	mustWrite(t, db.App, h.others, func(r *rows) { h.othersParty = r.id(party, h.others.ID) })
	stand := func(x ledger.Transaction) ledger.Transaction {
		id := h.book.Post(t, func(to *ledger.Transaction) { x.Source = to.Source; *to = x })
		for i := range x.Entries {
			x.Entries[i].Amount = -x.Entries[i].Amount
		}
		x.Kind, x.Reverses, x.Reason = ledger.Reversal, id, "誤記"
		return x
	}
	h.book.Post(t, func(x *ledger.Transaction) { x.Source = "standing" })
	mustWrite(t, db.App, h.book, func(r *rows) {
		h.party = r.id(party, h.book.ID)
		h.gifts = r.campaign()
		r.collect(h.gifts)
		h.gifts = r.donate(h.gifts, 3_000, ledgertest.Today)
	})
	h.given = h.giving(h.gifts)
	mustWrite(t, db.App, h.book, func(r *rows) {
		r.exec(`UPDATE account SET closed_on = '2026-01-01' WHERE organisation_id = $1 AND code = $2`, h.book.ID, ledger.Postal)
		r.exec(`UPDATE fund SET closed_on = '2026-01-01' WHERE organisation_id = $1 AND id = $2`, h.book.ID, h.shut)
		r.closePeriod(day("2026-10-31"))
		change := r.id(`
			INSERT INTO plan_change (organisation_id, campaign_id, kind, from_version, version, base_version, status, opened_on, decides_on,
			       rest, rest_fund_id, reason, proposed_by, proposed_at)
			VALUES ($1, $2, 'stop', 1, 1, 1, 'asking', $3, $3::date + 14, 'return', $6, '練習', $4, $5)
			RETURNING id`, h.book.ID, h.gifts.campaign, ledgertest.Today, r.actor(), ledgertest.At, h.book.General)
		r.exec(`INSERT INTO use_hold (organisation_id, use_id, change_id) VALUES ($1, $2, $3)`, h.book.ID, h.gifts.use, change)
	})
	var back, failed gift
	var failing int64
	mustWrite(t, db.App, h.book, func(r *rows) {
		back, failed = r.donate(h.gifts, 3_000, ledgertest.Today), r.donate(h.gifts, 3_000, ledgertest.Today)
	})
	h.standing = []ledger.Transaction{stand(h.spending(rand.New(rand.NewPCG(1, 1)))), stand(h.giving(h.donated(t)))}
	stand(h.giving(back))
	stand(h.giving(failed))
	mustWrite(t, db.App, h.book, func(r *rows) { h.refund, failing = r.refund(back, 1_000), r.refund(failed, 1_000) })
	h.returned = h.returning(back, h.refund)
	h.standing = append(h.standing, stand(h.returning(failed, failing)))
	return h
}

func (h hall) donated(t *testing.T) (g gift) {
	t.Helper()
	ledgertest.Must(t, h.db.App, func(tx *sqlx.Tx) error {
		r := &rows{t: t, tx: tx, book: h.book}
		g = r.donate(h.gifts, 3_000, ledgertest.Today)
		return r.err
	})
	return g
}

func (h hall) of(kind ledger.TransactionKind, entries ...ledger.Entry) ledger.Transaction {
	return h.book.Transaction(func(x *ledger.Transaction) { x.Kind, x.Entries = kind, entries })
}

// simple is an income in n entries of the general fund.
func (h hall) simple(n int) ledger.Transaction {
	entries := []ledger.Entry{{Account: ledger.CashBox, FundID: h.book.General, Amount: ledger.Yen(100 * (n - 1))}}
	for range n - 1 {
		entries = append(entries, ledger.Entry{Account: 4411, FundID: h.book.General, InitiativeID: h.book.Initiative, Amount: -100})
	}
	return h.of(ledger.OtherIncome, entries...)
}

// spending is an expense out of one fund or two, on a use or none, of a segment each.
func (h hall) spending(r *rand.Rand) ledger.Transaction {
	var entries []ledger.Entry
	for range 1 + r.IntN(4) {
		e := ledger.Entry{Account: 5240, FundID: h.book.General, Segment: ledger.Administration, Amount: ledger.Yen(100 + r.IntN(900))}
		if r.IntN(2) == 0 {
			e.Segment, e.InitiativeID, e.CounterpartyID = ledger.Program, h.book.Initiative, h.party
		}
		if r.IntN(2) == 0 {
			e.FundID, e.UseID = h.second, h.use
		}
		entries = append(entries, e, ledger.Entry{Account: ledger.CashBox, FundID: e.FundID, Amount: -e.Amount})
	}
	return h.of(ledger.ExpensePaid, entries...)
}

func (h hall) giving(g gift) ledger.Transaction {
	x := h.of(ledger.GiftReceived,
		ledger.Entry{Account: ledger.CashBox, FundID: g.fund, Amount: 3_000}, ledger.Entry{Account: ledger.Gifts, FundID: g.fund, Amount: -3_000})
	x.DonationID = g.donation
	return x
}

func (h hall) returning(g gift, refund int64) ledger.Transaction {
	x := h.of(ledger.GiftRefunded,
		ledger.Entry{Account: ledger.GiftsReturned, FundID: g.fund, Amount: 1_000}, ledger.Entry{Account: ledger.CashBox, FundID: g.fund, Amount: -1_000})
	x.DonationID, x.RefundID = g.donation, refund
	return x
}

// right is a transaction that breaks no rule.
func (h hall) right(r *rand.Rand) ledger.Transaction {
	general, second := h.book.General, h.second
	var x ledger.Transaction
	switch r.IntN(9) {
	case 0:
		x = h.of(ledger.BetweenFunds,
			ledger.Entry{Account: ledger.FundTransfer, FundID: general, Amount: 700}, ledger.Entry{Account: ledger.CashBox, FundID: general, Amount: -700},
			ledger.Entry{Account: ledger.CashBox, FundID: second, Amount: 700}, ledger.Entry{Account: ledger.FundTransfer, FundID: second, Amount: -700})
	case 1:
		x = h.of(ledger.Payout,
			ledger.Entry{Account: ledger.Bank, FundID: second, Amount: 700}, ledger.Entry{Account: ledger.InTransit, FundID: second, Amount: -700})
	case 2:
		x = h.of(ledger.OpeningBalance,
			ledger.Entry{Account: ledger.CashBox, FundID: general, Amount: 700}, ledger.Entry{Account: ledger.Opening, FundID: general, Amount: -700})
	case 3:
		x = h.standing[r.IntN(len(h.standing))]
		x.Source = h.of(x.Kind).Source
		return x // on no earlier day than what it reverses
	case 4:
		x = h.given
	case 5:
		x = h.returned
	case 6:
		x = h.spending(r)
	case 7:
		x = h.spending(r)
		x.Kind = ledger.Cost
	default:
		x = h.simple(2 + r.IntN(7))
	}
	x.Source = h.of(x.Kind).Source
	x.On = []ledger.Date{ledgertest.Today, day("2026-11-03"), day("2026-10-05"), day("2027-01-01")}[r.IntN(4)] // October is closed
	return x
}

// asked is what the two are asked to write. A number of nothing is nil; 0 stands for none.
type asked struct {
	ledger.Transaction
	key                                                         string
	count                                                       int
	accounts, funds, initiatives, uses, counterparties, amounts []*int64
	segments                                                    []*string
}

func ask(x ledger.Transaction, key string) asked {
	a := asked{Transaction: x, key: key, count: len(x.Entries)}
	for _, e := range x.Entries {
		a.accounts, a.funds = append(a.accounts, ref(int64(e.Account))), append(a.funds, &e.FundID)
		a.initiatives, a.uses = append(a.initiatives, &e.InitiativeID), append(a.uses, &e.UseID)
		a.counterparties, a.amounts = append(a.counterparties, &e.CounterpartyID), append(a.amounts, ref(int64(e.Amount)))
		a.segments = append(a.segments, ref(string(e.Segment)))
	}
	return a
}

// arguments leaves out what no entry names, as the program does.
func (a asked) arguments() []any {
	return []any{
		a.OrganisationID, a.Kind, a.Source, a.On, a.count, a.key, a.At, a.Reverses, a.Reason, a.DonationID, a.RefundID, pq.Array(a.accounts),
		pq.Array(a.funds), pq.Array(named(a.segments)), pq.Array(named(a.initiatives)), pq.Array(named(a.uses)), pq.Array(named(a.counterparties)),
		pq.Array(a.amounts),
	}
}

func named[T comparable](of []*T) []*T {
	var none T
	for _, x := range of {
		if x == nil || *x != none {
			return of
		}
	}
	return []*T{}
}

// put changes what the first entry says in a column.
func put[T any](column []*T, v *T) {
	if len(column) > 0 {
		column[0] = v
	}
}

func putAll(column []*int64, v int64) {
	for i := range column {
		column[i] = &v
	}
}

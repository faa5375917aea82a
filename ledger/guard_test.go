package ledger_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestBookAcceptsWhatIsRight(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	mustWrite(t, db.App, book, func(r *rows) { r.post(r.sale()) })
	mustWrite(t, db.Owner, book, func(r *rows) { r.post(r.sale()) })
	if got := book.Balance(t, ledger.CashBox); got != 1_000 {
		t.Errorf("the box holds %d; want 1000", got)
	}
}

func TestBookRefusesWhatDoesNotBalance(t *testing.T) {
	t.Parallel()
	other := func(r *rows) int64 {
		return r.id(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '別途', 'separate') RETURNING id`, r.book.ID)
	}
	check(t, []refusal{
		{name: "in all", want: ledger.ErrUnbalanced, write: func(r *rows) {
			lines := r.sale()
			lines[1].Amount = -499
			r.post(lines)
		}},
		{name: "in a fund, though in all", want: ledger.ErrUnbalanced, write: func(r *rows) {
			lines := r.sale()
			lines[1].FundID = other(r)
			r.post(lines)
		}},
		{name: "transfer with one side only", want: ledger.ErrUnbalanced, write: func(r *rows) {
			r.post([]line{
				{Account: ledger.FundTransfer, FundID: r.book.General, Amount: 500},
				{Account: ledger.Bank, FundID: r.book.General, Amount: -500},
			})
		}},
		{name: "two transactions that balance only together", want: ledger.ErrUnbalanced, write: func(r *rows) {
			a, b := r.header(), r.header()
			r.lines(a,
				line{Account: ledger.CashBox, FundID: r.book.General, Amount: 500},
				line{Account: 4411, FundID: r.book.General, Amount: -400},
				line{TransactionID: b, Number: 1, Account: ledger.CashBox, FundID: r.book.General, Amount: 500},
				line{TransactionID: b, Number: 2, Account: 4411, FundID: r.book.General, Amount: -600})
		}},
		{name: "an entry of nothing", want: ledger.ErrOverflow, write: func(r *rows) {
			r.post(append(r.sale(), line{Account: ledger.Bank, FundID: r.book.General}))
		}},
		{name: "an entry beyond all bounds", want: ledger.ErrOverflow, write: func(r *rows) {
			lines := r.sale()
			lines[0].Amount, lines[1].Amount = 1_000_000_000_000, -1_000_000_000_000
			r.post(lines)
		}},
	})
}

func TestBookRefusesWhatIsIncomplete(t *testing.T) {
	t.Parallel()
	later := func(r *rows) { r.post(r.sale(), func(h *header) { h.Source = "standing" }) }
	standing := func(r *rows) int64 {
		return r.id(`SELECT id FROM transaction WHERE organisation_id = $1 AND source = 'standing'`, r.book.ID)
	}
	check(t, []refusal{
		{name: "header without entries", want: ledger.ErrIncomplete, write: func(r *rows) { r.header() }},
		{name: "header without log record", want: ledger.ErrIncomplete, write: func(r *rows) { r.lines(r.unrecorded(), r.sale()...) }},
		{name: "log record that nobody will seal", want: ledger.ErrIncomplete, write: func(r *rows) {
			id := r.unrecorded()
			r.record(id)
			r.lines(id, r.sale()...)
		}},
		{name: "log record in a temporary table", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.exec(`CREATE TEMPORARY TABLE log_record (LIKE public.log_record INCLUDING ALL) ON COMMIT DROP`)
			r.post(r.sale()) // whose record now goes there
		}},
		{name: "entries without header", want: ledger.ErrNoSuchRow, write: func(r *rows) { r.lines(987_654_321, r.sale()...) }},
		{name: "fewer entries than the header says", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.post(r.sale(), func(h *header) { h.EntryCount = 3 })
		}},
		{name: "more entries than the header says", want: ledger.ErrIncomplete, write: func(r *rows) {
			lines := append(r.sale(), r.sale()...)
			r.post(lines, func(h *header) { h.EntryCount = 2 })
		}},
		{name: "in two pieces", want: ledger.ErrIncomplete, write: func(r *rows) {
			id := r.header(func(h *header) { h.EntryCount = 4 })
			r.lines(id, r.sale()...)
			more := r.sale()
			more[0].Number, more[1].Number = 3, 4
			r.lines(id, more...)
		}},
		{name: "one entry", want: ledger.ErrIncomplete, write: func(r *rows) { r.header(func(h *header) { h.EntryCount = 1 }) }},
		{name: "a number left out", want: ledger.ErrIncomplete, write: func(r *rows) {
			lines := r.sale()
			lines[1].Number = 3
			r.post(lines)
		}},
		{name: "entries added later", want: ledger.ErrIncomplete, setUp: later, write: func(r *rows) {
			lines := r.sale()
			lines[0].Number, lines[1].Number = 3, 4
			r.lines(standing(r), lines...)
		}},
		{name: "entries over those that stand", want: ledger.ErrIncomplete, setUp: later, write: func(r *rows) {
			r.lines(standing(r), r.sale()...)
		}},
		{name: "another day than the header's", want: ledger.ErrIncomplete, write: func(r *rows) {
			lines := r.sale()
			lines[0].BookedOn, lines[1].BookedOn = day("2026-11-23"), day("2026-11-23")
			r.post(lines)
		}},
		{name: "two days", want: ledger.ErrIncomplete, write: func(r *rows) {
			lines := r.sale()
			lines[1].BookedOn = day("2026-11-23")
			r.post(lines)
		}},
		{name: "two days, the header's first", want: ledger.ErrIncomplete, write: func(r *rows) {
			lines := r.sale()
			lines[1].BookedOn = day("2026-11-25")
			r.post(lines)
		}},
		{name: "a number left out beside a whole one", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.beside(func(second []line) { second[1].Number = 3 })
		}},
		{name: "two days beside a whole one", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.beside(func(second []line) { second[1].BookedOn = day("2026-11-25") })
		}},
	})
}

func TestBookRefusesAnExpenseOfNoSegmentOrInitiative(t *testing.T) {
	t.Parallel()
	check(t, []refusal{
		{name: "expense without segment", want: ledger.ErrSegment, write: func(r *rows) {
			r.post([]line{
				{Account: ledger.ProvisionsExpense, FundID: r.book.General, Amount: 500},
				{Account: ledger.CashBox, FundID: r.book.General, Amount: -500},
			})
		}},
		{name: "事業費 without initiative", want: ledger.ErrSegment, write: func(r *rows) {
			r.post([]line{
				{Account: ledger.ProvisionsExpense, FundID: r.book.General, Segment: ref("program"), Amount: 500},
				{Account: ledger.CashBox, FundID: r.book.General, Amount: -500},
			})
		}},
	})
}

func TestBookRefusesWhatIsClosed(t *testing.T) {
	t.Parallel()
	october := func(r *rows) []line {
		lines := r.sale()
		lines[0].BookedOn, lines[1].BookedOn = day("2026-10-31"), day("2026-10-31")
		return lines
	}
	inOctober := func(h *header) { h.BookedOn, h.BelongsOn = day("2026-10-31"), day("2026-10-31") }
	check(t, []refusal{
		{name: "account", want: ledger.ErrAccountClosed,
			setUp: func(r *rows) { r.closeAccount(4411) },
			write: func(r *rows) { r.post(r.sale()) }},
		{name: "account in the same database transaction", want: ledger.ErrAccountClosed, write: func(r *rows) {
			r.closeAccount(4411)
			r.post(r.sale())
		}},
		{name: "account in a set over two days", want: ledger.ErrAccountClosed,
			setUp: func(r *rows) { r.closeAccount(4411) },
			write: func(r *rows) { r.beside(nil, inOctober) }},
		{name: "account that is not there", want: ledger.ErrAccountClosed, write: func(r *rows) {
			lines := r.sale()
			lines[1].Account = 4999
			r.post(lines)
		}},
		{name: "fund", want: ledger.ErrFundClosed,
			setUp: func(r *rows) {
				r.exec(`UPDATE fund SET closed_on = $3 WHERE organisation_id = $1 AND id = $2`, r.book.ID, r.book.General, ledgertest.Today)
			},
			write: func(r *rows) { r.post(r.sale()) }},
		{name: "fund in a set over two days", want: ledger.ErrFundClosed,
			setUp: func(r *rows) {
				r.exec(`UPDATE fund SET closed_on = $3 WHERE organisation_id = $1 AND id = $2`, r.book.ID, r.book.General, ledgertest.Today)
			},
			write: func(r *rows) { r.beside(nil, inOctober) }},
		{name: "period", want: ledger.ErrPeriodClosed,
			setUp: func(r *rows) { r.closePeriod(day("2026-10-31")) },
			write: func(r *rows) { r.post(october(r), inOctober) }},
		{name: "period in the same database transaction", want: ledger.ErrPeriodClosed, write: func(r *rows) {
			r.closePeriod(day("2026-10-31"))
			r.post(october(r), inOctober)
		}},
		{name: "period seen from an older snapshot", want: ledger.ErrIsolation, write: func(r *rows) {
			r.exec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
			r.post(r.sale())
		}},
		{name: "period seen from a serializable snapshot", want: ledger.ErrIsolation, write: func(r *rows) {
			r.exec(`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`)
			r.post(r.sale())
		}},
		{name: "period hidden by a temporary table", want: ledger.ErrPeriodClosed,
			setUp: func(r *rows) { r.closePeriod(day("2026-10-31")) },
			write: func(r *rows) {
				r.exec(`CREATE TEMPORARY TABLE period (LIKE public.period) ON COMMIT DROP`)
				r.post(october(r), inOctober)
			}},
		{name: "organisation without a head of its log", want: ledger.ErrNoSuchRow, write: func(r *rows) {
			bare := r.id(`INSERT INTO organisation (name, kind, created_at) VALUES ('練習', 'other', now()) RETURNING id`)
			r.book.General = r.id(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '一般', 'general') RETURNING id`, bare)
			r.exec(`INSERT INTO account (organisation_id, code, name, plain, class) SELECT $1, code, name, plain, class FROM account WHERE organisation_id = $2`, bare, r.book.ID)
			r.book.ID = bare
			r.post(r.sale())
		}},
		{name: "month twice", want: ledger.ErrPeriodClosed,
			setUp: func(r *rows) { r.closePeriod(day("2026-10-31")) },
			write: func(r *rows) { r.closePeriod(day("2026-10-31")) }},
	})
}

func TestBookRefusesToBookTwice(t *testing.T) {
	t.Parallel()
	once := func(h *header) { h.Source = "bank:line 7" }
	var opening = func(r *rows) []line {
		return []line{
			{Account: ledger.CashBox, FundID: r.book.General, Amount: 500},
			{Account: ledger.Opening, FundID: r.book.General, Amount: -500},
		}
	}
	open := func(h *header) { h.Kind = "opening" }
	check(t, []refusal{
		{name: "one source", want: ledger.ErrPostedBefore,
			setUp: func(r *rows) { r.post(r.sale(), once) },
			write: func(r *rows) { r.post(r.sale(), once) }},
		{name: "opening balances", want: ledger.ErrPostedBefore,
			setUp: func(r *rows) { r.post(opening(r), open) },
			write: func(r *rows) { r.post(opening(r), open) }},
		{name: "3100 outside the opening", want: ledger.ErrOpeningOnly, write: func(r *rows) { r.post(opening(r)) }},
	})
}

func TestBookRefusesReversalsThatAreNone(t *testing.T) {
	t.Parallel()
	stand := func(r *rows) {
		lines := r.sale()
		who := r.id(`INSERT INTO counterparty (organisation_id, name) VALUES ($1, '練習商店') RETURNING id`, r.book.ID)
		lines[0].CounterpartyID, lines[1].CounterpartyID = &who, &who
		r.post(lines, func(h *header) { h.Source = "standing" })
	}
	mirror := func(r *rows, of string, edit func([]line)) {
		id := r.id(`SELECT id FROM transaction WHERE organisation_id = $1 AND source = $2`, r.book.ID, of)
		who := r.id(`SELECT id FROM counterparty WHERE organisation_id = $1`, r.book.ID)
		lines := r.sale()
		lines[0].Amount, lines[1].Amount = -500, 500
		lines[0].CounterpartyID, lines[1].CounterpartyID = &who, &who
		if edit != nil {
			edit(lines)
		}
		r.post(lines, func(h *header) {
			h.Kind, h.Reverses, h.Reason, h.Source = "reversal", &id, "誤記", h.Source+of
			h.BookedOn, h.BelongsOn = lines[0].BookedOn, lines[0].BookedOn
			if h.BookedOn.IsZero() {
				h.BookedOn, h.BelongsOn = ledgertest.Today, ledgertest.Today
			}
		})
	}
	check(t, []refusal{
		{name: "second", want: ledger.ErrReversed,
			setUp: func(r *rows) { stand(r); mirror(r, "standing", nil) },
			write: func(r *rows) { mirror(r, "standing", nil) }},
		{name: "half the amount", want: ledger.ErrIncomplete, setUp: stand, write: func(r *rows) {
			mirror(r, "standing", func(l []line) { l[0].Amount, l[1].Amount = -250, 250 })
		}},
		{name: "the same once more", want: ledger.ErrIncomplete, setUp: stand, write: func(r *rows) {
			mirror(r, "standing", func(l []line) { l[0].Amount, l[1].Amount = 500, -500 })
		}},
		{name: "another account", want: ledger.ErrIncomplete, setUp: stand, write: func(r *rows) {
			mirror(r, "standing", func(l []line) { l[0].Account = ledger.Bank })
		}},
		{name: "another counterparty", want: ledger.ErrIncomplete, setUp: stand, write: func(r *rows) {
			mirror(r, "standing", func(l []line) { l[0].CounterpartyID = nil })
		}},
		{name: "before it happened", want: ledger.ErrIncomplete, setUp: stand, write: func(r *rows) {
			mirror(r, "standing", func(l []line) { l[0].BookedOn, l[1].BookedOn = day("2026-11-23"), day("2026-11-23") })
		}},
		{name: "of a reversal", want: ledger.ErrIncomplete,
			setUp: func(r *rows) {
				stand(r)
				mirror(r, "standing", nil)
			},
			write: func(r *rows) {
				id := r.id(`SELECT id FROM transaction WHERE organisation_id = $1 AND kind = 'reversal'`, r.book.ID)
				who := r.id(`SELECT id FROM counterparty WHERE organisation_id = $1`, r.book.ID)
				lines := r.sale()
				lines[0].CounterpartyID, lines[1].CounterpartyID = &who, &who
				r.post(lines, func(h *header) { h.Kind, h.Reverses, h.Reason = "reversal", &id, "やはり正しい" })
			}},
		{name: "of another organisation", want: ledger.ErrNoSuchRow, write: func(r *rows) {
			r.post(r.sale(), func(h *header) { h.Kind, h.Reverses, h.Reason = "reversal", ref(int64(987_654_321)), "誤記" })
		}},
	})
}

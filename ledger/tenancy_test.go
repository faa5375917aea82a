package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// neighbour is another organisation of the same database, with one row of everything that an entry can name.
type neighbour struct {
	book                        ledgertest.Book
	fund, use, initiative       int64
	counterparty, actor, record int64
	account                     int
	gift                        gift
}

func newNeighbour(t *testing.T, db *sqlx.DB) neighbour {
	t.Helper()
	n := neighbour{book: ledgertest.NewBook(t, db), account: 1199}
	mustWrite(t, db, n.book, func(r *rows) {
		n.gift = r.campaign()
		r.collect(n.gift)
		n.gift = r.donate(n.gift, 500, ledgertest.Today)
		n.fund, n.use, n.initiative, n.actor = n.gift.fund, n.gift.use, n.book.Initiative, r.actor()
		n.counterparty = r.id(`INSERT INTO counterparty (organisation_id, name) VALUES ($1, '練習商店') RETURNING id`, n.book.ID)
		n.record = r.post(r.sale())
		r.exec(`INSERT INTO account (organisation_id, code, name, plain, class, place) VALUES ($1, $2, '別口', '別口', 'asset', true)`, n.book.ID, n.account)
	})
	return n
}

func TestNoEntryNamesARowOfAnotherOrganisation(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for role, as := range map[string]*sqlx.DB{"app": db.App, "owner": db.Owner} {
		for _, c := range []struct {
			name  string
			want  error
			write func(r *rows, n neighbour)
		}{
			{"fund", ledger.ErrFundClosed, func(r *rows, n neighbour) {
				lines := r.sale()
				lines[0].FundID, lines[1].FundID = n.fund, n.fund
				r.post(lines)
			}},
			{"account", ledger.ErrAccountClosed, func(r *rows, n neighbour) {
				lines := r.sale()
				lines[0].Account = n.account
				r.post(lines)
			}},
			{"use", ledger.ErrForeignUse, func(r *rows, n neighbour) {
				lines := r.sale()
				lines[1].UseID = &n.use
				r.post(lines)
			}},
			{"initiative", ledger.ErrNoSuchRow, func(r *rows, n neighbour) {
				lines := r.sale()
				lines[1].InitiativeID = &n.initiative
				r.post(lines)
			}},
			{"counterparty", ledger.ErrNoSuchRow, func(r *rows, n neighbour) {
				lines := r.sale()
				lines[1].CounterpartyID = &n.counterparty
				r.post(lines)
			}},
			{"actor", ledger.ErrNoSuchRow, func(r *rows, n neighbour) {
				r.post(r.sale(), func(h *header) { h.ActorID = n.actor })
			}},
			{"donation", ledger.ErrNoSuchRow, func(r *rows, n neighbour) {
				r.post(r.sale(), func(h *header) { h.DonationID = &n.gift.donation })
			}},
			{"reversed transaction", ledger.ErrNoSuchRow, func(r *rows, n neighbour) {
				r.post(r.sale(), func(h *header) { h.Kind, h.Reverses, h.Reason = "reversal", &n.record, "誤記" })
			}},
			{"transaction", ledger.ErrNoSuchRow, func(r *rows, n neighbour) { r.lines(n.record, r.sale()...) }},
			{"two in one statement", ledger.ErrIncomplete, func(r *rows, n neighbour) {
				a := r.header()
				mine := r.book
				r.book = n.book
				b := r.header(func(h *header) { h.ActorID = n.actor })
				theirs := r.sale()
				r.book = mine
				for i := range theirs {
					theirs[i].OrganisationID, theirs[i].TransactionID, theirs[i].Number = n.book.ID, b, i+1
				}
				r.lines(a, append(r.sale(), theirs...)...)
			}},
		} {
			t.Run(role+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				book, n := ledgertest.NewBook(t, db.App), newNeighbour(t, db.App)
				if err := write(t, as, book, func(r *rows) { c.write(r, n) }); !errors.Is(err, c.want) {
					t.Errorf("got %v; want %v", err, c.want)
				}
			})
		}
	}
}

func TestUseBelongsToTheFundOfItsEntry(t *testing.T) {
	t.Parallel()
	check(t, []refusal{
		{name: "a use of another fund", want: ledger.ErrForeignUse, write: func(r *rows) {
			g := r.campaign()
			lines := r.sale()
			lines[1].UseID = &g.use
			r.post(lines)
		}},
		{name: "one line right, one wrong", want: ledger.ErrForeignUse, write: func(r *rows) {
			g := r.campaign()
			lines := append(r.sale(), r.sale()...)
			lines[0].UseID = &g.use
			lines[2].FundID, lines[2].UseID, lines[3].FundID = g.fund, &g.use, g.fund
			r.post(lines)
		}},
		{name: "a use moved to another fund", want: ledger.ErrFrozen,
			setUp: func(r *rows) { r.campaign() },
			write: func(r *rows) {
				r.exec(`UPDATE use SET fund_id = $2 WHERE organisation_id = $1`, r.book.ID, r.book.General)
			}},
	})
}

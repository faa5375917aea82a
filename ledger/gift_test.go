package ledger_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestGiftIsBookedWithItsDonation(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	var g gift
	mustWrite(t, db.App, book, func(r *rows) {
		g = r.campaign()
		r.collect(g)
		g = r.donate(g, 3_000, day("2026-11-24"))
		r.post(g.received(3_000), g.of)
	})
	if got := book.Left(t, g.fund); got != 3_000 {
		t.Errorf("the fund has %d; want 3000", got)
	}
	mustWrite(t, db.App, book, func(r *rows) { // unasked, so into the general fund
		g := r.unasked(book.General, 1_200)
		r.post(g.received(1_200), g.of)
	})
	if got := book.Left(t, book.General); got != 1_200 {
		t.Errorf("the general fund has %d; want 1200", got)
	}
}

func TestBookRefusesGiftsWithoutTheirDonation(t *testing.T) {
	t.Parallel()
	check(t, []refusal{
		{name: "no donation", want: ledger.ErrGift, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			r.post(g.received(3_000))
		}},
		{name: "no donation, into the general fund", want: ledger.ErrGift, write: func(r *rows) {
			r.post(gift{fund: r.book.General}.received(3_000))
		}},
		{name: "another amount", want: ledger.ErrGift, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, ledgertest.Today)
			r.post(g.received(3_001), g.of)
		}},
		{name: "another fund", want: ledger.ErrGift, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, ledgertest.Today)
			g.fund = r.book.General
			r.post(g.received(3_000), g.of)
		}},
		{name: "not paid yet", want: ledger.ErrGift, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, ledgertest.Today)
			r.exec(`INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, given_on,
			               token_hash, entered_by, entered_at, key)
			        SELECT organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, given_on,
			               sha256('pending'), entered_by, entered_at, 'pending'
			          FROM donation WHERE organisation_id = $1 AND id = $2`, r.book.ID, g.donation)
			g.donation = r.id(`SELECT id FROM donation WHERE organisation_id = $1 AND status = 'pending'`, r.book.ID)
			r.post(g.received(3_000), g.of)
		}},
		{name: "a second time", want: ledger.ErrPostedBefore, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, ledgertest.Today)
			r.post(g.received(3_000), g.of)
			r.post(g.received(3_000), g.of)
		}},
	})
}

func TestBookRefusesGiftsOutsideTheirPromise(t *testing.T) {
	t.Parallel()
	check(t, []refusal{
		{name: "fund that never collected", want: ledger.ErrNotCollecting, write: func(r *rows) {
			g := r.donate(r.campaign(), 3_000, ledgertest.Today)
			r.post(g.received(3_000), g.of)
		}},
		{name: "given before the fund collects", want: ledger.ErrNotCollecting, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, day("2026-09-30"))
			r.post(g.received(3_000), g.of)
		}},
		{name: "given after the fund collected", want: ledger.ErrNotCollecting, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, day("2026-12-01"))
			lines := g.received(3_000)
			r.post(lines, g.of)
		}},
		{name: "collecting without published uses", want: ledger.ErrNoPromise, write: func(r *rows) {
			r.exec(`INSERT INTO fund (organisation_id, name, kind, collects_from) VALUES ($1, '募金', 'campaign', '2026-10-01')`, r.book.ID)
		}},
		{name: "collecting from later on without published uses", want: ledger.ErrNoPromise,
			setUp: func(r *rows) {
				r.exec(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '募金', 'campaign')`, r.book.ID)
			},
			write: func(r *rows) {
				r.exec(`UPDATE fund SET collects_from = '2026-10-01' WHERE organisation_id = $1 AND kind = 'campaign'`, r.book.ID)
			}},
		{name: "into a separate fund", want: ledger.ErrGift, write: func(r *rows) {
			fund := r.id(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '別途', 'separate') RETURNING id`, r.book.ID)
			g := r.unasked(fund, 3_000)
			r.post(g.received(3_000), g.of)
		}},
		{name: "part of it into another fund", want: ledger.ErrGift, write: func(r *rows) {
			g := r.campaign()
			r.collect(g)
			g = r.donate(g, 3_000, ledgertest.Today)
			r.post(append(g.received(2_000), gift{fund: r.book.General}.received(1_000)...), g.of)
		}},
		{name: "a campaign's fund turned separate", want: ledger.ErrFrozen,
			setUp: func(r *rows) {
				r.exec(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '募金', 'campaign')`, r.book.ID)
			},
			write: func(r *rows) {
				r.exec(`UPDATE fund SET kind = 'separate' WHERE organisation_id = $1 AND kind = 'campaign'`, r.book.ID)
			}},
	})
}

func TestBookRefusesToGiveBackMoreThanWasGiven(t *testing.T) {
	t.Parallel()
	given := func(r *rows) gift {
		g := r.campaign()
		r.collect(g)
		g = r.donate(g, 3_000, ledgertest.Today)
		r.post(g.received(3_000), g.of)
		return g
	}
	returned := func(g gift, amount ledger.Yen) []line {
		return []line{
			{Account: ledger.GiftsReturned, FundID: g.fund, Amount: amount},
			{Account: ledger.CashBox, FundID: g.fund, Amount: -amount},
		}
	}
	check(t, []refusal{
		{name: "in one", want: ledger.ErrRefundTooMuch, write: func(r *rows) { r.refund(given(r), 3_001) }},
		{name: "in three", want: ledger.ErrRefundTooMuch, write: func(r *rows) {
			g := given(r)
			r.refund(g, 1_500)
			r.refund(g, 1_500)
			r.refund(g, 1)
		}},
		{name: "booked twice", want: ledger.ErrPostedBefore, write: func(r *rows) {
			g := given(r)
			refund := r.refund(g, 1_000)
			of := func(h *header) { h.Kind, h.DonationID, h.RefundID = "refund", &g.donation, &refund }
			r.post(returned(g, 1_000), of)
			r.post(returned(g, 1_000), of)
		}},
		{name: "booked the wrong way round", want: ledger.ErrGift, write: func(r *rows) {
			g := given(r)
			refund := r.refund(g, 1_000)
			r.post(returned(g, -1_000), func(h *header) { h.Kind, h.DonationID, h.RefundID = "refund", &g.donation, &refund })
		}},
		{name: "booked without a refund", want: ledger.ErrGift, write: func(r *rows) { r.post(returned(given(r), 3_000)) }},
		{name: "booked above its refund", want: ledger.ErrGift, write: func(r *rows) {
			g := given(r)
			refund := r.refund(g, 1_000)
			r.post(returned(g, 3_000), func(h *header) { h.Kind, h.DonationID, h.RefundID = "refund", &g.donation, &refund })
		}},
		{name: "booked with the refund of another gift", want: ledger.ErrGift, write: func(r *rows) {
			g := given(r)
			refund := r.refund(g, 1_000)
			other := r.donate(g, 3_000, ledgertest.Today)
			r.post(returned(g, 1_000), func(h *header) { h.Kind, h.DonationID, h.RefundID = "refund", &other.donation, &refund })
		}},
	})
}

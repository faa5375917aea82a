package ledger_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// This file writes rows by plain SQL, past the package: as somebody would who wants to get around it.

// sequence numbers what must be unique within this test process.
var sequence atomic.Int64

// header is a row of table transaction.
type header struct {
	OrganisationID int64       `db:"organisation_id"`
	Kind           string      `db:"kind"`
	Source         string      `db:"source"`
	BookedOn       ledger.Date `db:"booked_on"`
	BelongsOn      ledger.Date `db:"belongs_on"`
	EntryCount     int         `db:"entry_count"`
	ActorID        int64       `db:"actor_id"`
	Reverses       *int64      `db:"reverses"`
	Reason         string      `db:"reason"`
	DonationID     *int64      `db:"donation_id"`
	RefundID       *int64      `db:"refund_id"`
}

// line is a row of table entry.
type line struct {
	OrganisationID int64       `db:"organisation_id"`
	TransactionID  int64       `db:"transaction_id"`
	Number         int         `db:"number"`
	Account        int         `db:"account"`
	FundID         int64       `db:"fund_id"`
	Segment        *string     `db:"segment"`
	InitiativeID   *int64      `db:"initiative_id"`
	UseID          *int64      `db:"use_id"`
	CounterpartyID *int64      `db:"counterparty_id"`
	Amount         ledger.Yen  `db:"amount"`
	BookedOn       ledger.Date `db:"booked_on"`
}

// rows writes the rows of one book within one database transaction. The first error stays, and nothing is written after it.
type rows struct {
	t    *testing.T
	tx   *sqlx.Tx
	book ledgertest.Book
	err  error
}

func (r *rows) exec(query string, args ...any) {
	if r.err == nil {
		_, r.err = r.tx.Exec(query, args...)
	}
}

// id runs an INSERT … RETURNING id.
func (r *rows) id(query string, args ...any) (id int64) {
	if r.err == nil {
		r.err = r.tx.Get(&id, query, args...)
	}
	return id
}

func (r *rows) actor() (id int64) {
	if r.err == nil {
		id, r.err = ledger.ActorID(r.t.Context(), r.tx, r.book.ID, r.book.Treasurer)
	}
	return id
}

// header inserts a transaction of two entries, today, and its log record, which waits to be sealed.
func (r *rows) header(edits ...func(*header)) int64 {
	id := r.unrecorded(edits...)
	r.record(id)
	r.exec(`
		INSERT INTO unsealed (organisation_id, record_id)
		SELECT organisation_id, id FROM log_record WHERE organisation_id = $1 AND kind = 'transaction' AND subject_id = $2`, r.book.ID, id)
	return id
}

func (r *rows) record(id int64) {
	r.exec(`INSERT INTO log_record (organisation_id, kind, subject_id, recorded_at) VALUES ($1, 'transaction', $2, $3)`, r.book.ID, id, ledgertest.At)
}

func (r *rows) unrecorded(edits ...func(*header)) (id int64) {
	h := header{
		OrganisationID: r.book.ID, Kind: "income", Source: fmt.Sprintf("sql:%d", sequence.Add(1)), BookedOn: ledgertest.Today,
		BelongsOn: ledgertest.Today, EntryCount: 2, ActorID: r.actor(),
	}
	for _, edit := range edits {
		edit(&h)
	}
	if r.err != nil {
		return 0
	}
	query, args, err := r.tx.BindNamed(`
		INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at,
		       reverses, reason, donation_id, refund_id)
		VALUES (:organisation_id, :kind, :source, :booked_on, :belongs_on, :entry_count, :actor_id, now(),
		       :reverses, :reason, :donation_id, :refund_id)
		RETURNING id`, h)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.id(query, args...)
}

// lines inserts entries, numbered from 1, today, in one statement.
func (r *rows) lines(transactionID int64, lines ...line) {
	for i := range lines {
		l := &lines[i]
		if l.OrganisationID == 0 {
			l.OrganisationID = r.book.ID
		}
		if l.TransactionID == 0 {
			l.TransactionID = transactionID
		}
		if l.Number == 0 {
			l.Number = i + 1
		}
		if l.BookedOn.IsZero() {
			l.BookedOn = ledgertest.Today
		}
	}
	if r.err == nil {
		_, r.err = r.tx.NamedExec(`
			INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, segment, initiative_id, use_id,
			       counterparty_id, amount, booked_on)
			VALUES (:organisation_id, :transaction_id, :number, :account, :fund_id, :segment, :initiative_id, :use_id,
			       :counterparty_id, :amount, :booked_on)`, lines)
	}
}

// sale is the pair that is right in every respect: ¥500 for a meal into the box of the general fund.
func (r *rows) sale() []line {
	return []line{
		{Account: ledger.CashBox, FundID: r.book.General, Amount: 500},
		{Account: 4411, FundID: r.book.General, Amount: -500},
	}
}

// post inserts a whole transaction.
func (r *rows) post(lines []line, edits ...func(*header)) int64 {
	edits = append([]func(*header){func(h *header) { h.EntryCount = len(lines) }}, edits...)
	id := r.header(edits...)
	r.lines(id, lines...)
	return id
}

// beside inserts two transactions in one statement: one that is right, on the day of its header, and one of today after the edit.
func (r *rows) beside(edit func(second []line), first ...func(*header)) {
	h := header{BookedOn: ledgertest.Today}
	for _, e := range first {
		e(&h)
	}
	a, b := r.header(first...), r.header()
	lines, second := r.sale(), r.sale()
	for i := range second {
		lines[i].BookedOn = h.BookedOn
		second[i].TransactionID, second[i].Number = b, i+1
	}
	if edit != nil {
		edit(second)
	}
	r.lines(a, append(lines, second...)...)
}

// closeAccount closes an account today.
func (r *rows) closeAccount(code int) {
	r.exec(`UPDATE account SET closed_on = $3 WHERE organisation_id = $1 AND code = $2`, r.book.ID, code, ledgertest.Today)
}

func (r *rows) closePeriod(until ledger.Date) {
	r.exec(`INSERT INTO period (organisation_id, until_on, kind, actor_id, closed_at) VALUES ($1, $2, 'month', $3, $4)`,
		r.book.ID, until, r.actor(), ledgertest.At)
}

// write runs fn on a connection and commits.
func write(t *testing.T, db *sqlx.DB, book ledgertest.Book, fn func(r *rows)) error {
	t.Helper()
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	r := &rows{t: t, tx: tx, book: book}
	fn(r)
	if r.err != nil {
		if err = tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		return ledger.Classify(r.err)
	}
	return ledger.Classify(tx.Commit())
}

func mustWrite(t *testing.T, db *sqlx.DB, book ledgertest.Book, fn func(r *rows)) {
	t.Helper()
	if err := write(t, db, book, fn); err != nil {
		t.Fatal(err)
	}
}

// refusal is something that nobody gets written.
type refusal struct {
	name  string
	want  error
	setUp func(r *rows) // committed before
	write func(r *rows)
}

// check tries each refusal on a book of its own, as the program's role and as the owner of the tables.
func check(t *testing.T, refusals []refusal) {
	t.Helper()
	db := pgtest.New(t)
	for role, as := range map[string]*sqlx.DB{"app": db.App, "owner": db.Owner} {
		for _, c := range refusals {
			t.Run(role+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				book := ledgertest.NewBook(t, db.App)
				if c.setUp != nil {
					mustWrite(t, db.App, book, c.setUp)
				}
				if err := write(t, as, book, c.write); !errors.Is(err, c.want) {
					t.Errorf("got %v; want %v", err, c.want)
				}
			})
		}
	}
}

// gift is a campaign with one published use, its fund, and one donation.
type gift struct {
	campaign, fund, use, donation int64
}

// campaign announces a campaign that collects in October and November 2026 for one use of ¥50,000, but leaves opening
// the fund to collect to the caller.
func (r *rows) campaign() gift {
	g := gift{
		fund: r.id(`INSERT INTO fund (organisation_id, name, kind) VALUES ($1, '食材の募金', 'campaign') RETURNING id`, r.book.ID),
	}
	g.use = r.id(`INSERT INTO use (organisation_id, fund_id, position, name, planned) VALUES ($1, $2, 1, '食材', 50000) RETURNING id`, r.book.ID, g.fund)
	g.campaign = r.id(`
		INSERT INTO campaign (organisation_id, slug, initiative_id, fund_id)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, r.book.ID, fmt.Sprintf("c%d", sequence.Add(1)), r.book.Initiative, g.fund)
	r.exec(`
		INSERT INTO plan (organisation_id, campaign_id, version, title, need, other_sources, uncovered, margin, collects_from,
		       collects_until, if_too_little, if_too_much, if_stopped, report_due_on, responsible, published_at, published_by)
		VALUES ($1, $2, 1, '百円食堂の食材', '足りない', '利用料', '未定', 10000, '2026-10-01', '2026-11-30', '減らす', '来年へ', '返す',
		       '2027-03-31', '練習 代表', '2026-09-20T00:00:00Z', $3)`, r.book.ID, g.campaign, r.actor())
	r.exec(`
		INSERT INTO plan_use (organisation_id, campaign_id, version, position, use_id, name, amount, due_on, evidence)
		VALUES ($1, $2, 1, 1, $3, '食材', 50000, '2027-02-28', 'レシート')`, r.book.ID, g.campaign, g.use)
	r.exec(`UPDATE campaign SET status = 'open', version = 1 WHERE organisation_id = $1 AND id = $2`, r.book.ID, g.campaign)
	return g
}

// collect opens a campaign's fund to gifts in October and November 2026.
func (r *rows) collect(g gift) {
	r.exec(`UPDATE fund SET collects_from = '2026-10-01', collects_until = '2026-11-30' WHERE organisation_id = $1 AND id = $2`, r.book.ID, g.fund)
}

// donate enters a paid gift into the campaign, nameless, from a box.
func (r *rows) donate(g gift, amount ledger.Yen, on ledger.Date) gift {
	token := sha256.Sum256(fmt.Append(nil, sequence.Add(1)))
	g.donation = r.id(`
		INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, status, given_on, paid_on,
		       token_hash, entered_by, entered_at, key)
		VALUES ($1, $2, 1, $3, 'box', $4, 'nameless', 'paid', $5, $5, $6, $7, $8, $9)
		RETURNING id`, r.book.ID, g.campaign, g.fund, amount, on, token[:], r.actor(), ledgertest.At, fmt.Sprintf("gift-%d", sequence.Add(1)))
	return g
}

// unasked enters a paid gift that no campaign asked for.
func (r *rows) unasked(fund int64, amount ledger.Yen) gift {
	token := sha256.Sum256(fmt.Append(nil, sequence.Add(1)))
	return gift{fund: fund, donation: r.id(`
		INSERT INTO donation (organisation_id, fund_id, channel, amount, counts_as, status, given_on, paid_on,
		       token_hash, entered_by, entered_at, key)
		VALUES ($1, $2, 'box', $3, 'nameless', 'paid', $4, $4, $5, $6, $7, $8)
		RETURNING id`, r.book.ID, fund, amount, ledgertest.Today, token[:], r.actor(), ledgertest.At, fmt.Sprintf("gift-%d", sequence.Add(1)))}
}

// refund enters a paid refund of a gift.
func (r *rows) refund(g gift, amount ledger.Yen) int64 {
	return r.id(`
		INSERT INTO refund (organisation_id, donation_id, amount, status, reason, asked_by, asked_at)
		VALUES ($1, $2, $3, 'paid', '申し出', $4, $5)
		RETURNING id`, r.book.ID, g.donation, amount, r.actor(), ledgertest.At)
}

// received are the entries of a gift into the box.
func (g gift) received(amount ledger.Yen) []line {
	return []line{
		{Account: ledger.CashBox, FundID: g.fund, Amount: amount},
		{Account: ledger.Gifts, FundID: g.fund, Amount: -amount},
	}
}

func (g gift) of(h *header) { h.Kind, h.DonationID = "donation", &g.donation }

func ref[T any](v T) *T { return &v }

package ledger_test

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// door is how the program posts, and before how the release before the door did: rows inserted directly, for the guards to judge.
const (
	door   = `SELECT public.post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '')`
	before = `
WITH who AS (
  SELECT p.any_actors[array_position(p.actor_keys, $6::uuid)] AS id, greatest($4::date, p.closed_until + 1) AS booked_on
    FROM postable p
   WHERE p.organisation_id = $1 AND $6::uuid = ANY (p.actor_keys)
), header AS (
  INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at,
         reverses, reason, donation_id, refund_id)
  SELECT $1, $2, $3, who.booked_on, $4::date, $5::smallint, who.id, $7::timestamptz,
         nullif($8::bigint, 0), $9, nullif($10::bigint, 0), nullif($11::bigint, 0)
    FROM who
      ON CONFLICT ON CONSTRAINT transaction_source_key DO NOTHING
  RETURNING id, booked_on
), lines AS (
  INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, segment, initiative_id, use_id,
         counterparty_id, amount, booked_on)
  SELECT $1, header.id, line.number, line.account, line.fund_id, nullif(line.segment, ''), nullif(line.initiative_id, 0),
         nullif(line.use_id, 0), nullif(line.counterparty_id, 0), line.amount, header.booked_on
    FROM header,
         unnest($12::int[], $13::bigint[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[])
           WITH ORDINALITY AS line (account, fund_id, segment, initiative_id, use_id, counterparty_id, amount, number)
), queue AS (
  INSERT INTO unsealed (organisation_id, record_id)
  SELECT $1, header.id FROM header
)
SELECT id FROM header`
	// wrote is all there is of a transaction, apart from its number and source.
	wrote = `
		SELECT concat((to_jsonb(t) - 'id') - 'source', to_jsonb(d), to_jsonb(r),
		              (SELECT jsonb_agg(to_jsonb(e) - 'transaction_id' ORDER BY e.number)
		                 FROM entry e WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id),
		              (SELECT count(*) FROM unsealed u WHERE u.organisation_id = t.organisation_id AND u.record_id = t.id))
		  FROM transaction t
		  LEFT JOIN donation d ON d.organisation_id = t.organisation_id AND d.id = t.donation_id
		  LEFT JOIN refund r ON r.organisation_id = t.organisation_id AND r.id = t.refund_id
		 WHERE t.organisation_id = $1 AND t.id = $2`
)

// fault breaks one rule; where want is nil no sentinel stands for it and the states of SQL have to be the same. Where simply is set, it does so
// to a simple income only; of what would break another rule as well the book speaks first of this one.
type fault struct {
	name   string
	want   error
	simply bool
	edit   func(h hall, a *asked)
}

var faults = []fault{
	{"unbalanced", ledger.ErrUnbalanced, false, func(h hall, a *asked) { put(a.amounts, ref(int64(77))) }},
	{"unbalanced in a fund", ledger.ErrUnbalanced, true, func(h hall, a *asked) { put(a.funds, &h.second) }},
	{"amount of nothing", ledger.ErrOverflow, false, func(h hall, a *asked) { put(a.amounts, ref(int64(0))) }},
	{"amount beyond all bounds", ledger.ErrOverflow, false, func(h hall, a *asked) { put(a.amounts, ref(int64(1_000_000_000_000))) }},
	{"amount at the end of its type", ledger.ErrOverflow, false, func(h hall, a *asked) { putAll(a.amounts, -1<<63) }},
	{"unknown account", ledger.ErrAccountClosed, false, func(h hall, a *asked) { put(a.accounts, ref(int64(1999))) }},
	{"closed account", ledger.ErrAccountClosed, false, func(h hall, a *asked) { put(a.accounts, ref(int64(ledger.Postal))) }},
	{"unknown fund", ledger.ErrFundClosed, false, func(h hall, a *asked) { putAll(a.funds, 987_654_321) }},
	{"closed fund", ledger.ErrFundClosed, false, func(h hall, a *asked) { putAll(a.funds, h.shut) }},
	{"fund of others", ledger.ErrFundClosed, false, func(h hall, a *asked) { putAll(a.funds, h.others.General) }},
	{"unknown initiative", ledger.ErrNoSuchRow, false, func(h hall, a *asked) { put(a.initiatives, ref(int64(987_654_321))) }},
	{"initiative of others", ledger.ErrNoSuchRow, false, func(h hall, a *asked) { put(a.initiatives, &h.others.Initiative) }},
	{"unknown use", ledger.ErrForeignUse, true, func(h hall, a *asked) { put(a.uses, ref(int64(987_654_321))) }},
	{"use of others", ledger.ErrForeignUse, true, func(h hall, a *asked) { put(a.uses, &h.othersUse) }},
	{"use of another fund", ledger.ErrForeignUse, true, func(h hall, a *asked) { put(a.uses, &h.use) }},
	{"unknown counterparty", ledger.ErrNoSuchRow, false, func(h hall, a *asked) { put(a.counterparties, ref(int64(987_654_321))) }},
	{"counterparty of others", ledger.ErrNoSuchRow, false, func(h hall, a *asked) { put(a.counterparties, &h.othersParty) }},
	{"expense without segment", ledger.ErrSegment, true, func(h hall, a *asked) { put(a.accounts, ref(int64(5240))) }},
	{"unknown segment", nil, false, func(h hall, a *asked) { put(a.segments, ref("事業")) }},
	{"事業費 without initiative", ledger.ErrSegment, true, func(h hall, a *asked) { put(a.segments, ref("program")); putAll(a.initiatives, 0) }},
	{"count 0", ledger.ErrIncomplete, false, func(h hall, a *asked) { a.count = 0 }},
	{"count 1", ledger.ErrIncomplete, false, func(h hall, a *asked) { a.count = 1 }},
	{"count 1001", ledger.ErrIncomplete, false, func(h hall, a *asked) { a.count = 1001 }},
	{"count beyond its type", nil, false, func(h hall, a *asked) { a.count += 1 << 16 }},
	{"one entry fewer than said", ledger.ErrIncomplete, false, func(h hall, a *asked) { a.count++ }},
	{"one entry more than said", ledger.ErrIncomplete, true, func(h hall, a *asked) {
		*a = ask(h.simple(3), a.key)
		a.count = 2
	}},
	{"no entries", ledger.ErrIncomplete, false, func(h hall, a *asked) { *a = asked{Transaction: a.Transaction, key: a.key, count: 2} }},
	{"accounts left over", nil, false, func(h hall, a *asked) { a.accounts = append(a.accounts, ref(int64(ledger.Bank))) }},
	{"counterparties left over", nil, false, func(h hall, a *asked) { a.counterparties = append(a.counterparties, &h.party) }},
	{"too few funds", nil, false, func(h hall, a *asked) { a.funds = a.funds[:max(0, len(a.funds)-1)] }},
	{"NULL account", nil, false, func(h hall, a *asked) { put(a.accounts, nil) }},
	{"NULL fund", nil, false, func(h hall, a *asked) { put(a.funds, nil) }},
	{"NULL amount", nil, false, func(h hall, a *asked) { put(a.amounts, nil) }},
	{"unknown kind", nil, false, func(h hall, a *asked) { a.Kind = "gift" }},
	{"no source", nil, false, func(h hall, a *asked) { a.Source = "" }},
	{"reversal of nothing", ledger.ErrNoSuchRow, true, func(h hall, a *asked) { a.Kind, a.Reverses, a.Reason = ledger.Reversal, 987_654_321, "誤記" }},
	{"reversal without its word", nil, true, func(h hall, a *asked) { a.Reverses, a.Reason = h.standing[0].Reverses, "誤記" }},
	{"reversal without a reason", nil, true, func(h hall, a *asked) { a.Kind, a.Reverses, a.Reason = ledger.Reversal, h.standing[0].Reverses, "" }},
	{"reversal that mirrors something else", ledger.ErrIncomplete, true, func(h hall, a *asked) {
		a.Kind, a.Reverses, a.Reason = ledger.Reversal, h.standing[0].Reverses, "誤記"
	}},
	{"3100 outside the opening", ledger.ErrOpeningOnly, true, func(h hall, a *asked) { put(a.accounts, ref(int64(ledger.Opening))) }},
	{"3200 with one side", ledger.ErrUnbalanced, true, func(h hall, a *asked) { put(a.accounts, ref(int64(ledger.FundTransfer))) }},
	{"4210 without donation", ledger.ErrGift, true, func(h hall, a *asked) { put(a.accounts, ref(int64(ledger.Gifts))) }},
	{"4219 without refund", ledger.ErrGift, true, func(h hall, a *asked) { put(a.accounts, ref(int64(ledger.GiftsReturned))) }},
	{"unknown donation", ledger.ErrNoSuchRow, true, func(h hall, a *asked) { a.DonationID = 987_654_321 }},
	{"refund without donation", ledger.ErrGift, true, func(h hall, a *asked) { a.RefundID = h.refund }},
	{"spent on a held use", ledger.ErrUseHeld, true, func(h hall, a *asked) {
		a.Kind = ledger.ExpensePaid
		putAll(a.funds, h.gifts.fund)
		put(a.uses, &h.gifts.use)
		put(a.accounts, ref(int64(5240)))
		put(a.segments, ref("admin"))
	}},
}

// What is right is accepted by both and leaves the same rows; what breaks one rule is refused by both with the same word; what breaks two
// is refused by both, if one does not mend the other. There is no day in a closed period among them: both move it to the first open one.
// Where a header has no entries the guards speak up at the end of the database transaction and the door at once, with the same word.
func TestDoorAndGuardsAgree(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for range 40 {
		a := ask(h.right(r), h.key)
		rows, err, _ := h.both(t, seed, "right", a)
		if err != nil {
			t.Errorf("seed %d: %s of %+v: %v; want it posted", seed, a.Kind, a.Entries, err)
		}
		if a.Kind == ledger.Reversal && a.DonationID != 0 && !undone.MatchString(rows) {
			t.Errorf("seed %d: reversed: %s; want the gift reversed, or its refund failed", seed, rows)
		}
	}
	for _, f := range faults {
		for i := range 2 {
			x := h.simple(2 + r.IntN(7))
			if !f.simply && i > 0 {
				x = h.right(r)
			}
			a := ask(x, h.key)
			f.edit(h, &a)
			_, byDoor, byRows := h.both(t, seed, f.name, a)
			if f.want == nil && (state(byDoor) != state(byRows) || state(byDoor) == "") ||
				f.want != nil && (!errors.Is(byDoor, f.want) || !errors.Is(byRows, f.want)) {
				t.Errorf("seed %d: %s: %s of %+v: door %v; rows %v; want %v", seed, f.name, x.Kind, x.Entries, byDoor, byRows, f.want)
			}
		}
	}
	for range 40 {
		one, two := faults[r.IntN(len(faults))], faults[r.IntN(len(faults))]
		a := ask(h.right(r), h.key)
		one.edit(h, &a)
		two.edit(h, &a)
		h.both(t, seed, one.name+" and "+two.name, a)
	}
	for name, edit := range map[string]func(*asked){
		"source of another":    func(a *asked) { a.Source = "standing" },
		"actor of nobody":      func(a *asked) { a.key = strings.Repeat("0", 32) },
		"unknown organisation": func(a *asked) { a.OrganisationID = 987_654_321 },
	} {
		a := ask(h.simple(2), h.key)
		edit(&a)
		if got, err, _ := h.both(t, seed, name, a); got != "" || err != nil {
			t.Errorf("%s: wrote %q, %v; want nothing, without an error", name, got, err)
		}
	}
}

// undone is what reversing a gift or a refund leaves of it.
var undone = regexp.MustCompile(`"reversed_at": "|"status": "failed"`)

// both asks door and guards and reports where they differ.
func (h hall) both(t *testing.T, seed uint64, what string, a asked) (rows string, byDoor, byRows error) {
	t.Helper()
	rows, byDoor = h.run(door, "door", a)
	direct, byRows := h.run(before, "rows", a)
	if (byDoor == nil) != (byRows == nil) || rows != direct {
		t.Errorf("seed %d: %s: %s of %+v:\ndoor %v %s\nrows %v %s", seed, what, a.Kind, a.Entries, byDoor, rows, byRows, direct)
	}
	return rows, byDoor, byRows
}

// state is the SQLSTATE of an error, or nothing.
func state(err error) string {
	var pe *pq.Error
	if errors.As(err, &pe) {
		return string(pe.Code)
	}
	return ""
}

// run asks for it in a database transaction of its own and returns what was written. What can be there only once is taken back at the end.
func (h hall) run(statement, by string, a asked) (rows string, err error) {
	tx := h.db.App.MustBegin()
	defer func() { _ = tx.Rollback() }()
	if strings.HasPrefix(a.Source, "test:") {
		a.Source += " " + by
	}
	var id sql.NullInt64
	if err = tx.Get(&id, statement, a.arguments()...); errors.Is(err, sql.ErrNoRows) || err == nil && !id.Valid {
		return "", nil
	}
	if err == nil {
		err = tx.Get(&rows, wrote, a.OrganisationID, id)
	}
	switch {
	case err != nil:
	case a.Kind == ledger.OpeningBalance || a.Reverses != 0 || a.DonationID != 0:
		_, err = tx.Exec(`SET CONSTRAINTS ALL IMMEDIATE`)
	default:
		err = tx.Commit()
	}
	if err != nil {
		return "", ledger.Classify(err)
	}
	return rows, nil
}

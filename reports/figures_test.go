package reports_test

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// list reads the public list back and adds up its columns.
func list(t testing.TB, f reports.Figures) (text string, in, out, inKind ledger.Yen) {
	t.Helper()
	file, err := reports.EntriesCSV(f.Entries, nil)
	if err != nil {
		t.Fatal(err)
	}
	text = string(file)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, sum := range []*ledger.Yen{&in, &out, &inKind} {
			if row[4+i] == "" {
				continue
			}
			n, err := strconv.ParseInt(row[4+i], 10, 64)
			if err != nil {
				t.Fatalf("%q is no amount: %v", row[4+i], err)
			}
			*sum += ledger.Yen(n)
		}
	}
	return text, in, out, inKind
}

// agree fails the test unless every way of adding up a report comes to the same.
func agree(t testing.TB, f reports.Figures) {
	t.Helper()
	p := f.Progress
	text, in, out, inKind := list(t, f)
	income := p.Carried - f.Returned
	for _, g := range f.Gifts {
		income += g.Amount
	}
	for _, o := range f.Other {
		income += o.Amount
	}
	var costs, uses ledger.Yen
	for _, c := range f.Costs {
		costs += c.Amount
	}
	for _, u := range p.Uses {
		uses += u.Spent
	}
	for _, c := range []struct {
		what      string
		got, want ledger.Yen
	}{
		{"list, money in", in, f.In()}, {"list, money out", out, p.Spent}, {"list, goods", inKind, p.InKind}, {"income by source", income, f.In()},
		{"costs by use", costs, p.Spent}, {"uses", uses + p.NoUse, p.Spent}, {"left", f.In() - p.Spent, p.Left},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d\n%s", c.what, c.got, c.want, text)
		}
	}
	lines := 0
	for _, e := range f.Entries {
		if e.Account == ledger.Gifts {
			lines++
		}
	}
	for _, e := range f.Entries {
		if e.Account == ledger.Gifts && lines > 1 && e.Gifts < 5 {
			t.Errorf("a line of %d gifts stands by itself among %d:\n%s", e.Gifts, lines, text)
		}
		if e.Account == ledger.ProcessingCost && (e.Record > 0 || e.Gifts < 5 && e.Gifts < cards(f)) {
			t.Errorf("what %d gifts cost stands by itself, and tells what they were:\n%s", e.Gifts, text)
		}
	}
}

// cards is how many lines of costs a list has gifts for.
func cards(f reports.Figures) (n int) {
	for _, e := range f.Entries {
		if e.Account == ledger.ProcessingCost {
			n += e.Gifts
		}
	}
	return n
}

// TestListAddsUpToTheReportWhateverHappened lets anything happen to a campaign in any order, over several months.
func TestListAddsUpToTheReportWhateverHappened(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	rapid.Check(t, func(rt *rapid.T) {
		g := campaigntest.Found(t, db)
		b := &book{g, g.Announce(func(p *campaigns.Plan) {
			p.CollectsUntil, p.ReportDueOn = p.CollectsFrom.AddDays(200), p.CollectsFrom.AddDays(300)
			if rapid.Bool().Draw(rt, "costs on a use") {
				campaigntest.CostsOnUse(p)
			}
		})}
		s := &story{book: b, uses: b.Uses(b.c)}
		for range rapid.IntRange(1, 9).Draw(rt, "events") {
			s.something(rt)
		}
		agree(t, b.figures())
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// story is a campaign to which things happen.
type story struct {
	*book
	uses     []ledger.Use
	gifts    []campaigns.Donation
	expenses []int64
}

func (s *story) something(rt *rapid.T) {
	amount := ledger.Yen(rapid.IntRange(500, 9_000).Draw(rt, "yen"))
	use := s.uses[rapid.IntRange(0, len(s.uses)-1).Draw(rt, "use")]
	switch rapid.SampledFrom([]string{"month", "card", "cash", "cash", "envelopes", "refund", "reverse gift", "spend", "spend", "reverse expense", "no use",
		"income", "carry", "cover", "in kind"}).Draw(rt, "event") {
	case "month":
		s.Pass(rapid.IntRange(10, 40).Draw(rt, "days"))
		if s.Today().After(ledger.DateOf(campaigntest.Now).AddDays(190)) {
			s.Pass(-40)
		}
	case "card":
		d, _ := s.Pay(s.c, amount, amount*36/1000)
		s.gifts = append(s.gifts, d)
	case "cash":
		s.gifts = append(s.gifts, s.Enter(s.c, amount))
	case "envelopes":
		s.gifts = append(s.gifts, s.Enter(s.c, amount, func(g *campaigns.Gift) { g.Channel, g.CountsAs, g.Counted = campaigns.Envelope, "household", 8 }))
	case "refund":
		s.refund(rt)
	case "reverse gift":
		s.reverse(rt)
	case "spend":
		s.expenses = append(s.expenses, s.Spend(use, amount))
	case "reverse expense":
		if len(s.expenses) > 0 {
			id := s.expenses[len(s.expenses)-1]
			s.expenses = s.expenses[:len(s.expenses)-1]
			s.In(func(tx *sqlx.Tx) error {
				return ledger.RefuseExpense(s.T.Context(), tx, s.ID, id, s.Auditor, s.At, "入れ間違い")
			})
		}
	case "no use":
		s.Spend(use, amount, func(e *ledger.Expense) { e.Lines[0].UseID = 0; e.Lines[0].Account = 5290 })
	case "income":
		s.receive(4412, amount)
	case "carry":
		s.carry(amount)
	case "cover":
		s.In(func(tx *sqlx.Tx) error {
			_, err := ledger.Transfer(s.T.Context(), tx, ledger.Transferred{OrganisationID: s.ID, On: s.Today(), From: s.c.FundID, To: s.General, FromUse: use.ID,
				InitiativeID: s.Initiative, Amount: amount, Reason: "減免の分", Key: campaigntest.Unique("cover")}, s.Treasurer, s.At)
			return err
		})
	case "in kind":
		s.In(func(tx *sqlx.Tx) error {
			_, err := campaigns.ReceiveInKind(s.T.Context(), tx, campaigns.InKind{OrganisationID: s.ID, FundID: s.c.FundID, UseID: use.ID, InitiativeID: s.Initiative,
				Account: ledger.ProvisionsExpense, Worth: amount, What: "米", On: s.Today(), Key: campaigntest.Unique("kind")}, s.Treasurer, s.At)
			return err
		})
	}
}

func (s *story) refund(rt *rapid.T) {
	if len(s.gifts) == 0 {
		return
	}
	d := s.Gift(s.gifts[len(s.gifts)-1].ID)
	if d.ChargeRef != "" || !d.Stands() {
		return
	}
	part := ledger.Yen(rapid.IntRange(1, int(d.Amount-d.Refunded)).Draw(rt, "part"))
	s.In(func(tx *sqlx.Tx) error {
		return campaigns.RefundInHand(s.T.Context(), tx, s.ID, d.ID, part, ledger.CashBox, s.Treasurer, s.At, s.Today(), "ご希望")
	})
}

func (s *story) reverse(rt *rapid.T) {
	if len(s.gifts) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.gifts)-1).Draw(rt, "gift")
	d := s.Gift(s.gifts[i].ID)
	if d.Refunded > 0 || !d.Stands() {
		return
	}
	var transaction int64
	err := s.DB.GetContext(s.T.Context(), &transaction, `
		SELECT id FROM transaction WHERE organisation_id = $1 AND donation_id = $2 AND kind = 'donation'`, s.ID, d.ID)
	if err != nil {
		s.T.Fatal(err)
	}
	s.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(s.T.Context(), tx, s.ID, transaction, s.Treasurer, s.At, s.Today(), "二重に入れた")
		return err
	})
}

func TestFewGiftsStandTogetherWithTheNextMonths(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for range 3 {
		b.Enter(b.c, 1_000)
	}
	b.Pass(31)
	for range 4 {
		b.Enter(b.c, 2_000)
	}
	f := b.figures()
	text, _, _, _ := list(t, f)
	if !strings.Contains(text, "2026年10月〜2026年11月,寄付 7件") || strings.Contains(text, "3000") {
		t.Errorf("the list lets the gifts of a small month be read:\n%s", text)
	}
	agree(t, f)
}

func TestListNamesNobodyAndHoldsNoFormula(t *testing.T) {
	t.Parallel()
	b := newBook(t, func(p *campaigns.Plan) { p.Uses[0].Name, p.Uses[1].Name = `=HYPERLINK("x")`, "＠会場" })
	b.Enter(b.c, 5_000, func(g *campaigns.Gift) {
		g.Donor, g.Message, g.CountsAs = campaigns.Donor{Name: "練習 花子", Kind: "person"}, "がんばって", "person"
	})
	b.Spend(b.Uses(b.c)[0], 1_000)
	b.Spend(b.Uses(b.c)[1], 1_000)
	text, _, _, _ := list(t, b.figures())
	for _, personal := range []string{"花子", "がんばって", "練習商店", "買い物"} {
		if strings.Contains(text, personal) {
			t.Errorf("the list says %q", personal)
		}
	}
	for _, want := range []string{`'=HYPERLINK`, "'＠会場"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list does not say %s:\n%s", want, text)
		}
	}
}

func TestAnExpenseIsCountedUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 50_000)
	use := b.Uses(b.c)[0]
	kept, wrong := b.Spend(use, 3_000), b.Spend(use, 4_000)
	unpaid := b.Spend(use, 2_000, func(e *ledger.Expense) { e.Account = ledger.Payable })
	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(t.Context(), tx, ledger.Evidence{OrganisationID: b.ID, ExpenseID: kept, FileHash: make([]byte, 32), Type: "image/jpeg", Size: 1}, b.Treasurer, b.At)
		return err
	})
	f := b.figures()
	if f.Unchecked != 2 || f.Unposted != 1 || f.UnpostedAmount != 2_000 || f.Papers != 1 || f.Bare != 1 || f.Progress.Spent != 7_000 {
		t.Errorf("got %+v, spent %d", f.Proof, f.Progress.Spent)
	}
	b.In(func(tx *sqlx.Tx) error {
		return ledger.RefuseExpense(t.Context(), tx, b.ID, wrong, b.Auditor, b.At, "別の募金")
	})
	b.Check(unpaid)
	b.Check(kept)
	f = b.figures()
	if f.Unchecked != 0 || f.Unposted != 0 || f.Papers != 1 || f.Bare != 1 || f.Progress.Spent != 5_000 || len(f.Costs) != 1 || f.Costs[0].Count != 2 || f.Costs[0].Papers != 1 {
		t.Errorf("got %+v, costs %+v, spent %d", f.Proof, f.Costs, f.Progress.Spent)
	}
	agree(t, f)
}

func TestAUseIsExplainedPastATenthOrTenThousandYen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promised, spent ledger.Yen
		want            bool
	}{{100_000, 110_000, false}, {100_000, 110_001, true}, {100_000, 89_999, true}, {200_000, 210_000, false}, {200_000, 210_001, true}, {500, 550, false}, {500, 551, true}, {500, 0, true}} {
		u := campaigns.UseProgress{PlanUse: campaigns.PlanUse{Amount: c.promised}, Spent: c.spent}
		if got := reports.NeedsReason(u); got != c.want {
			t.Errorf("promised %d, spent %d: got %v, want %v", c.promised, c.spent, got, c.want)
		}
	}
}

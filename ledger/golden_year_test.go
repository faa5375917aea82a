package ledger_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// The worked year of a small dining room, from opening to carry-over: 2026-04-01 to
// 2027-03-31. Every figure of its statement, balance sheet and note stands here.
func TestGoldenYear(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	y.open(t)
	y.gifts(t)
	y.grant(t)
	y.takings(t)
	y.spending(t)

	t.Run("balance sheet", y.balanceSheet)
	t.Run("statement of activities", y.statement)
	t.Run("note on restricted gifts", y.note)
	t.Run("who took part", y.participants)
	t.Run("closing the year changes nothing", func(t *testing.T) {
		sealAll(t, y.Book)
		ledgertest.Must(t, y.DB, func(tx *sqlx.Tx) error {
			return ledger.ClosePeriod(t.Context(), tx, y.ID, ledger.Year, y.last, y.Treasurer, y.at, "")
		})
		y.balanceSheet(t)
		y.statement(t)
		y.note(t)
	})
}

type year struct {
	ledgertest.Book
	food        gift // 百円食堂の食材
	award       int64
	first, last ledger.Date
	at          time.Time // a week after the year's end
}

func newYear(t *testing.T) *year {
	t.Helper()
	db := pgtest.New(t)
	y := &year{Book: ledgertest.NewBook(t, db.App), first: day("2026-04-01"), last: day("2027-03-31")}
	y.at = day("2027-04-07").Midnight().Add(10 * time.Hour)
	mustWrite(t, db.App, y.Book, func(r *rows) {
		y.food = r.campaign()
		r.collect(y.food)
	})
	y.award = ledgertest.NewFund(t, db.App, y.ID, func(f *ledger.Fund) { f.Kind, f.Name = ledger.AwardFund, "助成" }).ID
	return y
}

func (y *year) post(t *testing.T, kind ledger.TransactionKind, on string, fund int64, debit, credit int, amount ledger.Yen, edits ...func(*ledger.Transaction)) {
	t.Helper()
	edits = append([]func(*ledger.Transaction){func(x *ledger.Transaction) {
		x.Kind, x.On, x.At = kind, day(on), y.at
		x.Entries = []ledger.Entry{{Account: debit, FundID: fund, Amount: amount}, {Account: credit, FundID: fund, Amount: -amount}}
	}}, edits...)
	y.Book.Post(t, edits...)
}

func (y *year) open(t *testing.T) {
	t.Helper()
	if _, err := openBook(t, y.Book,
		ledger.Entry{Account: ledger.CashBox, FundID: y.General, Amount: 20_000},
		ledger.Entry{Account: ledger.Bank, FundID: y.General, Amount: 180_000}); err != nil {
		t.Fatal(err)
	}
}

// gifts: ① 戸別封筒 12班 86世帯 64,500, in cash, then deposited; ② three transfers, 30,000 in all.
func (y *year) gifts(t *testing.T) {
	t.Helper()
	y.give(t, "envelope", "household", 86, 64_500, "2026-10-20", ledger.CashBox)
	y.post(t, ledger.PlaceMovement, "2026-10-21", y.General, ledger.Bank, ledger.CashBox, 64_500)
	for range 3 {
		y.give(t, "transfer", "person", 1, 10_000, "2026-11-05", ledger.Bank)
	}
}

func (y *year) give(t *testing.T, channel, countsAs string, counted int, amount ledger.Yen, on string, place int) {
	t.Helper()
	var donation int64
	mustWrite(t, y.DB, y.Book, func(r *rows) {
		var donor *int64
		if countsAs == "person" {
			donor = ref(r.id(`INSERT INTO donor (organisation_id, name, created_at) VALUES ($1, '練習 寄付者', $2) RETURNING id`, y.ID, y.at))
		}
		token := sha256.Sum256(fmt.Append(nil, sequence.Add(1)))
		donation = r.id(`
			INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, use_id, donor_id, channel, amount, counts_as,
			       counted, status, given_on, paid_on, token_hash, entered_by, entered_at, key)
			VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 'paid', $10, $10, $11, $12, $13, $14)
			RETURNING id`, y.ID, y.food.campaign, y.food.fund, y.food.use, donor, channel, amount, countsAs, counted, day(on),
			token[:], r.actor(), y.at, fmt.Sprintf("gift-%d", sequence.Add(1)))
	})
	y.post(t, ledger.GiftReceived, on, y.food.fund, place, ledger.Gifts, amount, func(x *ledger.Transaction) { x.DonationID = donation })
}

// grant: ③ 100,000 of a private foundation, whose period runs past the year's end; 70,000 of it is spent.
func (y *year) grant(t *testing.T) {
	t.Helper()
	y.post(t, ledger.Grant, "2026-06-01", y.award, ledger.Bank, ledger.GrantsAhead, 100_000)
	y.spend(t, "2026-07-10", ledger.Bank, 5290, y.award, 0, ledger.Program, 70_000)
	y.post(t, ledger.Grant, "2027-03-31", y.award, ledger.GrantsAhead, ledger.GrantsPrivate, 70_000)
}

// takings: ④ 52 times 23 meals at 100 yen, 40 of them waived; ⑤ a logo for 33,000.
func (y *year) takings(t *testing.T) {
	t.Helper()
	const meals, waived = 52 * 23, 40
	y.receive(t, "2027-03-25", 4411, ledger.CashBox, (meals-waived)*100)
	y.receive(t, "2026-12-01", 4440, ledger.Bank, 33_000)
}

func (y *year) receive(t *testing.T, on string, account, place int, amount ledger.Yen) {
	t.Helper()
	ledgertest.Must(t, y.DB, func(tx *sqlx.Tx) error {
		_, err := ledger.Receive(t.Context(), tx, ledger.Received{
			OrganisationID: y.ID, On: day(on), Account: account, Place: place, FundID: y.General, InitiativeID: y.Initiative,
			Amount: amount, Key: fmt.Sprint(sequence.Add(1)),
		}, y.Treasurer, y.at)
		return err
	})
}

// spending: ⑥ food for 80,000 from the fund by bank and 110,000 in cash, insurance 12,000, charges 880.
func (y *year) spending(t *testing.T) {
	t.Helper()
	y.spend(t, "2027-02-20", ledger.Bank, ledger.ProvisionsExpense, y.food.fund, y.food.use, ledger.Program, 80_000)
	y.spend(t, "2027-03-20", ledger.CashBox, ledger.ProvisionsExpense, y.General, 0, ledger.Program, 110_000)
	y.spend(t, "2026-05-01", ledger.Bank, 5370, y.General, 0, ledger.Program, 12_000)
	y.spend(t, "2026-12-01", ledger.Bank, ledger.TransferCharge, y.General, 0, ledger.Administration, 880)
}

func (y *year) spend(t *testing.T, on string, place, account int, fund, use int64, segment ledger.Segment, amount ledger.Yen) {
	t.Helper()
	e := y.Expense(func(e *ledger.Expense) {
		e.PaidOn, e.Account, e.Amount = day(on), place, amount
		e.Lines[0] = ledger.ExpenseLine{Account: account, FundID: fund, Segment: segment, InitiativeID: y.Initiative, UseID: use, Amount: amount}
	})
	ledgertest.Must(t, y.DB, func(tx *sqlx.Tx) error {
		id, err := ledger.EnterExpense(t.Context(), tx, e, y.Treasurer, y.at)
		if err != nil {
			return err
		}
		return ledger.CheckExpense(t.Context(), tx, y.ID, id, y.Representative, y.at)
	})
}

func (y *year) balanceSheet(t *testing.T) {
	wantBalances(t, y.Book, map[int]ledger.Yen{
		1110: 25_600, 1120: 244_620,
		2121: -30_000,
		3100: -200_000,
		4210: -94_500, 4310: -70_000, 4411: -115_600, 4440: -33_000,
		5240: 190_000, 5290: 70_000, 5370: 12_000, 5420: 880,
	})
	sums := y.sums(t)
	for name, c := range map[string]struct{ got, want ledger.Yen }{
		"資産合計":   {sums[ledger.Asset], 270_220},
		"負債合計":   {-sums[ledger.Liability], 30_000},
		"正味財産合計": {sums[ledger.Asset] + sums[ledger.Liability], 240_220},
	} {
		if c.got != c.want {
			t.Errorf("%s %s; want %s", name, c.got, c.want)
		}
	}
}

func (y *year) sums(t *testing.T) map[ledger.Class]ledger.Yen {
	t.Helper()
	all, err := ledger.AccountBalances(t.Context(), y.DB, y.ID, y.last)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[ledger.Class]ledger.Yen{}
	for _, a := range all {
		sums[a.Class] += a.Balance
	}
	return sums
}

func (y *year) statement(t *testing.T) {
	sums := y.sums(t)
	balances := y.Balances(t)
	for name, c := range map[string]struct{ got, want ledger.Yen }{
		"受取寄附金":     {-balances[4210], 94_500},
		"受取助成金等":    {-balances[4310] - balances[4320] - balances[4330], 70_000},
		"事業収益":      {-balances[4411] - balances[4440], 148_600},
		"経常収益計":     {-sums[ledger.Income], 313_100},
		"食材費":       {balances[5240], 190_000},
		"保険料・手数料":   {balances[5370] + balances[5420], 12_880},
		"経常費用計":     {sums[ledger.Expensed], 272_880},
		"当期正味財産増減額": {-sums[ledger.Income] - sums[ledger.Expensed], 40_220},
		"前期繰越正味財産額": {-sums[ledger.Net], 200_000},
		"次期繰越正味財産額": {-sums[ledger.Net] - sums[ledger.Income] - sums[ledger.Expensed], 240_220},
		"公的財源":      {-balances[4320], 0},
	} {
		if c.got != c.want {
			t.Errorf("%s %s; want %s", name, c.got, c.want)
		}
	}
}

// note: 期首残高, 当期増加額, 当期減少額, 期末残高 of each fund.
func (y *year) note(t *testing.T) {
	for name, c := range map[string]struct {
		fund                   int64
		before, in, out, after ledger.Yen
	}{
		"食材":     {y.food.fund, 0, 94_500, 80_000, 14_500},
		"助成":     {y.award, 0, 70_000, 70_000, 0},
		"使途制約なし": {y.General, 200_000, 148_600, 122_880, 225_720},
	} {
		before := y.flow(t, c.fund, ledger.NewDate(2000, 1, 1), y.first.AddDays(-1)) + y.flow(t, c.fund, y.first, y.first, 3100)
		in := y.flow(t, c.fund, y.first, y.last, 4210, 4310, 4411, 4440)
		out := -y.flow(t, c.fund, y.first, y.last, 5240, 5290, 5370, 5420)
		if before != c.before || in != c.in || out != c.out {
			t.Errorf("%s: %s + %s − %s; want %s + %s − %s", name, before, in, out, c.before, c.in, c.out)
		}
		wantLeft(t, y.Book, map[int64]ledger.Yen{c.fund: c.after})
	}
	wantSpent(t, y.Book, y.food.fund, ledger.UseSpent{UseID: y.food.use, Spent: 80_000})
}

// flow is what came into a fund on the accounts, or on any.
func (y *year) flow(t *testing.T, fund int64, from, until ledger.Date, accounts ...int) (sum ledger.Yen) {
	t.Helper()
	flows, err := ledger.FundFlows(t.Context(), y.DB, y.ID, fund, from, until)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flows {
		wanted := len(accounts) == 0
		for _, a := range accounts {
			wanted = wanted || f.Account == a
		}
		if wanted {
			sum -= f.Amount
		}
	}
	return sum
}

func (y *year) participants(t *testing.T) {
	counts := map[string]int{}
	rows, err := y.DB.Queryx(`SELECT counts_as, sum(counted) FROM donation WHERE organisation_id = $1 GROUP BY 1`, y.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n int
		if err = rows.Scan(&kind, &n); err != nil {
			t.Fatal(err)
		}
		counts[kind] = n
	}
	if want := map[string]int{"household": 86, "person": 3}; fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("%v took part; want %v", counts, want)
	}
}

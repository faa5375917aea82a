package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// books is over how many organisations the postings are spread.
const books = 64

// posting is what the measurement of Post works on.
type posting struct {
	db    *sqlx.DB
	books []book
	by    ledger.Actor
	at    time.Time
	last  atomic.Int64 // numbers the sources
	raw   *sqlx.Stmt
}

// book is an organisation with the fund and the initiative its entries name.
type book struct {
	organisation, fund, initiative int64
}

func preparePosting(ctx context.Context, d *database) (*posting, error) {
	p := &posting{db: d.app, by: ledger.BySystem("bench"), at: time.Now()}
	for i := range books {
		b, err := p.found(ctx, i)
		if err != nil {
			return nil, err
		}
		p.books = append(p.books, b)
	}
	return p, p.prepareRaw(ctx, d)
}

func (p *posting) found(ctx context.Context, number int) (b book, err error) {
	err = ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) (err error) {
		b.organisation, err = ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
			Name: fmt.Sprintf("練習 団体 %d", number), Kind: "volunteer", Slug: fmt.Sprintf("practice-%d", number), CreatedAt: p.at,
		})
		if err != nil {
			return err
		}
		b.initiative, err = ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: b.organisation, Name: "練習 食堂", Kind: "meal"})
		if err != nil {
			return err
		}
		b.fund, err = ledger.OpenFund(ctx, tx, ledger.Fund{OrganisationID: b.organisation, Name: "別途", Kind: ledger.SeparateFund})
		return err
	})
	return b, err
}

func (p *posting) sides() []side {
	return []side{
		rawAlone:     {"insert alone", p.insertAlone},
		rawInTx:      {"insert in a transaction", p.insertInTx},
		oursDistinct: {"Post", func(ctx context.Context, client, turn int) error { return p.post(ctx, p.spread(client, turn)) }},
		oursHot:      {"Post, one fund", func(ctx context.Context, _, _ int) error { return p.post(ctx, p.books[0]) }},
	}
}

// spread gives clients that act at the same time different books.
func (p *posting) spread(client, turn int) book { return p.books[(client*7+turn*13)%len(p.books)] }

// transaction is five hundred yen of fees, in cash.
func (p *posting) transaction(b book) ledger.Transaction {
	return ledger.Transaction{
		OrganisationID: b.organisation, Kind: ledger.OtherIncome, Source: fmt.Sprintf("bench:%d", p.last.Add(1)), On: ledger.DateOf(p.at),
		By: p.by, At: p.at,
		Entries: []ledger.Entry{
			{Account: ledger.CashBox, FundID: b.fund, Amount: 500},
			{Account: 4411, FundID: b.fund, InitiativeID: b.initiative, Amount: -500},
		},
	}
}

func (p *posting) post(ctx context.Context, b book) error {
	return ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(ctx, tx, p.transaction(b))
		return err
	})
}

// check makes sure that what was timed was the whole work: every posting with its entries and its log record.
func (p *posting) check(ctx context.Context) error {
	var n struct {
		Transactions int64 `db:"transactions"`
		Entries      int64 `db:"entries"`
		Waiting      int64 `db:"waiting"`
	}
	err := p.db.GetContext(ctx, &n, `
		SELECT (SELECT count(*) FROM transaction) AS transactions, (SELECT count(*) FROM entry) AS entries,
		       (SELECT count(*) FROM waiting WHERE kind = 'transaction') AS waiting`)
	if err != nil {
		return err
	}
	if n.Transactions == 0 || n.Entries != 2*n.Transactions || n.Waiting != n.Transactions {
		return fmt.Errorf("the book does not hold what was posted: %+v", n)
	}
	return nil
}

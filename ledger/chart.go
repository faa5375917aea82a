package ledger

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Account is one kind of money in the chart of accounts (勘定科目「お金の分類」).
type Account struct {
	Code  int    `db:"code"`
	Name  string `db:"name"`  // the formal name
	Plain string `db:"plain"` // what residents read
	Class Class  `db:"class"`
	Place bool   `db:"place"` // yen lie here: a box, a passbook, Stripe
}

// Class is what an account measures; the first digit of its code says the same.
type Class string

// The five classes, codes 1000–5999 in this order.
const (
	Asset     Class = "asset"
	Liability Class = "liability"
	Net       Class = "net"
	Income    Class = "income"
	Expensed  Class = "expense"
)

// Accounts the program itself writes.
const (
	CashBox           = 1110
	Bank              = 1120
	Postal            = 1121
	StripeBalance     = 1143
	InTransit         = 1144
	Unclear           = 1145
	InDispute         = 1146
	Payable           = 2110
	GrantsAhead       = 2121
	GrantsReceivable  = 1141
	Opening           = 3100
	FundTransfer      = 3200
	Gifts             = 4210
	GiftsReturned     = 4219
	GiftsInKind       = 4220
	GrantsPrivate     = 4310
	ProcessingCost    = 5421
	TransferCharge    = 5420
	DisputeCharge     = 5422
	CountDifference   = 5470
	ProvisionsExpense = 5240
)

//go:embed accounts.csv
var chartCSV string

// Chart is the chart every organisation starts with. The names are those of the forms NPO法人, 社協 and 自治会
// file; the codes are ours.
var Chart = sync.OnceValue(func() []Account {
	rows, err := csv.NewReader(strings.NewReader(chartCSV)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("accounts.csv: %v", err)) // embedded: broken only in the source
	}
	chart := make([]Account, 0, len(rows)-1)
	for _, row := range rows[1:] {
		code, err := strconv.Atoi(row[0])
		if err != nil {
			panic(fmt.Sprintf("accounts.csv: %v", err))
		}
		chart = append(chart, Account{code, row[1], row[3], Class(row[2]), row[4] == "place"})
	}
	return chart
})

// Accounts returns an organisation's open accounts by code.
func Accounts(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Account, error) {
	var accounts []Account
	err := sqlx.SelectContext(ctx, q, &accounts, `
		SELECT code, name, plain, class, place
		  FROM account
		 WHERE organisation_id = $1 AND closed_on IS NULL
		 ORDER BY code`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return accounts, nil
}

// openChart copies the chart to a new organisation in one statement.
func openChart(ctx context.Context, tx *sqlx.Tx, organisationID int64) error {
	var codes []int64
	var names, plains, classes []string
	var places []bool
	for _, a := range Chart() {
		codes, names, plains = append(codes, int64(a.Code)), append(names, a.Name), append(plains, a.Plain)
		classes, places = append(classes, string(a.Class)), append(places, a.Place)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO account (organisation_id, code, name, plain, class, place)
		SELECT $1, a.code, a.name, a.plain, a.class, a.place
		  FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::bool[]) AS a (code, name, plain, class, place)`,
		organisationID, pq.Array(codes), pq.Array(names), pq.Array(plains), pq.Array(classes), pq.Array(places))
	if err != nil {
		return fmt.Errorf("chart: %w", Classify(err))
	}
	return nil
}

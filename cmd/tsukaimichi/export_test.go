package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/export"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// awkward are texts that mean something in a journal, a CSV or JSON.
var awkward = []string{
	"米 10kg", "a  b", "x; not a comment", "assets:cash", "| 50 JPY", "=1+1", `"quoted", and so on`, "二行\n    Assets:1110  5 JPY", "　全角　", "(括弧) [2026-01-01]",
	"tag: value, other: 1", "\t;", "* !", "@ 3 USD", "{}", "~", "P 2026-01-01 JPY 2 USD", "-", "",
}

// randomBook posts some dozens of transactions over two years, five accounts and three funds; some are reversed.
func randomBook(t *testing.T, db *sqlx.DB, random *rand.Rand) ledgertest.Book {
	t.Helper()
	book := ledgertest.NewBook(t, db)
	funds := []int64{book.General}
	for range 2 {
		funds = append(funds, ledgertest.NewFund(t, db, book.ID, func(f *ledger.Fund) { f.Name = "別口 " + awkward[random.IntN(len(awkward))] }).ID)
	}
	accounts := []int{ledger.CashBox, 1120, 2110, 4411, 4412}
	for range 40 {
		fund := funds[random.IntN(len(funds))]
		id := book.Post(t, func(x *ledger.Transaction) {
			x.On, x.Memo = ledger.NewDate(2025, 1, 1+random.IntN(690)), awkward[random.IntN(len(awkward))]
			x.Entries = nil
			var rest ledger.Yen
			for range 1 + random.IntN(4) {
				amount := ledger.Yen(random.IntN(200_000) - 100_000)
				if amount == 0 {
					amount = 1
				}
				rest += amount
				x.Entries = append(x.Entries, ledger.Entry{Account: accounts[random.IntN(len(accounts))], FundID: fund, Amount: amount})
			}
			if rest == 0 {
				rest, x.Entries[0].Amount = 1, x.Entries[0].Amount+1
			}
			x.Entries = append(x.Entries, ledger.Entry{Account: ledger.CashBox, FundID: fund, Amount: -rest})
		})
		if random.IntN(6) == 0 {
			ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
				_, err := ledger.Reverse(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, ledgertest.Today, "取消; "+awkward[random.IntN(len(awkward))])
				return err
			})
		}
	}
	return book
}

// written runs the command.
func written(t *testing.T, dsn, slug, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	p := &program{out: &out}
	p.Settings = Settings{Site: "https://tsukaimichi.example", Database: DatabaseSettings{URL: dsn}}
	if err := (&exportCommand{Organisation: slug}).run(t.Context(), p, []string{format}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// balancesByName are our own balances under the names of the journal.
func balancesByName(t *testing.T, book ledgertest.Book) map[string]int64 {
	t.Helper()
	names := map[[2]int64]string{}
	for x, err := range export.Book(t.Context(), book.DB, book.ID) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range x.Entries {
			names[[2]int64{e.FundID, int64(e.Account)}] = export.JournalAccount(e)
		}
	}
	all, err := ledger.Balances(t.Context(), book.DB, book.ID, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]int64{}
	for _, b := range all {
		byName[names[[2]int64{b.FundID, int64(b.Account)}]] = int64(b.Amount)
	}
	return byName
}

func TestOtherLedgersComputeTheSameBalances(t *testing.T) {
	t.Parallel()
	programs := map[string]string{"hledger": chromium.Tool(t, "hledger"), "ledger": chromium.Tool(t, "ledger")}
	arguments := map[string][]string{
		"hledger": {"balance", "--flat", "--no-total", "--output-format", "csv"},
		"ledger":  {"balance", "--flat", "--no-total", "--format", `%(quoted(account)),"%(display_total)"` + "\n"},
	}
	db := pgtest.New(t)
	for seed := range uint64(4) {
		book := randomBook(t, db.App, rand.New(rand.NewPCG(seed, 1)))
		want := balancesByName(t, book)
		name := filepath.Join(t.TempDir(), "book.journal")
		journal := written(t, db.AppDSN, book.Slug, "hledger")
		if err := os.WriteFile(name, journal, 0o600); err != nil {
			t.Fatal(err)
		}
		for which, path := range programs {
			command := exec.CommandContext(t.Context(), path, append([]string{"-f", name}, arguments[which]...)...)
			command.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
			output, err := command.Output()
			if err != nil {
				t.Fatalf("seed %d: %s: %v\n%s", seed, which, err, journal)
			}
			if got := readBalances(t, output); !maps.Equal(got, want) {
				t.Errorf("seed %d: %s computes %v; want %v", seed, which, got, want)
			}
		}
	}
}

// readBalances reads rows of an account and an amount in yen.
func readBalances(t *testing.T, output []byte) map[string]int64 {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(output)).ReadAll()
	if err != nil {
		t.Fatalf("%v in %s", err, output)
	}
	balances := map[string]int64{}
	for _, row := range rows {
		amount, err := strconv.ParseInt(strings.TrimSpace(strings.Trim(row[1], "JPY ")), 10, 64)
		if row[0] == "account" {
			continue
		}
		if err != nil {
			t.Fatalf("%v: %v", row, err)
		}
		balances[row[0]] = amount
	}
	return balances
}

func TestEveryFormatHoldsTheSameEntries(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := randomBook(t, db.App, rand.New(rand.NewPCG(9, 9)))
	var list []export.Transaction
	if err := json.Unmarshal(written(t, db.AppDSN, book.Slug, "json"), &list); err != nil {
		t.Fatal(err)
	}
	var lines []export.Transaction
	for line := range bytes.Lines(written(t, db.AppDSN, book.Slug, "ndjson")) {
		var x export.Transaction
		if err := json.Unmarshal(line, &x); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, x)
	}
	if fmt.Sprint(list) != fmt.Sprint(lines) || len(list) < 40 {
		t.Errorf("json has %d transactions, ndjson %d", len(list), len(lines))
	}
	rows, err := csv.NewReader(bytes.NewReader(written(t, db.AppDSN, book.Slug, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	row := 1
	for _, x := range list {
		for _, e := range x.Entries {
			if rows[row][8] != x.Memo || rows[row][12] != strconv.Itoa(e.Account) || rows[row][20] != strconv.FormatInt(int64(e.Amount), 10) {
				t.Errorf("csv row %d: %q; want %+v of %+v", row, rows[row], e, x)
			}
			row++
		}
	}
	if row != len(rows) {
		t.Errorf("csv has %d rows; want %d", len(rows), row)
	}
}

func TestEmptyBookIsWrittenInEveryFormat(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for format, want := range map[string]string{"json": "[\n\n]\n", "ndjson": "", "hledger": "; tsukaimichi export\n"} {
		if got := written(t, db.AppDSN, book.Slug, format); string(got) != want {
			t.Errorf("%s: got %q; want %q", format, got, want)
		}
	}
	p := &program{}
	p.Settings = Settings{Site: "https://tsukaimichi.example", Database: DatabaseSettings{URL: db.AppDSN}}
	if err := (&exportCommand{Organisation: book.Slug}).run(t.Context(), p, []string{"xls"}); err == nil {
		t.Error("xls was written")
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// lived is a practice program in which a campaign went the whole way: a gift by card with its receipt, an expense, a published report.
type lived struct {
	*practising
	f        found
	campaign int64
	report   string // its number
}

func live(t *testing.T, p *practising) lived {
	t.Helper()
	ctx := context.Background()
	l := lived{practising: p, f: p.found("hoshino")}
	p.eventually("the practice Stripe account", func() bool {
		online, err := p.till.Online(ctx, l.f.organisation)
		return err == nil && online
	})
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) (err error) {
		now := p.clock.Now()
		l.campaign, err = campaigns.StartDraft(ctx, tx, l.f.organisation, l.f.initiative, "fuyu", threadPlan(ledger.DateOf(now)), l.f.treasurer, now)
		if err != nil {
			return err
		}
		return campaigns.Announce(ctx, tx, l.f.organisation, l.campaign, l.f.representative, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.giveByCard("fuyu", "3,000円")
	p.eventually("the receipt", func() bool { return len(l.receipts(t)) == 1 })
	p.spend(l.f, l.campaign, 2400)
	l.report = p.report(l.f, l.campaign)
	return l
}

// receipts are the hashes of the receipts printed, by their numbers.
func (l lived) receipts(t *testing.T) map[string]string {
	t.Helper()
	var rows []struct{ Number, Hash string }
	err := l.db.SelectContext(context.Background(), &rows, `
		SELECT r.year || '-' || r.number AS number, encode(f.file_hash, 'hex') AS hash
		  FROM receipt r
		  JOIN receipt_file f ON f.organisation_id = r.organisation_id AND f.receipt_id = r.id
		 WHERE r.organisation_id = $1`, l.f.organisation)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range rows {
		all[r.Number] = r.Hash
	}
	return all
}

// under keeps posting and reading until it is told to stop, and returns how many were posted.
func (l lived) under(t *testing.T, book ledgertest.Book) (stop func() int64) {
	ctx, cancel := context.WithCancel(context.Background())
	var posted int64
	var working sync.WaitGroup
	working.Go(func() {
		for ctx.Err() == nil {
			err := ledger.InTx(context.Background(), book.DB, func(tx *sqlx.Tx) error {
				_, err := ledger.Post(context.Background(), tx, book.Transaction())
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			posted++
		}
	})
	working.Go(func() {
		for ctx.Err() == nil {
			response, err := l.client.Get(l.at + "/c/fuyu")
			if err != nil || response.StatusCode != http.StatusOK {
				t.Errorf("the page, while a backup is made: %v", err)
				return
			}
			response.Body.Close()
		}
	})
	return func() int64 { cancel(); working.Wait(); return posted }
}

// facts is what has to be the same afterwards, as text.
type facts struct {
	balances, files, rules, papers map[string]string
}

func (l lived) facts(t *testing.T) facts {
	t.Helper()
	f := facts{balances: map[string]string{}, files: map[string]string{}, rules: l.rules(t), papers: l.receipts(t)}
	all, err := ledger.Balances(context.Background(), l.db, l.f.organisation, ledger.NewDate(2999, 12, 31))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		f.balances[fmt.Sprintf("%d in %d", b.Account, b.FundID)] = fmt.Sprint(b.Amount)
	}
	for place, err := range l.files.Places(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if place.Kind != "checkpoint" { // each hour, of each program
			f.files[fmt.Sprintf("%d %s %s", place.OrganisationID, place.Kind, place.Hash)] = ""
		}
	}
	for _, name := range []string{"report.pdf", "records.csv"} {
		f.papers[name] = l.get("/r/" + l.report + "/" + name)
	}
	return f
}

// rules are the triggers and constraints of the tables, and whether they are in force.
func (l lived) rules(t *testing.T) map[string]string {
	t.Helper()
	var rows []struct{ Name, Rule string }
	err := l.db.SelectContext(context.Background(), &rows, `
		SELECT t.tgrelid::regclass || ' ' || t.tgname AS name, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid) AS rule
		  FROM pg_trigger t
		 WHERE NOT t.tgisinternal
		 UNION ALL
		SELECT k.conrelid::regclass || ' ' || k.conname, k.convalidated::text || ' ' || pg_get_constraintdef(k.oid)
		  FROM pg_constraint k
		 WHERE k.conrelid <> 0`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range rows {
		all[r.Name] = r.Rule
	}
	return all
}

func (l lived) equals(t *testing.T, want facts) {
	t.Helper()
	got := l.facts(t)
	for what, pair := range map[string][2]map[string]string{"balances": {got.balances, want.balances}, "files": {got.files, want.files},
		"rules": {got.rules, want.rules}, "papers": {got.papers, want.papers}} {
		if !maps.Equal(pair[0], pair[1]) || len(pair[0]) == 0 {
			t.Errorf("%s: got %d, want %d", what, len(pair[0]), len(pair[1]))
			for name, value := range pair[1] {
				if pair[0][name] != value {
					t.Errorf("  %s: got %.80q, want %.80q", name, pair[0][name], value)
				}
			}
		}
	}
	shown := text(l.get("/c/fuyu"))
	for _, want := range []string{"届いた 3,000 円", "使った 2,400 円", "残り 600 円"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q: %s", want, shown)
		}
	}
}

// isAPrefix compares the log that went on while the backup was made: as far as the copy had it when it was restored, it is the same. What was not sealed then
// may have been sealed since, in both.
func (l lived) isAPrefix(t *testing.T, original lived, organisationID, sealed, posted int64) {
	t.Helper()
	const asked = `SELECT encode(chain, 'hex') FROM seal WHERE organisation_id = $1 AND sequence <= $2 ORDER BY sequence`
	var copied, there []string
	err := errors.Join(l.db.SelectContext(context.Background(), &copied, asked, organisationID, sealed),
		original.db.SelectContext(context.Background(), &there, asked, organisationID, sealed))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(copied, there) {
		t.Error("the logs differ")
	}
	if len(copied) == 0 || int64(len(copied)) != sealed || sealed > posted {
		t.Errorf("%d records, %d of %d postings are sealed in the backup", len(copied), sealed, posted)
	}
}

// refuses tries what the rules forbid, as the owner of the tables, whom no missing right stops.
func (l lived) refuses(t *testing.T) {
	t.Helper()
	owner, err := openDatabase(context.Background(), embpg.DSN(filepath.Join(l.DataDir, "postgres"), practiceDatabase, practiceOwner), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	for _, forbidden := range []string{
		`UPDATE entry SET amount = amount + 1`,
		`DELETE FROM seal`,
		`TRUNCATE receipt CASCADE`,
		`UPDATE donation SET amount = amount + 1`,
		`UPDATE plan SET title = 'another'`,
		`DELETE FROM person`,
		`INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, amount, booked_on)
		 SELECT organisation_id, transaction_id, 900, account, fund_id, amount, booked_on FROM entry LIMIT 1`,
		`INSERT INTO log_heads (organisation_id) VALUES (-1)`,
	} {
		if _, err := owner.ExecContext(context.Background(), forbidden); err == nil {
			t.Errorf("not refused: %s", forbidden)
		}
	}
}

// goesOn gives and prints once more: numbers of log and receipts have no gap, numbers of rows are far from those given away.
func (l lived) goesOn(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	before, err := chain.FindHead(ctx, l.db, l.f.organisation)
	if err != nil {
		t.Fatal(err)
	}
	l.giveByCard("fuyu", "500円")
	l.eventually("the next receipt", func() bool { return len(l.receipts(t)) == 2 })
	year := l.clock.Now().In(ledger.Tokyo).Year()
	if _, next := l.receipts(t)[fmt.Sprintf("%d-2", year)]; !next {
		t.Errorf("receipts: %v", l.receipts(t))
	}
	var donation int64
	if err = l.db.GetContext(ctx, &donation, `SELECT max(id) FROM donation WHERE organisation_id = $1`, l.f.organisation); err != nil || donation <= 100_000 {
		t.Errorf("the next gift is %d, %v: the payment service may know another by that number", donation, err)
	}
	l.eventually("sealing", func() bool {
		head, err := chain.FindHead(ctx, l.db, l.f.organisation)
		return err == nil && head.Sequence >= before.Sequence+2
	})
	n, err := verifyOne(ctx, l.program, l.db, ledger.Organisation{ID: l.f.organisation}, nil)
	if err != nil || n > 0 {
		t.Errorf("verify afterwards: %d faults, %v", n, err)
	}
}

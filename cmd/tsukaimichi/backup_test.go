package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
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

// TestBackupTakenUnderLoadIsRestoredIntoANewCluster: another data folder, another PostgreSQL, only the key file goes along.
func TestBackupTakenUnderLoadIsRestoredIntoANewCluster(t *testing.T) {
	t.Parallel()
	l := live(t, practise(t, false))
	book := ledgertest.NewBook(t, l.db, func(o *ledger.Organisation) { o.Practice = true })
	stop := l.under(t, book)
	l.eventually("some postings and their seals", func() bool {
		head, err := chain.FindHead(context.Background(), l.db, book.ID)
		return err == nil && head.Sequence > 2
	})
	kept := filepath.Join(t.TempDir(), "backup.zip")
	said, err := commandLine(t, "", "backup", "--to="+kept, "--data-dir="+l.DataDir)
	posted := stop()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	before := l.facts(t)
	l.giveByCard("fuyu", "800円") // is not in the backup, but Stripe knows it

	dir := t.TempDir()
	key, err := os.ReadFile(filepath.Join(l.DataDir, "seal.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "seal.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	said, err = commandLine(t, "", "restore", kept, "--data-dir="+dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, slug := range []string{"hoshino", book.Slug} {
		if !strings.Contains(said, slug+": ") {
			t.Errorf("%s was not verified:\n%s", slug, said)
		}
	}
	if strings.Count(said, " 0 faults") != strings.Count(said, "transactions checked") || !strings.Contains(said, ", 1 checkpoints") {
		t.Errorf("verify said:\n%s", said)
	}
	restored := lived{practising: practiseIn(t, dir, true), f: l.f, campaign: l.campaign, report: l.report}
	restored.equals(t, before)
	restored.isAPrefix(t, l, book.ID, posted)
	restored.refuses(t)
	restored.goesOn(t)
	restored.meetsLostGift(t, l)
}

// meetsLostGift sweeps the Stripe account that went on: what was given after the backup is put before a person, and booked under no other gift.
func (l lived) meetsLostGift(t *testing.T, original lived) {
	t.Helper()
	ctx := context.Background()
	till := &payments.Till{DB: l.db, Box: l.box, Now: l.clock.Now, BaseURL: original.at + "/practice/stripe", Site: l.Site, Log: l.log, Enqueue: l.till.Enqueue}
	if err := till.Sweep(ctx, l.f.organisation); err != nil {
		t.Fatal(err)
	}
	var put, booked int
	err := errors.Join(
		l.db.Get(&put, `SELECT count(*) FROM payment_problem WHERE organisation_id = $1 AND solved_at IS NULL AND amount = 800`, l.f.organisation),
		l.db.Get(&booked, `SELECT count(*) FROM transaction WHERE organisation_id = $1 AND kind = 'donation'`, l.f.organisation))
	if err != nil || put == 0 || booked != 2 {
		t.Errorf("%d problems of 800 yen, %d gifts booked, %v; want one and two", put, booked, err)
	}
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

// isAPrefix compares the log that went on while the backup was made: as far as the copy has it, it is the same.
func (l lived) isAPrefix(t *testing.T, original lived, organisationID, posted int64) {
	t.Helper()
	const asked = `SELECT encode(chain, 'hex') FROM seal WHERE organisation_id = $1 AND sequence <= $2 ORDER BY sequence`
	head, err := chain.FindHead(context.Background(), l.db, organisationID)
	if err != nil {
		t.Fatal(err)
	}
	var copied, there []string
	err = errors.Join(l.db.SelectContext(context.Background(), &copied, asked, organisationID, head.Sequence),
		original.db.SelectContext(context.Background(), &there, asked, organisationID, head.Sequence))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(copied, there) {
		t.Error("the logs differ")
	}
	if len(copied) == 0 || int64(len(copied)) > posted {
		t.Errorf("%d of %d postings are in the backup", len(copied), posted)
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

// TestBackupOfProductionIsRestoredIntoAnEmptyDatabase: with URLs and the key from the settings, and what is refused.
func TestBackupOfProductionIsRestoredIntoAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	h := newSealing(t, db.App, db.AppDSN)
	book.Post(t)
	h.sealAndSign(t, book.ID)
	book.Post(t)
	h.sealAndSign(t, book.ID)
	dir := t.TempDir()
	settings := func(more ...string) []string {
		return append(more, "--files=file://"+filepath.ToSlash(t.TempDir()), "--seal-key="+testSealKey)
	}
	if err := os.WriteFile(filepath.Join(dir, archive.Name(ledgertest.At.AddDate(-1, 0, 0))), nil, 0o600); err != nil { // gives way to the new one
		t.Fatal(err)
	}
	said, err := commandLine(t, "", "backup", "--to="+dir, "--keep=1", "--database-url="+db.AppDSN, "--files=file://"+filepath.ToSlash(h.DataDir), "--seal-key="+testSealKey)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	whole, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 4
	bad := filepath.Join(dir, "bad")
	if err = os.WriteFile(bad, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := pgtest.Empty(t)
	for _, c := range []struct {
		name string
		args []string
		want error
		says string
	}{
		{"one bit turned", settings("restore", bad, "--owner-url="+empty.OwnerDSN), archive.ErrDamaged, "書きかえられています"},
		{"another key", []string{"restore", kept[0], "--owner-url=" + empty.OwnerDSN, "--files=file://" + filepath.ToSlash(t.TempDir()), "--seal-key=" + testKey}, archive.ErrKey, "鍵とちがいます"},
		{"not empty", settings("restore", kept[0], "--owner-url="+db.OwnerDSN), archive.ErrNotEmpty, "空ではありません"},
		{"no file", settings("restore", filepath.Join(dir, "none"), "--owner-url="+empty.OwnerDSN), os.ErrNotExist, ""},
		{"nowhere", settings("restore", kept[0]), errSettings, "--owner-url"},
	} {
		said, err := commandLine(t, "", c.args...)
		if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v, want %v\n%s", c.name, err, c.want, said)
		}
	}
	said, err = commandLine(t, "", settings("restore", kept[0], "--owner-url="+empty.OwnerDSN)...)
	if err != nil || !strings.Contains(said, "2 transactions checked, 0 faults; log of 2 records") || !strings.Contains(said, "元に戻りました") {
		t.Errorf("%v\n%s", err, said)
	}
	second := pgtest.Empty(t)
	said, err = commandLine(t, "", "restore", kept[0], "--owner-url="+second.OwnerDSN, "--files=file://"+filepath.ToSlash(t.TempDir()), "--without-key")
	if err != nil || !strings.Contains(said, "元に戻りました") {
		t.Errorf("without the key: %v\n%s", err, said)
	}
}

func TestBackupGoesToStandardOutputForEncryption(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ledgertest.NewBook(t, db.App).Post(t)
	out, err := commandLine(t, "", "backup", "--to=-", "--database-url="+db.AppDSN, "--files=file://"+filepath.ToSlash(t.TempDir()), "--seal-key="+testSealKey)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "piped")
	if err = os.WriteFile(name, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := archive.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
}

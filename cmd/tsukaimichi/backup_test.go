package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

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
	var sealed int64
	if _, found, is := strings.Cut(said, book.Slug+": "); is {
		_, found, _ = strings.Cut(found, "log of ")
		_, err = fmt.Sscanf(found, "%d records", &sealed)
	}
	if err != nil {
		t.Errorf("%v:\n%s", err, said)
	}
	restored := lived{practising: practiseIn(t, dir, true), f: l.f, campaign: l.campaign, report: l.report}
	restored.equals(t, before)
	restored.isAPrefix(t, l, book.ID, sealed, posted)
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

// TestAKeyIsKeptOnlyWhenItOpened: a wrong key that was tried first does not stand in the way of the right one.
func TestAKeyIsKeptOnlyWhenItOpened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	if _, err := restoredKey(path, ""); !errors.Is(err, errSettings) || !strings.Contains(err.Error(), "--seal-key で鍵を") {
		t.Errorf("without any key: %v", err)
	}
	const other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	if _, err := restoredKey(path, other); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a key that opened nothing yet was written down: %v", err)
	}
	want, err := restoredKey(path, testSealKey)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err = keepKey(path, testSealKey); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := restoredKey(path, ""); err != nil || got.Name() != want.Name() {
		t.Errorf("got key %s, %v; want %s", got.Name(), err, want.Name())
	}
	if _, err = restoredKey(path, other); !errors.Is(err, errSettings) || !strings.Contains(err.Error(), "別の鍵があります") {
		t.Errorf("two keys that differ: %v", err)
	}
}

func TestWhatWentWrongIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	there := filepath.Join(folder, "there.zip")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := archive.Save(t.Context(), there, archive.Source{}, ledgertest.At)
	if got := explained(err).Error(); !strings.HasPrefix(got, "その名前の控えは、もうあります。") {
		t.Errorf("a name that is taken: %s", got)
	}
	full := fmt.Errorf("archive: %w", &fs.PathError{Op: "write", Path: "x.zip", Err: syscall.ENOSPC})
	if got := explained(full).Error(); !strings.HasPrefix(got, "ディスクがいっぱいです。") {
		t.Errorf("a full disk: %s", got)
	}
}

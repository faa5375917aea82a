package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// stopped is the clock of these tests.
type stopped struct{}

func (stopped) Now() time.Time { return ledgertest.At }

const testSealKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// newSealing is a host that seals and signs into a folder.
func newSealing(t *testing.T, db *sqlx.DB, dsn string) *host {
	t.Helper()
	h := &host{program: &program{log: slog.New(slog.DiscardHandler)}, db: db, clock: stopped{}}
	h.Settings = Settings{Site: "https://tsukaimichi.example", SealKey: testSealKey, DataDir: t.TempDir(), Database: DatabaseSettings{URL: dsn}}
	var err error
	if h.box, err = openBox(testSealKey); err != nil {
		t.Fatal(err)
	}
	if h.files, err = files.OpenDirectory(h.DataDir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.files.Close() })
	return h
}

// seal seals everything and returns the file with the newest checkpoint of an organisation.
func (h *host) sealAndSign(t *testing.T, organisationID int64) string {
	t.Helper()
	for _, kind := range h.sealingKinds() {
		if err := kind.Work(t.Context(), 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	c, err := chain.LatestCheckpoint(t.Context(), h.db, organisationID)
	if err != nil {
		t.Fatal(err)
	}
	note, err := h.files.Read(t.Context(), organisationID, files.KindCheckpoint, files.HashOf([]byte(c.Note)))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "checkpoint")
	if err = os.WriteFile(name, note, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// verify runs the command and returns what it said.
func (h *host) verify(t *testing.T, c verifyCommand) (string, error) {
	t.Helper()
	var out bytes.Buffer
	h.out = &out
	err := c.run(t.Context(), h.program, nil)
	return out.String(), err
}

func TestVerifySaysWhetherTheLogStillBeginsAsSigned(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	h := newSealing(t, db.App, db.AppDSN)
	for range 3 {
		book.Post(t)
	}
	signed := h.sealAndSign(t, book.ID)
	if said, err := h.verify(t, verifyCommand{Checkpoints: []string{signed}}); err != nil || !strings.Contains(said, "3 transactions checked, 0 faults; log of 3 records") {
		t.Errorf("said %q, %v", said, err)
	}
	key, err := checkpointKey(h.box)
	if err != nil {
		t.Fatal(err)
	}
	h.SealKey = "" // an auditor has the public key alone
	public := chain.VerifierKey(chain.Origin(h.Site, book.ID), key.Public().(ed25519.PublicKey))
	if _, err := h.verify(t, verifyCommand{Checkpoints: []string{signed}, Key: public}); err != nil {
		t.Error(err)
	}
	if _, err := h.verify(t, verifyCommand{Checkpoints: []string{signed}}); err == nil {
		t.Error("a checkpoint was believed without a key")
	}
	h.SealKey = seal.NewKey().Name() // no key at all
	if _, err := h.verify(t, verifyCommand{Checkpoints: []string{signed}}); err == nil {
		t.Error("a checkpoint was believed with a wrong key")
	}
}

func TestRestoredDumpIsWholeAndItsMissingTailIsFound(t *testing.T) {
	t.Parallel()
	bin, err := embpg.FindBinaries(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	dump := filepath.Join(bin, "pg_dump")
	if _, err = os.Stat(dump); err != nil {
		chromium.Lacking(t, "%s is missing: apt-get install -y --no-install-recommends postgresql", dump)
	}
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	h := newSealing(t, db.App, db.AppDSN)
	for range 3 {
		book.Post(t)
	}
	before := h.sealAndSign(t, book.ID)
	kept, err := exec.CommandContext(t.Context(), dump, "--no-owner", "--dbname", db.OwnerDSN).Output()
	if err != nil {
		t.Fatal(err)
	}
	book.Post(t)
	after := h.sealAndSign(t, book.ID)

	restored, dsn := restore(t, filepath.Join(bin, "psql"), kept)
	other := newSealing(t, restored, dsn)
	if said, err := other.verify(t, verifyCommand{Checkpoints: []string{before}}); err != nil {
		t.Errorf("an honest dump: %v\n%s", err, said)
	}
	said, err := other.verify(t, verifyCommand{Checkpoints: []string{before, after}})
	if err == nil || !strings.Contains(said, "sequence 4: is missing: a checkpoint was signed for 4 records") {
		t.Errorf("a dump without its tail: %v\n%s", err, said)
	}
	// The log goes on where the dump ends.
	book.DB = restored
	book.Post(t, func(x *ledger.Transaction) { x.Source = "test:after the fire" })
	other.sealAndSign(t, book.ID)
	if said, err := other.verify(t, verifyCommand{Checkpoints: []string{before}}); err != nil || !strings.Contains(said, "log of 4 records") {
		t.Errorf("after going on: %v\n%s", err, said)
	}
}

// restore reads a dump into a database of a new server.
func restore(t *testing.T, psql string, dump []byte) (*sqlx.DB, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "tsukaimichi-restore-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err = os.Chmod(dir, 0o755); err != nil { // the server may run as another account
		t.Fatal(err)
	}
	server, err := embpg.Start(t.Context(), embpg.Options{Dir: filepath.Join(dir, "postgres"), Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	super, err := openDatabase(t.Context(), server.DSN("", ""), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close()
	if err = migrations.Prepare(t.Context(), super, "restored", pgtest.OwnerRole, pgtest.WebRole); err != nil {
		t.Fatal(err)
	}
	read := exec.CommandContext(t.Context(), psql, "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", server.DSN("restored", ""))
	read.Stdin = bytes.NewReader(dump)
	if output, err := read.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	dsn := server.DSN("restored", pgtest.WebRole)
	db, err := openDatabase(t.Context(), dsn, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, dsn
}

func TestLogOfTheSamplesIsWhole(t *testing.T) {
	t.Parallel()
	p := practise(t, false)
	h := newSealing(t, p.db, "")
	all, err := ledger.Organisations(t.Context(), p.db)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no samples")
	}
	if _, err = (&chain.Sealer{DB: p.db}).SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	h.out = &out
	for _, o := range all {
		if n, err := verifyOne(t.Context(), h.program, p.db, o, nil); err != nil || n > 0 {
			t.Errorf("%s: %d faults, %v", o.Slug, n, err)
		}
	}
	t.Log(out.String())
	// Whoever looks needs no address of the database, only the folder.
	if said, err := commandLine(t, "", "verify", "--papers", "--data-dir="+p.DataDir); err != nil || !strings.Contains(said, "papers: ") {
		t.Errorf("verify of the practice folder: %v\n%s", err, said)
	}
}

func TestVerifyReadsThePapersThemselves(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	h := newSealing(t, db.App, db.AppDSN)
	h.Files = "file://" + h.DataDir
	content := []byte("%PDF-1.7 領収書")
	kept, err := h.files.Put(t.Context(), book.ID, files.KindEvidence, content)
	if err != nil {
		t.Fatal(err)
	}
	hash := kept.Hash
	ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
		expense, err := ledger.EnterExpense(t.Context(), tx, book.Expense(), book.Treasurer, ledgertest.At)
		if err != nil {
			return err
		}
		_, err = ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: book.ID, ExpenseID: expense, FileHash: hash[:], Type: "application/pdf", Size: int64(len(content)),
		}, book.Treasurer, ledgertest.At)
		return err
	})
	if said, err := h.verify(t, verifyCommand{Papers: true}); err != nil || !strings.Contains(said, "papers: 1 read, 0 faults") {
		t.Errorf("an honest store: %v\n%s", err, said)
	}
	path := filepath.Join(h.DataDir, strconv.FormatInt(book.ID, 10), "evidence", hash.String()[:2], hash.String())
	swapped := bytes.Replace(content, []byte("1.7"), []byte("1.8"), 1) // of the same length
	if err = os.WriteFile(path, swapped, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := h.verify(t, verifyCommand{Papers: true}); err == nil || !strings.Contains(said, hash.String()) {
		t.Errorf("a paper was swapped for another of the same length: %v\n%s", err, said)
	}
	if err = os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err = h.verify(t, verifyCommand{Papers: true}); err == nil {
		t.Error("a paper is gone and nothing was said")
	}
	h.Files = ""
	if _, err = h.verify(t, verifyCommand{Papers: true}); !errors.Is(err, errSettings) {
		t.Errorf("without --files: %v", err)
	}
}

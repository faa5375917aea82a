package archive_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var (
	key      = ed25519.NewKeyFromSeed([]byte("a key of tests, thirty-two bytes"))
	public   = key.Public().(ed25519.PublicKey)
	otherKey = ed25519.NewKeyFromSeed([]byte("another of tests, of 32 bytes..."))
)

func quiet(string, ...any) {}

// newSource is an installation with three postings, two of them sealed, and two files.
func newSource(t *testing.T, db *sqlx.DB) (archive.Source, ledgertest.Book) {
	t.Helper()
	book := ledgertest.NewBook(t, db, func(o *ledger.Organisation) { o.Purpose = "一\t二\n三\\四\r\\N" })
	for range 2 {
		book.Post(t)
	}
	if _, err := (&chain.Sealer{DB: db}).SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	book.Post(t)
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	for _, text := range []string{"%PDF-1.7 one", "two"} {
		if _, err = store.Put(t.Context(), book.ID, files.KindEvidence, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return archive.Source{DB: db, Files: store, Key: key, Log: key, KeyName: "0a1b2c3d", Site: "https://tsukaimichi.example", Say: quiet}, book
}

// written is an archive as bytes.
func written(t *testing.T, from archive.Source) []byte {
	t.Helper()
	var to bytes.Buffer
	if _, err := archive.Write(t.Context(), &to, from, ledgertest.At); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}

// opened writes bytes to a file and opens it.
func opened(t *testing.T, content []byte) (*archive.Archive, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "archive.zip")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := archive.Open(name, public)
	if err == nil {
		t.Cleanup(func() { _ = a.Close() })
	}
	return a, err
}

func TestArchiveIsLaidIntoAnEmptyDatabaseAndTheLogGoesOn(t *testing.T) {
	t.Parallel()
	from, book := newSource(t, pgtest.New(t).App)
	a, err := opened(t, written(t, from))
	if err != nil {
		t.Fatal(err)
	}
	if o := a.Organisations[0]; o.ID != book.ID || o.Sequence != 2 || o.Unsealed != 1 || o.Slug != book.Slug {
		t.Errorf("the manifest says %+v", o)
	}
	for name, to := range map[string]*pgtest.DB{"never migrated": pgtest.Empty(t), "migrated": pgtest.New(t)} {
		if err = a.Load(t.Context(), to.Owner, pgtest.WebRole, quiet); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var purpose string
		if err = to.App.GetContext(t.Context(), &purpose, `SELECT purpose FROM organisation`); err != nil || purpose != "一\t二\n三\\四\r\\N" {
			t.Errorf("%s: purpose %q, %v", name, purpose, err)
		}
		again := book
		again.DB = to.App
		id := again.Post(t, func(x *ledger.Transaction) { x.Source = "test:after" })
		if id <= 100_000 {
			t.Errorf("%s: transaction %d has a number that may have been given away", name, id)
		}
		if _, err = (&chain.Sealer{DB: to.App}).SealAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		head, err := chain.FindHead(t.Context(), to.App, book.ID)
		if err != nil || head.Sequence != 4 {
			t.Errorf("%s: the log ends at %d, %v; want 4", name, head.Sequence, err)
		}
		if err = a.Load(t.Context(), to.Owner, pgtest.WebRole, quiet); !errors.Is(err, archive.ErrNotEmpty) {
			t.Errorf("%s: loaded twice: %v", name, err)
		}
	}
}

func TestFilesComeBackUnderTheirHashes(t *testing.T) {
	t.Parallel()
	from, book := newSource(t, pgtest.New(t).App)
	a, err := opened(t, written(t, from))
	if err != nil {
		t.Fatal(err)
	}
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for range 2 {
		if n, err := a.LoadFiles(t.Context(), store); n != 2 || err != nil {
			t.Errorf("%d files, %v", n, err)
		}
	}
	if got, err := store.Read(t.Context(), book.ID, files.KindEvidence, files.HashOf([]byte("two"))); string(got) != "two" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestArchiveWithOneBitTurnedOrItsEndCutIsRefused(t *testing.T) {
	t.Parallel()
	from, _ := newSource(t, pgtest.New(t).App)
	whole := written(t, from)
	refused := func(what string, at int, content []byte) {
		t.Helper()
		if _, err := opened(t, content); !errors.Is(err, archive.ErrDamaged) && !errors.Is(err, archive.ErrFormat) {
			t.Errorf("%s at %d of %d: %v", what, at, len(whole), err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for at := range 200 {
		if at >= 80 { // the first bytes, the last ones, and some between
			at = random.IntN(len(whole))
		} else if at >= 10 {
			at = len(whole) - 1 - (at - 10)
		}
		changed := slices.Clone(whole)
		changed[at] ^= 1 << random.IntN(8)
		refused("a bit turned", at, changed)
	}
	for _, left := range []int{0, 1, 63, 64, len(whole) / 2, len(whole) - 65, len(whole) - 1} {
		refused("cut", left, whole[:left])
	}
	refused("longer", len(whole), append(slices.Clone(whole), 0))
}

func TestArchiveOfAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	from, _ := newSource(t, pgtest.New(t).App)
	from.Key = otherKey
	_, err := opened(t, written(t, from))
	if !errors.Is(err, archive.ErrKey) || !strings.Contains(err.Error(), "0a1b2c3d") {
		t.Errorf("got %v; want ErrKey with the name of the key", err)
	}
}

func TestDamagedAndMissingFilesAreNamedAndTheRestIsSaved(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	from, book := newSource(t, db.App)
	dir := t.TempDir()
	store, err := files.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	f, err := store.Put(t.Context(), book.ID, files.KindPhoto, []byte("photo"))
	if err != nil {
		t.Fatal(err)
	}
	hash := f.Hash.String()
	if err = os.WriteFile(filepath.Join(dir, "1", "photo", hash[:2], hash), []byte("phoTo"), 0o600); err != nil {
		t.Fatal(err)
	}
	from.Files = store
	lost := files.HashOf([]byte("a paper that is gone"))
	_, err = db.Super.ExecContext(t.Context(), `
		INSERT INTO evidence (organisation_id, transaction_id, file_hash, type, size, actor_id, added_at)
		SELECT organisation_id, id, $1, 'application/pdf', 1, actor_id, posted_at FROM transaction LIMIT 1`, lost)
	if err != nil {
		t.Fatal(err)
	}
	dropped := files.HashOf([]byte("a paper that was taken away on purpose"))
	_, err = db.Super.ExecContext(t.Context(), `
		WITH named AS (
		INSERT INTO evidence (organisation_id, transaction_id, file_hash, type, size, actor_id, added_at)
		SELECT organisation_id, id, $1, 'application/pdf', 1, actor_id, posted_at FROM transaction LIMIT 1
		RETURNING organisation_id, added_at
		)
		INSERT INTO dropped_file (organisation_id, kind, file_hash, dropped_at)
		SELECT organisation_id, 'evidence', $1, added_at FROM named`, dropped)
	if err != nil {
		t.Fatal(err)
	}
	a, err := opened(t, written(t, from))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Absent) != 2 || a.Absent[0].Hash != lost.String() || a.Absent[1].Hash != hash {
		t.Errorf("absent: %+v", a.Absent)
	}
}

func TestUnfinishedArchiveLeavesNothingAndAnotherIsNeverReplaced(t *testing.T) {
	t.Parallel()
	from, _ := newSource(t, pgtest.New(t).App)
	dir := t.TempDir()
	name := filepath.Join(dir, archive.Name(ledgertest.At))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := archive.Save(ctx, name, from, ledgertest.At); err == nil {
		t.Error("an archive was made though it was called off")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
	if _, err := archive.Save(t.Context(), name, from, ledgertest.At); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if _, err := archive.Save(t.Context(), name, from, ledgertest.At); !errors.Is(err, archive.ErrThere) {
		t.Errorf("a second of the same name: %v", err)
	}
}

func TestPruningLeavesTheNewestAndWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, age time.Duration) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, ledgertest.At.Add(-age), ledgertest.At.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for day := range 5 {
		names = append(names, archive.Name(ledgertest.At.AddDate(0, 0, -day)))
		write(names[day], 0)
	}
	write("tsukaimichi-2020-01-01T000000Z.zip.old", 0)
	write("passbook.zip", 0)
	write(".tsukaimichi-unfinished-1", 48*time.Hour)
	write(".tsukaimichi-unfinished-2", time.Hour)
	write("tsukaimichi-2999-01-01T000000Z.zip", 0) // by a clock that was wrong
	if newest, err := archive.Newest(dir, ledgertest.At); err != nil || !newest.Equal(ledgertest.At) {
		t.Errorf("the newest is of %s, %v", newest, err)
	}
	gone, err := archive.Prune(dir, 2, ledgertest.At)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(gone)
	if want := []string{".tsukaimichi-unfinished-1", names[4], names[3], names[2], names[1]}; !slices.Equal(gone, want) {
		t.Errorf("removed %q; want %q", gone, want)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 5 {
		t.Errorf("left: %v", entries)
	}
}

// TestFailedLoadLeavesNoRowAndEveryRule: rows that contradict each other are found by the foreign keys and by what guards would say, and nothing of them stays.
func TestFailedLoadLeavesNoRowAndEveryRule(t *testing.T) {
	t.Parallel()
	source := pgtest.New(t)
	from, _ := newSource(t, source.App)
	good := written(t, from)
	_, err := source.Super.ExecContext(t.Context(), `
		ALTER TABLE membership DISABLE TRIGGER USER, DROP CONSTRAINT membership_person_fkey;
		UPDATE membership SET person_id = 999999`)
	if err != nil {
		t.Fatal(err)
	}
	bad, err := opened(t, written(t, from))
	if err != nil {
		t.Fatal(err)
	}
	to := pgtest.Empty(t)
	if err = bad.Load(t.Context(), to.Owner, pgtest.WebRole, quiet); err == nil || !strings.Contains(err.Error(), "membership_person_fkey") {
		t.Errorf("a member who is nobody was loaded: %v", err)
	}
	_, err = source.Super.ExecContext(t.Context(), `
		UPDATE membership m SET person_id = (SELECT min(id) FROM person);
		ALTER TABLE transaction DISABLE TRIGGER USER;
		UPDATE transaction SET kind = 'gossip' WHERE id = (SELECT min(id) FROM transaction)`)
	if err != nil {
		t.Fatal(err)
	}
	if bad, err = opened(t, written(t, from)); err != nil {
		t.Fatal(err)
	}
	if err = bad.Load(t.Context(), to.Owner, pgtest.WebRole, quiet); err == nil || !strings.Contains(err.Error(), "transaction_kind_known") {
		t.Errorf("a transaction of no kind was loaded: %v", err)
	}
	var off, rows int
	err = errors.Join(
		to.Super.GetContext(t.Context(), &off, `SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'`),
		to.Super.GetContext(t.Context(), &rows, `SELECT count(*) FROM organisation`))
	if err != nil || off > 0 || rows > 0 {
		t.Errorf("%d triggers are off, %d rows are left, %v", off, rows, err)
	}
	again, err := opened(t, good)
	if err != nil {
		t.Fatal(err)
	}
	if err = again.Load(t.Context(), to.Owner, pgtest.WebRole, quiet); err != nil {
		t.Errorf("the good one after it: %v", err)
	}
}

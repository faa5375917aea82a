package files_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

func newStore(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	store, err := files.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store, dir
}

// kept lists the files below a directory that hold content.
func kept(t *testing.T, dir string) (paths []string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) != ".attrs" {
			paths = append(paths, path)
		}
		return err
	})
	return paths
}

func TestKeptFileComesBackByItsHash(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t)
	ctx, content := context.Background(), []byte("%PDF-1.7 練習")
	f, err := store.Put(ctx, 7, files.KindReceipt, content)
	if err != nil || f.Size != int64(len(content)) || f.Type != files.PDF || f.Hash != files.HashOf(content) {
		t.Fatalf("Put = %+v, %v", f, err)
	}
	if got, err := store.Read(ctx, 7, files.KindReceipt, f.Hash); err != nil || string(got) != string(content) {
		t.Errorf("Read = %q, %v", got, err)
	}
	r, err := store.Open(ctx, 7, files.KindReceipt, f.Hash)
	if err != nil || r.Type != files.PDF || r.Size != f.Size {
		t.Errorf("Open = %+v, %v", r, err)
	}
	r.Close()
}

func TestFileIsNotFoundUnderAnotherOrganisationOrKind(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t)
	ctx := context.Background()
	f, err := store.Put(ctx, 7, files.KindEvidence, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() ([]byte, error){
		"another organisation": func() ([]byte, error) { return store.Read(ctx, 8, files.KindEvidence, f.Hash) },
		"a public kind":        func() ([]byte, error) { return store.Read(ctx, 7, files.KindPhoto, f.Hash) },
		"a path as kind":       func() ([]byte, error) { return store.Read(ctx, 7, "../7/evidence", f.Hash) },
		"another hash":         func() ([]byte, error) { return store.Read(ctx, 7, files.KindEvidence, files.HashOf(nil)) },
	} {
		if _, err := read(); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("%s: %v; want ErrNotFound", name, err)
		}
	}
}

func TestSameBytesAreKeptOnceWhereOnlyTheirOwnerEnters(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	for range 3 {
		if _, err := store.Put(context.Background(), 7, files.KindPhoto, []byte("same")); err != nil {
			t.Fatal(err)
		}
	}
	paths := kept(t, dir)
	if len(paths) != 1 {
		t.Fatalf("%d files kept; want 1: %q", len(paths), paths)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, %v; want 0700", info.Mode(), err)
	}
}

func TestDamagedFileIsNoticedAndMendedByPuttingItAgain(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	ctx, content := context.Background(), []byte("receipt over 1,000 yen")
	f, err := store.Put(ctx, 7, files.KindEvidence, content)
	if err != nil {
		t.Fatal(err)
	}
	path := kept(t, dir)[0]
	os.WriteFile(path, []byte("receipt over 9,000 yen"), 0o600)
	if got, err := store.Read(ctx, 7, files.KindEvidence, f.Hash); !errors.Is(err, files.ErrDamaged) {
		t.Errorf("changed file: Read = %q, %v; want ErrDamaged", got, err)
	}
	os.WriteFile(path, content[:5], 0o600)
	if _, err := store.Read(ctx, 7, files.KindEvidence, f.Hash); !errors.Is(err, files.ErrDamaged) {
		t.Errorf("cut file: %v; want ErrDamaged", err)
	}
	if _, err := store.Put(ctx, 7, files.KindEvidence, content); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Read(ctx, 7, files.KindEvidence, f.Hash); err != nil {
		t.Errorf("after putting it again: %v", err)
	}
}

func TestDeletedFileIsGoneAndDeletingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	ctx := context.Background()
	f, err := store.Put(ctx, 7, files.KindPhoto, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := store.Delete(ctx, 7, files.KindPhoto, f.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if left := kept(t, dir); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}

func TestHashReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	want := files.HashOf([]byte("x"))
	if got, err := files.ParseHash(want.String()); err != nil || got != want {
		t.Errorf("ParseHash(String) = %v, %v", got, err)
	}
	raw, _ := want.Value()
	var got files.Hash
	if err := got.Scan(raw); err != nil || got != want {
		t.Errorf("Scan(Value) = %v, %v", got, err)
	}
	for _, text := range []string{"", "zz", want.String()[2:], "../" + want.String()} {
		if _, err := files.ParseHash(text); !errors.Is(err, files.ErrHash) {
			t.Errorf("ParseHash(%q): %v; want ErrHash", text, err)
		}
	}
}

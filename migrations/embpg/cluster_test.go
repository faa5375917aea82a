//go:build unix

package embpg

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestUnfinishedInitdbIsNoCluster(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	write(t, filepath.Join(dir, lockName), "")
	unfinished := filepath.Join(dir, "data.new-1")
	write(t, filepath.Join(unfinished, "PG_VERSION"), "15\n")
	s := start(t, Options{Dir: dir, Volatile: true})
	if got := query(t, s.DSN("", ""), `SELECT 'answers'`); got != "answers" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(unfinished); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", unfinished, err)
	}
}

func TestDirectoryWithoutAClusterIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	write(t, filepath.Join(dir, lockName), "")
	file := filepath.Join(dir, "data", "precious")
	write(t, file, "the only copy")
	if s, err := Start(t.Context(), Options{Dir: dir}); err == nil {
		stop(t, s)
		t.Error("started")
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "the only copy" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestDirectoryForSomethingElseIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, "letter.txt"), "dear")
	if s, err := Start(t.Context(), Options{Dir: home}); err == nil {
		stop(t, s)
		t.Error("started")
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want the letter alone", entries, err)
	}
}

func TestClusterOfAnotherMajorVersionIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	write(t, filepath.Join(dir, lockName), "")
	file := filepath.Join(dir, "data", "PG_VERSION")
	write(t, file, "11\n")
	_, err := Start(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrVersion) {
		t.Errorf("got %v, want ErrVersion", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "11\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestVolatileClusterThatDoesNotComeUpIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir, Volatile: true})
	stop(t, s)
	if err := os.Remove(filepath.Join(s.data, "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir, Volatile: true})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

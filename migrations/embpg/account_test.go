//go:build unix

package embpg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A data directory under a folder like /root: a user namespace reaches it; without one the message names the folder.
func TestFolderClosedToTheAccount(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another account")
	}
	closed := filepath.Join(openDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "server"), Volatile: true})
	if err != nil {
		if !errors.Is(err, ErrClosed) || !strings.Contains(err.Error(), closed+" ") {
			t.Errorf("got %v, want ErrClosed naming %s", err, closed)
		}
		return
	}
	if !s.account.mapped {
		t.Error("reached it as another account")
	}
	if got := query(t, s.DSN("", ""), `SELECT 'answers'`); got != "answers" {
		t.Errorf("got %q", got)
	}
	stop(t, s)
}

func TestClosedFolderIsNamedWhereNamespacesAreForbidden(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(openDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	other := account{uid: os.Geteuid() + 54321, gid: 54321, other: true}
	folder, err := other.closedAbove(filepath.Join(closed, "server"))
	if err != nil || folder != closed {
		t.Errorf("got %q, %v, want %s", folder, err, closed)
	}
	if folder, err = other.closedAbove("/usr/lib"); err != nil || folder != "" {
		t.Errorf("got %q, %v for an open way", folder, err)
	}
}

func TestMissingParentsAreOpenToTheAccount(t *testing.T) {
	dir := filepath.Join(openDir(t), "one", "two", "server")
	before := syscall.Umask(0o077)
	defer syscall.Umask(before)
	s := start(t, Options{Dir: dir, Volatile: true})
	if s.account.mapped {
		t.Error("needed a user namespace")
	}
	stop(t, s)
}

func TestDirectoryThatChangedHandsIsTaken(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another account")
	}
	dir := newDir(t)
	s := start(t, Options{Dir: dir, RunAs: "nobody", Volatile: true})
	keepRow(t, s.DSN("", ""))
	stop(t, s)
	s = start(t, Options{Dir: dir})
	if got := query(t, s.DSN("", ""), readRow); got != "still here" {
		t.Errorf("got %q", got)
	}
	stop(t, s)
}

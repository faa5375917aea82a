//go:build unix

package embpg

import (
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

func startShared(t *testing.T, dir string) *Shared {
	t.Helper()
	s, err := StartShared(t.Context(), Options{Dir: dir}, keeper(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Release() })
	return s
}

func TestProcessesAtOnceShareOneServer(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	var users sync.WaitGroup
	var mutex sync.Mutex
	servers := map[string]int{}
	for range 6 {
		users.Go(func() {
			s := startShared(t, dir)
			began := query(t, s.DSN("", ""), `SELECT pg_postmaster_start_time()::text`)
			mutex.Lock()
			defer mutex.Unlock()
			servers[began]++
		})
	}
	users.Wait()
	if len(servers) != 1 {
		t.Errorf("six users got %d servers", len(servers))
	}
}

func TestSharedServerStaysUntilItsLastUserIsGone(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	first := play(t, "user", dir)
	s := startShared(t, dir)
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	if got := query(t, s.DSN("", ""), `SELECT 'answers' FROM pg_sleep(0.6)`); got != "answers" {
		t.Errorf("got %q after the first user was killed", got)
	}
	if err := s.Release(); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	eventually(t, "the server ends", func() bool { return !isServer(postmasterOf(data), data) })
}

func TestSharedServerEndsWhenEveryUserWasKilled(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	only := play(t, "user", dir)
	if err := only.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	eventually(t, "the server ends", func() bool { return !isServer(postmasterOf(data), data) })
}

func TestSharedServerComesBackForALaterUser(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	data := filepath.Join(dir, "data")
	for range 3 {
		s := startShared(t, dir)
		if got := query(t, s.DSN("", ""), `SELECT 'answers'`); got != "answers" {
			t.Errorf("got %q", got)
		}
		if err := s.Release(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the server ends", func() bool { return !isServer(postmasterOf(data), data) })
	}
}

func TestKilledSharedServerIsReplacedForTheNextUser(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	data := filepath.Join(dir, "data")
	startShared(t, dir) // and keeps using it
	pid := postmasterOf(data)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server is dead", func() bool { return !isServer(pid, data) })
	next := startShared(t, dir)
	if got := query(t, next.DSN("", ""), `SELECT 'answers'`); got != "answers" {
		t.Errorf("got %q", got)
	}
}

func TestFailureOfTheKeeperIsTold(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	dir := newDir(t)
	if s, err := StartShared(t.Context(), Options{Dir: dir}, keeper(dir)); err == nil {
		_ = s.Release()
		t.Error("started without programs")
	} else {
		t.Log(err)
	}
}

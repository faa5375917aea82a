//go:build unix

package embpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDataOutlivesAStop(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	began := time.Now()
	s := start(t, Options{Dir: dir})
	cold := time.Since(began)
	keepRow(t, s.DSN("", ""))
	began = time.Now()
	stop(t, s)
	stopped := time.Since(began)
	began = time.Now()
	s = start(t, Options{Dir: dir})
	t.Logf("cold start %v, stop %v, warm start %v", cold, stopped, time.Since(began))
	if got := query(t, s.DSN("", ""), readRow); got != "still here" {
		t.Errorf("got %q after a stop and a start", got)
	}
}

func TestSecondServerOfADirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	start(t, Options{Dir: dir, Volatile: true})
	_, err := Start(t.Context(), Options{Dir: dir, Volatile: true})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("got %v, want ErrInUse with our process id", err)
	}
}

func TestStopIsHarmlessTwiceAndFreesTheDirectory(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir, Volatile: true})
	stop(t, s)
	stop(t, s)
	select {
	case <-s.Done():
	default:
		t.Error("Done is open after Stop")
	}
	start(t, Options{Dir: dir, Volatile: true})
}

func TestStopEndsOpenSessions(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: newDir(t), Volatile: true})
	db, err := sql.Open("postgres", s.DSN("", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err = db.BeginTx(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stop(t, s)
	if took := time.Since(began); took > patience/2 {
		t.Errorf("Stop took %v with a transaction open", took)
	}
}

func TestServerIsReachedOnlyThroughAPrivateSocket(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: newDir(t), Volatile: true})
	if got := query(t, s.DSN("", ""), `SHOW listen_addresses`); got != "" {
		t.Errorf("listens on %q", got)
	}
	for _, dir := range []string{s.options.Dir, s.socket} {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s is %v, want 0700", dir, got)
		}
	}
}

func TestOverlongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), strings.Repeat("とても長い", 8), "server")
	s := start(t, Options{Dir: dir, Volatile: true})
	if got := query(t, s.DSN("", ""), `SELECT 'answers'`); got != "answers" {
		t.Errorf("got %q", got)
	}
	stop(t, s)
	if _, err := os.Stat(s.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", s.socket, err)
	}
}

func TestSocketDirectoryOfAnotherOwnerIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can lay out another's directory")
	}
	dir := filepath.Join(t.TempDir(), "socket")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := ownDirectory(dir, account{uid: 6789}); err != nil {
		t.Errorf("our own: %v", err)
	}
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if err := ownDirectory(dir, account{uid: 6789}); err == nil {
		t.Error("accepted")
	}
}

// Each of these would lead the server, or initdb, astray.
func TestCallersEnvironmentDoesNotReachTheServer(t *testing.T) {
	for name, value := range map[string]string{
		"PGDATA": "/nowhere", "PGPORT": "1", "PGUSER": "someone", "PGDATABASE": "another", "LC_ALL": "tlh_KX", "LANG": "tlh_KX",
	} {
		t.Setenv(name, value)
	}
	s := start(t, Options{Dir: newDir(t), Volatile: true})
	if got := query(t, s.DSN("", ""), `SELECT current_user || ' ' || current_database()`); got != "postgres postgres" {
		t.Errorf("got %q", got)
	}
}

func TestOrderIsCAndLettersAreUnicode(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: newDir(t), Volatile: true})
	const letters = `SELECT string_agg(word, '' ORDER BY word) || ' ' || ('見' ~ '\w') FROM unnest(ARRAY['a', 'B', 'あ']) AS word`
	if got := query(t, s.DSN("", ""), letters); got != "Baあ true" {
		t.Errorf("got %q, want C order and 見 as a letter", got)
	}
	if query(t, s.DSN("", ""), `SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'`) == "0" {
		return
	}
	db, err := sql.Open("postgres", s.DSN("", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err = db.ExecContext(t.Context(), `CREATE EXTENSION pg_trgm`); err != nil {
		t.Fatal(err)
	}
	if got := query(t, s.DSN("", ""), `SELECT similarity('こども食堂', 'こども食堂の会') > 0.2`); got != "true" {
		t.Error("pg_trgm sees nothing alike in Japanese")
	}
}

func TestKilledPostmasterIsNoticedAndRecovers(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir})
	keepRow(t, s.DSN("", ""))
	if err := syscall.Kill(postmasterOf(s.data), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Stop(t.Context()); err == nil {
		t.Error("Stop does not tell that the server was killed")
	}
	began := time.Now()
	s = start(t, Options{Dir: dir})
	t.Logf("start after a kill %v", time.Since(began))
	if got := query(t, s.DSN("", ""), readRow); got != "still here" {
		t.Errorf("got %q", got)
	}
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // inside initdb, which no machine ends so soon
	defer cancel()
	if s, err := Start(ctx, Options{Dir: dir, Volatile: true}); err == nil {
		stop(t, s)
		t.Fatal("started before it was cancelled")
	}
	start(t, Options{Dir: dir, Volatile: true})
}

func TestRemoveDeletesAStoppedServerOnly(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir, Volatile: true})
	if err := Remove(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("running: got %v, want ErrInUse", err)
	}
	stop(t, s)
	for range 2 {
		if err := Remove(t.Context(), dir); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", dir, err)
		}
	}
}

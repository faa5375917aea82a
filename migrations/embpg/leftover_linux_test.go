package embpg

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// In a container whose first process reaps nobody, a killed server stays in the process table and PostgreSQL takes it for
// alive. Here the test becomes the parent of what the killed program leaves, and does not reap it.
func TestDeadPostmasterThatNobodyReapedIsNoObstacle(t *testing.T) {
	const prSetChildSubreaper = 36
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0); errno != 0 {
		t.Fatal(errno)
	}
	t.Cleanup(func() { syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 0, 0) })
	dir := newDir(t)
	program := play(t, "owner", dir)
	data := filepath.Join(dir, "data")
	pid := postmasterOf(data)
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil { // so that it cannot tidy up
		t.Fatal(err)
	}
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the postmaster is dead and not reaped", func() bool {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err == nil && strings.Contains(string(status), ") Z ")
	})
	if isServer(pid, data) {
		t.Error("a dead server counts as alive")
	}
	s := start(t, Options{Dir: dir})
	if got := query(t, s.DSN("", ""), `SELECT 'answers'`); got != "answers" {
		t.Errorf("got %q", got)
	}
	stop(t, s)
	if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
		t.Error(err)
	}
}

func TestNumberOfAnotherProcessIsNoObstacle(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir, Volatile: true})
	stop(t, s)
	write(t, filepath.Join(s.data, "postmaster.pid"), fmt.Sprintf("%d\n%s\n", os.Getppid(), s.data))
	if isServer(os.Getppid(), s.data) {
		t.Error("another process counts as the server")
	}
	start(t, Options{Dir: dir, Volatile: true})
}

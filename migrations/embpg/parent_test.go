//go:build unix

package embpg

import (
	"path/filepath"
	"runtime"
	"testing"
)

func TestServerEndsWithAKilledProgram(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the next start ends it")
	}
	dir := newDir(t)
	program := play(t, "owner", dir)
	data := filepath.Join(dir, "data")
	pid := postmasterOf(data)
	if !isServer(pid, data) {
		t.Fatalf("no server, process %d", pid)
	}
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server of a killed program ends", func() bool { return !isServer(pid, data) })
}

func TestStartRightAfterAKilledProgramFindsTheData(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	program := play(t, "owner", dir)
	keepRow(t, address{socket: socketDir(dir), superuser: "postgres"}.DSN("", ""))
	for round := range 5 {
		if err := program.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = program.Wait() // its locks are gone; its server may still be there
		s := start(t, Options{Dir: dir})
		if got := query(t, s.DSN("", ""), readRow); got != "still here" {
			t.Fatalf("round %d: got %q", round, got)
		}
		stop(t, s)
		program = play(t, "owner", dir)
	}
}

func TestRunningProgramKeepsOthersOut(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	play(t, "owner", dir)
	if s, err := Start(t.Context(), Options{Dir: dir}); err == nil {
		stop(t, s)
		t.Error("a second program got the directory")
	}
}

//go:build unix

package embpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clearLeftover ends the server of a killed process and removes what says that it still runs. We hold the lock, so no
// living process wants it. PostgreSQL itself would be fooled: a postmaster that nobody reaped, as in a container whose
// first process does not, counts as alive, and so does any process that got its number since.
func (s *Server) clearLeftover(ctx context.Context) error {
	if pid := postmasterOf(s.data); isServer(pid, s.data) {
		s.options.Log.WarnContext(ctx, "ending a PostgreSQL that was left behind", "pid", pid)
		if err := endLeftover(ctx, pid, s.data); err != nil {
			return err
		}
	}
	stale, err := filepath.Glob(filepath.Join(s.socket, ".s.PGSQL.*"))
	if err != nil {
		return err
	}
	for _, path := range append(stale, filepath.Join(s.data, "postmaster.pid")) {
		if err = removeIfThere(path); err != nil {
			return err
		}
	}
	return s.removeUnfinished()
}

// endLeftover shuts a server down that is not our child: fast, then at once.
func endLeftover(ctx context.Context, pid int, data string) error {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, patience}, {syscall.SIGQUIT, patience / 4}} {
		if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("embpg: server left behind, process %d: %w", pid, err)
		}
		for waited := time.Duration(0); waited < step.wait; waited += 10 * time.Millisecond {
			if !isServer(pid, data) {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	return fmt.Errorf("embpg: server left behind, process %d, does not stop", pid)
}

// postmasterOf reads the process id that a server of this cluster wrote; 0 when there is none.
func postmasterOf(data string) int {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 1 {
		return 0
	}
	return pid
}

// isServer reports whether a process is a live postmaster of this cluster, and not a dead one that nobody reaped, nor another
// process that got its number.
func isServer(pid int, data string) bool {
	if pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err == nil {
		if _, after, found := strings.Cut(string(status), ") "); !found || strings.HasPrefix(after, "Z") {
			return false
		}
		folder, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)) // a server works in its cluster
		return err == nil && folder == data
	}
	if _, err = os.Stat("/proc/self/stat"); err == nil {
		return false // gone meanwhile
	}
	line, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(line), "postgres") && strings.Contains(string(line), data)
}

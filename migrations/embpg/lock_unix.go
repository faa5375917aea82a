//go:build unix

package embpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// lockFile opens a file, making it when missing, and locks it for as long as it stays open. The kernel opens the lock when
// its holder dies. how is LOCK_SH or LOCK_EX, with LOCK_NB not to wait, which EWOULDBLOCK then answers.
func lockFile(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
	}
}

// release opens a lock at once. Closing the file alone would not do while another child is being started: until it runs its
// program, it holds a copy.
func release(file *os.File) error {
	return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
}

// lockName is the file in a server's directory that its process keeps locked.
const lockName = "lock"

// claim takes a directory for this process, or returns ErrInUse.
func claim(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	file, err := lockFile(path, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: %s, process %s", ErrInUse, dir, holder(path))
	}
	if err != nil {
		return nil, err
	}
	if err = file.Truncate(0); err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(err, release(file))
	}
	return file, nil
}

// holder reads the process id that the lock's holder wrote; "unknown" in the moment before it has.
func holder(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if id := strings.TrimSpace(string(text)); err == nil && id != "" {
		return id
	}
	return "unknown"
}

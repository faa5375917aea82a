//go:build unix

package rehearsed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// inMemory begins the names of the folders that InMemory makes; the process that made one follows.
const inMemory = "tsukaimichi-tests-"

// InMemory lays the temporary folders of a test binary into memory, where the machine has room for them: a practice database waits for its disk at every commit, and tests
// that begin one each do little else. The function returned takes all of it away; it belongs at the end of TestMain.
func InMemory() (leave func(), err error) {
	place := embpg.VolatileDir()
	if place == os.TempDir() {
		return func() {}, nil
	}
	removeLeft(place)
	dir, err := os.MkdirTemp(place, fmt.Sprintf("%s%d-", inMemory, os.Getpid()))
	if err != nil {
		return nil, err
	}
	leave = func() { _ = os.RemoveAll(dir) }                                  // memory that is left goes with the next test binary
	return leave, errors.Join(os.Chmod(dir, 0o755), os.Setenv("TMPDIR", dir)) // the database may run as somebody else
}

// removeLeft gives back the memory of test binaries that were killed.
func removeLeft(place string) {
	left, _ := filepath.Glob(filepath.Join(place, inMemory+"*")) // the pattern is a good one
	for _, dir := range left {
		var maker int
		if _, err := fmt.Sscanf(filepath.Base(dir), inMemory+"%d-", &maker); err == nil && errors.Is(syscall.Kill(maker, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}

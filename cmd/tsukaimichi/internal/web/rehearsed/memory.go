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

// room is what the folders of two test binaries at once may need in memory, with the databases of the tests of rooms beside them, in bytes.
const room = 2 << 30

// inMemory begins the names of the folders that layInMemory makes; the process that made one follows.
const inMemory = "tsukaimichi-tests-"

// layInMemory lays the temporary folders of a test binary into memory, where the machine has room for them: a practice database waits for its disk at every commit, and tests
// that begin one each do little else. The function returned takes all of it away; it is for the end.
func layInMemory() (leave func(), err error) {
	place := embpg.VolatileDir()
	var stat syscall.Statfs_t
	if err = syscall.Statfs(place, &stat); err != nil {
		return nil, err
	}
	if place == os.TempDir() || uint64(stat.Bavail)*uint64(stat.Bsize) < room {
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

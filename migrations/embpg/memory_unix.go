//go:build unix

package embpg

import (
	"os"
	"syscall"
)

// memory is where Linux keeps files in memory, and room what a few volatile servers may need there, in bytes.
const (
	memory = "/dev/shm"
	room   = 1 << 30
)

// VolatileDir is the folder in which a volatile server is best kept: one in memory where there is 1 GiB of room, else the one
// for temporary files.
func VolatileDir() string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memory, &stat); err == nil && uint64(stat.Bavail)*uint64(stat.Bsize) >= room {
		return memory
	}
	return os.TempDir()
}

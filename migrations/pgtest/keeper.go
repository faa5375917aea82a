//go:build unix

package pgtest

import (
	"context"
	"os"
	"os/exec"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// keeperDir tells a test binary to be the keeper of the server in that directory, and nothing else.
const keeperDir = "TSUKAIMICHI_PGTEST_KEEPER"

// lingering is how long the server outlives its last user: between two packages of one run it stays up.
const lingering = 3 * time.Second

// init makes a keeper of any test binary that is asked to be one. The server needs a process that outlives the test process
// which came first, and a test binary is the only program that is certain to be there.
func init() {
	dir := os.Getenv(keeperDir)
	if dir == "" {
		return
	}
	if err := embpg.Keep(context.Background(), embpg.Options{Dir: dir}, lingering, os.Stdout); err != nil {
		os.Exit(1) // why has been said to who asked
	}
	os.Exit(0)
}

func keeper(dir string) func() *exec.Cmd {
	return func() *exec.Cmd {
		program, err := os.Executable()
		if err != nil {
			program = os.Args[0]
		}
		command := exec.Command(program)
		command.Env = append(os.Environ(), keeperDir+"="+dir)
		return command
	}
}

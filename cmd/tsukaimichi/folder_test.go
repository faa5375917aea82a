package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// emptyFolder is a practice folder whose database has its roles and tables, and nobody in it but the operator.
var emptyFolder struct {
	once sync.Once
	dir  string
	err  error
}

// newFolder is a practice folder of a test's own. Its database is a copy: making roles and tables takes longer than most of what is done with them. The program
// finds there what it would make itself, which the tests of the built program let it do.
func newFolder(t *testing.T) string {
	t.Helper()
	emptyFolder.once.Do(func() { emptyFolder.err = prepare() })
	if emptyFolder.err != nil {
		t.Fatal(emptyFolder.err)
	}
	dir := t.TempDir()
	if said, err := exec.Command("cp", "-a", filepath.Join(emptyFolder.dir, "postgres"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return dir
}

func prepare() (err error) {
	if emptyFolder.dir, err = os.MkdirTemp("", "tsukaimichi-prepared-"); err != nil {
		return err
	}
	if err = os.Chmod(emptyFolder.dir, 0o755); err != nil { // the database may run as somebody else
		return err
	}
	ctx := context.Background()
	server, err := embpg.Start(ctx, embpg.Options{Dir: filepath.Join(emptyFolder.dir, "postgres"), Settings: hasty})
	if err != nil {
		return err
	}
	return errors.Join(prepareDatabase(ctx, server), server.Stop(ctx))
}

// hasty are settings of a database that need not outlive its machine: where there is no room in memory, a commit does not wait for the disk.
var hasty = map[string]string{"fsync": "off"}

// forgetFolder takes the prepared one away.
func forgetFolder() {
	if emptyFolder.dir != "" {
		_ = os.RemoveAll(emptyFolder.dir)
	}
}

package rehearsed

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// practice is the one program of a test binary.
var practice struct {
	once    sync.Once
	at      string // its address
	command *exec.Cmd
	dir     string
	log     *os.File
	err     error
}

// Begin builds the program, begins it in an empty folder, and returns its address; every later call returns the same one.
func Begin(t testing.TB) string {
	t.Helper()
	practice.once.Do(func() { practice.err = start() })
	if practice.err != nil {
		t.Fatal(practice.err)
	}
	return practice.at
}

// End ends the program, where one was begun, and takes its folder away.
func End() {
	if practice.command != nil && practice.command.Process != nil {
		_ = practice.command.Process.Signal(os.Interrupt)
		_ = practice.command.Wait() // what it ended with was said in its log
	}
	if practice.dir != "" {
		_ = os.RemoveAll(practice.dir)
	}
}

// Said is the end of the program's log.
func Said() string {
	text, err := os.ReadFile(practice.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

// watch looks into every folder the program is made from. The tests do not import it, and go remembers the result of a test until something
// changes that it imported or looked at.
func watch() error {
	said, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("module: %w", err)
	}
	root := strings.TrimSpace(string(said))
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
}

func start() (err error) {
	if err = watch(); err != nil {
		return err
	}
	if practice.dir, err = os.MkdirTemp("", "tsukaimichi-rehearsed-"); err != nil {
		return err
	}
	if err = os.Chmod(practice.dir, 0o755); err != nil { // the database may run as somebody else
		return err
	}
	program := filepath.Join(practice.dir, "tsukaimichi")
	// as go run makes it, which keeps it: the next test binary has the same one at once
	if said, err := exec.Command("go", "run", "-exec", "cp", "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi", program).CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, said)
	}
	address, err := FreeAddress()
	if err != nil {
		return err
	}
	if practice.log, err = os.Create(filepath.Join(practice.dir, "log")); err != nil {
		return err
	}
	practice.command = exec.Command(program, "practice", "--data-dir", filepath.Join(practice.dir, "data"), "--listen", address)
	practice.command.Stdout, practice.command.Stderr = practice.log, practice.log
	if err = practice.command.Start(); err != nil {
		return err
	}
	practice.at = "http://" + address
	for begun := time.Now(); time.Since(begun) < 3*time.Minute; time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get(practice.at + "/ping"); err == nil {
			return answer.Body.Close()
		}
	}
	return fmt.Errorf("the program does not answer: %s", Said())
}

//go:build unix

package embpg

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test binary plays other programs too, so that they can be killed: part says which, partDir where.
const (
	part    = "EMBPG_TEST_PART"
	partDir = "EMBPG_TEST_DIR"
)

func TestMain(m *testing.M) {
	if err := os.Setenv("TMPDIR", VolatileDir()); err != nil {
		panic(err)
	}
	dir := os.Getenv(partDir)
	switch os.Getenv(part) {
	case "":
		os.Exit(m.Run())
	case "owner": // starts a server and waits to be killed
		if _, err := Start(context.Background(), Options{Dir: dir}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		select {}
	case "user": // uses the shared server and waits to be killed
		if _, err := StartShared(context.Background(), Options{Dir: dir}, keeper(dir)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		select {}
	case "keeper":
		if err := Keep(context.Background(), Options{Dir: dir}, 300*time.Millisecond, os.Stdout); err != nil {
			os.Exit(1)
		}
	}
}

func keeper(dir string) func() *exec.Cmd {
	return func() *exec.Cmd { return playing("keeper", dir) }
}

func playing(role, dir string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), part+"="+role, partDir+"="+dir)
	return command
}

// play starts another program and waits until it is ready.
func play(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	command := playing(role, dir)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err = command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	said := make([]byte, 4096)
	n, err := output.Read(said)
	if got := strings.TrimSpace(string(said[:n])); got != "ready" {
		t.Fatalf("%s in %s: %q %v", role, dir, got, err)
	}
	return command
}

// newDir is a directory for a server, which no longer runs when the test ends.
func newDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(openDir(t), "server")
	t.Cleanup(func() {
		data := filepath.Join(dir, "data")
		eventually(t, "server of "+dir+" ends", func() bool { return !isServer(postmasterOf(data), data) })
	})
	return dir
}

// openDir is a temporary directory that another account may pass through; testing closes the one above its own.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// query returns the one value that a query gives.
func query(t *testing.T, dsn, text string) string {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var value string
	if err = db.QueryRowContext(t.Context(), text).Scan(&value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

const readRow = `SELECT said FROM kept`

// keepRow commits a row that readRow finds.
func keepRow(t *testing.T, dsn string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err = db.ExecContext(t.Context(), `CREATE TABLE kept AS SELECT 'still here' AS said`); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	for range 6000 {
		if true() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("after a minute still not: %s", what)
}

//go:build unix

package embpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver that asks whether the server answers
)

// patience is how long a server may take to shut down before it is made to.
const patience = 20 * time.Second

// postmaster is the server's first process, our child.
type postmaster struct {
	process *os.Process
	log     string
	logged  int64         // the length of the log before this launch
	done    chan struct{} // closed when it has ended
	ending  error         // how it ended, set before done is closed
}

// launch starts the postmaster. Its log is a file of its own, so that nothing of it hangs on our output.
func (s *Server) launch() (*postmaster, error) {
	p := &postmaster{log: filepath.Join(s.options.Dir, "postgres.log"), done: make(chan struct{})}
	log, err := openLog(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the child has its own
	if p.logged, err = log.Seek(0, 2); err != nil {
		return nil, err
	}
	command := exec.Command(filepath.Join(s.programs, "postgres"),
		append([]string{"-D", s.data}, settings(s.options, s.socket)...)...)
	command.Env, command.Dir = environment(), s.options.Dir
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = s.account.attributes()
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // see account.attributes; never unlocked, so the thread lasts as long as the child
		err := command.Start()
		p.process = command.Process
		started <- err
		if err == nil {
			p.ending = command.Wait()
			close(p.done)
		}
	}()
	if err = <-started; err != nil {
		return nil, fmt.Errorf("embpg: postgres: %w", err)
	}
	return p, nil
}

// fullLog is the size at which a start puts the log aside, in bytes.
const fullLog = 10 << 20

func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > fullLog {
		if err = os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// awaitAnswer waits until the server answers a query, has ended, or took too long.
func (s *Server) awaitAnswer(ctx context.Context, p *postmaster) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.StartWait)
	defer cancel()
	db, err := sql.Open("postgres", s.DSN("", ""))
	if err != nil {
		return err
	}
	defer db.Close()
	for wait := 5 * time.Millisecond; ; wait = min(wait*3/2, 200*time.Millisecond) {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("embpg: postgres ended while starting: %w\n%s", p.ending, p.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("embpg: postgres does not answer: %w: %w\n%s", ctx.Err(), err, p.lastWords())
		case <-time.After(wait):
		}
	}
}

// lastWords returns the end of what this launch logged.
func (p *postmaster) lastWords() []byte {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return nil
	}
	text = text[min(p.logged, int64(len(text))):]
	return text[max(0, len(text)-2000):]
}

// stop asks for a fast shutdown, and for an immediate one when ctx ends or patience does.
func (p *postmaster) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = p.process.Signal(syscall.SIGINT) // fails only when it has ended
	select {
	case <-p.done:
	case <-ctx.Done():
		_ = p.process.Signal(syscall.SIGQUIT)
		select {
		case <-p.done:
		case <-time.After(patience / 4):
			return errors.New("embpg: postgres does not stop")
		}
	}
	if p.ending != nil {
		return fmt.Errorf("embpg: postgres: %w", p.ending)
	}
	return nil
}

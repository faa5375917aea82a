//go:build unix

package embpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Shared is one server that several processes use at once.
type Shared struct {
	address
	users *os.File // locked shared for as long as this process uses the server
}

// StartShared returns the server of o.Dir for this process to use together with others: the one that runs, or one
// that a keeper then starts. keeper makes the command of a process that calls Keep with the same options, with its standard
// output; being a process of its own, it outlives whoever happened to come first, and stops the server some time
// after the last user released it or died. ctx bounds the start.
func StartShared(ctx context.Context, o Options, keeper func() *exec.Cmd) (*Shared, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o}
	if err = s.settle(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.StartWait)
	defer cancel()
	users, err := lockFile(usersFile(s.options.Dir), syscall.LOCK_SH) // waits while a keeper is stopping
	if err != nil {
		return nil, err
	}
	shared := &Shared{address: s.address, users: users}
	if err = shared.await(ctx, keeper); err != nil {
		return nil, errors.Join(err, release(users))
	}
	return shared, nil
}

// await waits until the server answers, with a keeper of ours unless another process's is at it already.
func (s *Shared) await(ctx context.Context, keeper func() *exec.Cmd) error {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		silent := s.ping(ctx)
		if silent == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("embpg: shared server: %w", silent)
		}
		err := ask(keeper())
		if err == nil {
			continue
		}
		if !errors.Is(err, ErrInUse) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, but does not answer: %w", err, silent)
		case <-time.After(wait):
		}
	}
}

// Release says that this process needs the server no more.
func (s *Shared) Release() error { return release(s.users) }

// usersName is the file in a shared server's directory that its users keep locked, together.
const usersName = "users"

func usersFile(dir string) string { return filepath.Join(dir, usersName) }

func (s *Shared) ping(ctx context.Context) error {
	db, err := sql.Open("postgres", s.DSN("", ""))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// The two answers of a keeper that are no failure.
const (
	keeperReady = "ready"
	keeperInUse = "in use"
)

// ask starts a keeper and waits for its answer: nil, ErrInUse or what went wrong.
func ask(keeper *exec.Cmd) error {
	answer, err := keeper.StdoutPipe()
	if err != nil {
		return err
	}
	keeper.Dir = "/" // holds no folder
	if keeper.SysProcAttr == nil {
		keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt ends the users, not the keeper
	}
	if err = keeper.Start(); err != nil {
		return err
	}
	text, err := io.ReadAll(answer) // until the keeper closes it
	if err != nil {
		return err
	}
	go func() { _ = keeper.Wait() }() // leaves no dead process behind if it ends before us
	switch said := strings.TrimSpace(string(text)); said {
	case keeperReady:
		return nil
	case keeperInUse:
		return ErrInUse
	default:
		return fmt.Errorf("embpg: keeper: %s", said)
	}
}

// Keep runs the volatile server of o.Dir until nobody has used it for a while, lingering so long, and says on answer, which it
// closes, how the start went. It is all that its process does. A keeper that finds another at work ends at once, and one whose server
// was killed ends with it.
func Keep(ctx context.Context, o Options, lingering time.Duration, answer io.WriteCloser) error {
	o.Volatile = true
	server, err := Start(ctx, o)
	said := keeperReady
	switch {
	case errors.Is(err, ErrInUse):
		said = keeperInUse
	case err != nil:
		said = err.Error()
	}
	_, failed := io.WriteString(answer, said)
	if err = errors.Join(err, failed, answer.Close()); err != nil {
		if server != nil {
			err = errors.Join(err, server.Stop(ctx))
		}
		return err
	}
	type outcome struct {
		users *os.File
		err   error
	}
	unused := make(chan outcome, 1)
	go func() {
		users, err := server.awaitUnused(lingering)
		unused <- outcome{users, err}
	}()
	select {
	case <-server.Done(): // killed: whoever comes next needs another keeper
		return server.Stop(ctx)
	case o := <-unused:
		err = errors.Join(o.err, server.Stop(ctx))
		if o.users != nil {
			err = errors.Join(err, release(o.users)) // in this order: a new user waits for the stop
		}
		return err
	}
}

// awaitUnused returns the users file, locked, once nobody has used the server for so long.
func (s *Server) awaitUnused(lingering time.Duration) (*os.File, error) {
	path := usersFile(s.options.Dir)
	for {
		left, err := lockFile(path, syscall.LOCK_EX) // waits for the last user
		if err != nil {
			return nil, err
		}
		if err = release(left); err != nil {
			return nil, err
		}
		time.Sleep(lingering)
		unused, err := lockFile(path, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return unused, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, err
		}
	}
}

//go:build unix

package embpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is a running private PostgreSQL. Its methods may be called from any goroutine.
type Server struct {
	address
	options    Options
	data       string // the cluster
	programs   string // the directory of initdb and postgres
	account    account
	free       func() error // gives the directory up, once
	postmaster *postmaster
}

// Start starts the server of a directory, making the cluster first when there is none and ending what a killed process
// left. ctx bounds the start alone; the server then runs until Stop, or until this process ends.
//
// It returns ErrInUse, ErrNoBinaries, ErrVersion, ErrClosed, or what kept the server from answering, with the end
// of its log.
func Start(ctx context.Context, o Options) (*Server, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o}
	if err = s.settle(); err != nil {
		return nil, err
	}
	lock, err := claim(s.options.Dir)
	if err != nil {
		return nil, err
	}
	s.free = sync.OnceValue(func() error { return release(lock) })
	if err = s.start(ctx); err != nil {
		return nil, errors.Join(err, s.free())
	}
	s.options.Log.InfoContext(ctx, "private PostgreSQL runs", "dir", s.options.Dir, "programs", s.programs)
	return s, nil
}

// settle makes the directory and finds its real path, which is the working directory that the server will show.
func (s *Server) settle() error {
	dir := s.options.Dir
	if err := makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	if err = ownPurpose(dir); err != nil {
		return err
	}
	s.options.Dir = dir
	s.data = filepath.Join(dir, "data")
	s.address = address{socket: socketDir(dir), superuser: s.options.Superuser}
	return nil
}

// ownPurpose refuses a directory that serves for something else, such as a home, which a server of another account would take
// over. Ours has the lock, or the users of a shared server, before anything else.
func ownPurpose(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); name == lockName || name == usersName {
			return nil
		}
	}
	return fmt.Errorf("embpg: %s holds other things: the server needs a directory of its own", dir)
}

// makeParents makes the folders that are missing, each open for passing through whatever the umask: a server that
// runs as another account has to get to its own.
func makeParents(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil
		}
		return err
	}
	return os.Chmod(dir, 0o755)
}

// start does what needs the directory to be ours. A volatile cluster that does not come up is made anew: it is worth
// nothing, and may be half written since the machine stopped.
func (s *Server) start(ctx context.Context) error {
	if err := s.clearLeftover(ctx); err != nil {
		return err
	}
	err := s.bringUp(ctx)
	if err == nil || !s.options.Volatile || ctx.Err() != nil || errors.Is(err, ErrNoBinaries) || errors.Is(err, ErrClosed) {
		return err
	}
	s.options.Log.WarnContext(ctx, "making a volatile PostgreSQL anew", "dir", s.options.Dir, "error", err)
	if e := os.RemoveAll(s.data); e != nil {
		return errors.Join(err, e)
	}
	return s.bringUp(ctx)
}

func (s *Server) bringUp(ctx context.Context) error {
	major, err := clusterVersion(s.data)
	if err != nil {
		return err
	}
	if s.programs, err = findBinaries(ctx, s.options, major); err != nil {
		return fmt.Errorf("%s: %w", s.options.Dir, err)
	}
	if err = s.handOver(); err != nil {
		return err
	}
	if major == 0 {
		if err = s.makeCluster(ctx); err != nil {
			return err
		}
	}
	return s.open(ctx)
}

// handOver gives the directory, and the socket's, to the account that the server runs as.
func (s *Server) handOver() error {
	chosen, err := serverAccount(s.options.RunAs)
	if err != nil {
		return err
	}
	if s.account, err = chosen.reach(s.options.Dir, filepath.Join(s.programs, "postgres")); err != nil {
		return err
	}
	if err = os.Mkdir(s.socket, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if s.socketApart() {
		if err = ownDirectory(s.socket, s.account); err != nil {
			return err
		}
	}
	return s.account.take(s.data, s.socket, s.options.Dir)
}

// socketApart reports whether the socket lies in /tmp, where anyone may lay things ready, and not in our directory.
func (s *Server) socketApart() bool { return filepath.Dir(s.socket) != s.options.Dir }

// ownDirectory refuses a socket directory that someone else laid ready in /tmp.
func ownDirectory(dir string, a account) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || (owner != os.Geteuid() && owner != a.uid) {
		return fmt.Errorf("embpg: %s belongs to someone else", dir)
	}
	return nil
}

// open launches the postmaster until it answers. The backends of one that was killed hold its shared memory until they
// notice, so that complaint is met by trying again, for ten seconds.
func (s *Server) open(ctx context.Context) error {
	for try := 1; ; try++ {
		p, err := s.launch()
		if err != nil {
			return err
		}
		if err = s.awaitAnswer(ctx, p); err == nil {
			s.postmaster = p
			return nil
		}
		_ = p.stop(ctx) // why it did not answer is what matters
		if try == 100 || !strings.Contains(err.Error(), "pre-existing shared memory block") {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Done is closed when the server has ended, wanted or not.
func (s *Server) Done() <-chan struct{} { return s.postmaster.done }

// Stop shuts the server down and frees the directory. Sessions are ended and what they had not committed is
// rolled back. When ctx ends, or after twenty seconds, it becomes a hard stop, which the next start recovers from. The
// error tells of a server that did not end, or had ended badly before. A second call does no harm.
func (s *Server) Stop(ctx context.Context) error {
	err := s.postmaster.stop(ctx)
	if s.socketApart() {
		err = errors.Join(err, removeIfThere(s.socket))
	}
	return errors.Join(err, s.free())
}

// Remove deletes the directory of a server, with all its data. ErrInUse when a process runs it; what a killed process left
// is ended first. A directory that is not there is no error.
func Remove(ctx context.Context, dir string) error {
	dir, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	o, err := Options{Dir: dir}.complete()
	if err != nil {
		return err
	}
	s := &Server{options: o}
	if err = s.settle(); err != nil {
		return err
	}
	lock, err := claim(o.Dir)
	if err != nil {
		return err
	}
	if err = s.clearLeftover(ctx); err == nil {
		err = errors.Join(os.RemoveAll(s.socket), os.RemoveAll(o.Dir))
	}
	return errors.Join(err, release(lock))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

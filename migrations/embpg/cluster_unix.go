//go:build unix

package embpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// clusterVersion returns the major version that made the cluster, 0 when there is none. A directory of that name which is
// no cluster is left alone: it may be someone's damaged data.
func clusterVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err == nil {
		major, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return 0, fmt.Errorf("embpg: %s: PG_VERSION: %w", data, err)
		}
		return major, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	if _, err = os.Lstat(data); err == nil {
		return 0, fmt.Errorf("embpg: %s is there but holds no PostgreSQL cluster: move it away or restore it", data)
	}
	return 0, nil
}

// makeCluster lets initdb work beside the place and renames the result in: one that was killed leaves files
// that look finished.
func (s *Server) makeCluster(ctx context.Context) error {
	unfinished := fmt.Sprintf("%s.new-%d", s.data, os.Getpid())
	args := []string{
		"--pgdata=" + unfinished, "--username=" + s.superuser, "--encoding=UTF8", "--auth=trust",
		"--locale=C", "--lc-ctype=" + characterClasses(), "--no-instructions",
	}
	if s.options.Volatile {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	initdb := exec.CommandContext(ctx, filepath.Join(s.programs, "initdb"), args...)
	initdb.Env, initdb.Dir = environment(), s.options.Dir
	initdb.SysProcAttr = s.account.attributes()
	runtime.LockOSThread() // see account.attributes
	said, err := initdb.CombinedOutput()
	runtime.UnlockOSThread()
	if err != nil {
		return errors.Join(fmt.Errorf("embpg: initdb: %w\n%s", err, said), os.RemoveAll(unfinished))
	}
	if err = os.Rename(unfinished, s.data); err != nil {
		return err
	}
	return syncDirectory(s.options.Dir)
}

// removeUnfinished clears what killed runs of initdb left.
func (s *Server) removeUnfinished() error {
	left, err := filepath.Glob(s.data + ".new-*")
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err = os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// syncDirectory makes a rename in dir outlast a power cut.
func syncDirectory(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

//go:build unix

package embpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom the server runs as.
type account struct {
	uid, gid int
	other    bool // not ourselves: we are root
	mapped   bool // root, seen as uid in a user namespace; files stay root's
}

// serverAccount chooses the account: ourselves, or, when we are root, whom PostgreSQL refuses, name or the first of
// postgres and nobody. Prefer postgres: whoever else runs as nobody could connect.
func serverAccount(name string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	names := []string{"postgres", "nobody"}
	if name != "" {
		names = []string{name}
	}
	for _, name := range names {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			continue
		}
		return account{uid: int(uid), gid: int(gid), other: true}, nil
	}
	return account{}, fmt.Errorf("embpg: we are root, as whom PostgreSQL does not run, and have no account of %v", names)
}

// reach makes sure that the account can get at the directories. Where a folder above them is closed to it, such as /root, it
// becomes root under another name, in a user namespace; where the system forbids that, ErrClosed names the folder.
func (a account) reach(dirs ...string) (account, error) {
	if !a.other {
		return a, nil
	}
	for _, dir := range dirs {
		closed, err := a.closedAbove(dir)
		if err != nil {
			return a, err
		}
		if closed == "" {
			continue
		}
		if a.mapped = canMap(a); a.mapped {
			return a, nil
		}
		return a, fmt.Errorf("%w: %s is closed to uid %d: choose a directory elsewhere, such as under /var/lib, or do not run as root",
			ErrClosed, closed, a.uid)
	}
	return a, nil
}

// closedAbove returns the folder on the way to dir that the account may not pass, or "".
func (a account) closedAbove(dir string) (string, error) {
	for folder := filepath.Dir(dir); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil {
			return "", err
		}
		stat := info.Sys().(*syscall.Stat_t)
		need := fs.FileMode(0o001)
		switch {
		case int(stat.Uid) == a.uid:
			need = 0o100
		case int(stat.Gid) == a.gid:
			need = 0o010
		}
		if info.Mode().Perm()&need == 0 {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", nil
		}
	}
}

// attributes makes a child of this account that ends with us and that an interrupt from the terminal does not reach.
// Its starter must stay on one thread for as long as the child lives.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case a.mapped:
		mapRoot(attributes, a)
	case a.other:
		attributes.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	endWithParent(attributes)
	return attributes
}

// take gives the account the cluster and the socket's directory, with all that is in them, and the directory above by itself.
func (a account) take(cluster, socket, dir string) error {
	if !a.other {
		return nil
	}
	uid, gid := a.uid, a.gid
	if a.mapped {
		uid, gid = 0, 0
	}
	for _, top := range []string{cluster, socket} {
		if err := giveTree(top, uid, gid); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.Lchown(dir, uid, gid)
}

// giveTree changes the owner of a tree, unless its top is the new owner's already. The top changes hands last, so a
// walk that was broken off is done again.
func giveTree(top string, uid, gid int) error {
	info, err := os.Stat(top)
	if err != nil || int(info.Sys().(*syscall.Stat_t).Uid) == uid {
		return err
	}
	err = filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == top {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
	if err != nil {
		return err
	}
	return os.Lchown(top, uid, gid)
}

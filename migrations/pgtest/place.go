//go:build unix

package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// serverDir is the directory of this checkout's server: in memory where there is room, else among the temporary files.
// Directories of checkouts that are gone are removed on the way.
func serverDir() (string, error) {
	checkout, err := checkoutDir()
	if err != nil {
		return "", err
	}
	family := filepath.Join(embpg.VolatileDir(), fmt.Sprintf("tsukaimichi-test-%d-", os.Geteuid()))
	hash := sha256.Sum256([]byte(checkout))
	dir := family + hex.EncodeToString(hash[:5])
	if err = removeAbandoned(family); err != nil {
		return "", err
	}
	if err = os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() || int(stat.Uid) != os.Geteuid() {
		return "", fmt.Errorf("pgtest: %s belongs to someone else", dir)
	}
	if err = sign(dir, checkout); err != nil {
		return "", err
	}
	return filepath.Join(dir, "server"), nil
}

// sign writes down whose a directory is, all at once: who found half a name would take the checkout for gone.
func sign(dir, checkout string) error {
	name := filepath.Join(dir, checkoutFile)
	if signed, err := os.ReadFile(name); err == nil && string(signed) == checkout {
		return nil
	}
	fresh, err := os.CreateTemp(dir, checkoutFile+"-")
	if err != nil {
		return err
	}
	_, err = fresh.WriteString(checkout)
	if err = errors.Join(err, fresh.Close()); err != nil {
		return err
	}
	return os.Rename(fresh.Name(), name)
}

// checkoutDir is the folder of go.mod, above the package whose test runs.
func checkoutDir() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err = os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.EvalSymlinks(folder)
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", errors.New("pgtest: no go.mod above the working directory")
		}
		folder = above
	}
}

// checkoutFile, in a server's directory, names the checkout it belongs to.
const checkoutFile = "checkout"

// removeAbandoned removes the directories whose checkout is no longer there, so that memory is not lost to each
// clone that was ever tested. A server that somebody still uses stays.
func removeAbandoned(family string) error {
	dirs, err := filepath.Glob(family + "*")
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		checkout, err := os.ReadFile(filepath.Join(dir, checkoutFile))
		if err != nil {
			continue // being made just now
		}
		if _, err = os.Stat(string(checkout)); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err = embpg.Remove(context.Background(), filepath.Join(dir, "server")); errors.Is(err, embpg.ErrInUse) {
			continue
		}
		if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
			return err
		}
	}
	return nil
}

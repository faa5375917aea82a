package embpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// oldest is the first major version the schema works with.
const oldest = 15

// installed are the places where packages put the programs, one directory per major version.
var installed = []string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/opt/homebrew/opt/postgresql@*/bin", // macOS on ARM
	"/usr/local/opt/postgresql@*/bin",    // macOS on Intel
	"/usr/pgsql-*/bin",                   // Fedora and others, from postgresql.org
	"/usr/lib/postgresql*/bin",           // SUSE
	"/usr/libexec/postgresql*",           // Alpine
	"/opt/local/lib/postgresql*/bin",     // MacPorts
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// FindBinaries returns the directory of initdb and postgres: $PG_BIN alone when it is set, else the newest that a package
// installed, else the one on the PATH, else what FetchBinaries laid into cacheDir (empty: DefaultCacheDir).
// ErrNoBinaries when there is none of version 15 or newer.
func FindBinaries(ctx context.Context, cacheDir string) (string, error) {
	if cacheDir == "" {
		cacheDir = DefaultCacheDir()
	}
	return findBinaries(ctx, Options{CacheDir: cacheDir}, 0)
}

// findBinaries returns programs of the major version wanted, or of the best one when wanted is 0. A directory that
// was named is not passed over in silence.
func findBinaries(ctx context.Context, o Options, wanted int) (string, error) {
	named := o.BinDir
	if named == "" {
		named = os.Getenv("PG_BIN")
	}
	candidates := []string{named}
	if named == "" {
		candidates = append(searched(installed), onPath(), cached(o.CacheDir))
	}
	other := 0
	for _, dir := range candidates {
		major := majorVersion(ctx, dir)
		switch {
		case major < oldest:
			continue
		case wanted == 0 || major == wanted:
			return dir, nil
		case other == 0:
			other = major
		}
	}
	if other != 0 {
		return "", fmt.Errorf("%w: by %d, and only %d is here: install PostgreSQL %[2]d and name its programs in PG_BIN",
			ErrVersion, wanted, other)
	}
	if named != "" {
		return "", fmt.Errorf("%w (looked in %s alone, which was named)", ErrNoBinaries, named)
	}
	return "", ErrNoBinaries
}

// searched returns the directories that match, the newest version first.
func searched(patterns []string) []string {
	var found []string
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			panic(err) // the patterns are constant
		}
		found = append(found, matches...)
	}
	slices.SortStableFunc(found, func(a, b string) int { return numberIn(b) - numberIn(a) })
	return found
}

var digits = regexp.MustCompile(`\d+`)

// numberIn returns the last number in a path: "/usr/lib/postgresql/15/bin" gives 15.
func numberIn(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	number, err := strconv.Atoi(all[len(all)-1])
	if err != nil {
		return 0
	}
	return number
}

// onPath returns the real directory of the initdb that the PATH leads to, or "".
func onPath() string {
	program, err := exec.LookPath("initdb")
	if err != nil {
		return ""
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return ""
	}
	return filepath.Dir(program)
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorVersion asks the postgres in dir for its major version; 0 when dir does not hold what a server needs.
func majorVersion(ctx context.Context, dir string) int {
	if dir == "" || !isProgram(filepath.Join(dir, "initdb")) {
		return 0
	}
	command := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	command.Env = environment()
	line, err := command.Output()
	if err != nil {
		return 0
	}
	match := versionLine.FindSubmatch(line)
	if match == nil {
		return 0
	}
	major, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return major
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// environment is what the server's programs get to see: nothing that changes where they connect or how they sort.
func environment() []string {
	kept := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH"} {
		if value, set := os.LookupEnv(name); set {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// characterClasses is the locale whose letters are Unicode's. Under plain C, pg_trgm sees no letter in Japanese.
func characterClasses() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

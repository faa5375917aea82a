package embpg

import (
	"errors"
	"log/slog"
	"path/filepath"
	"time"
)

// Options says where and how a private server runs. Only Dir is required.
type Options struct {
	Dir       string            // made when missing; holds data/, run/, lock and postgres.log
	BinDir    string            // where initdb and postgres are; empty: found as FindBinaries does
	CacheDir  string            // where FetchBinaries laid them; empty: DefaultCacheDir
	Superuser string            // the database role that initdb makes; empty: "postgres"
	RunAs     string            // the account the server runs as when we are root; empty: postgres, else nobody
	Settings  map[string]string // further settings, as in postgresql.conf
	Volatile  bool              // for tests: fast; made anew when it does not come up again
	StartWait time.Duration     // how long the server may take to answer, its recovery included; zero: one minute
	Log       *slog.Logger      // nil: silent
}

// ErrInUse says that another process runs the server of this directory; the message names its process id.
var ErrInUse = errors.New("embpg: the directory is in use by another process")

// ErrNoBinaries says that this machine has no usable PostgreSQL, and what to do about it.
var ErrNoBinaries = errors.New(`embpg: no PostgreSQL 15 or newer found on this machine. Install it:
  Debian, Ubuntu  apt-get install postgresql
  Fedora          dnf install postgresql-server
  macOS           brew install postgresql@17
or use a server that runs elsewhere: --database-url`)

// ErrVersion says that the directory was made by another major version of PostgreSQL than the programs found.
var ErrVersion = errors.New("embpg: made by another major version of PostgreSQL")

// ErrClosed says that the account the server must run as cannot reach a directory; the message names it.
var ErrClosed = errors.New("embpg: directory closed to the server's account")

// ErrUnsupported says that this system cannot run a private server: a server that runs elsewhere is needed.
var ErrUnsupported = errors.New("embpg: no private PostgreSQL on this system: use --database-url")

// complete fills what was left empty and makes the directory absolute.
func (o Options) complete() (Options, error) {
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return o, err
	}
	if o.CacheDir == "" {
		o.CacheDir = DefaultCacheDir()
	}
	if o.Superuser == "" {
		o.Superuser = "postgres"
	}
	if o.StartWait == 0 {
		o.StartWait = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

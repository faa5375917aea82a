package embpg

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// address is how a private server is reached.
type address struct {
	socket    string // the directory of the socket file
	superuser string
}

// DSN is a lib/pq connection string for a database of this server and one of its roles, through the socket file. An
// empty user is the superuser, an empty database is "postgres". There are no passwords: who reaches the socket may connect.
func (a address) DSN(database, user string) string {
	if user == "" {
		user = a.superuser
	}
	if database == "" {
		database = "postgres"
	}
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", quoted(a.socket), quoted(user), quoted(database))
}

// DSN is as the method of a Server or Shared, for the server that another process of this account runs in a directory. Whether it
// answers, and whether the directory is there, is not looked at.
func DSN(dir, database, user string) string {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil { // as Start does
		dir = real
	}
	return address{socket: socketDir(dir), superuser: "postgres"}.DSN(database, user)
}

func quoted(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// longest is how long the path of a socket may be on every system (104 bytes with its end on macOS, 108 on Linux).
const longest = 103

// socketDir is run/ in the server's directory, or a short one in /tmp where that path is too long for a socket or
// holds a character that separates paths.
func socketDir(dir string) string {
	run := filepath.Join(dir, "run")
	if len(filepath.Join(run, ".s.PGSQL.5432")) <= longest && !strings.ContainsAny(run, `,"`) {
		return run
	}
	hash := sha256.Sum256([]byte(dir))
	return filepath.Join("/tmp", fmt.Sprintf("tsukaimichi-%d-%s", os.Geteuid(), hex.EncodeToString(hash[:6])))
}

package archive

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What is wrong with an archive.
var (
	ErrDamaged = errors.New("archive: damaged: cut, or changed since it was written")
	ErrFormat  = errors.New("archive: not an archive of this program")
	ErrNewer   = errors.New("archive: made by a newer release of this program; restore it with that release")
	ErrKey     = errors.New("archive: signed with another key")
)

// format is the version of the archive's own shape.
const format = 1

// Manifest says what an archive holds.
type Manifest struct {
	Format        int            `json:"format"`
	Program       string         `json:"program"`        // release that made it
	MadeAt        time.Time      `json:"made_at"`        // before the database was read
	Schema        int64          `json:"schema"`         // number of the newest migration
	KeyName       string         `json:"key"`            // name of the sealing key that opens what is sealed in it
	Practice      bool           `json:"practice"`       // holds practice organisations
	Organisations []Organisation `json:"organisations"`  // by id
	Tables        []Table        `json:"tables"`         // in the order of the parts
	Parts         []Part         `json:"parts"`          // all but the manifest and its signature
	Absent        []Absent       `json:"absent_files"`   // could not be read when the archive was made
	ServerVersion string         `json:"server_version"` // of PostgreSQL
}

// Organisation says where the log of an organisation stood.
type Organisation struct {
	ID       int64  `json:"id" db:"id"`
	Slug     string `json:"slug" db:"slug"`
	Sequence int64  `json:"sequence" db:"sequence"` // records sealed
	Head     string `json:"head" db:"head"`         // end of the chain, hexadecimal
	Unsealed int64  `json:"unsealed" db:"unsealed"` // records still waiting for a number
	Origin   string `json:"origin"`                 // of its checkpoint; empty without one
}

// Part is one file in the archive.
type Part struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Table is a table of the copy.
type Table struct {
	Schema  string   `json:"schema"`
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Absent is a file that the store listed and could not give.
type Absent struct {
	Organisation int64  `json:"organisation"`
	Kind         string `json:"kind"`
	Hash         string `json:"hash"`
	Why          string `json:"why"`
}

// The names of parts.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	readmeName    = "README.txt"
)

func (t Table) part() string { return "database/" + t.Schema + "." + t.Name + ".copy" }

func (t Table) String() string { return t.Schema + "." + t.Name }

func (o Organisation) part() string { return fmt.Sprintf("checkpoints/%d.txt", o.ID) }

// sign returns the manifest's bytes and the signature over them.
func (m Manifest) sign(key ed25519.PrivateKey) (text, signature []byte, err error) {
	if text, err = json.MarshalIndent(m, "", "  "); err != nil {
		return nil, nil, err
	}
	text = append(text, '\n')
	return text, []byte(base64.StdEncoding.EncodeToString(ed25519.Sign(key, text)) + "\n"), nil
}

// parseManifest reads what sign wrote; key nil leaves the signature unchecked.
func parseManifest(text, signature []byte, key ed25519.PublicKey) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrFormat, manifestName, err)
	}
	if m.Format > format {
		return m, ErrNewer
	}
	if m.Format != format {
		return m, fmt.Errorf("%w: format %d", ErrFormat, m.Format)
	}
	if key == nil {
		return m, nil
	}
	raw, err := base64.StdEncoding.DecodeString(string(trimEnd(signature)))
	if err != nil || !ed25519.Verify(key, text, raw) {
		return m, fmt.Errorf("%w: it needs the key %s", ErrKey, m.KeyName)
	}
	return m, nil
}

func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		return line[:n-1]
	}
	return line
}

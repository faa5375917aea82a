package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
)

// The code that applies the files leaves grants behind too, so it is part of the fingerprint.
//
//go:embed migrations.go roles.go
var sources embed.FS

// Fingerprint names what Apply leaves behind: equal fingerprints, equal schemas. It is twelve hexadecimal digits.
func Fingerprint() string {
	return fingerprint(FS, sources)
}

func fingerprint(trees ...fs.FS) string {
	hash := sha256.New()
	for _, tree := range trees {
		names, err := fs.Glob(tree, "*")
		if err != nil {
			panic(err) // the pattern is constant
		}
		slices.Sort(names)
		for _, name := range names {
			content, err := fs.ReadFile(tree, name)
			if err != nil {
				panic(err) // embedded
			}
			fmt.Fprintf(hash, "%d %s %d ", len(name), name, len(content))
			hash.Write(content)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)[:6])
}

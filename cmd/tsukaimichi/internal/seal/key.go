package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// ErrKey says that a text or a file is not a key: 32 random bytes in base64.
var ErrKey = errors.New("seal: not a key of 32 bytes in base64")

const keyBytes = 32

// Key is an AES-256 key. The zero Key is not usable. It never prints itself.
type Key struct {
	bytes [keyBytes]byte
	name  string // eight hex digits that say which key this is and nothing about it
}

// NewKey makes a random key.
func NewKey() Key {
	var raw [keyBytes]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	return newKey(raw)
}

// ParseKey reads a key from the settings: 32 bytes in base64, standard or URL alphabet, padded or not, spaces
// around it ignored; ErrKey otherwise.
func ParseKey(text string) (Key, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) != keyBytes {
		return Key{}, ErrKey
	}
	return newKey([keyBytes]byte(raw)), nil
}

// KeyFile reads the key in a file, or makes the file with a new key that only its owner can read. It is for
// practice mode and single machines; several replicas need one key from the settings. ErrKey when the file
// holds something else: it is never overwritten.
func KeyFile(path string) (Key, error) {
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			key, err := ParseKey(string(text))
			if err != nil {
				return Key{}, fmt.Errorf("key file %s: %w", path, err)
			}
			return key, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return Key{}, err
		}
		if err := writeKey(path, NewKey()); err != nil && !errors.Is(err, fs.ErrExist) {
			return Key{}, err
		}
	}
}

// writeKey makes the file whole or not at all: two programs starting together must end with the same key, so the
// link fails for whoever comes second.
func writeKey(path string, key Key) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(key.text() + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Link(draft.Name(), path)
}

// Name is eight hex digits that tell this key from others and reveal nothing of it.
func (k Key) Name() string { return k.name }

// String hides the key.
func (k Key) String() string { return hidden }

// GoString hides the key from %#v.
func (k Key) GoString() string { return hidden }

// LogValue hides the key from slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(hidden) }

func (k Key) text() string { return base64.StdEncoding.EncodeToString(k.bytes[:]) }

func newKey(raw [keyBytes]byte) Key {
	sum := sha256.Sum256(append([]byte("tsukaimichi key name\x00"), raw[:]...))
	return Key{bytes: raw, name: hex.EncodeToString(sum[:4])}
}

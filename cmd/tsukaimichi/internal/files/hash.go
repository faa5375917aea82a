package files

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrHash says that a text or a column is not the SHA-256 of a file.
var ErrHash = errors.New("files: not a hash")

// Hash is the SHA-256 of a file's bytes. In SQL it is a bytea of 32 bytes, in texts 64 hex digits.
type Hash [sha256.Size]byte

// HashOf returns the hash of the bytes.
func HashOf(content []byte) Hash { return sha256.Sum256(content) }

// ParseHash reads what String wrote; ErrHash otherwise.
func ParseHash(text string) (Hash, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != sha256.Size {
		return Hash{}, ErrHash
	}
	return Hash(raw), nil
}

// String writes the hash in 64 hex digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Value stores the hash as bytea.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads a bytea of 32 bytes.
func (h *Hash) Scan(src any) error {
	raw, ok := src.([]byte)
	if !ok || len(raw) != sha256.Size {
		return fmt.Errorf("%w: %T", ErrHash, src)
	}
	copy(h[:], raw)
	return nil
}

// MarshalText writes the hash as String does.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHash(string(text))
	return err
}

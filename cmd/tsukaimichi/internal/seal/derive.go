package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
)

// Derive makes another key of 32 bytes from the Box's current one, for a purpose of its own, so that an installation has one secret
// to keep. Nobody can go back from it to the key.
func (b *Box) Derive(purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, b.current.bytes[:], nil, "tsukaimichi "+purpose, keyBytes)
}

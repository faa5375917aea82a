package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// ErrSealed says that a sealed text does not open: another key, organisation or purpose, or a changed text.
var ErrSealed = errors.New("seal: does not open")

// version heads every sealed text; a change of cipher or of what is bound gets a new one.
const version = "s1"

// Box seals with one key and opens what this or an older key sealed.
type Box struct {
	current Key
	keys    map[string]cipher.AEAD
}

// New makes a Box that seals with current and also opens what the older keys sealed; ErrKey for a zero Key.
func New(current Key, older ...Key) (*Box, error) {
	b := &Box{current: current, keys: map[string]cipher.AEAD{}}
	for _, key := range append(older, current) {
		if key.name == "" {
			return nil, ErrKey
		}
		block, err := aes.NewCipher(key.bytes[:])
		if err != nil {
			return nil, err
		}
		if b.keys[key.name], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Seal returns the secret as one line of ASCII, "s1.<key name>.<base64>", that opens only for the same
// organisation and purpose. Sealing twice gives two different texts.
func (b *Box) Seal(organisationID int64, purpose string, secret Secret) string {
	aead := b.keys[b.current.name]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(secret)+aead.Overhead())
	rand.Read(nonce)
	sealed := aead.Seal(nonce, nonce, []byte(secret), bound(organisationID, purpose))
	return strings.Join([]string{version, b.current.name, base64.RawURLEncoding.EncodeToString(sealed)}, ".")
}

// Open returns the secret that Seal hid; ErrSealed, naming the purpose, when it does not open.
func (b *Box) Open(organisationID int64, purpose, sealed string) (Secret, error) {
	refused := fmt.Errorf("organisation %d, %s: %w", organisationID, purpose, ErrSealed)
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != version {
		return "", refused
	}
	aead, known := b.keys[parts[1]]
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !known || len(raw) < aead.NonceSize() {
		return "", refused
	}
	size := aead.NonceSize()
	plain, err := aead.Open(nil, raw[:size], raw[size:], bound(organisationID, purpose))
	if err != nil {
		return "", refused
	}
	return Secret(plain), nil
}

// Name is the name of the key the Box seals with.
func (b *Box) Name() string { return b.current.name }

// Current reports whether a sealed text was sealed with the Box's own key; if not, it is to be sealed again.
func (b *Box) Current(sealed string) bool {
	return strings.HasPrefix(sealed, version+"."+b.current.name+".")
}

// bound is what the seal is tied to besides the key; the lengths keep two purposes from running together.
func bound(organisationID int64, purpose string) []byte {
	text := append([]byte(version), 0)
	text = binary.BigEndian.AppendUint64(text, uint64(organisationID))
	text = binary.BigEndian.AppendUint32(text, uint32(len(purpose)))
	return append(text, purpose...)
}

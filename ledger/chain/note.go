package chain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// ErrNote says that a text is not a checkpoint, or was not signed by the key.
var ErrNote = errors.New("chain: not a signed checkpoint")

// Checkpoint says how long a log was and what stood in it. Whoever keeps its Note can tell later whether the log still begins
// with the same records.
type Checkpoint struct {
	Origin string // which log: "tsukaimichi.example/log/3"
	Size   int64
	Root   Hash   // of the tree over the first Size records' hashes (RFC 6962)
	Note   string // what was signed and the signature
}

// Fingerprint is what papers print of a checkpoint beside its Size.
func (c Checkpoint) Fingerprint() string { return c.Root.Digits() }

// Origin names the log of an organisation at the site people type, "https://tsukaimichi.example".
func Origin(site string, organisationID int64) string {
	if u, err := url.Parse(site); err == nil && u.Host != "" {
		site = u.Host
	}
	return site + "/log/" + strconv.FormatInt(organisationID, 10)
}

// sign writes the checkpoint as a signed note: c2sp.org/tlog-checkpoint in c2sp.org/signed-note, so that the programs of others
// can read and check it.
func (c Checkpoint) sign(key ed25519.PrivateKey) string {
	text := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	signature := append(keyID(c.Origin, key.Public().(ed25519.PublicKey)), ed25519.Sign(key, []byte(text))...)
	return text + "\n— " + c.Origin + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
}

// algorithm is Ed25519 in signed notes.
const algorithm = 1

// keyID is how a signature says which key made it: four bytes.
func keyID(name string, key ed25519.PublicKey) []byte {
	sum := sha256.Sum256(append(append([]byte(name), '\n', algorithm), key...))
	return sum[:4]
}

// VerifierKey is the public key as other programs take it: name+id+key.
func VerifierKey(origin string, key ed25519.PublicKey) string {
	return fmt.Sprintf("%s+%x+%s", origin, keyID(origin, key), base64.StdEncoding.EncodeToString(append([]byte{algorithm}, key...)))
}

// ParseVerifierKey reads what VerifierKey wrote; ErrNote otherwise.
func ParseVerifierKey(text string) (ed25519.PublicKey, error) {
	parts := strings.SplitN(strings.TrimSpace(text), "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%w: a verifier key is name+id+key", ErrNote)
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algorithm || fmt.Sprintf("%x", keyID(parts[0], raw[1:])) != parts[1] {
		return nil, fmt.Errorf("%w: not the verifier key of %s", ErrNote, parts[0])
	}
	return raw[1:], nil
}

// ParseCheckpoint reads a note and checks that the key signed it. Lines and signatures of others may stand beside ours.
// ErrNote otherwise.
func ParseCheckpoint(note string, key ed25519.PublicKey) (Checkpoint, error) {
	c := Checkpoint{Note: note}
	text, signatures, ok := strings.Cut(note, "\n\n")
	lines := strings.Split(text, "\n")
	if !ok || len(lines) < 3 {
		return c, ErrNote
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || size < 1 || strconv.FormatInt(size, 10) != lines[1] || rootErr != nil || len(root) != len(c.Root) {
		return c, ErrNote
	}
	c.Origin, c.Size, c.Root = lines[0], size, Hash(root)
	for line := range strings.SplitSeq(signatures, "\n") {
		if signed(c.Origin, text+"\n", line, key) {
			return c, nil
		}
	}
	return c, fmt.Errorf("%w: %s at %d has no signature of this key", ErrNote, c.Origin, c.Size)
}

// signed reports whether a line is the key's signature under the text.
func signed(origin, text, line string, key ed25519.PublicKey) bool {
	encoded, ours := strings.CutPrefix(line, "— "+origin+" ")
	signature, err := base64.StdEncoding.DecodeString(encoded)
	if !ours || err != nil || len(signature) != 4+ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return false
	}
	return string(signature[:4]) == string(keyID(origin, key)) && ed25519.Verify(key, []byte(text), signature[4:])
}

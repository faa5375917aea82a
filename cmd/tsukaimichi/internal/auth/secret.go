package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
)

// newToken is 32 random bytes for a cookie or a link.
func newToken() string {
	var raw [32]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// newCode is six random digits.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", n), nil
}

// hashOf is what is stored of a token; what it is for keeps one from passing as another.
func hashOf(purpose string, parts ...string) []byte {
	sum := sha256.Sum256([]byte(purpose + "\x00" + strings.Join(parts, "\x00")))
	return sum[:]
}

// codeHash binds the digits to the browser: a million hashes are nothing, a million for each cookie nobody has is.
func codeHash(browser, code string) []byte { return hashOf("code", browser, code) }

// digits reads a code as people type it: full-width, with spaces or a hyphen.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= '0' && r <= '9':
			return r
		case r == ' ' || r == '　' || r == '-' || r == '－' || r == 'ー':
			return -1
		}
		return '?'
	}, strings.TrimSpace(text))
}

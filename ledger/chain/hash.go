package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Hash is a SHA-256.
type Hash [sha256.Size]byte

// String is the hash in hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Fingerprint is the beginning of the hash as operators compare it: eight hex digits in two groups. Papers print Digits.
func (h Hash) Fingerprint() string {
	text := h.String()
	return text[:4] + " " + text[4:8]
}

// Each hash begins with what it is of, so that one can never pass for another.
const (
	ofOrganisation = "tsukaimichi log\x00"
	ofPrivate      = "tsukaimichi private part\x00"
	ofRecord       = "tsukaimichi record\x00"
	ofLink         = "tsukaimichi chain\x00"
)

// saltBytes is the length of a salt: nobody tries 2^128.
const saltBytes = 16

// beginning is what the first record of an organisation is linked to.
func beginning(organisationID int64) Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(ofOrganisation), uint64(organisationID)))
}

// PrivateDigest is the digest of a private part. The salt has always the same length.
func PrivateDigest(salt, private []byte) Hash {
	h := sha256.New()
	h.Write([]byte(ofPrivate))
	h.Write(salt)
	h.Write(private)
	return Hash(h.Sum(nil))
}

// RecordHash is the hash of a record: of its public part as encoded and the digest of its private part.
func RecordHash(public []byte, private Hash) Hash {
	h := sha256.New()
	h.Write([]byte(ofRecord))
	h.Write(private[:]) // first, because it has always the same length
	h.Write(public)
	return Hash(h.Sum(nil))
}

// Link is the chain up to and including a record.
func Link(before, record Hash) Hash {
	return sha256.Sum256(append(append([]byte(ofLink), before[:]...), record[:]...))
}

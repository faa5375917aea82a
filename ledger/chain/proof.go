package chain

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrProof says that a proof does not hold, or is none.
var ErrProof = errors.New("chain: the proof does not hold")

// ProofFormat names the layout of a Proof. Another layout gets another name.
const ProofFormat = "tsukaimichi-proof/1"

// Proof shows, to whoever has the log's public key and nothing else, that records stand in the log that a signed checkpoint was made
// of, and that this log begins with what an earlier paper printed. All hashes and encoded parts are in hex.
//
// To recompute one: digest = H("tsukaimichi private part\0", salt, private); hash = H("tsukaimichi record\0", digest, public); the
// leaf is H(0, hash), and the path leads from it to the checkpoint's root as in RFC 9162 (2.1.3.2), the record being the leaf with the
// number sequence − 1. The path of Printed is checked as in 2.1.4.2. H is SHA-256 over the bytes one after the other.
type Proof struct {
	Format     string         `json:"format"`
	Key        string         `json:"key"`        // verifier key of the log: name+id+key
	Checkpoint string         `json:"checkpoint"` // a signed note (c2sp.org/tlog-checkpoint)
	Records    []ProvenRecord `json:"records"`
	Printed    *Printed       `json:"printed,omitempty"`
}

// ProvenRecord is one record and its way to the root.
type ProvenRecord struct {
	Sequence int64  `json:"sequence"` // its number in the log, counted from 1
	Public   Bytes  `json:"public"`   // as encoded; DecodePublic reads it
	Digest   Hash   `json:"digest"`   // of the private part
	Hash     Hash   `json:"hash"`
	Salt     Bytes  `json:"salt,omitempty"`    // opens the private part; neither stands here once it was closed
	Private  Bytes  `json:"private,omitempty"` // as encoded; DecodePrivate reads it
	Path     []Hash `json:"path"`
}

// Printed is what a paper says of the log as it was when the paper was made.
type Printed struct {
	Size int64  `json:"size"`
	Root Hash   `json:"root"`
	Path []Hash `json:"path"` // that the log of the checkpoint begins with it
}

// Bytes are bytes that texts hold in hex.
type Bytes []byte

// MarshalText writes hex.
func (b Bytes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, b), nil }

// UnmarshalText reads hex.
func (b *Bytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.AppendDecode(nil, text)
	return err
}

// MarshalText writes the hash in hex.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what MarshalText wrote; ErrEncoding for anything else.
func (h *Hash) UnmarshalText(text []byte) error {
	raw, err := hex.AppendDecode(nil, text)
	if err != nil || len(raw) != len(h) {
		return ErrEncoding
	}
	*h = Hash(raw)
	return nil
}

// Shown is what a proof shows once it was checked.
type Shown struct {
	Checkpoint Checkpoint
	Records    []ShownRecord
	Printed    *Printed
}

// ShownRecord is a record that stands in the log. Private is nil where its private part was not opened.
type ShownRecord struct {
	Sequence int64
	Hash     Hash
	Public   Public
	Private  *Private
}

// ReadProof reads a proof as it was downloaded; ErrProof for another file.
func ReadProof(text []byte) (Proof, error) {
	var p Proof
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("%w: not the file of a proof", ErrProof)
	}
	if p.Format != ProofFormat {
		return p, fmt.Errorf("%w: its format is %q, not %q", ErrProof, p.Format, ProofFormat)
	}
	return p, nil
}

// Check recomputes the proof. key is the log's public key as its reader knows it from elsewhere; without one the key in the file is
// believed, which shows only that the file fits together. It needs neither database nor network. ErrProof says what does not hold.
func (p Proof) Check(key ed25519.PublicKey) (Shown, error) {
	if key == nil {
		own, err := ParseVerifierKey(p.Key)
		if err != nil {
			return Shown{}, fmt.Errorf("%w: %w", ErrProof, err)
		}
		key = own
	}
	c, err := ParseCheckpoint(p.Checkpoint, key)
	if err != nil {
		return Shown{}, fmt.Errorf("%w: %w", ErrProof, err)
	}
	shown := Shown{Checkpoint: c, Printed: p.Printed}
	if len(p.Records) == 0 {
		return shown, fmt.Errorf("%w: it names no record", ErrProof)
	}
	for _, r := range p.Records {
		one, err := r.check(c)
		if err != nil {
			return shown, fmt.Errorf("%w: record %d: %w", ErrProof, r.Sequence, err)
		}
		shown.Records = append(shown.Records, one)
	}
	if p.Printed != nil {
		if err = checkConsistency(p.Printed.Size, c.Size, p.Printed.Root, c.Root, p.Printed.Path); err != nil {
			return shown, fmt.Errorf("%w: the log of %d records does not begin with the %d that were printed: %w", ErrProof, c.Size, p.Printed.Size, err)
		}
	}
	return shown, nil
}

func (r ProvenRecord) check(c Checkpoint) (ShownRecord, error) {
	shown := ShownRecord{Sequence: r.Sequence, Hash: r.Hash}
	var err error
	if shown.Public, err = DecodePublic(r.Public); err != nil {
		return shown, err
	}
	if len(r.Salt) > 0 || len(r.Private) > 0 {
		if len(r.Salt) != saltBytes || PrivateDigest(r.Salt, r.Private) != r.Digest {
			return shown, errors.New("the private part is not what was sealed")
		}
		private, err := DecodePrivate(r.Private)
		if err != nil {
			return shown, err
		}
		shown.Private = &private
	}
	if RecordHash(r.Public, r.Digest) != r.Hash {
		return shown, errors.New("the public part is not what was sealed")
	}
	root, err := rootByInclusion(r.Hash, r.Sequence-1, c.Size, r.Path)
	if err == nil && root != c.Root {
		err = errPath
	}
	return shown, err
}

package archive

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// tailLength is the length of the hash at the end, in hexadecimal digits.
const tailLength = 2 * sha256.Size

// tail passes bytes on and holds the last 64 back: the ZIP's comment, which is left empty until the hash of all before it is known.
type tail struct {
	to      io.Writer
	running hash.Hash
	held    []byte
}

func newTail(to io.Writer) *tail { return &tail{to: to, running: sha256.New()} }

func (t *tail) Write(p []byte) (int, error) {
	t.held = append(t.held, p...)
	if ready := len(t.held) - tailLength; ready > 0 {
		if _, err := t.to.Write(t.held[:ready]); err != nil {
			return 0, err
		}
		t.running.Write(t.held[:ready])
		t.held = append(t.held[:0], t.held[ready:]...)
	}
	return len(p), nil
}

// end writes the hash where the comment stood.
func (t *tail) end() error {
	if len(t.held) != tailLength || strings.Trim(string(t.held), "0") != "" {
		return fmt.Errorf("archive: the end is %q", t.held)
	}
	_, err := io.WriteString(t.to, hex.EncodeToString(t.running.Sum(nil)))
	return err
}

// writer writes the parts of an archive.
type writer struct {
	tail   *tail
	zip    *zip.Writer
	madeAt time.Time
	parts  []Part
}

func newWriter(to io.Writer, madeAt time.Time) *writer {
	t := newTail(to)
	return &writer{tail: t, zip: zip.NewWriter(t), madeAt: madeAt}
}

// part writes one part; small says that it is worth making smaller, which papers and photos are not.
func (w *writer) part(name string, small bool, fill func(io.Writer) error) error {
	method := zip.Store
	if small {
		method = zip.Deflate
	}
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.madeAt.UTC()})
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	counted := &counter{hash: sha256.New()}
	if err = fill(io.MultiWriter(to, counted)); err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	w.parts = append(w.parts, Part{Name: name, Bytes: counted.bytes, SHA256: hex.EncodeToString(counted.hash.Sum(nil))})
	return nil
}

func (w *writer) bytes(name string, small bool, content []byte) error {
	return w.part(name, small, func(to io.Writer) error {
		_, err := io.Copy(to, bytes.NewReader(content))
		return err
	})
}

// end writes the manifest, its signature and the hash over everything.
func (w *writer) end(m Manifest, key ed25519.PrivateKey) error {
	m.Parts = w.parts
	text, signature, err := m.sign(key)
	if err != nil {
		return fmt.Errorf("archive %s: %w", manifestName, err)
	}
	if err = w.bytes(manifestName, true, text); err != nil {
		return err
	}
	if err = w.bytes(signatureName, false, signature); err != nil {
		return err
	}
	if err = w.zip.SetComment(strings.Repeat("0", tailLength)); err != nil {
		return err
	}
	if err = w.zip.Close(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return w.tail.end()
}

// counter counts and hashes what passes.
type counter struct {
	hash  hash.Hash
	bytes int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.hash.Write(p)
}

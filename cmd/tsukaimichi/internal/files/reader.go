package files

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"

	"gocloud.dev/blob"
)

// Reader reads one kept file and checks it against its hash on the way.
type Reader struct {
	Size    int64     // bytes
	Type    string    // MIME type
	KeptAt  time.Time // when the store got it
	reader  *blob.Reader
	want    Hash
	running hash.Hash
}

func newReader(r *blob.Reader, want Hash) *Reader {
	return &Reader{Size: r.Size(), Type: r.ContentType(), KeptAt: r.ModTime(), reader: r, want: want, running: sha256.New()}
}

// Read reads on; at the end it returns io.EOF if all bytes had the hash, and ErrDamaged otherwise.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	r.running.Write(p[:n])
	if err == io.EOF && Hash(r.running.Sum(nil)) != r.want {
		return n, fmt.Errorf("file %s: %w", r.want, ErrDamaged)
	}
	return n, err
}

// Close lets the file go.
func (r *Reader) Close() error { return r.reader.Close() }

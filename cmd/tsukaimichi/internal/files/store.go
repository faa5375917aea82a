package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// ErrNotFound says that no such file is kept.
var ErrNotFound = errors.New("files: not found")

// ErrDamaged says that kept bytes no longer have the hash they are kept under.
var ErrDamaged = errors.New("files: bytes differ from their hash")

// Kind keeps files of one purpose apart from all others. A new one is a lower-case word.
type Kind string

// The kinds of files. Photo and Report are public, once what names them is.
const (
	KindPhoto      Kind = "photo"
	KindEvidence   Kind = "evidence"
	KindReceipt    Kind = "receipt"
	KindReport     Kind = "report"
	KindForm       Kind = "form" // a funder's form and what was handed in
	KindStatement  Kind = "statement"
	KindPaper      Kind = "paper"    // the scan of a call that began on paper
	KindRedacted   Kind = "redacted" // copies of evidence, public once another person has said so
	KindCheckpoint Kind = "checkpoint"
)

var kindShape = regexp.MustCompile(`^[a-z]{1,20}$`)

// File says what was kept: the hash names it, the type is a MIME type, the size is in bytes.
type File struct {
	Hash Hash
	Size int64
	Type string
}

// Store keeps files. It is safe for use by many at once.
type Store struct {
	bucket *blob.Bucket
	dir    string // "" when the bucket is not a directory of ours
}

// OpenDirectory returns a Store in a directory of this machine, which is made if missing and which only its owner
// may enter.
func OpenDirectory(dir string) (*Store, error) {
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true})
	if err != nil {
		return nil, fmt.Errorf("file store %s: %w", dir, err)
	}
	return &Store{bucket: bucket, dir: dir}, nil
}

// OpenURL returns a Store at a gocloud.dev/blob URL, such as file:///var/lib/tsukaimichi/files?no_tmp_dir=true.
// Only schemes compiled into the program open.
func OpenURL(ctx context.Context, url string) (*Store, error) {
	bucket, err := blob.OpenBucket(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("file store: %w", err)
	}
	return &Store{bucket: bucket}, nil
}

// Close lets the store go.
func (s *Store) Close() error { return s.bucket.Close() }

// Put keeps the bytes and returns what a row needs to find them again. Keeping the same bytes twice is one file. When
// Put returns, the bytes are on disk, so a row committed afterwards never names a file that a power cut took away.
// A row that is not committed leaves a file nobody names, which does no harm.
func (s *Store) Put(ctx context.Context, organisationID int64, kind Kind, content []byte) (File, error) {
	f := File{Hash: HashOf(content), Size: int64(len(content)), Type: Sniff(content)}
	key, err := keyOf(organisationID, kind, f.Hash)
	if err != nil {
		return File{}, err
	}
	// Only a whole copy counts as kept: a damaged one is written again.
	if kept, err := s.bucket.Attributes(ctx, key); err == nil && kept.Size == f.Size {
		return f, nil
	}
	if err := s.write(ctx, key, f.Type, content); err != nil {
		return File{}, fmt.Errorf("file %s: %w", key, err)
	}
	return f, nil
}

func (s *Store) write(ctx context.Context, key, mime string, content []byte) error {
	// Ending the context before Close is how a half-written file is given up.
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	var file *os.File // only a directory store has one; an object store is durable when Close returns
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: mime,
		BeforeWrite: func(as func(any) bool) error { as(&file); return nil },
	})
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	if err == nil && file != nil {
		err = file.Sync()
	}
	if err != nil {
		giveUp()
		return errors.Join(err, w.Close())
	}
	if err := w.Close(); err != nil {
		return err
	}
	if s.dir == "" {
		return nil
	}
	return syncDirectory(filepath.Dir(filepath.Join(s.dir, filepath.FromSlash(key))))
}

// syncDirectory makes the renaming of a finished file durable.
func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open returns the file for reading, with its size and type; ErrNotFound if it is not kept. The last Read returns
// ErrDamaged in place of io.EOF if the bytes do not have the hash. The caller closes it.
func (s *Store) Open(ctx context.Context, organisationID int64, kind Kind, hash Hash) (*Reader, error) {
	key, err := keyOf(organisationID, kind, hash)
	if err != nil {
		return nil, err
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("file %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", key, err)
	}
	return newReader(r, hash), nil
}

// Read returns all bytes of the file; ErrNotFound and ErrDamaged as in Open.
func (s *Store) Read(ctx context.Context, organisationID int64, kind Kind, hash Hash) ([]byte, error) {
	r, err := s.Open(ctx, organisationID, kind, hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Delete removes the file, for withdrawn consent and ended keeping times; the row with the hash stays. Removing what
// is not there changes nothing. The caller sees to it that no other row of the organisation names the same bytes.
func (s *Store) Delete(ctx context.Context, organisationID int64, kind Kind, hash Hash) error {
	key, err := keyOf(organisationID, kind, hash)
	if err != nil {
		return err
	}
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("file %s: %w", key, err)
	}
	return nil
}

// keyOf spreads files over 256 folders a kind: some file systems slow down in a folder of 100,000.
func keyOf(organisationID int64, kind Kind, hash Hash) (string, error) {
	if organisationID < 0 || !kindShape.MatchString(string(kind)) {
		return "", fmt.Errorf("organisation %d, kind %q: %w", organisationID, kind, ErrNotFound)
	}
	name := hash.String()
	return fmt.Sprintf("%d/%s/%s/%s", organisationID, kind, name[:2], name), nil
}

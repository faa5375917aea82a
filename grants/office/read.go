package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Kind is the kind of a form.
type Kind string

// The kinds of forms.
const (
	Excel Kind = "xlsx"
	Word  Kind = "docx"
)

// Why a file is refused. Each is to be shown with what to do instead.
var (
	ErrNoForm   = errors.New("office: neither .xlsx nor .docx")
	ErrMacros   = errors.New("office: the file holds macros")
	ErrLinks    = errors.New("office: the file draws on other files")
	ErrTooLarge = errors.New("office: the file unpacks to more than a form can be")
	ErrLocked   = errors.New("office: the file is protected by a password")
)

// The sizes that are taken: packed, of one part, of all parts together, and how many parts.
const (
	mostPacked = 20 << 20
	mostPart   = 30 << 20
	mostWhole  = 80 << 20
	mostParts  = 3_000
)

// Read says what kind of form a file is, after it was found to be harmless: every part is unpacked with a limit, whatever the archive says of its size.
func Read(file []byte) (Kind, error) {
	if bytes.HasPrefix(file, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return "", ErrLocked // an old binary form, or a new one under a password
	}
	if len(file) > mostPacked {
		return "", ErrTooLarge
	}
	parts, err := unpack(file)
	if err != nil {
		return "", err
	}
	for name, content := range parts {
		if err = harmless(name, content); err != nil {
			return "", err
		}
	}
	_, excel := parts["xl/workbook.xml"]
	_, word := parts["word/document.xml"]
	switch {
	case excel && !word:
		return Excel, nil
	case word && !excel:
		return Word, nil
	}
	return "", ErrNoForm
}

// unpack returns the parts of an archive by name.
func unpack(file []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, ErrNoForm
	}
	if len(archive.File) > mostParts {
		return nil, ErrTooLarge
	}
	parts := make(map[string][]byte, len(archive.File))
	whole := 0
	for _, entry := range archive.File {
		content, err := unpackOne(entry)
		if err != nil {
			return nil, err
		}
		if whole += len(content); whole > mostWhole {
			return nil, ErrTooLarge
		}
		if _, twice := parts[entry.Name]; twice || path.IsAbs(entry.Name) || strings.Contains(entry.Name, "..") {
			return nil, ErrNoForm
		}
		parts[entry.Name] = content
	}
	return parts, nil
}

func unpackOne(entry *zip.File) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, ErrNoForm
	}
	defer func() { _ = r.Close() }()
	content, err := io.ReadAll(io.LimitReader(r, mostPart+1))
	switch {
	case len(content) > mostPart:
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrNoForm
	}
	return content, nil
}

// harmless refuses parts that run, or that fetch something when the form is opened. A link that somebody has to click is none of these.
func harmless(name string, content []byte) error {
	lower := strings.ToLower(name)
	switch {
	case strings.Contains(lower, "vbaproject"), strings.Contains(lower, "activex"), strings.Contains(lower, "macrosheets"):
		return fmt.Errorf("%s: %w", path.Base(lower), ErrMacros)
	case lower == "[content_types].xml" && bytes.Contains(bytes.ToLower(content), []byte("macroenabled")):
		return ErrMacros
	case strings.HasPrefix(lower, "xl/externallinks/"), strings.HasPrefix(lower, "xl/connections"), strings.Contains(lower, "embeddings/"), strings.Contains(lower, "querytables/"):
		return fmt.Errorf("%s: %w", path.Base(lower), ErrLinks)
	case strings.HasSuffix(lower, ".rels") && fetches(content):
		return fmt.Errorf("%s: %w", path.Base(lower), ErrLinks)
	}
	return nil
}

// fetches finds a relation to something outside that is no hyperlink.
func fetches(rels []byte) bool {
	for _, relation := range bytes.Split(rels, []byte("<Relationship ")) {
		if bytes.Contains(relation, []byte(`TargetMode="External"`)) && !bytes.Contains(relation, []byte("/hyperlink")) {
			return true
		}
	}
	return false
}

// pack writes parts back as an archive, in the order and with the names of the file they came from.
func pack(file []byte, parts map[string][]byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, ErrNoForm
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, entry := range archive.File {
		head := entry.FileHeader
		part, err := w.CreateHeader(&zip.FileHeader{Name: head.Name, Method: zip.Deflate, Modified: head.Modified})
		if err != nil {
			return nil, err
		}
		if _, err = part.Write(parts[entry.Name]); err != nil {
			return nil, err
		}
	}
	if err = w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

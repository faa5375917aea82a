package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A line of COPY text: columns between tabs, \N for NULL, backslashes before what would be misread.

// appendField adds a column to a line.
func appendField(line []byte, value []byte) []byte {
	if value == nil {
		return append(line, '\\', 'N')
	}
	for _, c := range value {
		switch c {
		case '\\':
			line = append(line, '\\', '\\')
		case '\t':
			line = append(line, '\\', 't')
		case '\n':
			line = append(line, '\\', 'n')
		case '\r':
			line = append(line, '\\', 'r')
		default:
			line = append(line, c)
		}
	}
	return line
}

// errLine says that a line is not as appendField writes it.
var errLine = errors.New("not a line of a copy")

// parseLine reads a line of n columns into values: a string, or nil for NULL.
func parseLine(line string, values []any) error {
	for i := range values {
		field, rest, more := strings.Cut(line, "\t")
		if more != (i < len(values)-1) {
			return errLine
		}
		line = rest
		if field == `\N` {
			values[i] = nil
			continue
		}
		text, err := unescape(field)
		if err != nil {
			return err
		}
		values[i] = text
	}
	return nil
}

var escaped = map[byte]byte{'\\': '\\', 't': '\t', 'n': '\n', 'r': '\r'}

func unescape(field string) (string, error) {
	if !strings.Contains(field, `\`) {
		return field, nil
	}
	var text strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] != '\\' {
			text.WriteByte(field[i])
			continue
		}
		i++
		if i == len(field) || escaped[field[i]] == 0 {
			return "", errLine
		}
		text.WriteByte(escaped[field[i]])
	}
	return text.String(), nil
}

// eachLine calls do with every line, without its end; each ends with a line feed.
func eachLine(from io.Reader, do func(line string) error) error {
	lines := bufio.NewReaderSize(from, 1<<16)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err == nil {
			err = do(string(bytes.TrimSuffix(line, []byte("\n"))))
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
}

package finish

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// ErrForm says that the bytes are not what gofpdf writes.
var ErrForm = errors.New("finish: not a file of gofpdf")

// object is an indirect object: a value, and for a stream its bytes.
type object struct{ value, stream []byte }

type file struct {
	objects    map[int]object
	root, info int
}

var (
	trailer = regexp.MustCompile(`/Root (\d+) 0 R\s*/Info (\d+) 0 R`)
	length  = regexp.MustCompile(`/Length (\d+)`)
)

// read takes the file apart along its cross-reference table.
func read(b []byte) (f file, err error) {
	defer func() { // a table that points astray
		if recover() != nil {
			err = ErrForm
		}
	}()
	start := bytes.LastIndex(b, []byte("startxref"))
	if start < 0 {
		return f, ErrForm
	}
	table := b[number(bytes.Fields(b[start:])[1]):]
	m := trailer.FindSubmatch(table)
	if m == nil || bytes.Contains(table, []byte("/Encrypt")) {
		return f, ErrForm
	}
	f = file{objects: map[int]object{}, root: number(m[1]), info: number(m[2])}
	lines := bytes.SplitN(table, []byte("\n"), 3) // "xref", "0 n", entries of 20 bytes
	for k := 1; k < number(bytes.Fields(lines[1])[1]); k++ {
		entry := lines[2][20*k : 20*k+20]
		if entry[17] == 'n' {
			f.objects[k] = readObject(b[number(entry[:10]):])
		}
	}
	return f, nil
}

func readObject(s []byte) object {
	s = s[bytes.Index(s, []byte(" obj\n"))+len(" obj\n"):]
	end := valueEnd(s)
	o := object{value: bytes.TrimSpace(s[:end])}
	if rest, ok := bytes.CutPrefix(bytes.TrimLeft(s[end:], "\r\n "), []byte("stream\n")); ok {
		o.stream = rest[:number(length.FindSubmatch(o.value)[1])]
	}
	return o
}

// valueEnd is the offset behind the dictionary, array or simple value s begins with.
func valueEnd(s []byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '(':
			i = stringEnd(s, i) - 1
		case bytes.HasPrefix(s[i:], []byte("<<")):
			depth++
			i++
		case bytes.HasPrefix(s[i:], []byte(">>")):
			i++
			if depth--; depth == 0 {
				return i + 1
			}
		case depth == 0 && bytes.HasPrefix(s[i:], []byte("endobj")):
			return i
		}
	}
	return len(s)
}

// stringEnd is the offset behind the literal string that begins at i.
func stringEnd(s []byte, i int) int {
	for depth := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// references copies a value and puts what renumber says in the place of each "n 0 R" outside strings.
func references(value []byte, renumber func(int) int) []byte {
	out := make([]byte, 0, len(value)+16)
	for i := 0; i < len(value); {
		end := i + 1
		switch c := value[i]; {
		case c == '(':
			end = stringEnd(value, i)
		case isDigit(c) && (i == 0 || isGap(value[i-1])):
			for end < len(value) && isDigit(value[end]) {
				end++
			}
			if bytes.HasPrefix(value[end:], []byte(" 0 R")) {
				out = strconv.AppendInt(out, int64(renumber(number(value[i:end]))), 10)
				i = end
				end += len(" 0 R")
			}
		}
		out = append(out, value[i:end]...)
		i = end
	}
	return out
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isGap(c byte) bool { return bytes.IndexByte([]byte(" \n\r\t[<>/"), c) >= 0 }

// number reads digits; anything else cannot come from gofpdf.
func number(b []byte) int {
	n, err := strconv.Atoi(string(b))
	if err != nil {
		panic(fmt.Sprintf("finish: %q is no number", b))
	}
	return n
}

// Package englishtest finds what is missing in the catalogue of package english.
package englishtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english"
)

// Check makes each page English, and fails for each Japanese text that is left and is not among own: what groups and givers wrote. Own texts may stand line by line.
func Check(t *testing.T, pages map[string]string, own []string) {
	t.Helper()
	known := map[string]bool{}
	for _, text := range own {
		for _, part := range append([]string{text}, strings.FieldsFunc(text, isEnd)...) {
			known[bare(part)] = true
		}
	}
	where := map[string]string{}
	for name, page := range pages {
		for _, text := range left(t, english.Page([]byte(page))) {
			if !known[bare(text)] && !allKnown(text, known) {
				where[text] = name
			}
		}
	}
	var missing []string
	for text, name := range where {
		missing = append(missing, name+": "+text)
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("%d texts are neither in internal/english/texts nor a group's own:\n%s", len(missing), strings.Join(missing, "\n"))
	}
}

func isEnd(r rune) bool { return r == '\n' || r == '\r' }

// bare is a text without spaces: pages break lines of their own.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\r\t　", r) {
			return -1
		}
		return r
	}, text)
}

// allKnown reports whether a text is own texts side by side: 1 食材費, names with 、 between.
func allKnown(text string, known map[string]bool) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" 、・（）「」『』：。…", r) })
	for _, part := range parts {
		if english.IsJapanese(part) && !known[bare(part)] && !known[bare(part)+"。"] {
			return false
		}
	}
	return len(parts) > 0
}

// left are the Japanese texts of an English page, attributes as well, with what stands together in one own mark.
func left(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type != html.TextNode || !english.IsJapanese(n.Data) {
			continue
		}
		switch n.Parent.Data {
		case "script", "style", "textarea", "code", "pre":
		default:
			found = append(found, strings.TrimSpace(n.Data))
		}
	}
	return found
}

// Literals are the texts written out in Go files: what a test's samples say.
func Literals(t *testing.T, files ...string) []string {
	t.Helper()
	var list []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Error(err)
				}
				list = append(list, text)
			}
			return true
		})
	}
	return list
}

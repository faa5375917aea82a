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

// Check makes each page English, and fails for each Japanese text that is left and is not among own: what groups and givers wrote, which may stand line by line,
// beside a number, or put together as the program does.
func Check(t *testing.T, pages map[string]string, own []string) {
	t.Helper()
	k := known{}
	for _, text := range append(own, english.Quoted()...) {
		for _, part := range append(append(strings.FieldsFunc(text, isEnd), strings.SplitAfter(text, "。")...), text) {
			if part = bare(part); english.IsJapanese(part) {
				k[part] = true
			}
		}
	}
	where := map[string]string{}
	for name, page := range pages {
		for _, text := range left(t, english.Page([]byte(page))) {
			if !k.has(text) {
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

func isEnd(r rune) bool { return strings.ContainsRune("\n\r・<>", r) }

// bare is a text without spaces: pages break lines of their own.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\r\t　", r) {
			return -1
		}
		return r
	}, text)
}

// known are own texts, bare.
type known map[string]bool

// has reports whether a text is an own one, or nothing but own ones put together: 1 食材費; 冬の夕ごはん | Tsukaimichi.
func (k known) has(text string) bool {
	text = bare(text)
	if k[text] {
		return true
	}
	for english.IsJapanese(text) {
		from := strings.IndexFunc(text, func(r rune) bool {
			return english.IsJapanese(string(r)) && !strings.ContainsRune("、。・（）「」『』：", r)
		})
		if from < 0 {
			return true
		}
		n := k.longest(text, from)
		if n == 0 {
			return false
		}
		text = text[n:]
	}
	return true
}

// longest is where an own text ends that begins at most at from, and covers it; 0 for none.
func (k known) longest(text string, from int) int {
	for begin := 0; begin <= from; begin++ {
		for end := len(text); end > from; end-- {
			if k[text[begin:end]] {
				return end
			}
		}
	}
	return 0
}

// shown are the attributes that are read out or shown.
var shown = []string{"title", "alt", "aria-label", "placeholder", "content"}

// left are the Japanese texts of an English page, attributes as well.
func left(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			for _, a := range n.Attr {
				if slices.Contains(shown, a.Key) && english.IsJapanese(a.Val) {
					found = append(found, a.Val)
				}
			}
			continue
		}
		if n.Type != html.TextNode || !english.IsJapanese(n.Data) || slices.Contains([]string{"script", "style", "textarea", "code", "pre"}, n.Parent.Data) {
			continue
		}
		found = append(found, strings.TrimSpace(n.Data))
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

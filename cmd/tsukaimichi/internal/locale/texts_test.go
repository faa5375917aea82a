package locale_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
)

var keyShape = regexp.MustCompile(`^[a-z]+\.[a-z][a-z0-9_]*$`)

// readTexts reads one language's files as they lie in the tree, by key.
func readTexts(t *testing.T, lang locale.Lang) map[string]string {
	t.Helper()
	all := map[string]string{}
	paths, _ := filepath.Glob("texts/*." + string(lang) + ".json")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		noun, _, _ := strings.Cut(filepath.Base(path), ".")
		last := ""
		for _, line := range regexp.MustCompile(`(?m)^  "([^"]+)": `).FindAllStringSubmatch(string(raw), -1) {
			if key := line[1]; key <= last || !keyShape.MatchString(key) || !strings.HasPrefix(key, noun+".") {
				t.Errorf("%s: key %q is out of order, doubled or of another noun", path, key)
			}
			last = line[1]
		}
		var here map[string]any
		if err := json.Unmarshal(raw, &here); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for key, text := range here {
			body, _ := json.Marshal(text)
			all[key] = string(body)
		}
	}
	return all
}

func TestEveryEnglishTextHasAJapaneseOneWithTheSameNames(t *testing.T) {
	t.Parallel()
	japanese, english := readTexts(t, locale.Japanese), readTexts(t, locale.English)
	names := regexp.MustCompile(`\{\{\.\w+\}\}`)
	named := func(text string) []string {
		return slices.Compact(slices.Sorted(slices.Values(names.FindAllString(text, -1))))
	}
	for key, text := range english {
		if got, want := named(text), named(japanese[key]); japanese[key] == "" || !slices.Equal(got, want) {
			t.Errorf("%s: English names %q, Japanese %q", key, got, want)
		}
	}
	if len(japanese) == 0 {
		t.Error("no texts found")
	}
}

// TestEveryKeyInTheSourceHasAJapaneseText reads every Go file of the module for keys: values of an Invalid, texts
// given to T, and constants of a type Refused.
func TestEveryKeyInTheSourceHasAJapaneseText(t *testing.T) {
	t.Parallel()
	used := keysUsed(t, filepath.Join("..", "..", "..", ".."))
	if _, found := used["file.too_large"]; !found {
		t.Error("the walk did not find file.too_large")
	}
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if !locale.Japanese.Has(key) {
			t.Errorf("%s: %q has no Japanese text", used[key], key)
		}
	}
}

func keysUsed(t *testing.T, root string) map[string]string {
	t.Helper()
	used, files := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler says it better
		}
		ast.Inspect(file, func(node ast.Node) bool {
			for _, text := range keyPlaces(node) {
				if key, ok := literal(text); ok && keyShape.MatchString(key) {
					used[key] = files.Position(text.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// keyPlaces returns the expressions of a node that may hold a key.
func keyPlaces(node ast.Node) (places []ast.Expr) {
	switch n := node.(type) {
	case *ast.CompositeLit:
		if nameOf(n.Type) == "Invalid" {
			for _, element := range n.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					places = append(places, pair.Value)
				}
			}
		}
	case *ast.CallExpr:
		if nameOf(n.Fun) == "T" && len(n.Args) > 0 {
			places = append(places, n.Args[0])
		}
	case *ast.AssignStmt: // invalid["amount"] = "donate.amount_too_small"
		for i, left := range n.Lhs {
			if _, ok := left.(*ast.IndexExpr); ok && i < len(n.Rhs) {
				places = append(places, n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		if nameOf(n.Type) == "Refused" {
			places = append(places, n.Values...)
		}
	}
	return places
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

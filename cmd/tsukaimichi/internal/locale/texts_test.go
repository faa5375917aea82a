package locale_test

import (
	"encoding/json"
	"errors"
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

// rooms are the folders whose Go files speak in keys; others have texts that only look like keys (events of Stripe).
var rooms = []string{
	"ledger", "campaigns", "grants", "reports", "cmd/tsukaimichi/internal/web", "cmd/tsukaimichi/internal/auth",
	"cmd/tsukaimichi/internal/files", "cmd/tsukaimichi/internal/mail",
}

// nameless are the rooms within whose texts only look like keys: names of fields of data, and scripts for a browser.
var nameless = []string{"reports/opendata", "cmd/tsukaimichi/internal/web/chromium"}

var fileName = regexp.MustCompile(`\.(css|csv|html|jpg|js|json|pdf|png|sql|svg|toml|txt|ttf|xlsx|docx|zip)$`)

// commonKey is the name under which forms ask for the same thing: data of forms, and no text.
var commonKey = regexp.MustCompile(`^((org|need|project|process|partners|team|target|outcome|sustain|risk|publicity|digest)\.\w+|budget\.(use|total|own|requested|eligible))$`)

// TestEveryKeyInTheSourceHasAJapaneseText reads every text in the rooms' Go files that has the shape of a key. One
// that ends in an underscore begins keys that are put together.
func TestEveryKeyInTheSourceHasAJapaneseText(t *testing.T) {
	t.Parallel()
	used, texts := keysUsed(t, filepath.Join("..", "..", "..", "..")), readTexts(t, locale.Japanese)
	if _, found := used["file.too_large"]; !found {
		t.Error("the walk did not find file.too_large")
	}
	for _, key := range slices.Sorted(maps.Keys(used)) {
		begins := func(have string) bool { return strings.HasPrefix(have, key) }
		if strings.HasSuffix(key, "_") && slices.ContainsFunc(slices.Collect(maps.Keys(texts)), begins) {
			continue
		}
		if !locale.Japanese.Has(key) {
			t.Errorf("%s: %q has no Japanese text", used[key], key)
		}
	}
}

func keysUsed(t *testing.T, root string) map[string]string {
	t.Helper()
	used, sources := map[string]string{}, token.NewFileSet()
	for _, room := range rooms {
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && slices.ContainsFunc(nameless, func(room string) bool { return strings.HasSuffix(filepath.ToSlash(path), room) }) {
				return filepath.SkipDir
			}
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(sources, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return nil // the compiler says it better
			}
			ast.Inspect(file, func(node ast.Node) bool {
				if key, ok := literal(node); ok && keyShape.MatchString(key) && !fileName.MatchString(key) && !commonKey.MatchString(key) {
					used[key] = sources.Position(node.Pos()).String()
				}
				return true
			})
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return used
}

func literal(node ast.Node) (string, bool) {
	lit, ok := node.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

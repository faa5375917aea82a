package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tsukaimichi/tsukaimichi"

// source is one Go file of the tree.
type source struct {
	path string // from the top, with slashes
	test bool
	fset *token.FileSet
	file *ast.File
	text string
}

// room is the folder of the file.
func (s source) room() string { return path.Dir(s.path) }

func sources(t *testing.T) []source {
	t.Helper()
	top := filepath.Join("..", "..")
	var all []source
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		s := source{test: strings.HasSuffix(name, "_test.go"), fset: token.NewFileSet(), text: string(text)}
		relative, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		s.path = filepath.ToSlash(relative)
		s.file, err = parser.ParseFile(s.fset, s.path, text, parser.ParseComments)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTopLevelHoldsTheOwnersRoomsAlone: what stands at the top is fixed.
func TestTopLevelHoldsTheOwnersRoomsAlone(t *testing.T) {
	allowed := []string{"cmd", "ledger", "campaigns", "grants", "reports", "migrations", "go.mod", "go.sum", "README.md"}
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top level", e.Name())
		}
	}
}

// arrows says which rooms of the module a room may import, by the first folder of each.
var arrows = map[string][]string{
	"ledger":     {"ledger"},
	"campaigns":  {"ledger", "campaigns"},
	"grants":     {"ledger", "grants"},
	"reports":    {"ledger", "campaigns", "grants", "reports"},
	"migrations": {"migrations"},
	"cmd":        {"ledger", "campaigns", "grants", "reports", "migrations", "cmd"},
}

// owners are modules that one room alone may import; two where each needs another half of it, written beside each other.
var owners = map[string]string{
	"github.com/stripe/stripe-go":   "cmd/tsukaimichi/internal/stripepay",
	"github.com/johnfercher/maroto": "reports/pdf",
	"github.com/phpdave11/gofpdf":   "reports/pdf",
	"github.com/riverqueue/river":   "cmd/tsukaimichi/internal/jobs",
	"gocloud.dev/blob":              "cmd/tsukaimichi/internal/files",
	"github.com/alexedwards/scs":    "cmd/tsukaimichi/internal/auth",
	"github.com/go-webauthn":        "cmd/tsukaimichi/internal/auth",
	"github.com/pquerna/otp":        "cmd/tsukaimichi/internal/auth",
	"github.com/wneessen/go-mail":   "cmd/tsukaimichi/internal/mail",
	"github.com/jessevdk/go-flags":  "cmd",
	"github.com/go-pkgz/routegroup": "cmd/tsukaimichi/internal/web",
	"github.com/pressly/goose":      "migrations",
	"github.com/nicksnyder/go-i18n": "cmd/tsukaimichi/internal/locale",
	"github.com/prometheus":         "cmd",
	"github.com/boombuler/barcode":  "reports/pdf",
	"github.com/go-chi/httprate":    "cmd/tsukaimichi/internal/limit",
	"github.com/xuri/excelize":      "cmd/tsukaimichi/internal/web/console grants/office",
}

func hasAnyPrefix(room string, owners []string) bool {
	return slices.ContainsFunc(owners, func(owner string) bool { return strings.HasPrefix(room, owner) })
}

// foreign are packages that rooms of the domain know nothing of.
var foreign = []string{"net/http", "html/template", "os", "log", "log/slog", "net/smtp", "flag"}

func TestArrowsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		first, _, _ := strings.Cut(s.path, "/")
		for _, spec := range s.file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
				to, _, _ := strings.Cut(inside, "/")
				if !s.test && !slices.Contains(arrows[first], to) {
					t.Errorf("%s imports %s", s.path, inside)
				}
				if s.room() == "ledger" && !s.test && inside != "" {
					t.Errorf("%s imports %s: ledger itself stands on the standard library, sqlx and pq", s.path, inside)
				}
			}
			for owned, owner := range owners {
				if strings.HasPrefix(imported, owned) && !hasAnyPrefix(s.room(), strings.Fields(owner)) && !s.test {
					t.Errorf("%s imports %s, which belongs to %s", s.path, imported, owner)
				}
			}
			if isDomain(s) && slices.Contains(foreign, imported) {
				t.Errorf("%s imports %s: domain packages know no %s", s.path, imported, imported)
			}
		}
	}
}

// isDomain reports whether a file is of the rooms that know no program around them; their test rooms and printing rooms may know files.
func isDomain(s source) bool {
	first, _, _ := strings.Cut(s.path, "/")
	domain := first == "ledger" || first == "campaigns" || first == "grants" || first == "reports"
	return domain && !s.test && !strings.HasSuffix(s.room(), "test") && !strings.HasPrefix(s.room(), "reports/page") && !strings.HasPrefix(s.room(), "reports/pdf")
}

func TestClockIsAskedUnderCmdAlone(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasPrefix(s.path, "cmd/") || s.test || strings.HasPrefix(s.path, "migrations/") || strings.HasSuffix(s.room(), "test") {
			continue // the private PostgreSQL waits by the machine's clock
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "time" && call.Sel.Name == "Now" {
					t.Errorf("%s: time.Now", s.fset.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

func TestNoFloatNearMoney(t *testing.T) {
	for _, s := range sources(t) {
		printing := strings.HasPrefix(s.room(), "reports/pdf") || strings.HasPrefix(s.room(), "reports/typeset")
		if !isDomain(s) || printing {
			continue // millimetres may be fractions
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32") {
				t.Errorf("%s: %s", s.fset.Position(n.Pos()), id.Name)
			}
			return true
		})
	}
}

var selectStar = regexp.MustCompile(`(?i)select\s+([a-z]+\.)?\*`)

func TestQueriesNameTheirColumns(t *testing.T) {
	for _, s := range sources(t) {
		if !s.test && selectStar.MatchString(s.text) {
			t.Errorf("%s: SELECT *", s.path)
		}
	}
}

// TestFilesAndFunctionsFitTheReader: a file past 400 lines misses a noun, a function past 70 decides too much.
func TestFilesAndFunctionsFitTheReader(t *testing.T) {
	for _, s := range sources(t) {
		if lines := strings.Count(s.text, "\n"); lines > 400 && !s.test {
			t.Errorf("%s has %d lines", s.path, lines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.test {
				continue
			}
			if lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; lines > 70 {
				t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, lines)
			}
		}
	}
}

func TestEveryRoomTellsItsStory(t *testing.T) {
	told := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		told[s.room()] = told[s.room()] || s.file.Doc != nil
		for _, banned := range []string{"util", "utils", "common", "helpers", "models", "types", "service", "store"} {
			if path.Base(s.room()) == banned {
				t.Errorf("%s: a package named %s has no noun", s.path, banned)
			}
		}
	}
	for room, is := range told {
		if !is {
			t.Errorf("%s has no package comment", room)
		}
	}
}

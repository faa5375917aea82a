package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// secretName is what things are called that only one person knows, or that are made from them.
var secretName = regexp.MustCompile(`(?i)(token|secret|signature|mac|hash|digest|password|otp|browser|seal(ed)?|private)$`)

// codeName is a code that is typed to come in; elsewhere accounts have codes.
var codeName = regexp.MustCompile(`(?i)(code|digits)$`)

// comparing are functions that stop at the first difference, so that the time they take tells how much was right.
var comparing = []string{"bytes.Equal", "bytes.Compare", "strings.Compare", "strings.EqualFold", "slices.Equal", "reflect.DeepEqual", "cmp.Compare", "strings.HasPrefix", "strings.Contains", "slices.Contains"}

// compared are the comparisons that may stop early, and why: none of them is with something that has to be guessed.
var compared = map[string]string{
	"cmd/tsukaimichi/internal/archive/papers.go a.Hash":            "sorts the names of kept files",
	"cmd/tsukaimichi/internal/archive/papers.go b.Hash":            "as above",
	"cmd/tsukaimichi/internal/archive/papers.go place.Hash":        "whether a row names a file that is there",
	"cmd/tsukaimichi/internal/english/page.go html.StartTagToken":  "whether a piece of a page is a tag",
	"cmd/tsukaimichi/internal/reading/page.go html.EndTagToken":    "as above",
	"cmd/tsukaimichi/internal/reading/page.go html.StartTagToken":  "as above",
	"cmd/tsukaimichi/internal/files/reader.go Hash":                "whether bytes on our own disk are whole",
	"cmd/tsukaimichi/internal/seal/box.go sealed":                  "the version in front of what is sealed",
	"cmd/tsukaimichi/internal/web/console/papers.go v.FileHash":    "whether a member attached the same paper twice",
	"cmd/tsukaimichi/internal/web/console/papers.go hash":          "as above",
	"cmd/tsukaimichi/internal/web/console/news_edit.go photo.Hash": "whether a photo stands twice in one form",
	"cmd/tsukaimichi/internal/web/console/news_edit.go hash":       "as above",
	"cmd/tsukaimichi/internal/web/page/static.go file.hash":        "the version in the address of a stylesheet, which every page shows",
	"cmd/tsukaimichi/internal/web/reporting/publish.go seal":       "whether the figures moved since a member looked at them",
}

// TestSecretsAreComparedInOneTime finds every comparison of something that sounds secret. What has to be guessed is compared by
// crypto/subtle or crypto/hmac, or looked up by its hash in the database; any other stands above with its reason.
func TestSecretsAreComparedInOneTime(t *testing.T) {
	known := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || !strings.HasPrefix(s.path, "cmd/tsukaimichi/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			var sides []ast.Expr
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					sides = []ast.Expr{n.X, n.Y}
				}
			case *ast.CallExpr:
				if slices.Contains(comparing, spelled(n.Fun)) {
					sides = n.Args
				}
			}
			if len(sides) < 2 || slices.ContainsFunc(sides, said) {
				return true // whether there is one at all is no secret
			}
			for _, side := range sides {
				if name := spelled(side); secretName.MatchString(name) || atTheDoor(s) && codeName.MatchString(name) {
					place := s.path + " " + name
					known[place] = true
					if compared[place] == "" {
						t.Errorf("%s: %s is compared step by step", s.fset.Position(n.Pos()), name)
					}
				}
			}
			return true
		})
	}
	for place := range compared {
		if !known[place] {
			t.Errorf("%s is not compared any more: take it off the list", place)
		}
	}
}

// atTheDoor reports whether a file is of the rooms where people come in.
func atTheDoor(s source) bool {
	return strings.HasSuffix(s.room(), "/auth") || strings.HasSuffix(s.room(), "/door") || strings.HasSuffix(s.room(), "/give")
}

// spelled is a name as it is written, of a call that of what is called.
func spelled(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return spelled(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return spelled(e.Fun)
	case *ast.SliceExpr:
		return spelled(e.X)
	case *ast.IndexExpr:
		return spelled(e.X)
	case *ast.StarExpr:
		return spelled(e.X)
	}
	return ""
}

// said reports whether a side is nothing, a literal or a length.
func said(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return e.Name == "nil" || e.Name == "true" || e.Name == "false"
	case *ast.CallExpr:
		return spelled(e.Fun) == "len"
	}
	return false
}

package english

import (
	"cmp"
	"embed"
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
)

//go:embed texts/*.json
var texts embed.FS

// catalogue is all the program says on these pages.
type catalogue struct {
	whole map[string]string   // texts without holes, as they are
	exact map[string][]*entry // by their shape: holes for values alone
	open  []*entry            // with holes that take any text, the most written out first
}

// ours is read once, by the first text. A catalogue that cannot be read is a fault of the build; a test reads it.
var ours = sync.OnceValue(func() *catalogue {
	all, err := readTexts()
	if err != nil {
		panic("english: " + err.Error())
	}
	c, err := newCatalogue(all)
	if err != nil {
		panic("english: " + err.Error())
	}
	return c
})

// readTexts are the texts of the files, and those of package locale in both languages.
func readTexts() (map[string]string, error) {
	all := map[string]string{}
	for japanese, english := range locale.Both() {
		all[inHoles(japanese)] = inHoles(english)
	}
	paths, err := fs.Glob(texts, "texts/*.json")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		written, err := fs.ReadFile(texts, path)
		if err != nil {
			return nil, err
		}
		var in map[string]string
		if err = json.Unmarshal(written, &in); err != nil {
			return nil, err
		}
		maps.Copy(all, in)
	}
	return all, nil
}

var argument = regexp.MustCompile(`\{\{\.([a-z]+)\}\}`)

// inHoles writes the arguments of a text of package locale as holes.
func inHoles(text string) string { return argument.ReplaceAllString(text, "{$1}") }

func newCatalogue(all map[string]string) (*catalogue, error) {
	c := &catalogue{whole: map[string]string{}, exact: map[string][]*entry{}}
	for key, english := range all {
		e, shaped, err := newEntry(key, english)
		switch {
		case err != nil:
			return nil, err
		case e.open:
			c.open = append(c.open, &e)
		case len(e.holes) == 0 || !slices.ContainsFunc(e.holes, func(h string) bool { return h != "" }):
			c.whole[key] = english
		default:
			c.exact[shaped] = append(c.exact[shaped], &e)
		}
	}
	slices.SortFunc(c.open, func(a, b *entry) int {
		return cmp.Or(b.literal-a.literal, strings.Compare(a.match.String(), b.match.String()))
	})
	return c, nil
}

// Quoted are the Japanese words the English texts quote: 「第 2026-0012 号」.
func Quoted() []string {
	all, err := readTexts()
	if err != nil {
		panic("english: " + err.Error())
	}
	var list []string
	for _, english := range all {
		list = append(list, strings.FieldsFunc(english, func(r rune) bool { return !isJapaneseSign(r) })...)
	}
	return list
}

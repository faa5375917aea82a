package locale

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is a language the program speaks. The zero Lang is Japanese.
type Lang string

// The languages there are texts for.
const (
	Japanese Lang = "ja"
	English  Lang = "en"
)

//go:embed texts/*.json
var texts embed.FS

var (
	bundle   = load()
	speakers = map[Lang]*i18n.Localizer{
		Japanese: i18n.NewLocalizer(bundle, "ja"),
		English:  i18n.NewLocalizer(bundle, "en", "ja"),
	}
	matcher = language.NewMatcher([]language.Tag{language.Japanese, language.English})
)

// Choose returns the language for a reader from wishes in order of weight: what the reader chose, then the
// browser's Accept-Language header. A wish that is empty or unreadable does not count; without one it is Japanese.
func Choose(wishes ...string) Lang {
	for _, wish := range wishes {
		tags, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, index, sure := matcher.Match(tags...); sure != language.No {
			return []Lang{Japanese, English}[index]
		}
		return English // somebody who reads neither is helped more by English
	}
	return Japanese
}

// T returns the text of a key in the language, or in Japanese where the language has none. Args are names and
// values in turn: T("file.too_large", "max", "20MB"). An int named count also chooses the plural form. A key
// without a text is returned as it is, so that a page still shows.
func (l Lang) T(key string, args ...any) string {
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		values := make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			values[fmt.Sprint(args[i])] = args[i+1]
		}
		config.TemplateData = values
		if count, ok := values["count"].(int); ok {
			config.PluralCount = count
		}
	}
	// An error comes with the text in the next language that has one.
	text, _ := l.speaker().Localize(config)
	return cmp.Or(text, key)
}

// Has reports whether the language itself has a text for the key.
func (l Lang) Has(key string) bool {
	_, tag, err := l.speaker().LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	return err == nil && tag.String() == string(cmp.Or(l, Japanese))
}

func (l Lang) speaker() *i18n.Localizer {
	if s, ok := speakers[l]; ok {
		return s
	}
	return speakers[Japanese]
}

// load reads every text once; a text that cannot be read is a fault of the build, not of a request.
func load() *i18n.Bundle {
	b := i18n.NewBundle(language.Japanese)
	paths, err := fs.Glob(texts, "texts/*.json")
	if err != nil {
		panic(err)
	}
	for _, path := range paths {
		if _, err := b.LoadMessageFileFS(texts, path); err != nil {
			panic(fmt.Errorf("%s: %w", path, err))
		}
	}
	return b
}

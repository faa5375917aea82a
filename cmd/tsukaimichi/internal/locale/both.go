package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Both are the texts that are written in both languages, Japanese → English, with their arguments as {{.name}}. Texts with plural forms are left out.
func Both() map[string]string {
	both := map[string]string{}
	paths, err := fs.Glob(texts, "texts/*.en.json")
	if err != nil {
		panic(err)
	}
	for _, path := range paths {
		english, japanese := flat(path), flat(strings.TrimSuffix(path, ".en.json")+".ja.json")
		for key, text := range japanese {
			if english[key] != "" {
				both[text] = english[key]
			}
		}
	}
	return both
}

// flat are the texts of a file that have one form.
func flat(path string) map[string]string {
	written, err := fs.ReadFile(texts, path)
	if err != nil {
		panic(err)
	}
	var all map[string]any
	if err = json.Unmarshal(written, &all); err != nil {
		panic(fmt.Errorf("%s: %w", path, err))
	}
	found := map[string]string{}
	for key, text := range all {
		if s, is := text.(string); is {
			found[key] = s
		}
	}
	return found
}

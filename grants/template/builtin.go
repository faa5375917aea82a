package template

import (
	"embed"
	"encoding/json"
	"path"
	"slices"
	"strings"
)

//go:embed forms
var formFiles embed.FS

// Builtin are the types of forms that ship: T1 to T8 and R1. Each begins with what every form asks about the group and ends with the oath, which stand once in
// common.json. A fault in a shipped form stops its test, never a program.
func Builtin() ([]Version, error) {
	var common struct {
		Head Section `json:"head"`
		Tail Section `json:"tail"`
	}
	text, err := formFiles.ReadFile("forms/common.json")
	if err != nil {
		return nil, err
	}
	if err = json.Unmarshal(text, &common); err != nil {
		return nil, err
	}
	files, err := formFiles.ReadDir("forms")
	if err != nil {
		return nil, err
	}
	var all []Version
	for _, file := range files {
		if file.Name() == "common.json" || path.Ext(file.Name()) != ".json" {
			continue
		}
		text, err := formFiles.ReadFile("forms/" + file.Name())
		if err != nil {
			return nil, err
		}
		v, err := Parse(text)
		if err != nil {
			return nil, err
		}
		v.Sections = slices.Concat([]Section{common.Head}, v.Sections, []Section{common.Tail})
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b Version) int { return strings.Compare(order(a.Key), order(b.Key)) })
	return all, nil
}

// order puts reports after applications.
func order(key string) string {
	if strings.HasPrefix(key, "r") {
		return "z" + key
	}
	return key
}

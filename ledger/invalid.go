package ledger

import (
	"sort"
	"strings"
)

// Invalid is bad input: for each field the key of the text that says what is wrong and how to mend it.
type Invalid map[string]string

// Error names the fields and keys, never what was typed.
func (v Invalid) Error() string {
	parts := make([]string, 0, len(v))
	for field, key := range v {
		parts = append(parts, field+": "+key)
	}
	sort.Strings(parts)
	return "invalid: " + strings.Join(parts, ", ")
}

// Err returns v as an error, or nil when nothing is wrong.
func (v Invalid) Err() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// Need notes the key for the field unless ok; the first note of a field stays.
func (v Invalid) Need(ok bool, field, key string) {
	if _, noted := v[field]; !ok && !noted {
		v[field] = key
	}
}

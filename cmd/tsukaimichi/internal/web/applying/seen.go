package applying

import "encoding/json"

// seen is what a form was made of, carried along in it, so that saving can tell what a person changed.
func seen(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// unseen reads what seen wrote. What cannot be read is as if nothing had been seen: a field that differs is then a conflict, and nothing is lost.
func unseen(text string, into any) { _ = json.Unmarshal([]byte(text), into) }

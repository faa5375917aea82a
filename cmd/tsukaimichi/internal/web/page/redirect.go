package page

import (
	"net/http"
	"strings"
)

// Redirect ends a POST: the page at the path says once what was done, by the last part of its text key. Questions and an anchor of the path stay.
func Redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	before, anchor, found := strings.Cut(path, "#")
	if done != "" {
		separator := "?"
		if strings.Contains(before, "?") {
			separator = "&"
		}
		before += separator + "done=" + done
	}
	if found {
		before += "#" + anchor
	}
	http.Redirect(w, r, before, http.StatusSeeOther)
	return nil
}

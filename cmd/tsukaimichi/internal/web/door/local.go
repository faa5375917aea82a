package door

import (
	"net/url"
	"path"
	"strings"
)

// longestPath is as long as an address of ours ever is, in bytes.
const longestPath = 1000

// localPath returns the page to go on to, if it is a page for members of this site, else "/desk". Whatever browsers could read as an
// address of somewhere else is none of ours: //evil, /\evil, https:, dots, doubled slashes, control characters, written plainly or
// encoded.
func localPath(next string) string {
	const fallback = "/desk"
	if len(next) > longestPath || !strings.HasPrefix(next, "/") || strings.ContainsFunc(next, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return fallback
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return fallback
	}
	plain := u.Path // decoded once, as the routes see it
	odd := strings.ContainsFunc(plain, func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\\' || r == '%' })
	if odd || path.Clean(plain) != plain || !(within(plain, "/desk") || within(plain, "/account")) {
		return fallback
	}
	to := url.URL{Path: plain, RawQuery: u.Query().Encode()}
	return to.String()
}

func within(plain, room string) bool { return plain == room || strings.HasPrefix(plain, room+"/") }

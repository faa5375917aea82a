package auth

import "strings"

// Words in a browser's own description of itself, in the order in which they are looked for: most of them also claim to be others.
var (
	systems = []struct{ word, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "Chromebook"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},
	}
	browsers = []struct{ word, name string }{
		{"Edg", "Edge"}, {"SamsungBrowser", "Samsung Internet"}, {"OPR/", "Opera"}, {"FxiOS", "Firefox"}, {"Firefox", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	}
)

// BrowserOf says in plain words what a User-Agent header says of the device and the browser: 「WindowsのChrome」. Nothing else of the
// header is kept.
func BrowserOf(userAgent string) string {
	system, browser := "", ""
	for _, s := range systems {
		if strings.Contains(userAgent, s.word) {
			system = s.name
			break
		}
	}
	for _, b := range browsers {
		if strings.Contains(userAgent, b.word) {
			browser = b.name
			break
		}
	}
	switch {
	case system == "" && browser == "":
		return "名前のわからないブラウザ"
	case system == "":
		return browser
	case browser == "":
		return system + "のブラウザ"
	}
	return system + "の" + browser
}

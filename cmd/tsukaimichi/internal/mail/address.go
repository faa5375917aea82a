package mail

import (
	"errors"
	"regexp"
	"strings"
)

// ErrAddress says that a text is not a mail address that can be written to.
var ErrAddress = errors.New("mail: not a mail address")

// Dots anywhere in the local part are against RFC 5321, but Japanese carriers gave out such addresses for years and
// their holders still have them.
var (
	localPart = regexp.MustCompile("^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$")
	label     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// ParseAddress reads what a person types: full-width letters, spaces around. It returns the address in lower case, as
// it is kept and compared; ErrAddress if nothing can be sent there.
func ParseAddress(text string) (string, error) {
	text = strings.ToLower(strings.Map(narrow, strings.TrimSpace(text)))
	local, domain, found := strings.Cut(text, "@")
	if !found || !localPart.MatchString(local) || len(domain) > 253 || !strings.Contains(domain, ".") {
		return "", ErrAddress
	}
	for _, part := range strings.Split(domain, ".") {
		if !label.MatchString(part) {
			return "", ErrAddress
		}
	}
	return text, nil
}

// narrow turns a full-width ASCII letter or sign into the plain one.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

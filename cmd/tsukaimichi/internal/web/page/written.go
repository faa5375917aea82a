package page

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Written is what somebody wrote in a form that was not taken, to be copied away from the page that says why.
type Written struct {
	Texts []string // sentences, each as it was typed
	Words string   // what is shorter, a line for each name in the form: names, cells of a table
}

// sentence is the number of characters from which something typed is a text of its own.
const sentence = 20

// NewWritten picks out of a form what a person wrote. Marks, keys and hashes that a page carries along are left out, as is what it says it has seen, and numbers that stand alone:
// they are typed again at once.
func NewWritten(form url.Values) Written {
	var w Written
	var lines []string
	names := make([]string, 0, len(form))
	for name := range form {
		if name != "seen" { // how a thing stood when the form was sent out
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		var words []string
		for _, value := range form[name] {
			if strings.Contains(value, "\x1f") { // of a button
				continue
			}
			value = strings.TrimSpace(strings.Map(visible, strings.ReplaceAll(value, "\r\n", "\n")))
			switch {
			case !byHand(value, len(form[name]) > 1) || slices.Contains(w.Texts, value):
			case utf8.RuneCountInString(value) < sentence:
				words = append(words, value)
			default:
				w.Texts = append(w.Texts, value)
			}
		}
		if len(words) > 0 {
			lines = append(lines, strings.Join(words, "　"))
		}
	}
	w.Words = strings.Join(lines, "\n")
	return w
}

// visible leaves out what no text can hold: it may be why a form was refused.
func visible(c rune) rune {
	if unicode.IsControl(c) && !unicode.IsSpace(c) || c == unicode.ReplacementChar {
		return -1
	}
	return c
}

// byHand reports whether a person wrote it: what has spaces or other than the characters of a program, and numbers of a table.
func byHand(value string, listed bool) bool {
	if strings.TrimFunc(value, func(c rune) bool { return unicode.IsDigit(c) || strings.ContainsRune(",.- 　，．－円", c) }) == "" {
		return listed && value != "" // a lone one may be a secret: the digits of an app, a number of the sheet of paper
	}
	return strings.ContainsFunc(value, func(c rune) bool { return c > unicode.MaxASCII || unicode.IsSpace(c) })
}

// Some reports whether there is anything.
func (w Written) Some() bool { return len(w.Texts) > 0 || w.Words != "" }

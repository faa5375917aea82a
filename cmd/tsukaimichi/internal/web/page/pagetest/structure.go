package pagetest

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Check fails the test for everything in the page that a screen reader, the policy or a reader without a mouse would stumble over.
func Check(t testing.TB, text string) {
	t.Helper()
	for _, fault := range Faults(text) {
		t.Error(fault)
	}
}

// Faults lists what is wrong with the structure of a page, in the order of the page.
func Faults(text string) []string {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return []string{err.Error()}
	}
	l := &look{ids: map[string]bool{}, labels: map[string]bool{}}
	l.collect(root)
	l.walk(root, false)
	l.end()
	return l.faults
}

// look is one walk through a page.
type look struct {
	ids, labels map[string]bool
	faults      []string
	headings    []int
	mains       int
	lang, title string
	focused     int
}

func (l *look) fault(n *html.Node, format string, args ...any) {
	where := "<" + n.Data
	for _, a := range n.Attr {
		if a.Key == "id" || a.Key == "class" || a.Key == "name" || a.Key == "href" {
			where += fmt.Sprintf(" %s=%q", a.Key, a.Val)
		}
	}
	l.faults = append(l.faults, where+">: "+fmt.Sprintf(format, args...))
}

// collect gathers ids and labels first, since an attribute may point forward.
func (l *look) collect(n *html.Node) {
	if n.Type == html.ElementNode {
		if id := attr(n, "id"); id != "" {
			if l.ids[id] {
				l.fault(n, "id used twice")
			}
			l.ids[id] = true
		}
		if n.Data == "label" && attr(n, "for") != "" {
			l.labels[attr(n, "for")] = true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.collect(c)
	}
}

func (l *look) walk(n *html.Node, inLabel bool) {
	if n.Type == html.ElementNode {
		l.attributes(n)
		l.element(n, inLabel)
		inLabel = inLabel || n.Data == "label"
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.walk(c, inLabel)
	}
}

func (l *look) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style":
			l.fault(n, "the policy forbids style attributes")
		case strings.HasPrefix(a.Key, "on"):
			l.fault(n, "the policy forbids %s", a.Key)
		case a.Key == "aria-describedby" || a.Key == "aria-labelledby" || a.Key == "for":
			for _, id := range strings.Fields(a.Val) {
				if !l.ids[id] {
					l.fault(n, "%s points to %q, which does not exist", a.Key, id)
				}
			}
		case a.Key == "href" && strings.HasPrefix(a.Val, "#") && !l.ids[a.Val[1:]]:
			l.fault(n, "link into the page leads nowhere")
		case a.Key == "autofocus":
			l.focused++
		case strings.Contains(a.Val, "ZgotmplZ"):
			l.fault(n, "%s was refused by html/template", a.Key)
		}
	}
}

func (l *look) element(n *html.Node, inLabel bool) {
	switch n.Data {
	case "html":
		l.lang = attr(n, "lang")
	case "title":
		l.title = words(n)
	case "main":
		l.mains++
	case "h1", "h2", "h3", "h4", "h5", "h6":
		l.headings = append(l.headings, int(n.Data[1]-'0'))
		if words(n) == "" {
			l.fault(n, "empty heading")
		}
	case "style":
		l.fault(n, "the policy forbids style elements")
	case "script":
		if attr(n, "src") == "" {
			l.fault(n, "the policy forbids scripts in the page")
		}
	case "a":
		if attr(n, "href") == "" || attr(n, "href") == "#" {
			l.fault(n, "link without an address")
		}
		if words(n) == "" {
			l.fault(n, "link without words")
		}
	case "button":
		if words(n) == "" {
			l.fault(n, "button without words")
		}
	case "input", "select", "textarea":
		l.field(n, inLabel)
	case "img":
		if !has(n, "alt") {
			l.fault(n, "picture without alt")
		}
	case "svg":
		if attr(n, "role") == "img" && attr(n, "aria-label") == "" {
			l.fault(n, "drawing without a sentence")
		}
	case "th":
		if attr(n, "scope") == "" {
			l.fault(n, "table head without scope")
		}
	case "fieldset":
		if first := firstElement(n); first == nil || first.Data != "legend" {
			l.fault(n, "fieldset without a legend at its beginning")
		}
	case "form":
		if m := attr(n, "method"); m == "" {
			l.fault(n, "form without a method")
		}
	}
}

func (l *look) field(n *html.Node, inLabel bool) {
	kind := attr(n, "type")
	if kind == "hidden" || kind == "submit" {
		return
	}
	if !inLabel && !l.labels[attr(n, "id")] && attr(n, "aria-label") == "" {
		l.fault(n, "field without a label")
	}
	if attr(n, "name") == "" && !has(n, "readonly") {
		l.fault(n, "field without a name is not sent")
	}
	if attr(n, "aria-invalid") == "true" && attr(n, "aria-describedby") == "" {
		l.fault(n, "a wrong field does not say what is wrong")
	}
}

func (l *look) end() {
	say := func(format string, args ...any) { l.faults = append(l.faults, fmt.Sprintf(format, args...)) }
	if l.lang != "ja" {
		say("language of the page is %q, not ja", l.lang)
	}
	if strings.HasPrefix(l.title, "｜") || l.title == "" {
		say("page without a title")
	}
	if strings.ContainsAny(l.title, "{}") {
		say("the title %q is written as Go writes a struct", l.title)
	}
	if l.mains != 1 {
		say("%d main elements, not 1", l.mains)
	}
	if l.focused > 1 {
		say("%d fields want the focus", l.focused)
	}
	first := 0
	for i, level := range l.headings {
		if level == 1 {
			first++
		}
		if i > 0 && level > l.headings[i-1]+1 {
			say("heading h%d follows h%d", level, l.headings[i-1])
		}
	}
	if first != 1 {
		say("%d h1, not 1", first)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// words is the text of an element, without spaces at its ends.
func words(n *html.Node) string {
	var b strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && n.Data == "img" {
			b.WriteString(attr(n, "alt"))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			add(c)
		}
	}
	add(n)
	return strings.TrimSpace(b.String())
}

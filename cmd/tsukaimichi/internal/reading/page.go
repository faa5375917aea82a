package reading

import (
	"bytes"
	stdhtml "html"
	"io"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Mark is the attribute of <html> that says that a page has readings: lines stand farther apart then.
const Mark = "data-readings"

// Page puts readings over the words of a page in Japanese. All but its texts is as it was, and so are texts in a head, script, style, field, drawing, or ruby, in
// elements in another language, and in elements with translate="no". What is not HTML to the end comes back as it was.
func Page(page []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(page) * 2)
	z := html.NewTokenizer(bytes.NewReader(page))
	var skip skipped
	number := "" // at the end of the text before
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return page
			}
			return out.Bytes()
		case html.TextToken:
			raw := string(z.Raw())
			if skip.depth > 0 || !hasKanji(raw) {
				out.WriteString(raw)
			} else {
				out.WriteString(Text(stdhtml.UnescapeString(raw), number))
			}
			number = lastNumber(raw)
		case html.StartTagToken, html.EndTagToken:
			raw := bytes.Clone(z.Raw()) // what is asked of the tag next changes it
			if !skip.tag(z, kind) {
				out.Write(raw)
				continue
			}
			out.Write(bytes.TrimSuffix(raw, []byte(">")))
			out.WriteString(" " + Mark + ">")
		default:
			out.Write(z.Raw())
		}
	}
}

// lastNumber is the number a text ends with.
func lastNumber(text string) string {
	from := len(text)
	for from > 0 && isNumber(text[from-1:from]) {
		from--
	}
	return text[from:]
}

// skipped is the element whose texts stay as they are, with how many of its name are open.
type skipped struct {
	name  string
	depth int
}

// tag takes note of a tag; marked is true of the beginning of a page in Japanese.
func (s *skipped) tag(z *html.Tokenizer, kind html.TokenType) (marked bool) {
	name, more := z.TagName()
	tag := string(name)
	switch {
	case s.depth > 0 && tag != s.name:
	case s.depth > 0 && kind == html.EndTagToken:
		s.depth--
	case s.depth > 0:
		s.depth++
	case kind == html.StartTagToken:
		asIs, japanese := keeps[atom.Lookup(name)], false
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			switch string(key) {
			case "translate":
				asIs = asIs || string(value) == "no"
			case "lang":
				japanese = bytes.HasPrefix(value, []byte("ja"))
				asIs = asIs || !japanese
			}
		}
		if asIs && !void[atom.Lookup(name)] {
			s.name, s.depth = tag, 1
		}
		return tag == "html" && japanese
	}
	return false
}

// void are the elements without an end.
var void = map[atom.Atom]bool{atom.Br: true, atom.Hr: true, atom.Img: true, atom.Input: true, atom.Link: true, atom.Meta: true, atom.Wbr: true, atom.Col: true, atom.Source: true}

// keeps are the elements whose texts stay as they are.
var keeps = map[atom.Atom]bool{
	atom.Head: true, atom.Script: true, atom.Style: true, atom.Title: true, atom.Textarea: true, atom.Option: true, atom.Select: true, atom.Svg: true,
	atom.Ruby: true, atom.Pre: true, atom.Code: true, atom.Kbd: true, atom.Samp: true, atom.Noscript: true,
}

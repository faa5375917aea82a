package english

import (
	"bytes"
	stdhtml "html"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is a page in English. What a group wrote is as it was, marked as Japanese; so are texts in fields, scripts and code. What is not HTML to the end
// comes back as it was.
func Page(page []byte) []byte {
	w := walk{c: ours()}
	w.out.Grow(len(page))
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			w.say()
			if z.Err() != io.EOF {
				return page
			}
			return w.out.Bytes()
		case html.TextToken:
			w.lines = append(w.lines, string(z.Raw()))
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, t := bytes.Clone(z.Raw()), z.Token()
			if t.DataAtom == atom.Br && len(w.lines) > 0 {
				w.lines = append(w.lines, string(raw))
				continue
			}
			w.say()
			w.start(raw, t)
		case html.EndTagToken:
			w.say()
			w.out.Write(z.Raw())
			w.end(z.Token().DataAtom)
		default:
			w.say()
			w.out.Write(z.Raw())
		}
	}
}

// Text is a text in English as it stands in an attribute, a group's own words in it as they are.
func Text(japanese string) string {
	pieces, _ := ours().text(japanese)
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return strings.TrimSpace(b.String())
}

// walk is a page on its way.
type walk struct {
	c      *catalogue
	out    bytes.Buffer
	asIs   atom.Atom // the element whose texts stay; 0 for none
	in     atom.Atom // the element that began last
	tagEnd int       // where its tag ends in out, right before the text; 0 elsewhere
	number string    // the text before ended with it
	before int       // where it begins in out
	lines  []string  // texts that are not said yet, and the line breaks between them
}

// say says the lines: a heading that is broken in two is one text.
func (w *walk) say() {
	lines := w.lines
	w.lines = nil
	if len(lines) > 1 && w.asIs == 0 {
		var whole strings.Builder
		for _, line := range lines {
			if !isBreak(line) {
				whole.WriteString(strings.TrimFunc(line, isSpace))
			}
		}
		if english, is := w.c.whole[stdhtml.UnescapeString(whole.String())]; is {
			w.piece(piece{text: english})
			w.tagEnd, w.number = 0, ""
			return
		}
	}
	for _, line := range lines {
		if isBreak(line) {
			w.out.WriteString(line)
			w.tagEnd, w.number = 0, ""
			continue
		}
		w.text(line)
	}
}

// isBreak tells a tag from a text, where a < is written &lt;.
func isBreak(line string) bool { return strings.HasPrefix(line, "<") }

// keeps are the elements whose texts stay as they are.
var keeps = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Textarea: true, atom.Pre: true, atom.Code: true, atom.Kbd: true, atom.Samp: true}

func (w *walk) start(raw []byte, t html.Token) {
	if w.asIs == 0 && keeps[t.DataAtom] && t.Type == html.StartTagToken {
		w.asIs = t.DataAtom
	}
	if attributes(&t) {
		w.out.WriteString(t.String())
	} else {
		w.out.Write(raw)
	}
	w.in, w.tagEnd = t.DataAtom, w.out.Len()
	if t.Data == "text" { // of a picture
		w.in = atom.Option // its words cannot be parted
	}
}

func (w *walk) end(tag atom.Atom) {
	if tag == w.asIs {
		w.asIs = 0
	}
	w.tagEnd = 0
}

// attributes says the attributes of a tag in English that are read out or shown; changed is false where none is.
func attributes(t *html.Token) (changed bool) {
	names := map[string]string{}
	for _, a := range t.Attr {
		names[a.Key] = a.Val
	}
	for i, a := range t.Attr {
		switch a.Key {
		case "lang":
			if t.DataAtom == atom.Html {
				t.Attr[i].Val, changed = "en", true
			}
			continue
		case "title", "alt", "aria-label", "placeholder":
		case "value":
			if t.DataAtom != atom.Input || names["type"] != "submit" && names["type"] != "button" {
				continue
			}
		case "content":
			if names["property"] == "og:locale" {
				t.Attr[i].Val, changed = "en_GB", true
			}
			if t.DataAtom != atom.Meta {
				continue
			}
		default:
			continue
		}
		if IsJapanese(a.Val) {
			t.Attr[i].Val, changed = Text(a.Val), true
		}
	}
	return changed
}

// text writes a text in English.
func (w *walk) text(raw string) {
	begin := w.tagEnd
	w.tagEnd = 0
	number, at := w.number, w.before
	w.number = ""
	if w.asIs != 0 || !IsJapanese(raw) {
		w.out.WriteString(raw)
		w.number = lastNumber(raw)
		w.before = w.out.Len() - len(w.number)
		return
	}
	japanese := stdhtml.UnescapeString(raw)
	core := strings.TrimFunc(japanese, isSpace)
	before, after, _ := strings.Cut(japanese, core)
	w.out.WriteString(before)
	pieces, is := w.counted(number, core, at)
	if !is {
		pieces, is = w.c.text(core)
	}
	if w.in == atom.Title || w.in == atom.Option {
		w.bare(pieces, is, begin)
	} else {
		for _, p := range pieces {
			w.piece(p)
		}
	}
	w.out.WriteString(after)
}

// isSpace leaves the wide space to the texts.
func isSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// counted says the unit of a number that stands in the element before, at a place in out: <b>1</b> person, <b>fewer than 5</b> people.
func (w *walk) counted(number, unit string, at int) ([]piece, bool) {
	if number == "" {
		return nil, false
	}
	pieces, is := w.c.one(number + unit)
	if !is || len(pieces) == 0 || pieces[0].own {
		return nil, false
	}
	var english strings.Builder
	for _, p := range pieces {
		english.WriteString(p.text)
	}
	before, after, is := strings.Cut(english.String(), number)
	if !is || IsJapanese(after) {
		return nil, false
	}
	if before != "" {
		rest := bytes.Clone(w.out.Bytes()[at:])
		w.out.Truncate(at)
		w.out.WriteString(stdhtml.EscapeString(before))
		w.out.Write(rest)
	}
	return []piece{{text: after}}, true
}

// bare writes a text where no element may stand; a group's own is marked on the element it is in.
func (w *walk) bare(pieces []piece, ours bool, begin int) {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	if !ours && begin > 0 && begin == w.out.Len() && w.in == atom.Option {
		w.out.Truncate(begin - 1)
		w.out.WriteString(` lang="ja">`)
	}
	w.out.WriteString(stdhtml.EscapeString(b.String()))
}

// piece writes a stretch of text; Japanese in it is marked, whoever wrote it.
func (w *walk) piece(p piece) {
	text := p.text
	if p.own {
		w.japanese(text)
		return
	}
	for text != "" {
		from := strings.IndexFunc(text, isJapaneseSign)
		if from < 0 {
			break
		}
		w.out.WriteString(stdhtml.EscapeString(text[:from]))
		text = text[from:]
		to := strings.IndexFunc(text, func(r rune) bool { return !isJapaneseSign(r) })
		if to < 0 {
			to = len(text)
		}
		w.japanese(text[:to])
		text = text[to:]
	}
	w.out.WriteString(stdhtml.EscapeString(text))
}

func (w *walk) japanese(text string) {
	w.out.WriteString(`<span lang="ja">` + stdhtml.EscapeString(text) + `</span>`)
}

// lastNumber is the number a text ends with.
func lastNumber(text string) string {
	return text[len(strings.TrimRight(text, "0123456789,")):]
}

package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
)

// placeholder is what a person types into a form: {{project.name}}. Full-width braces are taken too.
var placeholder = regexp.MustCompile(`(?:\{\{|｛｛)[ 　]*([a-z][a-z0-9_.]{0,59})[ 　]*(?:\}\}|｝｝)`)

// run is the text of one w:t element: where it stands in the part, and as what it reads.
type run struct {
	from, until int // of the raw text between the tags
	open        int // where the start tag begins
	text        string
}

// Placeholders lists the placeholders of a Word form, each once, in the order of the text: body, headers, footers.
func Placeholders(file []byte) ([]string, error) {
	parts, err := unpack(file)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range textParts(parts) {
		paragraphs, err := paragraphsOf(parts[name])
		if err != nil {
			return nil, err
		}
		for _, runs := range paragraphs {
			for _, found := range placeholder.FindAllStringSubmatch(joined(runs), -1) {
				if !slices.Contains(names, found[1]) {
					names = append(names, found[1])
				}
			}
		}
	}
	return names, nil
}

// Piece is a stretch of a paragraph: text, or a placeholder by its name.
type Piece struct{ Text, Placeholder string }

// mostParagraphs is how much of a Word form is shown for mapping.
const mostParagraphs = 600

// Paragraphs are the paragraphs of a Word form as a person who maps it reads them, in the order of the text; empty ones are left out. It shows the first 600.
func Paragraphs(file []byte) ([][]Piece, error) {
	parts, err := unpack(file)
	if err != nil {
		return nil, err
	}
	var all [][]Piece
	for _, name := range textParts(parts) {
		paragraphs, err := paragraphsOf(parts[name])
		if err != nil {
			return nil, err
		}
		for _, runs := range paragraphs {
			if pieces := piecesOf(joined(runs)); len(pieces) > 0 && len(all) < mostParagraphs {
				all = append(all, pieces)
			}
		}
	}
	return all, nil
}

func piecesOf(text string) []Piece {
	var pieces []Piece
	at := 0
	for _, found := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		if found[0] > at {
			pieces = append(pieces, Piece{Text: text[at:found[0]]})
		}
		pieces = append(pieces, Piece{Placeholder: text[found[2]:found[3]]})
		at = found[1]
	}
	if strings.TrimSpace(text[at:]) != "" {
		pieces = append(pieces, Piece{Text: text[at:]})
	}
	return pieces
}

// FillWord writes answers over the placeholders of a Word form and returns the filled copy. A placeholder without an answer stays, so that it is seen; line
// breaks of an answer become line breaks. Everything else stays byte for byte.
func FillWord(file []byte, answers map[string]string) ([]byte, error) {
	parts, err := unpack(file)
	if err != nil {
		return nil, err
	}
	for _, name := range textParts(parts) {
		paragraphs, err := paragraphsOf(parts[name])
		if err != nil {
			return nil, err
		}
		var edits []edit
		for _, runs := range paragraphs {
			edits = append(edits, fill(runs, answers)...)
		}
		parts[name] = apply(parts[name], edits)
	}
	return pack(file, parts)
}

// textParts are the parts in which people write, in a fixed order.
func textParts(parts map[string][]byte) []string {
	names := []string{"word/document.xml"}
	var others []string
	for name := range parts {
		if strings.HasPrefix(name, "word/header") || strings.HasPrefix(name, "word/footer") {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return append(names, others...)
}

// paragraphsOf finds the text runs of each paragraph. Offsets are those of the raw part, so that an edit leaves everything else alone.
func paragraphsOf(part []byte) ([][]run, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	var paragraphs [][]run
	open := []int{} // paragraphs can hold text boxes that hold paragraphs
	var text *run
	for {
		before := int(d.InputOffset())
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return paragraphs, nil
		}
		if err != nil {
			return nil, ErrNoForm
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "p" && t.Name.Space == "w":
				open = append(open, len(paragraphs))
				paragraphs = append(paragraphs, nil)
			case t.Name.Local == "t" && t.Name.Space == "w" && len(open) > 0:
				text = &run{open: before, from: int(d.InputOffset())}
			}
		case xml.CharData:
			if text != nil {
				text.text += string(t)
			}
		case xml.EndElement:
			switch {
			case t.Name.Local == "p" && t.Name.Space == "w" && len(open) > 0:
				open = open[:len(open)-1]
			case t.Name.Local == "t" && t.Name.Space == "w" && text != nil:
				if text.until = before; text.until >= text.from { // <w:t/> has no text to change
					at := open[len(open)-1]
					paragraphs[at] = append(paragraphs[at], *text)
				}
				text = nil
			}
		}
	}
}

func joined(runs []run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.text)
	}
	return b.String()
}

// edit replaces a stretch of a part.
type edit struct {
	from, until int
	with        string
}

// fill gives the answer to the run in which a placeholder begins, and takes its rest away from the runs that follow.
func fill(runs []run, answers map[string]string) []edit {
	whole := joined(runs)
	texts := make([]string, len(runs))
	changed := make([]bool, len(runs))
	at := 0 // of the whole
	next := 0
	found := placeholder.FindAllStringSubmatchIndex(whole, -1)
	for i, r := range runs {
		var b strings.Builder
		for end := at + len(r.text); at < end; {
			for next < len(found) && found[next][1] <= at {
				next++
			}
			answer, begins, inside := "", false, false
			if next < len(found) {
				var known bool
				answer, known = answers[whole[found[next][2]:found[next][3]]]
				begins = known && at == found[next][0]
				inside = known && at >= found[next][0]
			}
			switch {
			case begins:
				b.WriteString(answerXML(answer))
				changed[i] = true
				at = min(end, found[next][1])
			case inside:
				changed[i] = true
				at = min(end, found[next][1])
			default:
				stop := end
				if next < len(found) && at < found[next][0] {
					stop = min(end, found[next][0])
				} else if next < len(found) {
					stop = min(end, found[next][1]) // a placeholder without an answer stays
				}
				b.WriteString(escaped(whole[at:stop]))
				at = stop
			}
		}
		texts[i] = b.String()
	}
	var edits []edit
	for i, r := range runs {
		if changed[i] {
			edits = append(edits, edit{r.open, r.until, `<w:t xml:space="preserve">` + texts[i]})
		}
	}
	return edits
}

// answerXML is an answer as it stands inside a w:t: a line break ends the text element, breaks, and begins another.
func answerXML(answer string) string {
	answer = strings.ReplaceAll(strings.ReplaceAll(answer, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(answer, "\n")
	for i, line := range lines {
		lines[i] = escaped(line)
	}
	return strings.Join(lines, `</w:t><w:br/><w:t xml:space="preserve">`)
}

// escaped is text that cannot become a tag. Characters that XML cannot hold are left out.
func escaped(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF || (r < 0x20 && r != '\t') {
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func apply(part []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(part[at:e.from])
		out.WriteString(e.with)
		at = e.until
	}
	out.Write(part[at:])
	return out.Bytes()
}

package finish

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

var (
	fontName  = regexp.MustCompile(`/utf8\w+`)
	toUnicode = regexp.MustCompile(`/ToUnicode \d+ 0 R`)
)

// fonts gives the font its subset name and a map back to characters. gofpdf's own map is one range over all codes, which
// readers reject and which knows nothing of private codes.
func (w *work) fonts() {
	name := fmt.Appendf(nil, "/%s+%s", subsetTag(w.options.Codes), w.options.Font)
	characters := 0
	for n, o := range w.objects {
		if o.stream != nil {
			continue
		}
		if toUnicode.Match(o.value) {
			if characters == 0 {
				characters = w.addStream("", w.characterMap())
			}
			o.value = toUnicode.ReplaceAll(o.value, fmt.Appendf(nil, "/ToUnicode %d 0 R", characters))
		}
		if bytes.Contains(o.value, []byte("Font")) {
			o.value = fontName.ReplaceAll(o.value, name)
		}
		w.objects[n] = o
	}
}

// subsetTag is six capitals that differ when the glyphs differ.
func subsetTag(codes []uint16) string {
	h := sha256.New()
	for _, c := range codes {
		h.Write([]byte{byte(c >> 8), byte(c)})
	}
	tag := h.Sum(nil)[:6]
	for i := range tag {
		tag[i] = 'A' + tag[i]%26
	}
	return string(tag)
}

// section is the most entries a section of a character map may have.
const section = 100

// characterMap writes a ToUnicode map. A range may not cross a high byte.
func (w *work) characterMap() []byte {
	var high []byte
	for _, c := range w.options.Codes {
		if _, private := w.options.Private[c]; !private && (len(high) == 0 || high[len(high)-1] != byte(c>>8)) {
			high = append(high, byte(c>>8))
		}
	}
	out := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(slices.Compact(high), section) {
		out = fmt.Appendf(out, "%d beginbfrange\n", len(part))
		for _, h := range part {
			out = fmt.Appendf(out, "<%02X00> <%02XFF> <%02X00>\n", h, h, h)
		}
		out = append(out, "endbfrange\n"...)
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(w.options.Private)), section) {
		out = fmt.Appendf(out, "%d beginbfchar\n", len(part))
		for _, c := range part {
			out = fmt.Appendf(out, "<%04X> <%X>\n", c, utf16(w.options.Private[c]))
		}
		out = append(out, "endbfchar\n"...)
	}
	return append(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"...)
}

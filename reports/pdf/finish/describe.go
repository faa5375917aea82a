package finish

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	utf "unicode/utf16"
)

var names = regexp.MustCompile(`(?s)/Names <<.*?>>\s*>>`)

// describe writes what the paper says about itself: the information dictionary, the same as XMP, the language, and the
// files inside.
func (w *work) describe() {
	o := w.options
	at := o.Created.UTC().Format("20060102150405+00'00'")
	w.objects[w.info] = object{value: fmt.Appendf(nil,
		"<</Title %s /Author %s /Subject %s /Producer (Tsukaimichi) /CreationDate (D:%s) /ModDate (D:%s)>>",
		text(o.Title), text(o.Author), text(o.Subject), at, at)}
	xmp := w.xmp()
	metadata := w.add(object{fmt.Appendf(nil, "<</Type /Metadata /Subtype /XML /Length %d>>", len(xmp)), xmp})
	root := names.ReplaceAll(w.objects[w.root].value, nil)
	root = bytes.TrimSuffix(bytes.TrimSpace(root), []byte(">>"))
	root = fmt.Appendf(root, "/Lang %s /ViewerPreferences <</DisplayDocTitle true>> /Metadata %d 0 R",
		text(o.Language), metadata)
	if len(o.Files) > 0 {
		root = append(root, w.files(at)...)
	}
	w.objects[w.root] = object{value: append(root, ">>"...)}
}

// files embeds the attachments, in the order of their names as a name tree must be.
func (w *work) files(at string) string {
	files := slices.Clone(w.options.Files)
	slices.SortStableFunc(files, func(a, b File) int { return bytes.Compare(utf16(a.Name), utf16(b.Name)) })
	var tree strings.Builder
	for _, f := range files {
		body := w.addStream(fmt.Sprintf("/Type /EmbeddedFile /Subtype /%s /Params <</Size %d /ModDate (D:%s)>> ",
			name(f.MediaType), len(f.Bytes), at), f.Bytes)
		spec := w.add(object{value: fmt.Appendf(nil, "<</Type /Filespec /F %s /UF %s /Desc %s /EF <</F %d 0 R /UF %d 0 R>>>>",
			text(f.Name), text(f.Name), text(f.Description), body, body)})
		fmt.Fprintf(&tree, "%s %d 0 R ", text(f.Name), spec)
	}
	return " /Names <</EmbeddedFiles <</Names [" + tree.String() + "]>>>>"
}

// name escapes everything but letters and digits of a PDF name.
func name(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "#%02X", c)
		}
	}
	return out.String()
}

// text is a PDF text string in UTF-16, written as hexadecimals so that no byte needs escaping.
func text(s string) string { return fmt.Sprintf("<FEFF%X>", utf16(s)) }

func utf16(s string) (out []byte) {
	for _, u := range utf.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return out
}

func (w *work) xmp() []byte {
	o, at := w.options, w.options.Created.UTC().Format(time.RFC3339)
	return []byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(o.Title) + `</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>` + escaped(o.Author) + `</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(o.Subject) + `</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>` + escaped(o.Language) + `</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>` + at + `</xmp:CreateDate><xmp:ModifyDate>` + at + `</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`)
}

func escaped(s string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(s)) // a buffer takes everything
	return out.String()
}

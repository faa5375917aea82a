package finish

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// file is a PDF as gofpdf writes it, of one page with the given content.
func rawFile(content string) []byte {
	objects := []string{
		"<</Type /Pages\n/Kids [3 0 R ]\n/Count 1\n/MediaBox [0 0 595.28 841.89]\n>>",
		"<</Font <<\n/F1 5 0 R\n>>\n/XObject <<\n/I0123456789012345678901234567890123456789 6 0 R\n/I1123456789012345678901234567890123456789 7 0 R\n>>\n>>",
		"<</Type /Page\n/Parent 1 0 R\n/Resources 2 0 R\n/Contents 4 0 R>>",
		"<</Length " + itoa(len(content)) + ">>\nstream\n" + content + "\nendstream",
		"<</Type /Font\n/Subtype /Type0\n/BaseFont /utf8type\n/ToUnicode 8 0 R>>",
		"<</Type /XObject\n/Length 3>>\nstream\nabc\nendstream",
		"<</Type /XObject\n/Length 3>>\nstream\nabc\nendstream",
		"<</Length 2>>\nstream\nxx\nendstream",
		"<<\n/Producer (gofpdf \\(5 0 R\\))\n/ModDate (D:20261123)\n>>",
		"<<\n/Type /Catalog\n/Pages 1 0 R\n/Names <<\n/EmbeddedFiles << /Names [\n \n] >>\n>>\n>>",
	}
	var out strings.Builder
	out.WriteString("%PDF-1.3\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, out.Len())
		out.WriteString(itoa(i+1) + " 0 obj\n" + o + "\nendobj\n")
	}
	at := out.Len()
	out.WriteString("xref\n0 " + itoa(len(objects)+1) + "\n0000000000 65535 f \n")
	for _, o := range offsets {
		out.WriteString(strings.Repeat("0", 10-len(itoa(o))) + itoa(o) + " 00000 n \n")
	}
	out.WriteString("trailer\n<<\n/Size 11\n/Root 10 0 R\n/Info 9 0 R\n>>\nstartxref\n" + itoa(at) + "\n%%EOF\n")
	return []byte(out.String())
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func options() Options {
	return Options{Title: "題 𠮷 (1)", Author: "練習", Subject: "<&>", Language: "ja", Created: time.Date(2026, 10, 15, 9, 30, 0, 0, time.FixedZone("", 9*60*60)),
		Font: "NotoSansJP", Codes: []uint16{0x20, 0x3042, 0x3044, 0x5409, 0xe000}, Private: map[uint16]string{0xe000: "𠮷"}, Under: [][]byte{[]byte("1 0 0 rg\n")}}
}

func TestFinishedFileTellsTheTruth(t *testing.T) {
	t.Parallel()
	b, err := Finish(rawFile("BT (1 0 R) Tj ET /I0123456789012345678901234567890123456789 Do"), options())
	if err != nil {
		t.Fatal(err)
	}
	got := string(b)
	for _, want := range []string{
		"/Title <FEFF984C0020D842DFB70020002800310029>", "/CreationDate (D:20261015003000+00'00')", "/Lang <FEFF006A0061>", "/ID [<",
		"&lt;&amp;&gt;", "<xmp:CreateDate>2026-10-15T00:30:00Z</xmp:CreateDate>", "+NotoSansJP\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, gone := range []string{"gofpdf", "utf8type", "I01234567", "20261123", "EmbeddedFiles"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q is left", gone)
		}
	}
	if n := strings.Count(got, "/Type /XObject"); n != 1 {
		t.Errorf("one picture twice is kept %d times", n)
	}
}

func TestCharacterMapKeepsToTheRules(t *testing.T) {
	t.Parallel()
	w := work{options: options()}
	got := string(w.characterMap())
	for _, want := range []string{"3 beginbfrange\n<0000> <00FF> <0000>\n<3000> <30FF> <3000>\n<5400> <54FF> <5400>\n", "1 beginbfchar\n<E000> <D842DFB7>\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for c := range uint16(250) {
		w.options.Private[0xe000+c] = "字"
	}
	if got := string(w.characterMap()); strings.Count(got, "100 beginbfchar") != 2 || !strings.Contains(got, "50 beginbfchar") {
		t.Errorf("sections are not of at most 100:\n%s", got)
	}
}

func TestReferencesAreOnlyThoseOutsideStrings(t *testing.T) {
	t.Parallel()
	got := string(references([]byte(`<</A 12 0 R/B [3 0 R 14 0 R](5 0 R \( 6 0 R) /C7 0 R /D 1.5 0 /E 8 0 RX>>`), func(n int) int { return n + 100 }))
	want := `<</A 112 0 R/B [103 0 R 114 0 R](5 0 R \( 6 0 R) /C7 0 R /D 1.5 0 /E 108 0 RX>>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	t.Parallel()
	good := rawFile("")
	two := options()
	two.Under = append(two.Under, nil)
	for name, b := range map[string][]byte{"empty": nil, "no PDF": []byte("hello"), "cut off": good[:len(good)-40], "astray": []byte("xx\nstartxref\n99\n%%EOF"),
		"encrypted": []byte(strings.Replace(string(good), "/Size 11", "/Encrypt 9 0 R", 1))} {
		if _, err := Finish(b, options()); !errors.Is(err, ErrForm) {
			t.Errorf("%s: got %v, want ErrForm", name, err)
		}
	}
	if _, err := Finish(good, two); !errors.Is(err, ErrForm) {
		t.Errorf("more pages of shapes than pages: got %v, want ErrForm", err)
	}
}

package pdf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
)

func render(t testing.TB, d document.Document) Result {
	t.Helper()
	r, err := Render(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names are people's names as they come, and the worst of them.
var names = []string{"髙橋 﨑子", "𠮷田 太郎", "葛\U000E0100城 花子", "Müller", "㈱ノト①", "神\uFA19"}

func TestSameDocumentGivesSameBytes(t *testing.T) {
	d := documenttest.Report()
	want := render(t, d)
	if got := sha256.Sum256(want.Bytes); got != want.SHA256 {
		t.Errorf("SHA256 is %x, of the bytes it is %x", want.SHA256, got)
	}
	for i := range 30 {
		if got := render(t, d); got.SHA256 != want.SHA256 {
			t.Fatalf("run %d differs", i)
		}
	}
	// gofpdf names pictures by a hash of gob's bytes, which change when anything else in the process uses gob.
	type disturbance struct{ A map[string]int }
	if err := gob.NewEncoder(&bytes.Buffer{}).Encode(disturbance{map[string]int{"a": 1}}); err != nil {
		t.Fatal(err)
	}
	if got := render(t, d); got.SHA256 != want.SHA256 {
		t.Error("differs after another use of gob")
	}
}

func TestUsageReportFitsOnOnePage(t *testing.T) {
	t.Parallel()
	got, err := RenderWith(context.Background(), documenttest.OnePage(), Options{OnePage: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Pages != 1 || len(got.Missing) > 0 {
		t.Errorf("got %d pages, missing %q", got.Pages, string(got.Missing))
	}
}

func TestOnePageEditionNamesWhatDidNotFit(t *testing.T) {
	t.Parallel()
	d := documenttest.OnePage()
	story := document.Paragraph{Text: document.Words(strings.Repeat("長い話です。", 200))}
	d.Blocks = slices.Insert(d.Blocks, 3, document.Block(story))
	_, err := RenderWith(context.Background(), d, Options{OnePage: true})
	var over Overflow
	if !errors.Is(err, ErrOverflow) || !errors.As(err, &over) {
		t.Fatalf("got %v, want ErrOverflow", err)
	}
	if n := len(over.Blocks); n < 2 || over.Blocks[n-1] != "結び" || !strings.Contains(strings.Join(over.Blocks, ""), "届いたお金") {
		t.Errorf("named %q", over.Blocks)
	}
}

func TestFileIsValid(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]document.Document{"report": documenttest.Report(), "one page": documenttest.OnePage(), "receipt": documenttest.Receipt(strings.Join(names, "、")), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := render(t, d)
			if err := api.Validate(bytes.NewReader(r.Bytes), nil); err != nil {
				t.Errorf("pdfcpu: %v", err)
			}
			out, _ := run(t, r.Bytes, "qpdf", "--check", "FILE")
			if !strings.Contains(out, "No syntax or stream encoding errors found") {
				t.Errorf("qpdf: %s", out)
			}
		})
	}
}

func TestNamesCanBeCopiedOutAgain(t *testing.T) {
	t.Parallel()
	for _, name := range names {
		d := document.Document{Blocks: document.Blocks{document.Paragraph{Text: document.Join(document.Words(name), document.Words("／"), document.Strong(name))}}}
		out, _ := run(t, render(t, d).Bytes, "pdftotext", "FILE", "-")
		if want := name + "／" + name; !strings.Contains(out, want) {
			t.Errorf("%q reads as %q", want, out)
		}
	}
}

func TestTextReadsAsThePaper(t *testing.T) {
	t.Parallel()
	out, _ := run(t, render(t, documenttest.Report()).Bytes, "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{"参加した人", "96 人", "156,000   171,860   +15,860", "△3,000", "令和8年（2026年）10月14日", "1/5", "5/5", "R-2026-0031"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

func TestMetadataIsTrue(t *testing.T) {
	t.Parallel()
	d := documenttest.Receipt("𠮷田")
	d.Meta.Title, d.Meta.Author = "受領証　𠮷田 様（1）\\", "練習　𠮷野町みらい基金"
	r := render(t, d)
	out, _ := run(t, r.Bytes, "pdfinfo", "FILE")
	for _, want := range []string{"受領証　𠮷田 様（1）\\", "練習　𠮷野町みらい基金", "Thu Oct 15", "A4", "PDF version:     1.7"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	xmp, _ := run(t, r.Bytes, "pdfinfo", "-meta", "FILE")
	for _, want := range []string{"𠮷田", "𠮷野町", "<rdf:li>ja</rdf:li>", "2026-10-15T00:00:00Z"} {
		if !strings.Contains(xmp, want) {
			t.Errorf("XMP lacks %q:\n%s", want, xmp)
		}
	}
	if !bytes.Contains(r.Bytes, []byte("/Lang <FEFF006A0061>")) || !bytes.Contains(r.Bytes, []byte("/DisplayDocTitle true")) {
		t.Error("the catalogue does not tell its language or title")
	}
	fonts, _ := run(t, r.Bytes, "pdffonts", "FILE")
	if !strings.Contains(fonts, "+NotoSansJP ") || !strings.Contains(fonts, "yes yes yes") {
		t.Errorf("the font is not an embedded, named subset with characters:\n%s", fonts)
	}
}

func TestFilesTravelInside(t *testing.T) {
	t.Parallel()
	d := documenttest.Report()
	d.Attachments = append(d.Attachments, document.Attachment{Name: "あらまし (1).txt", MediaType: "text/plain", Bytes: []byte("空ではない")})
	_, folder := run(t, render(t, d).Bytes, "pdfdetach", "-saveall", "FILE")
	for _, want := range d.Attachments {
		got, err := os.ReadFile(filepath.Join(folder, want.Name))
		if err != nil || !bytes.Equal(got, want.Bytes) {
			t.Errorf("%s: got %q, %v", want.Name, got, err)
		}
	}
}

func TestMissingCharactersAreReported(t *testing.T) {
	t.Parallel()
	if got := render(t, documenttest.Receipt("أحمد")).Missing; string(got) != "أحدم" {
		t.Errorf("missing %q, want %q", string(got), "أحدم")
	}
	if got := render(t, documenttest.Receipt(strings.Join(names, ""))).Missing; len(got) > 0 {
		t.Errorf("missing %q, want none", string(got))
	}
}

func TestPhotographsAreCleanedAndEmbeddedOnce(t *testing.T) {
	t.Parallel()
	r := render(t, documenttest.Report()) // has one photograph twice
	out, _ := run(t, r.Bytes, "pdfimages", "-list", "FILE")
	if !strings.Contains(out, "jpeg") || bytes.Count(r.Bytes, []byte("/Subtype /Image")) != 1 {
		t.Errorf("%d pictures:\n%s", bytes.Count(r.Bytes, []byte("/Subtype /Image")), out)
	}
	d := document.Document{Blocks: document.Blocks{document.Photo{Bytes: []byte("no picture"), Alt: "犬"}}}
	if _, err := Render(context.Background(), d); err == nil || !strings.Contains(err.Error(), "犬") {
		t.Errorf("got %v, want an error that names the photograph", err)
	}
}

// broken stands for a fault below.
type broken struct{ document.Rule }

func (broken) KeepsWithNext() bool { panic("stumbled") }

func TestFaultBelowIsAnError(t *testing.T) {
	t.Parallel()
	_, err := Render(context.Background(), document.Document{Blocks: document.Blocks{broken{}}})
	if !errors.Is(err, ErrPanic) {
		t.Errorf("got %v, want ErrPanic", err)
	}
}

func TestRenderStopsWhenAsked(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Render(ctx, documenttest.Report()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func FuzzName(f *testing.F) {
	for _, s := range append(slices.Clone(names), "", "\x00", "\xff\xfe", "😀👨‍👩‍👧‍👦", "한글 नमस्ते العربية", strings.Repeat("あ", 900), strings.Repeat("W", 900), strings.Repeat("。", 300),
		"\n\n\n", "( ) \\ (unbalanced", "5 0 R endobj stream", "1 0 obj << >> >>", "a\u0301か\u3099", "\uE000\uF8FF", "\u202Eabc", "/I0123456789012345678901234567890123456789") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if len(name) > 3000 {
			t.Skip()
		}
		d := documenttest.Receipt(name)
		d.Meta.Title, d.Meta.Author = name, name
		d.Attachments = []document.Attachment{{Name: name + ".csv", Description: name, MediaType: "text/csv", Bytes: []byte(name)}}
		r, err := Render(context.Background(), d)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if err := api.Validate(bytes.NewReader(r.Bytes), nil); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	})
}

func BenchmarkReceipt(b *testing.B) { benchmark(b, documenttest.Receipt("𠮷田 花子"), 1) }

func BenchmarkUsageReport(b *testing.B) { benchmark(b, documenttest.OnePage(), 2) }

// BenchmarkFullReport has photographs, a line for each use and every other kind of block.
func BenchmarkFullReport(b *testing.B) { benchmark(b, documenttest.Report(), 5) }

func benchmark(b *testing.B, d document.Document, pages int) {
	r := render(b, d)
	if r.Pages != pages {
		b.Fatalf("%d pages, want %d", r.Pages, pages)
	}
	b.ReportMetric(float64(len(r.Bytes))/1024, "KB")
	b.ReportAllocs()
	for b.Loop() {
		render(b, d)
	}
}

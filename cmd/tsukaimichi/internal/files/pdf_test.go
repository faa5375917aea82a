package files_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// newPDF writes a PDF of one empty page; more is put into its catalog, objects are numbered from 4.
func newPDF(more string, objects ...string) []byte { return newPDFOfPage("", more, objects...) }

func newPDFOfPage(page, more string, objects ...string) []byte {
	all := append([]string{
		"<</Type/Catalog/Pages 2 0 R" + more + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + page + ">>",
	}, objects...)
	out := bytes.NewBufferString("%PDF-1.7\n")
	var places []int
	for i, object := range all {
		places = append(places, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(all)+1)
	for _, place := range places {
		fmt.Fprintf(out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(all)+1, table)
	return out.Bytes()
}

func TestQuietPDFIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	raw := newPDF("/Lang(ja)")
	clean, mime, err := files.Evidence(raw)
	if err != nil || mime != files.PDF || !bytes.Equal(clean, raw) {
		t.Errorf("Evidence = %d bytes, %s, %v; want the PDF unchanged", len(clean), mime, err)
	}
}

func TestPDFThatDoesSomethingIsRefused(t *testing.T) {
	t.Parallel()
	script := "<</S/JavaScript/JS(app.alert\\(1\\))>>"
	for name, raw := range map[string][]byte{
		"script on opening":         newPDF("/OpenAction" + script),
		"script in another object":  newPDF("/OpenAction 4 0 R", script),
		"script nobody points at":   newPDF("", script),
		"named script":              newPDF("/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", script),
		"escaped name":              newPDF("/OpenAction<</S/J#61vaScript/#4aS(1)>>"),
		"program":                   newPDF("/OpenAction<</S/Launch/F(cmd.exe)>>"),
		"type by reference":         newPDF("/OpenAction<</S 4 0 R/F(cmd.exe)>>", "/Launch"),
		"action of the page":        newPDF("/AA<</WC" + script + ">>"),
		"in an array in a stream":   newPDF("", "<</Length 0/X[[<</S/Launch>>]]>>\nstream\n\nendstream"),
		"file inside":               newPDF("/Names<</EmbeddedFiles<</Names[]>>>>"),
		"form that sends something": newPDF("/OpenAction<</S/SubmitForm/F(http://example.invalid)>>"),
	} {
		if _, _, err := files.Evidence(raw); !errors.Is(err, files.PDFActive) {
			t.Errorf("%s: %v; want PDFActive", name, err)
		}
	}
}

func TestScriptInACompressedObjectIsFound(t *testing.T) {
	t.Parallel()
	api.DisableConfigDir()
	var packed bytes.Buffer
	if err := api.Optimize(bytes.NewReader(newPDFOfPage("/AA<</O<</S/JavaScript/JS(1)>>>>", "")), &packed, model.NewDefaultConfiguration()); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(packed.Bytes(), []byte("JavaScript")) {
		t.Fatal("the script is not compressed")
	}
	if _, _, err := files.Evidence(packed.Bytes()); !errors.Is(err, files.PDFActive) {
		t.Errorf("Evidence: %v; want PDFActive", err)
	}
}

func TestPDFWithAPasswordIsRefusedButOneThatOnlyForbidsChangesIsKept(t *testing.T) {
	t.Parallel()
	api.DisableConfigDir()
	for password, want := range map[string]error{"himitsu": files.PDFLocked, "": nil} {
		var locked bytes.Buffer
		if err := api.Encrypt(bytes.NewReader(newPDF("")), &locked, model.NewAESConfiguration(password, "owner", 256)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := files.Evidence(locked.Bytes()); !errors.Is(err, want) {
			t.Errorf("password %q: %v; want %v", password, err, want)
		}
	}
}

func TestBrokenPDFIsRefused(t *testing.T) {
	t.Parallel()
	whole := newPDF("")
	for name, raw := range map[string][]byte{
		"head alone": []byte("%PDF-1.7\n"),
		"half":       whole[:60],
		"noise":      append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{0xfe, 0x00}, 500)...),
	} {
		if _, _, err := files.Evidence(raw); !errors.Is(err, files.Unreadable) {
			t.Errorf("%s: %v; want Unreadable", name, err)
		}
	}
}

package need

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

func (s *story) paperChest() {
	s.printed(s.chest, project, need, content, effect, street, home, "精算（あとで受け取る）", "456,000", "342,000", "200,000", "96,000", "団体内の承認", "練習 監事")
}

var space = regexp.MustCompile(`\s+`)

// printed takes the application away as PDF and reads it: all of it is there, and what a person said is not.
func (s *story) printed(at string, wants ...string) {
	s.t.Helper()
	path := s.kept("application.pdf", s.fetches(s.representative, at+"/application.pdf"))
	text, err := exec.Command(chromium.Tool(s.t, "pdftotext"), "-layout", path, "-").Output()
	if err != nil {
		s.t.Fatal(err)
	}
	read := space.ReplaceAllString(string(text), "")
	for _, want := range wants {
		if !strings.Contains(read, space.ReplaceAllString(want, "")) {
			s.t.Errorf("the paper does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(read, voice) {
		s.t.Errorf("the paper says %q", voice)
	}
}

// kept lays a file down, to be opened by others.
func (s *story) kept(name string, content []byte) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// excel brings the funder's Excel form. One cell is pressed with a finger, another found by the arrow keys; the funder's sum counts on.
func (s *story) excel() {
	form := excelize.NewFile()
	for _, err := range []error{form.SetSheetName("Sheet1", "様式"), form.SetCellStr("様式", "A1", "申請額"), form.SetCellStr("様式", "B1", "（円）"), form.SetCellStr("様式", "A2", "事業名"),
		form.SetCellStr("様式", "B2", "（ここに書く）"), form.SetCellStr("様式", "A3", "申請額に1,000円を足すと"), form.SetCellFormula("様式", "B3", "B1+1000"), form.SetColWidth("様式", "B", "B", 40)} {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := form.Write(&file); err != nil {
		s.t.Fatal(err)
	}
	h := s.coordinator
	s.brings(s.chest, "様式.xlsx", file.Bytes())
	h.Picks("どの答えを", "申請する額")
	status, err := h.Follow(chromedp.Click(chromedp.CSS(`label:has(input[value="様式!B1"])`)))
	h.Must(err)
	if status != 200 {
		s.t.Fatalf("pressing a cell gets %d", status)
	}
	h.Sees("写す場所を残しました。", "← 申請する額")
	h.Picks("どの答えを", "事業名")
	s.cell("様式!B2")
	h.Presses("えらんだところに写す")
	h.Sees("写す場所を残しました。", "← 事業名")
	s.silent(h, "入りきりません")
	s.sees(h)

	filled, err := excelize.OpenReader(bytes.NewReader(s.fetches(h, s.chest+"/form/filled")))
	if err != nil {
		s.t.Fatal(err)
	}
	defer filled.Close()
	for cell, want := range map[string]string{"A1": "申請額", "B1": "96000", "A2": "事業名", "B2": project, "B3": "97000"} {
		got, err := filled.CalcCellValue("様式", cell, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			s.t.Errorf("the filled form has %q at %s, %v; want %q", got, cell, err, want)
		}
	}
}

// cell moves the choice of a place to one cell by the arrow keys.
func (s *story) cell(value string) {
	s.t.Helper()
	h := s.coordinator
	h.Reach("B2", "INPUT")
	h.Keys(" ")
	for range 20 {
		at, err := chromium.Ask[string](h.Tab, `document.activeElement.value`)
		h.Must(err)
		if at == value {
			return
		}
		h.Keys(kb.ArrowDown)
	}
	s.t.Fatalf("cannot choose the cell %s", value)
}

// brings uploads a form of the funder's.
func (s *story) brings(at, name string, content []byte) {
	s.t.Helper()
	h := s.coordinator
	h.GoTo(at)
	h.Presses("助成団体の様式")
	h.Attaches("様式のファイル", s.kept(name, content))
	h.Presses("様式を入れる")
	h.Sees("様式を入れました。", "いまの様式："+name)
	s.sees(h)
}

const (
	wordTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	wordText  = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>事業名：{{proj</w:t></w:r><w:r><w:t>ect.name}}</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>課題：{{need.summary}}</w:t></w:r></w:p><w:p><w:r><w:t>申請額 {{budget.requested}}円（消費税込）</w:t></w:r></w:p></w:body></w:document>`
)

var tag = regexp.MustCompile(`<[^>]*>`)

// word brings the funder's Word form, whose placeholders are filled by their names; its own words stay.
func (s *story) word() {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, part := range []struct{ name, text string }{{"[Content_Types].xml", wordTypes}, {"word/document.xml", wordText}} {
		out, err := w.Create(part.name)
		if err == nil {
			_, err = io.WriteString(out, part.text)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.brings(s.system, "様式.docx", file.Bytes())
	content := s.fetches(s.coordinator, s.system+"/form/filled")
	filled, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		s.t.Fatal(err)
	}
	part, err := filled.Open("word/document.xml")
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		s.t.Fatal(err)
	}
	if got, want := tag.ReplaceAllString(string(text), ""), "事業名："+project+"課題："+need+"申請額 66,000円（消費税込）"; got != want {
		s.t.Errorf("the filled form says %q, want %q", got, want)
	}
}

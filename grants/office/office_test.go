package office_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/grants/office"
)

// archive packs parts, name after name.
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err = io.WriteString(part, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func partOf(t testing.TB, file []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const (
	types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	begin = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	end   = `</w:body></w:document>`
)

// word is a Word form with this body.
func word(t testing.TB, body string) []byte {
	t.Helper()
	return archive(t, "[Content_Types].xml", types, "word/document.xml", begin+body+end, "word/header1.xml",
		`<w:hdr xmlns:w="x"><w:p><w:r><w:t>{{org.name}}</w:t></w:r></w:p></w:hdr>`, "word/styles.xml", "<unchanged/>")
}

func TestPlaceholdersSplitOverRunsAreFilled(t *testing.T) {
	file := word(t, `<w:p><w:pPr/><w:r><w:rPr><w:b/></w:rPr><w:t>事業名：{{pro</w:t></w:r><w:proofErr/><w:r><w:t>ject.na</w:t></w:r><w:r><w:t>me}}です &amp; {{need.summary}}</w:t></w:r></w:p>`+
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>｛｛ target.count ｝｝人 {{unknown}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t/></w:r></w:p>`)
	if kind, err := office.Read(file); kind != office.Word || err != nil {
		t.Fatalf("Read = %s, %v", kind, err)
	}
	names, err := office.Placeholders(file)
	if want := []string{"project.name", "need.summary", "target.count", "unknown", "org.name"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("Placeholders = %v, %v; want %v", names, err, want)
	}
	filled, err := office.FillWord(file, map[string]string{"project.name": "<お茶の間>", "need.summary": "一行目\r\n二行目", "target.count": "12", "org.name": "練習会"})
	if err != nil {
		t.Fatal(err)
	}
	want := begin + `<w:p><w:pPr/><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">事業名：&lt;お茶の間&gt;</w:t></w:r><w:proofErr/><w:r><w:t xml:space="preserve"></w:t></w:r>` +
		`<w:r><w:t xml:space="preserve">です &amp; 一行目</w:t><w:br/><w:t xml:space="preserve">二行目</w:t></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t xml:space="preserve">12人 {{unknown}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t/></w:r></w:p>` + end
	if got := partOf(t, filled, "word/document.xml"); got != want {
		t.Errorf("filled\n%s\nwant\n%s", got, want)
	}
	if got := partOf(t, filled, "word/header1.xml"); !strings.Contains(got, ">練習会<") {
		t.Errorf("header %s", got)
	}
	if got := partOf(t, filled, "word/styles.xml"); got != "<unchanged/>" {
		t.Errorf("styles became %s", got)
	}
}

func TestParagraphsShowWherePlaceholdersStand(t *testing.T) {
	got, err := office.Paragraphs(word(t, `<w:p><w:r><w:t>事業名：{{project</w:t></w:r><w:r><w:t>.name}}（ {{target.count}}人 ）</w:t></w:r></w:p><w:p/>`))
	want := [][]office.Piece{{{Text: "事業名："}, {Placeholder: "project.name"}, {Text: "（ "}, {Placeholder: "target.count"}, {Text: "人 ）"}}, {{Placeholder: "org.name"}}}
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("Paragraphs = %v, %v; want %v", got, err, want)
	}
}

func TestAFormWithoutAnswersStaysByteForByte(t *testing.T) {
	body := `<w:p><w:r><w:t xml:space="preserve"> {{a}} {{</w:t></w:r><w:r><w:t>b}} }} {{ {{c}}</w:t></w:r></w:p>`
	filled, err := office.FillWord(word(t, body), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := partOf(t, filled, "word/document.xml"); got != begin+body+end {
		t.Errorf("untouched it became\n%s", got)
	}
}

// excel is an Excel form: a heading, a merged frame that wraps, a number cell with a style, and a formula over it.
func excel(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	wraps, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Size: 10.5, Family: "ＭＳ 明朝"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		t.Fatal(err)
	}
	yen, err := f.NewStyle(&excelize.Style{NumFmt: 3, Font: &excelize.Font{Bold: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		f.SetSheetName("Sheet1", "様式 1"), f.SetCellStr("様式 1", "A1", "助成申請書"), f.SetCellStr("様式 1", "A3", "必要性"),
		f.MergeCell("様式 1", "B3", "F6"), f.SetCellStyle("様式 1", "B3", "F6", wraps), f.SetColWidth("様式 1", "B", "F", 9),
		f.SetCellStyle("様式 1", "B8", "B8", yen), f.SetCellInt("様式 1", "B9", 5_000), f.SetCellFormula("様式 1", "B10", "B8+B9"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, file []byte) *office.Form {
	t.Helper()
	if kind, err := office.Read(file); kind != office.Excel || err != nil {
		t.Fatalf("Read = %s, %v", kind, err)
	}
	f, err := office.OpenExcel(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func cell(t testing.TB, text string) office.Cell {
	t.Helper()
	c, err := office.ParseCell(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCellsAreFilledAndFormulasAndStylesStay(t *testing.T) {
	file := excel(t)
	amount := int64(123_456)
	filled, err := open(t, file).Fill(map[office.Cell]office.Value{
		cell(t, "'様式 1'!C4"): {Text: "=HYPERLINK(\"http://x\")\nひとりで食べる人がいる"}, // inside the merged frame
		cell(t, "様式 1!B8"):   {Number: &amount},
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	after, err := excelize.OpenReader(bytes.NewReader(filled))
	if err != nil {
		t.Fatal(err)
	}
	for axis, want := range map[string]string{"A1": "助成申請書", "B3": "=HYPERLINK(\"http://x\")\nひとりで食べる人がいる", "B8": "123,456", "B9": "5000"} {
		if got, err := after.GetCellValue("様式 1", axis); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", axis, got, err, want)
		}
	}
	if formula, err := after.GetCellFormula("様式 1", "B3"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if formula, err := after.GetCellFormula("様式 1", "B10"); err != nil || formula != "B8+B9" {
		t.Errorf("the form's formula is %q, %v", formula, err)
	}
	if sum, err := after.CalcCellValue("様式 1", "B10"); err != nil || sum != "128456" {
		t.Errorf("its sum is %q, %v; want 128456", sum, err)
	}
	for _, axis := range []string{"B3", "B8", "F6"} {
		was, _ := before.GetCellStyle("様式 1", axis)
		is, err := after.GetCellStyle("様式 1", axis)
		if err != nil || was != is {
			t.Errorf("the style of %s was %d and is %d, %v", axis, was, is, err)
		}
	}
	if _, err = open(t, file).Fill(map[office.Cell]office.Value{cell(t, "様式 1!B10"): {Text: "7"}}); !errors.Is(err, office.ErrCell) {
		t.Errorf("a formula is written over: %v", err)
	}
	if _, err = open(t, file).Fill(map[office.Cell]office.Value{cell(t, "様式 9!B1"): {Text: "7"}}); !errors.Is(err, office.ErrCell) {
		t.Errorf("a sheet that does not exist: %v", err)
	}
}

func TestAnAnswerThatOverflowsItsCellIsSaid(t *testing.T) {
	f := open(t, excel(t))
	frame, single := cell(t, "様式 1!B3"), cell(t, "様式 1!A3")
	for _, test := range []struct {
		cell office.Cell
		text string
		ok   bool
	}{
		{frame, "短い", true}, {frame, strings.Repeat("字", 23*4), true}, {frame, strings.Repeat("字", 25*4), false}, {frame, "一\n二\n三\n四\n五\n六", false},
		{single, "短い", true}, {single, "二行\nある", false}, {single, strings.Repeat("字", 10), false},
	} {
		got, err := f.Fits(test.cell, test.text)
		if err != nil || got.OK() != test.ok {
			t.Errorf("%d characters in %s: %+v, %v; want to fit: %t", len([]rune(test.text)), test.cell, got, err, test.ok)
		}
	}
}

func TestAFormIsShownForMapping(t *testing.T) {
	grid, err := open(t, excel(t)).Grid("様式 1")
	if err != nil {
		t.Fatal(err)
	}
	if grid[0][0].Text != "助成申請書" || grid[2][1].Axis != "B3" || grid[2][1].Rows != 4 || grid[2][1].Cols != 5 || len(grid[3]) != 1 || !grid[9][1].Formula {
		t.Errorf("grid %+v", grid)
	}
}

func TestFilesThatAreNoHarmlessFormAreRefused(t *testing.T) {
	bomb := archive(t, "[Content_Types].xml", types, "xl/workbook.xml", "<x/>", "xl/big.xml", strings.Repeat("0", 31<<20))
	for name, test := range map[string]struct {
		file []byte
		want error
	}{
		"words":                {[]byte("申請書"), office.ErrNoForm},
		"another archive":      {archive(t, "a.txt", "x"), office.ErrNoForm},
		"both at once":         {archive(t, "xl/workbook.xml", "x", "word/document.xml", "x"), office.ErrNoForm},
		"a name that climbs":   {archive(t, "xl/workbook.xml", "x", "../../etc/passwd", "x"), office.ErrNoForm},
		"a password":           {append([]byte{0xD0, 0xCF, 0x11, 0xE0}, make([]byte, 600)...), office.ErrLocked},
		"macros":               {archive(t, "xl/workbook.xml", "x", "xl/vbaProject.bin", "x"), office.ErrMacros},
		"macros by type":       {archive(t, "[Content_Types].xml", `<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>`, "xl/workbook.xml", "x"), office.ErrMacros},
		"another workbook":     {archive(t, "xl/workbook.xml", "x", "xl/externalLinks/externalLink1.xml", "x"), office.ErrLinks},
		"a template from afar": {archive(t, "word/document.xml", "x", "word/_rels/settings.xml.rels", `<Relationships><Relationship Id="r1" Type="x/attachedTemplate" Target="http://x/y.dotm" TargetMode="External"/></Relationships>`), office.ErrLinks},
		"an embedded file":     {archive(t, "word/document.xml", "x", "word/embeddings/a.bin", "x"), office.ErrLinks},
		"a bomb":               {bomb, office.ErrTooLarge},
		"a bomb of many":       {archive(t, slices.Repeat([]string{"a", "x"}, 3_001)...), office.ErrTooLarge},
		"a part twice":         {archive(t, "xl/workbook.xml", "x", "xl/workbook.xml", "y"), office.ErrNoForm},
	} {
		if kind, err := office.Read(test.file); !errors.Is(err, test.want) {
			t.Errorf("%s: Read = %s, %v; want %v", name, kind, err, test.want)
		}
	}
	clicked := archive(t, "word/document.xml", "x", "word/_rels/document.xml.rels", `<Relationships><Relationship Type="x/hyperlink" Target="https://x" TargetMode="External"/></Relationships>`)
	if _, err := office.Read(clicked); err != nil {
		t.Errorf("a link to click: %v", err)
	}
	for _, text := range []string{"", "B3", "!B3", "様式1!", "様式1!3B", "様式1!B0"} {
		if c, err := office.ParseCell(text); !errors.Is(err, office.ErrCell) {
			t.Errorf("ParseCell(%q) = %v, %v; want %v", text, c, err, office.ErrCell)
		}
	}
}

func FuzzFillWordNeverPanics(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>{{a}}</w:t></w:r></w:p>`, "x")
	f.Add(`<w:p><w:t>{{</w:t><w:p><w:t>a}}</w:t></w:p></w:p>`, "\x00<")
	f.Fuzz(func(t *testing.T, body, answer string) {
		filled, err := office.FillWord(word(t, body), map[string]string{"a": answer})
		if err != nil {
			return
		}
		if _, err = office.Placeholders(filled); err != nil {
			t.Errorf("what was filled cannot be read: %v", err)
		}
	})
}

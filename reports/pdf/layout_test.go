package pdf

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// layout writes pages as text a person can compare: place in mm, what it is, and what it says.
func layout(t *testing.T, d document.Document, o Options) (laid, string) {
	t.Helper()
	l, err := lay(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, marks := range l.pages {
		fmt.Fprintf(&out, "page %d\n", i+1)
		for _, m := range marks {
			fmt.Fprintf(&out, "%6.1f %6.1f  ", m.x, m.y)
			switch m.kind {
			case letters:
				fmt.Fprintf(&out, "%gpt #%x %s\n", m.size, m.colour, m.line.Text)
			default:
				fmt.Fprintf(&out, "%s %.1f × %.1f #%x %s\n", m.kind, m.w, m.h, m.colour, m.about)
			}
		}
	}
	return l, out.String()
}

func TestLayout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d document.Document
		o Options
	}{
		"one-page": {documenttest.OnePage(), Options{OnePage: true}},
		"report":   {documenttest.Report(), Options{}},
		"receipt":  {documenttest.Receipt("𠮷田 葛\U000E0100城"), Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, got := layout(t, c.d, c.o)
			file := filepath.Join("testdata", name+".layout.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("layout differs from %s; see it with -update and git diff", file)
			}
		})
	}
}

// checkInside fails for marks beyond the margins and for letters upon the page number.
func checkInside(t *testing.T, l laid) {
	t.Helper()
	s := l.sheet
	for i, marks := range l.pages {
		for _, m := range marks {
			if m.x < s.side-0.01 && m.kind != polygon || m.x+m.w > s.width-s.side+0.05 {
				t.Errorf("page %d: %s %q is from %.2f to %.2f mm", i+1, m.kind, m.line.Text, m.x, m.x+m.w)
			}
			if foot := s.height - s.bottom; m.y > foot-s.foot+0.1 && m.y != foot {
				t.Errorf("page %d: %s %q at %.2f mm is in the foot", i+1, m.kind, m.line.Text, m.y)
			}
			if m.kind == letters && m.size < body {
				t.Errorf("page %d: %q is %g pt", i+1, m.line.Text, m.size)
			}
		}
	}
}

// TestLettersAreAsLargeAsTheFormatSays holds every line of a paper against the size its readers were promised.
func TestLettersAreAsLargeAsTheFormatSays(t *testing.T) {
	t.Parallel()
	d := documenttest.OnePage()
	d.Blocks = d.Blocks[:4]
	d.Blocks = append(d.Blocks, document.Boxes{Label: "読んだ印", Count: 13}, document.Bar{Label: "食材", Promised: 10, Spent: 4, Settled: true, Brief: true})
	for format, least := range map[Format]float64{A4: 12, LargeA4: 14, PosterA3: 24, PosterA4: 16.9} {
		l, _ := layout(t, d, Options{OnePage: true, Format: format})
		checkInside(t, l)
		for _, m := range l.pages[0] {
			if size := m.size * l.sheet.times; m.kind == letters && size < least-1e-9 {
				t.Errorf("format %d: %q has %.1f points, least are %.1f", format, m.line.Text, size, least)
			}
		}
	}
}

// TestPapersHaveTheirSize in points, and what is drawn stands where the letters stand.
func TestPapersHaveTheirSize(t *testing.T) {
	t.Parallel()
	d := document.Document{Blocks: document.Blocks{document.Title{Text: "報告"}, document.Footer{QR: "https://tsukaimichi.example/r/1"}}}
	for format, want := range map[Format]string{LargeA4: "595.28 x 841.89", PosterA3: "841.89 x 1190.55", PosterA4: "595.28 x 841.89"} {
		r, err := RenderWith(context.Background(), d, Options{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := run(t, r.Bytes, "pdfinfo", "FILE"); !strings.Contains(got, want) || r.Pages != 1 {
			t.Errorf("format %d is of another size than %s:\n%s", format, want, got)
		}
	}
}

func TestNothingLeavesThePage(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {OnePage: true}} {
		l, _ := layout(t, documenttest.OnePage(), o)
		checkInside(t, l)
	}
	l, _ := layout(t, documenttest.Report(), Options{})
	checkInside(t, l)
}

func TestLongTableRepeatsItsHeadAndKeepsEveryRow(t *testing.T) {
	t.Parallel()
	table := document.Table{Name: "明細", Columns: []document.Column{{Head: "番号の列"}, {Head: "内容", Weight: 1}, {Head: "金額", End: true}}}
	for i := range 400 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{document.Words(fmt.Sprintf("第%d行", i)),
			document.Words(strings.Repeat("仮設住宅での見守り訪問と「こども食堂」の開設。", i%4)), document.Yen(1_234)}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Cells: []document.Text{document.Words("合計"), nil, document.Yen(493_600)}})
	l, got := layout(t, document.Document{Blocks: document.Blocks{table}}, Options{})
	checkInside(t, l)
	if n := strings.Count(got, "番号の列"); n != len(l.pages) || n < 10 {
		t.Errorf("%d heads on %d pages", n, len(l.pages))
	}
	for i := range 400 {
		if !strings.Contains(got, fmt.Sprintf(" 第%d行\n", i)) {
			t.Errorf("row %d is lost", i)
		}
	}
	last := got[strings.LastIndex(got, "page "):]
	if !strings.Contains(last, "第399行") || !strings.Contains(last, "合計") {
		t.Error("the total stands without a row")
	}
}

func TestCellLongerThanAPageIsCutNotLost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("見守り訪問、移動販売車の運行、こども食堂を開きました。", 300)
	table := document.Table{Name: "明細", Columns: []document.Column{{Head: "内容", Weight: 1}, {Head: "金額", End: true}},
		Rows: []document.Row{{Cells: []document.Text{document.Words(long), document.Yen(1)}}}}
	l, got := layout(t, document.Document{Blocks: document.Blocks{table}}, Options{})
	checkInside(t, l)
	if len(l.pages) < 3 {
		t.Errorf("%d pages", len(l.pages))
	}
	if n := strings.Count(joinedLetters(got), "こども食堂を開きました。"); n != 300 {
		t.Errorf("%d of 300 sentences", n)
	}
}

// joinedLetters puts the texts of a layout one after the other, without what comes again on each page.
func joinedLetters(layout string) string {
	var all strings.Builder
	for _, l := range strings.Split(layout, "\n") {
		_, text, ok := strings.Cut(l, "pt #")
		if ok && len(text) > 7 && !strings.Contains(text, " / ") && text[7:] != "内容" && text[7:] != "金額" {
			all.WriteString(text[7:])
		}
	}
	return all.String()
}

func TestColumnsTallerThanAPageFollowEachOther(t *testing.T) {
	t.Parallel()
	long := document.Blocks{document.Paragraph{Text: document.Words(strings.Repeat("長い話です。", 500))}}
	l, got := layout(t, document.Document{Blocks: document.Blocks{document.Columns{Left: long, Right: long}}}, Options{})
	checkInside(t, l)
	if n := strings.Count(joinedLetters(got), "長い話です。"); n != 1000 {
		t.Errorf("%d of 1000 sentences", n)
	}
}

func TestNarrowTablesOfManyColumnsStayOnThePage(t *testing.T) {
	t.Parallel()
	for columns := 1; columns <= document.MaxColumns; columns++ {
		table := document.Table{Name: "明細"}
		var row document.Row
		for i := range columns {
			table.Columns = append(table.Columns, document.Column{Head: "とても長い列の名前", End: i%2 == 1, Weight: i % 3})
			row.Cells = append(row.Cells, document.Yen(999_999_999_999))
		}
		table.Rows = []document.Row{row, row}
		l, _ := layout(t, document.Document{Blocks: document.Blocks{table}}, Options{})
		checkInside(t, l)
	}
}

func TestHeadingIsNeverLastOnAPage(t *testing.T) {
	t.Parallel()
	for lines := range 45 {
		d := document.Document{Blocks: document.Blocks{
			document.Paragraph{Text: document.Words(strings.TrimSuffix(strings.Repeat("行\n", lines+1), "\n"))},
			document.Heading{Text: "見出し"},
			document.Facts{Items: []document.Fact{{Label: "項目", Value: document.Words("値")}}},
		}}
		l, _ := layout(t, d, Options{})
		for _, marks := range l.pages {
			heading, value := false, false
			for _, m := range marks {
				heading = heading || m.line.Text == "見出し"
				value = value || m.line.Text == "値"
			}
			if heading != value {
				t.Errorf("after %d lines the heading is parted from what it heads", lines)
			}
		}
	}
}

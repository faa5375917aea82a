package page

import (
	"encoding/xml"
	"errors"
	"flag"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
)

var update = flag.Bool("update", false, "rewrite golden files")

func golden(t *testing.T, name string, got template.HTML) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("differs from %s; see it with -update and git diff", file)
	}
}

func render(t *testing.T, d document.Document) template.HTML {
	t.Helper()
	got, err := Render(d)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPage(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]document.Document{
		"one-page.html": documenttest.OnePage(), "report.html": documenttest.Report(), "receipt.html": documenttest.Receipt("𠮷田 葛\U000E0100城"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := render(t, d)
			golden(t, name, got)
			wellFormed(t, got)
		})
	}
}

func TestBarOfEveryState(t *testing.T) {
	t.Parallel()
	running := func(label string, promised, received, spent ledger.Yen) document.Bar {
		return document.Bar{Label: label, Promised: promised, Received: received, Spent: spent, Left: received - spent}
	}
	total := running("ぜんぶの使いみち", 400_000, 268_000, 91_025)
	total.Total = true
	use := running("食材費", 240_000, 160_800, 30_240)
	use.Number, use.How, use.Terms = 1, "お米・野菜・肉・調味料", []string{"16回 × 15,000円", "2027年3月9日までに使います", "買ったときのレシートを見せます"}
	all := template.HTML("")
	for _, b := range []document.Bar{
		total, use, running("始まったばかり", 60_000, 0, 0), running("届く前に立て替えた", 60_000, 20_000, 25_000),
		running("約束より多く届いた", 60_000, 71_400, 25_000), running("約束がない", 0, 5_000, 1_000),
		{Label: "約束より多く使った", Number: 8, Promised: 156_000, Spent: 171_860, Settled: true, Why: "お米が値上がりしました。"},
		{Label: "約束より少なく使った", Promised: 40_000, Spent: 28_450, Settled: true},
	} {
		all += Bar(b)
	}
	golden(t, "bars.html", all)
	wellFormed(t, all)
	for _, want := range []string{ // as in the design, number by number
		`aria-label="約束 400,000円。届いた 268,000円。使った 91,025円。残り 176,975円"`,
		`<rect class="michi__left" fill="url(#hatch)" x="22.76%" y="0.875em" width="44.24%" height="1.5em"/>`,
		`<line class="michi__got" x1="67%" y1="2.625em" x2="67%" y2="3.125em"/>`,
		`<rect class="michi__over" fill="url(#over)" x="90.77%" y="0.625em" width="9.23%" height="1.0625em"/>`,
		`<svg x="84.03%" y="0" width="1em" height="1em" viewBox="0 0 16 16" overflow="visible"><path class="michi__post" d="M1.5 0h-3v29h3zM-1.5 0h-15l4.5 4-4.5 4h15z"/></svg>`,
		`立替え</dt><dd>5,000<small>円</small></dd>`,
	} {
		if !strings.Contains(string(all), want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestTextIsEscapedEverywhere(t *testing.T) {
	t.Parallel()
	const bad = `<script>alert("1")</script>&'` + "`"
	text := document.Join(document.Words(bad), document.Strong(bad))
	blocks := document.Blocks{
		document.Title{Kicker: bad, Text: bad, Edition: text}, document.Addressee{Name: bad, Honorific: bad}, document.Paragraph{Text: text},
		document.People{Label: bad, Counts: []document.Count{{Number: 1, Unit: bad}}},
		document.Heading{Text: bad, Note: bad}, document.Note{Title: bad, Texts: []document.Text{text}},
		document.Facts{Items: []document.Fact{{Label: bad, Value: text}}},
		document.Bar{Label: bad, How: bad, Terms: []string{bad}, Say: bad, Why: bad, Promised: 1},
		document.Bar{Label: bad},
		document.Table{Name: bad, Caption: bad, Fold: true, Columns: []document.Column{{Head: bad}}, Rows: []document.Row{{Cells: []document.Text{text}}, {Total: true, Cells: []document.Text{text}}}, Notes: []document.Text{text}},
		document.Table{Name: bad, Columns: []document.Column{{Head: bad}}},
		document.Columns{Left: document.Blocks{document.Heading{Text: bad, Note: bad}}, Right: document.Blocks{document.Paragraph{Text: text, Quiet: true}}},
		document.Photo{Alt: bad, Caption: bad}, document.Photo{Source: `javascript:alert(1)//"` + bad, Alt: bad},
		document.QR{Text: bad, Caption: bad}, document.QR{Text: `https://example.jp/"` + bad},
		document.Signature{Statement: text, Role: bad, Name: bad}, document.Rule{}, document.PageBreak{},
		document.Footer{Lines: []document.Text{text}},
	}
	got := render(t, document.Document{Blocks: blocks})
	if strings.Contains(string(got), "<script") || strings.Contains(string(got), `="javascript:`) {
		t.Errorf("text became markup:\n%s", got)
	}
	wellFormed(t, got)
}

func TestHeadingsStepDownAndNameTheirSections(t *testing.T) {
	t.Parallel()
	got := string(render(t, documenttest.Report()))
	if n := strings.Count(got, "<h1>"); n != 1 {
		t.Errorf("%d h1", n)
	}
	level := 1
	for _, h := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(got, -1) {
		now := int(h[1][0] - '0')
		if now > level+1 {
			t.Errorf("h%d follows h%d", now, level)
		}
		level = now
	}
	for _, s := range regexp.MustCompile(`aria-labelledby="([^"]+)"`).FindAllStringSubmatch(got, -1) {
		if strings.Count(got, `<h2 id="`+s[1]+`">`) != 1 {
			t.Errorf("section %s has no name of its own", s[1])
		}
	}
	if strings.Contains(got, "style=") {
		t.Error("inline style: the site's policy forbids it")
	}
}

func TestBadDocumentIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Render(document.Document{Blocks: document.Blocks{document.Bar{Received: 1}}})
	if !errors.Is(err, document.ErrUneven) {
		t.Errorf("got %v, want ErrUneven", err)
	}
}

// wellFormed fails if elements are not closed in order.
func wellFormed(t *testing.T, fragment template.HTML) {
	t.Helper()
	closed := regexp.MustCompile(`<(br|hr|img)([^>]*)>`).ReplaceAllString(string(fragment), "<$1$2/>")
	d := xml.NewDecoder(strings.NewReader("<x>" + closed + "</x>"))
	d.Entity = xml.HTMLEntity
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("not well formed: %v", err)
			return
		}
	}
}

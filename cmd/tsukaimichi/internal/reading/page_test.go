package reading

import (
	"os"
	"strings"
	"testing"
)

// TestOnlyTextsOfAPageChange: fields, drawings, scripts, titles, attributes, names, other languages and what has readings stay as they are.
func TestOnlyTextsOfAPageChange(t *testing.T) {
	t.Parallel()
	const ruby = `<furi-gana><ruby>約束<rp>（</rp><rt>やくそく</rt><rp>）</rp></ruby></furi-gana>`
	for in, want := range map[string]string{
		`<p>約束</p>`: `<p>` + ruby + `</p>`,
		`<p title="約束" data-x='約束'>やくそく</p>`:                                       `<p title="約束" data-x='約束'>やくそく</p>`,
		`<head><title>約束</title></head><style>約束</style><script>"約束" < 1</script>`: `<head><title>約束</title></head><style>約束</style><script>"約束" < 1</script>`,
		`<textarea>約束</textarea><select><option>約束</select>約束`:                     `<textarea>約束</textarea><select><option>約束</select>` + ruby,
		`<svg><text>約束</text><svg></svg><text>約束</text></svg>約束`:                   `<svg><text>約束</text><svg></svg><text>約束</text></svg>` + ruby,
		`<ruby>約束<rt>やく</rt></ruby>約束`:                                             `<ruby>約束<rt>やく</rt></ruby>` + ruby,
		`<b translate="no">約束<b>約束</b>約束</b>約束`:                                    `<b translate="no">約束<b>約束</b>約束</b>` + ruby,
		`<p lang="en">約束</p><p lang="ja">約束</p>`:                                   `<p lang="en">約束</p><p lang="ja">` + ruby + `</p>`,
		`<input value="約束" translate="no">約束<br lang="en">約束`:                      `<input value="約束" translate="no">` + ruby + `<br lang="en">` + ruby,
		`<!-- 約束 --><b>1</b>人と&lt;約束&gt;&amp;`:                                     `<!-- 約束 --><b>1</b><furi-gana>人と&lt;<ruby>約束<rp>（</rp><rt>やくそく</rt><rp>）</rp></ruby>&gt;&amp;</furi-gana>`,
		`<html lang="ja"><p>約束</p>`:                                                `<html lang="ja" data-readings><p>` + ruby + `</p>`,
		`<html lang="en"><p>約束</p></html>`:                                         `<html lang="en"><p>約束</p></html>`,
	} {
		if got := string(Page([]byte(in))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// BenchmarkPage is a page of twenty thousand letters.
func BenchmarkPage(b *testing.B) {
	page := []byte(strings.Repeat("<p>寄付した方へ。3月1日までに、お金の使いみちを報告します。</p>", 500))
	Page(page)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Page(page)
	}
}

func TestMain(m *testing.M) {
	dictionary() // so that no test is slow for all
	os.Exit(m.Run())
}

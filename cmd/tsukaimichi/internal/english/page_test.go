package english

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestTextsAreSaidInEnglish(t *testing.T) {
	t.Parallel()
	for japanese, want := range map[string]string{
		"寄付する": "Give",
		"約束の65.9％が届き、そのうち54,862円を使いました。": "65.9% of the promise has come in, and ¥54,862 of it has been spent.",
		"2027年1月5日（火）まで　あと41日":           "Until Tue 5 January 2027, 41 days left",
		"2027年1月5日（火）まで　あと1日":            "Until Tue 5 January 2027, 1 day left",
		"2026年11月25日 9時05分":              "25 November 2026 at 9:05",
		"2026年度":                         "fiscal year 2026",
		"−139,823円":                      "−¥139,823",
		"12人・1世帯・5社未満":                   "12 people · 1 household · fewer than 5 companies",
		"16回 × 15,000円":                  "16 times × ¥15,000",
		"うたう会のページ":                       "The page of うたう会",
		"みどりの会・みどり町・2027年1月5日（火）まで":      "みどりの会 · みどり町 · until Tue 5 January 2027",
		"集めてから、報告するまでのことです。お金":           "From collecting to reporting. Money",
		"会場・光熱・保険":                       "会場・光熱・保険",
		"受け取りました。みんなで食べました。":             "受け取りました。みんなで食べました。",
		"寄付する｜使い道（練習）":                   "Give | Tsukaimichi (practice)",
	} {
		if got := Text(japanese); got != want {
			t.Errorf("%s: %q, want %q", japanese, got, want)
		}
	}
}

func TestPageIsEnglishButForWhatAGroupWrote(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`<html lang="ja" class="x"><h1>うたう会</h1>`:                    `<html lang="en" class="x"><h1><span lang="ja">うたう会</span></h1>`,
		`<p>線のはし&amp;<a href="/how">しくみ</a></p>`:                     `<p><span lang="ja">線のはし&amp;</span><a href="/how">How it works</a></p>`,
		`<b>1</b>人 <b>12</b>人`:                                       `<b>1</b> person <b>12</b> people`,
		`<b>5</b>人未満`:                                                `<b>fewer than 5</b> people`,
		`<dd>1,000<small>円</small></dd>`:                             `<dd>¥1,000<small></small></dd>`,
		`<title>うたう会｜使い道</title>`:                                    `<title>うたう会 | Tsukaimichi</title>`,
		`<option value="1">うたう会</option><option>すべて</option>`:        `<option value="1" lang="ja">うたう会</option><option>All</option>`,
		`<img alt="うたう会のページ" src="/x.png">`:                          `<img alt="The page of うたう会" src="/x.png">`,
		`<input value="会計"><input type="submit" value="寄付する">`:       `<input value="会計"><input type="submit" value="Give">`,
		`<textarea name="x">寄付する</textarea><script>"寄付する"</script>`:  `<textarea name="x">寄付する</textarea><script>"寄付する"</script>`,
		`<svg viewBox="0 0 9 9" aria-label="残り 5円"><text>11月</text>`: `<svg viewBox="0 0 9 9" aria-label="Left ¥5"><text>November</text>`,
		`<meta name="description" content="うたう会の募金。&lt;b&gt;歌います">`:  `<meta name="description" content="A campaign of うたう会. &lt;b&gt;歌います">`,
		`<p>Hello &amp; <!-- 寄付する --></p>`:                           `<p>Hello &amp; <!-- 寄付する --></p>`,
		`<a href="?english=off" lang="ja" translate="no">日本語</a>`:    `<a href="?english=off" lang="ja" translate="no"><span lang="ja">日本語</span></a>`,
		`<h2>足し算で<br>確かめる</h2>`:                                      `<h2>Check by adding up</h2>`,
		`<p>寄付する<br>うたう会<br></p>`:                                    `<p>Give<br><span lang="ja">うたう会</span><br></p>`,
		"<p>\n  寄付する\n</p>":                                          "<p>\n  Give\n</p>",
		`<p>「第 2026-0012 号」なら、2026-0012</p>`:                         `<p>For <span lang="ja">「第</span> 2026-0012 <span lang="ja">号」</span>, enter 2026-0012</p>`,
		`<p>&lt;script&gt;のページ</p>`:                                  `<p>The page of &lt;script&gt;</p>`,
	} {
		got := string(Page([]byte(page)))
		if got = strings.ReplaceAll(got, "viewbox", "viewBox"); got != want {
			t.Errorf("%s\n got %s\nwant %s", page, got, want)
		}
	}
}

// TestCatalogueIsInOrder: the keys of each file, and none of them in two.
func TestCatalogueIsInOrder(t *testing.T) {
	t.Parallel()
	paths, err := fs.Glob(texts, "texts/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	key, in := regexp.MustCompile(`(?m)^  ("(?:[^"\\]|\\.)*"): `), map[string]string{}
	for _, path := range paths {
		written, err := fs.ReadFile(texts, path)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for _, found := range key.FindAllStringSubmatch(string(written), -1) {
			k, err := strconv.Unquote(found[1])
			if err != nil || k <= last || in[k] != "" {
				t.Errorf("%s: %q is out of order, or in %s too: %v", path, k, in[k], err)
			}
			last, in[k] = k, path
		}
	}
	if all, err := readTexts(); err != nil || len(in) < 1000 || len(all) < len(in) {
		t.Errorf("%d of %d texts, %v", len(in), len(all), err)
	}
}

// TestCatalogueCanBeRead: every hole of an English text is one of its Japanese text.
func TestCatalogueCanBeRead(t *testing.T) {
	t.Parallel()
	all, err := readTexts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = newCatalogue(all); err != nil {
		t.Fatal(err)
	}
	for japanese, english := range all {
		if strings.Contains(english, "　") {
			t.Errorf("%s: %s", japanese, english)
		}
		if strings.TrimSpace(japanese) != japanese && !strings.Contains(japanese, "　") {
			t.Errorf("spaces around %q", japanese)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	page := []byte(strings.Repeat(`<p>約束の65.9％が届き、そのうち54,862円を使いました。</p><p>冬は外に出る日がへり、だれとも話さない日がつづく方がいます。</p><p>寄付する</p>`, 100))
	for b.Loop() {
		Page(page)
	}
}

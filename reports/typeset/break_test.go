package typeset

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const story = "8月11日は台風で中止しました。前の日に決めましたが、4人に知らせがまにあいませんでした。来年は、中止の連絡を電話の当番で回します。" +
	"のべ3,482名の方が「話を聞いてもらえるだけでほっとする」「また来月も楽しみにしている」と言ってくださいました……。" +
	"車両の購入費は2,400,000円を見込みましたが、差額の550,000円を12か所への灯油（kerosene）と学習用タブレット（第10世代・64GB）にあてました。" +
	"価格は¥1,200（税込）です！？「ええっ」と言った。ヴァイオリン・ウォッチ、キャッチアップ、％表示50％。々ゝ〜" +
	"使いみちの変更はウェブサイト（https://tsukaimichi.example/campaigns/natsuyasumi/changes?id=20261003）で公表しました。"

func newCase(t testing.TB) *Case {
	t.Helper()
	faces, err := Noto()
	if err != nil {
		t.Fatal(err)
	}
	return NewCase(faces)
}

func texts(lines []Line) (out []string) {
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return out
}

// checkLines fails for a line too wide, a line that begins or ends with a forbidden character, and lost text.
func checkLines(t interface{ Errorf(string, ...any) }, lines []Line, width float64, text string) {
	var all strings.Builder
	for i, l := range lines {
		if l.Width > width+1e-6 && utf8.RuneCountInString(l.Text) > 1 {
			t.Errorf("width %.1f: line %q is %.2f wide", width, l.Text, l.Width)
		}
		first, _ := utf8.DecodeRuneInString(l.Text)
		last, _ := utf8.DecodeLastRuneInString(l.Text)
		if i > 0 && strings.ContainsRune(noStart, first) {
			t.Errorf("width %.1f: line begins with %q: %q after %q", width, first, l.Text, lines[i-1].Text)
		}
		if i < len(lines)-1 && strings.ContainsRune(noEnd, last) {
			t.Errorf("width %.1f: line ends with %q: %q", width, last, l.Text)
		}
		all.WriteString(l.Text)
	}
	squeeze := func(s string) string { return strings.NewReplacer(" ", "", "\u3000", "", "\n", "").Replace(s) }
	if got, want := squeeze(all.String()), squeeze(Clean(text)); got != want {
		t.Errorf("width %.1f: text changed from %q to %q", width, want, got)
	}
}

func TestKinsokuHoldsAtEveryWidth(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for width := 25.0; width <= 170; width += 0.5 {
		for _, size := range []float64{9, 12} {
			checkLines(t, c.Break(size, width, Run{Text: story}), width, story)
			checkLines(t, c.Balance(size, width, Run{Text: story}), width, story)
		}
	}
}

// TestKinsokuHoldsForAnyText makes texts of words, numbers, brackets and marks as people write them, and worse.
func TestKinsokuHoldsForAnyText(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	pieces := rapid.SampledFrom([]string{"台風で中止しました", "食材費", "2,400,000円", "12か所", "第318番", "ボランティアセンター", "ー", "っ", "「", "」", "（", "）", "、", "。",
		"……", "！？", "％", "50％", "￥", "¥1,200", "kerosene", "https://example.jp/a/b?c=d", " ", "　", "・", "々", "令和8年", "２，４００円", "𠮷田", "葛\U000E0100城", "ヶ", "A", "\n"})
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		marks := 0
		for _, p := range rapid.SliceOfN(pieces, 1, 40).Draw(t, "pieces") {
			r, _ := utf8.DecodeRuneInString(p)
			if strings.ContainsRune(noStart+noEnd+" \u3000\n", r) { // more than three bind the whole line
				if marks++; marks > 2 {
					continue
				}
			} else {
				marks = 0
			}
			text.WriteString(p)
		}
		width := rapid.Float64Range(25, 170).Draw(t, "width")
		for _, part := range strings.Split(text.String(), "\n") {
			checkLines(t, c.Break(12, width, Run{Text: part}), width, part)
		}
	})
}

func TestWhatBelongsTogetherIsNotParted(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for _, whole := range []string{"2,400円", "２，４００円", "12か所", "41世帯", "第318番", "令和8年", "△3,000", "50％", "プロジェクト", "約128人", "3万円", "10月", "64GB"} {
		for width := 30.0; width < 90; width += 0.5 {
			for _, before := range []string{"これは長い文です", "長いです", "むかし、あるところに"} {
				lines := texts(c.Break(12, width, Run{Text: before + whole + "のことを書いています"}))
				if !strings.Contains(strings.Join(lines, "\n"), whole) {
					t.Errorf("width %.1f: %q is parted: %q", width, whole, lines)
				}
			}
		}
	}
}

func TestBreakHonoursLineEndsInTheText(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for text, want := range map[string][]string{
		"":          {""},
		"一\n二":      {"一", "二"},
		"一\n\n二":    {"一", "", "二"},
		"一\n":       {"一", ""},
		"\n":        {"", ""},
		"文　\n次":     {"文", "次"},
		"一\r\n二\r三": {"一", "二", "三"},
	} {
		if got := texts(c.Break(12, 100, Run{Text: text})); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("Break(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParagraphDoesNotEndWithAForgottenLetter(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	text := "8月11日は台風で中止。4人に知らせがまにあいませんでした。来年は電話の当番で回します。"
	got := texts(c.Break(12, 87, Run{Text: text}))
	if last := got[len(got)-1]; utf8.RuneCountInString(last) < 4 {
		t.Errorf("last line is %q of %q", last, got)
	}
}

func TestBalanceLeavesNoLoneCharacter(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	got := c.Balance(21, 100, Run{Text: "夏休みこども食堂の使いみちの報告書"})
	if len(got) != 2 || math.Abs(got[0].Width-got[1].Width) > 25 {
		t.Errorf("got %q", texts(got))
	}
}

func TestWidestNeedsNoBreak(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	width := c.Widest(12, Run{Text: "遊びと学習の材料", Bold: true})
	if got := c.Break(12, width+0.01, Run{Text: "遊びと学習の材料", Bold: true}); len(got) != 1 {
		t.Errorf("broke at its own width %.3f: %q", width, texts(got))
	}
	if want := 8 * 12 * MM; math.Abs(width-want) > 1e-9 {
		t.Errorf("eight full-width letters are %.4f mm, want %.4f", width, want)
	}
}

func TestBoldRunsShareALine(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	got := c.Break(12, 100, Run{Text: "残った"}, Run{Text: "13,078", Bold: true}, Run{Text: "円", Bold: true}, Run{Text: "は"})
	if len(got) != 1 || got[0].Text != "残った13,078円は" {
		t.Fatalf("got %q", texts(got))
	}
	read := ""
	for _, r := range got[0].Codes {
		if s, ok := c.Private()[uint16(r)]; ok {
			read += s
		} else {
			read += string(r)
		}
	}
	if read != got[0].Text {
		t.Errorf("codes read as %q", read)
	}
}

func FuzzBreak(f *testing.F) {
	for _, s := range []string{"髙橋 﨑子", "𠮷田\U000E0100", "😀👨‍👩‍👧‍👦", "한글", "أحمد", "\xff\xfe", "か\u3099", strings.Repeat("。", 300), strings.Repeat("W", 300),
		"「「「「「「「「「", "\u202Eabc", "( ) \\ (", "a\u0301", "\n\n\n", story} {
		f.Add(s, 40.0)
		f.Add(s, 9.6)
	}
	f.Fuzz(func(t *testing.T, s string, width float64) {
		if len(s) > 3000 || !(width > 0 && width < 1000) {
			t.Skip()
		}
		c := newCase(t)
		var all strings.Builder
		for _, l := range c.Break(12, width, Run{Text: s}) {
			if l.Width > width+1e-6 && utf8.RuneCountInString(l.Codes) > 1 {
				t.Errorf("line %q of %q is %.2f wide of %.2f", l.Text, s, l.Width, width)
			}
			for _, r := range l.Codes {
				if r > 0xffff || r >= 0xd800 && r < 0xe000 {
					t.Errorf("code %x cannot be drawn", r)
				}
			}
			all.WriteString(l.Text)
		}
		squeeze := strings.NewReplacer(" ", "", "\u3000", "", "\n", "")
		if got, want := squeeze.Replace(all.String()), squeeze.Replace(Clean(s)); got != want {
			t.Errorf("text changed from %q to %q", want, got)
		}
		if _, err := ParseFace(c.Font()); err != nil {
			t.Error(err)
		}
	})
}

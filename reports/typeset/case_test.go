package typeset

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/reports/fonts"
)

func TestFontDrawsWhatTheFacesDraw(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	type drawn struct {
		line Line
		face *Face
		text string
	}
	var lines []drawn
	for _, s := range []string{"髙橋﨑①¥㈱", "Müller Éé", "𠮷", "2,400円"} {
		lines = append(lines, drawn{c.Line(false, 12, s), c.faces.Regular, s}, drawn{c.Line(true, 12, s), c.faces.Bold, s})
	}
	font, err := ParseFace(c.Font())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		want, width := l.face.Outlines(l.text)
		got, gotWidth := font.Outlines2(l.line.Codes)
		if !reflect.DeepEqual(got, want) || gotWidth != width {
			t.Errorf("%q is drawn otherwise", l.text)
		}
	}
	if n := len(c.Font()); n > 60_000 {
		t.Errorf("font of a few letters is %d bytes", n)
	}
}

// Outlines2 is Outlines without Clean, which takes private codes away.
func (f *Face) Outlines2(codes string) (contours [][]Point, width float64) {
	for _, r := range codes {
		g := f.glyph(r)
		for _, contour := range f.contours(g, 0) {
			for i := range contour {
				contour[i].X, contour[i].Y = contour[i].X/float64(f.em)+width, contour[i].Y/float64(f.em)
			}
			contours = append(contours, contour)
		}
		a, _ := f.metric(g)
		width += float64(a) / float64(f.em)
	}
	return contours, width
}

func TestVariantFormIsDrawnAndReadAsWritten(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	plain, variant := c.Line(false, 12, "葛"), c.Line(false, 12, "葛\U000E0100")
	if plain.Codes == variant.Codes {
		t.Fatal("both forms have one code")
	}
	if c.used[uint16([]rune(plain.Codes)[0])] == c.used[uint16([]rune(variant.Codes)[0])] {
		t.Error("both forms have one glyph")
	}
	if got := c.Private()[uint16([]rune(variant.Codes)[0])]; got != "葛\U000E0100" {
		t.Errorf("the variant reads as %q", got)
	}
	unknown := c.Line(false, 12, "山\U000E01EF")
	if unknown.Codes != "山" {
		t.Errorf("a form no face has is set as %q, want the plain one", unknown.Codes)
	}
}

func TestMissingCharactersAreSetAsGetaAndReported(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if got := c.Line(false, 12, "أحمد😀").Codes; got != "〓〓〓〓〓" {
		t.Errorf("set as %q", got)
	}
	c.Line(true, 12, "한\uE123")
	want := []rune{'أ', 'ح', 'د', 'م', '한', 0xe123, '😀'}
	if got := c.Missing(); !slices.Equal(got, want) {
		t.Errorf("missing %q, want %q", string(got), string(want))
	}
	c2 := newCase(t)
	c2.Line(false, 12, "髙橋﨑𠮷葛\U000E0100Müller①㈱¥〓")
	if got := c2.Missing(); len(got) > 0 {
		t.Errorf("missing %q, want none", string(got))
	}
}

func TestTooManyPrivateCodesDegradeToGeta(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for r := rune(0x4e00); r < 0x9fa0; r++ {
		c.Line(true, 12, string(r))
	}
	if n := len(c.Private()); n > lastPrivate-firstPrivate+1 {
		t.Errorf("%d private codes", n)
	}
	if len(c.Missing()) == 0 {
		t.Error("nothing is reported missing")
	}
	if _, err := ParseFace(c.Font()); err != nil {
		t.Error(err)
	}
}

func TestParseFaceRefusesWhatIsNoFont(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"empty": nil, "text": []byte("not a font at all"), "OpenType/CFF": []byte("OTTO\x00\x01\x00\x00\x00\x00\x00\x00"),
		"cut off": fonts.Regular[:5000], "table astray": append(slices.Clone(fonts.Regular[:20]), make([]byte, 400)...),
	} {
		if _, err := ParseFace(file); !errors.Is(err, ErrFont) {
			t.Errorf("%s: got %v, want ErrFont", name, err)
		}
	}
}

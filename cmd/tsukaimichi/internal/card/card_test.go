package card

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"
)

func TestACardIsAPictureOfItsSize(t *testing.T) {
	t.Parallel()
	var p Press
	for name, f := range map[string]Facts{
		"running": {Group: "みどり町ふれあい食堂（練習）", Title: "冬の火曜日、あたたかい夕ごはんを16回", State: "募金中", People: "128人・36世帯", Practice: true, Promised: 400_000, Received: 268_000, Spent: 91_025},
		"final":   {Group: "みどり町ふれあい食堂（練習）", Title: "夏休みこども食堂 2026", State: "使いみちの報告", People: "96人・41世帯・5社未満", Promised: 312_400, Spent: 299_322, Final: true},
		"over":    {Group: "とても長い名前の、特定非営利活動法人みどり町ふれあい食堂とまちのえんがわを守る会", Title: strings.Repeat("長い名前の募金をみんなで", 8), Promised: 1_000, Received: 4_000, Spent: 2_000},
		"first":   {Group: "髙﨑の会", Title: "𠮷田さんちの𛀁んがわ\U000e0101", Promised: 1},
		"no yen":  {Group: "会", Title: "見守りの人を10人", People: "5人未満"},
	} {
		t.Run(name, func(t *testing.T) {
			drawn, err := p.Draw(f)
			if err != nil {
				t.Fatal(err)
			}
			if dir := os.Getenv("TSUKAIMICHI_SHOTS"); dir != "" {
				if err = os.WriteFile(dir+"/card-"+strings.ReplaceAll(name, " ", "-")+".png", drawn, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			config, err := png.DecodeConfig(bytes.NewReader(drawn))
			if err != nil || config.Width != Width || config.Height != Height || len(drawn) > 200_000 {
				t.Errorf("%+v, %d bytes, %v", config, len(drawn), err)
			}
			again, err := p.Draw(f)
			if err != nil || !bytes.Equal(drawn, again) {
				t.Errorf("the same facts gave another picture: %v", err)
			}
		})
	}
}

func TestThePictureIsSaidInWords(t *testing.T) {
	t.Parallel()
	f := Facts{Group: "食堂", Title: "夕ごはん", People: "128人", Promised: 400_000, Received: 268_000, Spent: 91_025}
	if got, want := f.Words(), "食堂「夕ごはん」。128人。約束 400,000円。届いた 268,000円。使った 91,025円。"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

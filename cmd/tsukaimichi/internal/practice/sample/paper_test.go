package sample

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestPracticeReceiptIsAPictureFewBytesLong(t *testing.T) {
	t.Parallel()
	content, err := drawPaper("練習青果店", "大根・白菜・鶏肉(1回目)", 13_480, ledger.NewDate(2026, 11, 11))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil || picture.Bounds().Dx() != 480 || len(content) > 60_000 {
		t.Errorf("%d bytes, %v, %v", len(content), picture.Bounds(), err)
	}
}

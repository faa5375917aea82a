package reports_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

func sampleAsking() reports.Asking {
	day := ledger.NewDate(2026, time.November, 24)
	before := campaigns.Plan{Version: 1, Title: "冬の火曜日、あたたかい夕ごはんを16回", IfStopped: "お返しします。", Uses: []campaigns.PlanUse{
		{UseID: 1, Name: "食材費", Amount: 240000}, {UseID: 2, Name: "会場・光熱・保険", Amount: 60000}}}
	next := before
	next.Version, next.Uses = 2, []campaigns.PlanUse{{UseID: 1, Name: "食材費", Amount: 250000}, {UseID: 3, Name: "配食の容器とバッグ", Amount: 50000}}
	return reports.Asking{
		Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂", Representative: "練習 みつ子", Phone: "0000-00-0000", PhoneHours: "火曜 10時〜15時", HandIn: "みどり町集会所（火曜）", Practice: true},
		Before:       before, Next: next, URL: "https://example.jp/c/fuyu/plan/2",
		Change: campaigns.Change{ID: 1, Kind: campaigns.ChangeVersion, FromVersion: 1, Version: 2, Unspent: 24000, DecidesOn: day.AddDays(14),
			Reason: "みどり町集会所が、耐震の工事で3月まで使えなくなりました。食べに来ていただくかわりに、家まで届ける回数をふやします。"},
	}
}

func TestAskingSheetStandsOnOnePage(t *testing.T) {
	t.Parallel()
	printed, err := pdf.RenderWith(context.Background(), sampleAsking().Sheet(time.Date(2026, 11, 24, 9, 0, 0, 0, ledger.Tokyo)), pdf.Options{OnePage: true})
	if err != nil || printed.Pages != 1 || len(printed.Missing) > 0 {
		t.Fatalf("%d pages, missing %q, %v", printed.Pages, string(printed.Missing), err)
	}
	keepPaper(t, "kairan.pdf", printed.Bytes)
}

func TestEachGiverHasALetterWithASlip(t *testing.T) {
	t.Parallel()
	to := []reports.Asked{
		{Name: "練習 花子", PostalCode: "000-0000", Address: "あおば県若葉野市みどり町1-2", Amount: 1980, Number: 12, URL: "https://example.jp/choice/1/abcdefghijklmnopqrstuvwxyz", Answers: []string{"新しい約束のとおりに使ってよい", "団体の活動ぜんたいに使ってほしい", "返してもらう"}},
		{Name: "練習 次郎", Amount: 300, Number: 13, Answers: []string{"新しい約束のとおりに使ってよい", "返してもらう"}}}
	a := sampleAsking()
	printed, err := pdf.Render(context.Background(), a.Letters(to, time.Date(2026, 11, 24, 9, 0, 0, 0, ledger.Tokyo)))
	keepPaper(t, "letters.pdf", printed.Bytes)
	if err != nil || printed.Pages != 4 {
		t.Fatalf("%d pages, %v, want a letter and a slip for each giver", printed.Pages, err)
	}
	keepPaper(t, "letters.pdf", printed.Bytes)
	a.Change.Kind = campaigns.ChangeStop
	if _, err = pdf.Render(context.Background(), a.Letters(to, time.Date(2026, 11, 24, 9, 0, 0, 0, ledger.Tokyo))); err != nil {
		t.Error(err)
	}
}

// keepPaper leaves a paper where a person can look at it, if PAPERS names a folder.
func keepPaper(t *testing.T, name string, bytes []byte) {
	t.Helper()
	if dir := os.Getenv("PAPERS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), bytes, 0o600); err != nil {
			t.Error(err)
		}
	}
}

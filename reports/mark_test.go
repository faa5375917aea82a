package reports_test

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// mark is a log that was signed for as many records.
func mark(size int64) chain.Mark {
	return chain.Mark{Size: size, Root: sha256.Sum256([]byte("練習")), Page: "tsukaimichi.example/o/renshu-tsudoi-no-kai/log"}
}

// TestPapersPrintTheLogTheyStandOn: up to where it was signed, its digits and where to compare them; on one sheet still.
func TestPapersPrintTheLogTheyStandOn(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 84_000)
	b.Check(b.Spend(b.Uses(b.c)[0], 71_860))
	b.closed()
	u := b.usage(complete(b.figures()))
	if u.Figures.Log.Size != 0 {
		t.Fatal("nothing was signed")
	}
	bare, _ := printed(t, u.Document(), pdf.Options{})
	if strings.Contains(bare, "指紋") {
		t.Error("a paper speaks of a signature that there is not")
	}
	u.Figures.Records, u.Figures.Log = 1_204, mark(1_204)
	digits := strings.ReplaceAll(u.Figures.Log.Digits(), " ", "")
	full, _ := printed(t, u.Document(), pdf.Options{})
	says(t, full, "記録の指紋", digits, "第1,204番まで", "くらべる場所", u.Figures.Log.Page)
	if strings.Contains(full, "そのあと") {
		t.Error("everything was signed, and the paper says that something was not")
	}
	sheet, pages := printedFirst(t, u.OnePage(), pdf.LargeA4)
	if pages != 1 {
		t.Errorf("the edition on one sheet has %d pages", pages)
	}
	says(t, sheet, digits, u.Figures.Log.Page)
	u.Figures.Log = mark(1_180)
	full, _ = printed(t, u.Document(), pdf.Options{})
	says(t, full, "第1,180番まで", "第1,181番からの指紋は")
	picture(t, "report", u.Document(), pdf.Options{})
	picture(t, "a4", u.OnePage()[0], pdf.Options{Format: pdf.LargeA4})
}

// TestReceiptPrintsTheLogItWasIssuedAfter, and one of before prints the bytes it always did.
func TestReceiptPrintsTheLogItWasIssuedAfter(t *testing.T) {
	t.Parallel()
	p := payload(func(p *campaigns.ReceiptPayload) { p.Log, p.Check = mark(1_204), "012345678901" })
	paper := reports.ReceiptDocument(p, p.IssuedOn.Midnight())
	text, pages := printed(t, paper, pdf.Options{})
	if pages != 1 {
		t.Errorf("the receipt has %d pages", pages)
	}
	says(t, text, "第1,204番まで", strings.ReplaceAll(p.Log.Digits(), " ", ""), "この受領証の記録は、そのあとに入ります", p.Log.Page, "確かめる番号", "012345678901")
	picture(t, "receipt", paper, pdf.Options{})
	frozen, err := json.Marshal(payload())
	if err != nil || strings.Contains(string(frozen), "log") {
		t.Errorf("a receipt of before is frozen as %s, %v", frozen, err)
	}
	var again campaigns.ReceiptPayload
	if frozen, err = json.Marshal(p); err == nil {
		err = json.Unmarshal(frozen, &again)
	}
	if err != nil || again != p {
		t.Errorf("thawed %+v, %v; want %+v", again, err, p)
	}
}

// picture keeps a paper to be looked at, where PAPERS names a folder.
func picture(t *testing.T, name string, d document.Document, o pdf.Options) {
	t.Helper()
	dir := os.Getenv("PAPERS")
	if dir == "" {
		return
	}
	r, err := pdf.RenderWith(t.Context(), d, o)
	if err == nil {
		err = os.WriteFile(dir+"/"+name+".pdf", r.Bytes, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

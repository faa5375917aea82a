package applying_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
)

// costs are the columns of the grid for the draft's three lines, as pairs; parts are those of who pays, by line.
func costs(parts ...[3]string) []string {
	var pairs []string
	for i, line := range [][4]string{{"lecturer", "講師謝金", "10,000", "4"}, {"goods", "備品", "170,000", "1"}, {"food", "茶菓", "20,000", "1"}} {
		pairs = append(pairs, "cost_category", line[0], "cost_item", line[1], "cost_price", line[2], "cost_quantity", line[3], "cost_unit", "", "cost_times", "", "cost_times_of", "", "cost_note", "ひとこと"+line[1])
		part := [3]string{}
		if i < len(parts) {
			part = parts[i]
		}
		pairs = append(pairs, "cost_grant", part[0], "cost_other", part[1], "cost_outside", part[2], "cost_quotes", "", "cost_priority", "", "cost_papers", "")
	}
	return pairs
}

func (r *room) sheet() application.Draft {
	r.t.Helper()
	d, err := application.Find(r.t.Context(), r.db, r.desk.Organisation.ID, r.draft)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

func theGridSaysWhoPaysEachLine(r *room) {
	t := r.t
	at := r.at("budget")
	r.see("", at, "この助成</th>", "172,000円", "飲食・交流の費用は対象になりません") // 3/4 of 230,000
	r.done(at, append(r.hidden(at), costs([3]string{"", "", "会の人が話すので、求めません"}, [3]string{"165,000", "", ""})...)...)
	body := r.see("budget", at, "会の人が話すので、求めません", "助成でまかなう額を足しても", `value="165000"`, "ひとこと備品")
	if d := r.sheet(); d.Budget.Costs[0].Outside == "" || *d.Budget.Costs[1].Grant != 165_000 || d.Budget.Costs[2].Grant != nil || d.Budget.Costs[1].Note != "ひとこと備品" {
		t.Errorf("kept %+v; %.200s", d.Budget.Costs, body)
	}
	r.done(at, append(append(r.hidden(at), costs([3]string{}, [3]string{"200,000", "", ""})...), "do", "save")...)
	r.see("", at, "2行目「備品」：助成でまかなう額が、対象になる額より大きくなっています。")
	nowhere := costs()
	nowhere[1] = "" // the first line points to no category
	r.done(at, append(r.hidden(at), nowhere...)...)
	r.see("", at, `<a href="#cost_category-0">1行目「講師謝金」：科目を選んでください。選ぶまで、この行は対象になる額に入りません。</a>`)
	r.done(at, append(append(r.hidden(at), costs([3]string{}, [3]string{"200,000", "", ""})...), "do", "divide")...)
	if d := r.sheet(); d.Budget.Said() {
		t.Errorf("parts are said after all were left to be worked out: %+v", d.Budget.Costs)
	}
}

// Words pasted into every cell come back with what is wrong at each cell, and none of them is lost: they are more than a form may send otherwise.
func aCellThatIsTooLongSaysSoAndLosesNothing(r *room) {
	t := r.t
	at := r.at("budget")
	long := strings.Repeat("字", 5_000)
	var sent bytes.Buffer
	w := multipart.NewWriter(&sent)
	pairs := r.hidden(at)
	for range 12 {
		for _, name := range []string{"cost_item", "cost_price", "cost_quantity", "cost_unit", "cost_times", "cost_times_of", "cost_note", "cost_grant", "cost_other", "cost_outside"} {
			pairs = append(pairs, name, long)
		}
		pairs = append(pairs, "cost_category", "goods")
	}
	pairs = append(pairs, "in_item", long, "in_amount", long, "in_source", "fee", "requested", long)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	_ = w.Close()
	size := sent.Len()
	request := httptest.NewRequest(http.MethodPost, at, &sent)
	request.Header.Set("Content-Type", w.FormDataContentType())
	status, body, _ := r.send(request)
	if status != http.StatusUnprocessableEntity || size < 1<<20 {
		t.Fatalf("%d bytes: %d", size, status)
	}
	for _, want := range []string{`id="cost_item-0-problem">長すぎます。この欄は、120字まで`, `id="cost_unit-11-problem">長すぎます。この欄は、20字まで`, `id="cost_note-11-problem">長すぎます。この欄は、200字まで`, `id="cost_price-3-problem">数字で`, `id="cost_outside-2-problem">`, `id="in_item-0-problem">`, `href="#cost_item-0"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if n := strings.Count(body, long); n < 12*10+2 {
		t.Errorf("what was typed stands %d times; want each of the 122 cells", n)
	}
	if d := r.sheet(); len(d.Budget.Costs) != 3 {
		t.Errorf("the budget changed: %+v", d.Budget.Costs)
	}
}

func quotesLieAtTheirLineAndGoAlong(r *room) {
	t := r.t
	at := r.at("budget", "quotes")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 300))); err != nil {
		t.Fatal(err)
	}
	r.see("", r.at("budget"), "2行目「備品」：見積書がいります。")
	r.refused(at, "どの行の見積書かを選んでください。", "line", "", "revision", "1")
	r.refused(at, "つける見積書を選ぶか", "line", "1", "revision", "1")
	r.refused(at, "ほかの人が先に予算を残しました", "line", "1", "revision", "7", "paper", "1")
	r.upload(at, "見積.png", picture.Bytes(), "line", "1", "revision", "1")
	r.see("quotes", r.at("budget"), "備品：", "見積.png", "見積 1")
	r.done(at, "line", "0", "revision", "2", "paper", "1")
	_, bundle, _ := r.send(httptest.NewRequest(http.MethodGet, r.at("bundle.zip"), nil))
	z, err := zip.NewReader(strings.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if want := []string{"01_送付状.pdf", "02_申請書.pdf", "03_見積書_1行目_講師謝金_見積.png", "manifest.json"}; !slices.Equal(names, want) {
		t.Errorf("the bundle holds %v, want %v", names, want)
	}
	if letter := r.papers[len(r.papers)-1]; letter.Meta.Title != "送付状" || letter.Meta.Subject != "居場所の申請" {
		t.Errorf("the last paper printed is %+v", letter.Meta)
	}
	r.done(at, "line", "0", "revision", "3", "paper", "1", "do", "detach")
	if d := r.sheet(); len(d.Budget.Costs[0].Papers) != 0 || len(d.Budget.Costs[1].Papers) != 1 {
		t.Errorf("papers at %+v", d.Budget.Costs)
	}
}

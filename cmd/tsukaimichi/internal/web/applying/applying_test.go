package applying_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
)

// sheet is a funder's Excel form: a narrow cell, a wide frame, a formula.
func sheet(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	for _, err := range []error{f.SetSheetName("Sheet1", "様式1"), f.SetCellStr("様式1", "A1", "事業名"), f.SetCellStr("様式1", "A2", "必要性"), f.MergeCell("様式1", "B2", "D3"), f.SetCellStr("様式1", "A4", "合計"), f.SetCellFormula("様式1", "B4", "1+2")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func word(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`} {
		part, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(part, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func answersArePlacedByPressingTheForm(r *room) {
	t := r.t
	form, place := r.at("form"), r.at("form", "place")
	r.upload(form, "様式.xlsx", sheet(t))
	body := r.see("", form, `value="様式1!B1"`, "（式）", "どの答えを")
	if strings.Contains(body, `value="様式1!B4"`) {
		t.Error("a formula can be pressed")
	}
	r.refused(place, "写すところを選んでから押してください。", "field", "name")
	r.refused(place, "式のあるセルには写せません。", "field", "name", "at", "様式1!B4")
	if at := r.done(place, "field", "name", "at", "様式1!B1"); !strings.Contains(at, "next=kind") {
		t.Errorf("leads to %s, want the next answer", at)
	}
	r.done(place, "field", "issue", "at", "様式1!C3") // inside the merged frame
	r.see("sheet", form, "← 事業名", "← 解決したい地域課題", "入りきりません", "行たりません", "事業名　→ 様式1!B1")
	r.done(place, "field", "kind", "at", "様式1!B1") // a cell takes one answer
	r.see("", form, "← 新規か継続か", "まだ書いていません")
	r.done(place, "field", "kind", "do", "clear")
	if body := r.see("", form); strings.Contains(body, "← 新規か継続か") || strings.Contains(body, "← 事業名") {
		t.Error("an answer stays where it was taken away from")
	}

	r.upload(form, "様式.docx", word(t, `<w:p><w:r><w:t>名前 {{title}} 課題 {{need.summary}}</w:t></w:r></w:p>`))
	r.see("", form, "▲ title", "← 解決したい地域課題")
	r.refused(place, "写すところを選んでから", "field", "name", "at", "nothing")
	r.done(place, "field", "name", "at", "title")
	r.see("word", form, "← 事業名", "事業名　→ {{title}}")
	_, filled, _ := r.send(httptest.NewRequest(http.MethodGet, r.at("form", "filled"), nil))
	z, err := zip.NewReader(strings.NewReader(filled), int64(len(filled)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, _ := io.ReadAll(part)
	if !bytes.Contains(content, []byte("名前 みんなのお茶の間 課題 ひとりで食べる人がいる。")) {
		t.Errorf("the filled form says %s", content)
	}
}

func aTextIsKeptProposedWhereItFitsAndCounted(r *room) {
	t := r.t
	all := r.path("snippets")
	r.see("", all+"?from="+r.at()[strings.LastIndex(r.at(), "/")+1:]+"&field=issue", "ひとりで食べる人がいる。", `value="need.summary" selected`)
	r.refused(all, "どの質問の文かを選んでください。", "title", "題", "text", "文")
	r.done(all, "key", "need.summary", "title", "孤食（短い）", "text", "ひとりで食べる人が15人いる。", "tags", "食堂、高齢者", "said_on", "2026年10月1日")
	r.done(all, "key", "need.summary", "title", "孤食（長い）", "text", strings.Repeat("長", 401))
	r.see("snippets", all, "孤食（短い）", "2026年10月1日のこと", "15字　使った回数 0", "共同募金 地域福祉 公募助成（型）「解決したい地域課題」（400字以内）", "1多い", "食堂")
	if status, body, _ := r.post(all+"/search", "q", "高齢者"); status != http.StatusOK || strings.Contains(body, "孤食（長い）") || !strings.Contains(body, "孤食（短い）") {
		t.Errorf("searching: %d", status)
	}
	write := r.at("write", "plan")
	body := r.see("write", write, "取っておいた文：孤食（短い）", "あと385字", "2026年10月1日のこと", "この文を取っておく")
	if strings.Contains(body, "孤食（長い）") {
		t.Error("a text that does not fit is proposed")
	}
	r.done(write, append(r.hidden(write), "a_name", "みんなのお茶の間", "snippet", "issue\x1f1")...)
	r.see("", all, "使った回数 1")
	r.see("", write, "ひとりで食べる人が15人いる。")
	r.done(all+"/1", "key", "need.summary", "title", "孤食", "text", "ひとりで食べる人が20人いる。")
	r.see("snippet", all+"/1", "ひとりで食べる人が20人いる。")
	r.see("", write, "ひとりで食べる人が15人いる。") // the draft keeps its own
	r.done(all+"/1", "do", "drop")
	if status, _, _ := r.send(httptest.NewRequest(http.MethodGet, all+"/1", nil)); status != http.StatusTeapot {
		t.Errorf("the text is there after it was put away: %d", status)
	}
}

func wordsStandBesideTheirQuestionAndTasksHaveSomebody(r *room) {
	t := r.t
	write := r.at("write", "plan")
	r.done(write, append(r.hidden(write), "a_name", "みんなのお茶の間2", "note", "issue", "note_issue", "人数を確かめる")...)
	r.see("", write, "ひとこと：人数を確かめる", "みんなのお茶の間2")
	r.done(r.at("notes"), "text", "見積りをとる", "for", id(r.member.ID), "field", "budget", "task_due_on", "2026年12月1日")
	r.refused(r.at("notes"), "選べるものの中から", "text", "x", "for", "999999")
	r.see("overview", r.at(), "人数を確かめる", "する人："+r.member.Name, "解決したい地域課題</a>", "要確認", "率と上限は都道府県により違います", "持っている人：")
	r.done(r.at("hold"), "person", id(r.member.ID))
	r.see("", r.at(), "持っている人："+r.member.Name)
	r.see("handover", r.path("handover"), "居場所の申請", "居場所の申請：見積りをとる", "2026年12月14日")
	r.see("", r.path("handover", "paper.pdf"))
	if paper := r.papers[len(r.papers)-1]; paper.Meta.Title != "引きつぎ" || len(paper.Blocks) < 7 {
		t.Errorf("the paper is %+v", paper.Meta)
	}
	next, err := application.NextTasks(t.Context(), r.db, r.desk.Organisation.ID)
	if err != nil || next[application.Place{OrganisationID: r.desk.Organisation.ID, ID: r.draft}].Text != "見積りをとる" {
		t.Errorf("next task %+v, %v", next, err)
	}
}

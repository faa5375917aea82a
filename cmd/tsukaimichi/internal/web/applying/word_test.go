package applying_test

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// The Word file says what the paper says, in words and tables, and is a file Word can read: each part is whole.
func theApplicationIsTakenAwayAsWord(r *room) {
	t := r.t
	r.see("", r.at(), "申請書（Word）")
	status, body, _ := r.send(httptest.NewRequest(http.MethodGet, r.at("application.docx"), nil))
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if status != http.StatusOK || err != nil {
		t.Fatalf("%d, %v", status, err)
	}
	said := ""
	for _, file := range z.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(strings.NewReader(string(content))); ; {
			if _, err = d.Token(); err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", file.Name, err)
		}
		if file.Name == "word/document.xml" {
			said = string(content)
		}
	}
	for _, want := range []string{"みんなのお茶の間", "解決したい地域課題（400字以内）", "ひとりで食べる人がいる。", "支出の部（円）", "170,000", "<w:tblHeader/>", "なぜこの額か"} {
		if !strings.Contains(said, want) {
			t.Errorf("the Word file does not say %q", want)
		}
	}
}

package pagetest

import (
	"strings"
	"testing"
)

// whole is a page without faults around a piece of HTML.
func whole(piece string) string {
	return `<!DOCTYPE html><html lang="ja"><head><title>題｜使い道</title></head><body><main id="main"><h1>題</h1>` + piece + `</main></body></html>`
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, page, want string }{
		{"nothing wrong", whole(`<p>文</p>`), ""},
		{"style attribute", whole(`<p style="color:red">文</p>`), "the policy forbids style attributes"},
		{"event attribute", whole(`<p onclick="x()">文</p>`), "the policy forbids onclick"},
		{"script in the page", whole(`<script>1</script>`), "the policy forbids scripts in the page"},
		{"same id twice", whole(`<p id="a">一</p><p id="a">二</p>`), "id used twice"},
		{"second h1", whole(`<h1>二</h1>`), "2 h1, not 1"},
		{"skipped heading", whole(`<h3>三</h3>`), "heading h3 follows h1"},
		{"field without label", whole(`<input id="a" name="a">`), "field without a label"},
		{"label leads nowhere", whole(`<label for="b">い</label>`), `for points to "b", which does not exist`},
		{"hint that is not there", whole(`<label for="a">い</label><input id="a" name="a" aria-describedby="h">`), `aria-describedby points to "h"`},
		{"wrong field that is silent", whole(`<label for="a">い</label><input id="a" name="a" aria-invalid="true">`), "does not say what is wrong"},
		{"empty link", whole(`<a href="/x"></a>`), "link without words"},
		{"link to nothing", whole(`<a href="#">い</a>`), "link without an address"},
		{"picture", whole(`<img src="/a.png">`), "picture without alt"},
		{"table head", whole(`<table><tr><th>い</th></tr></table>`), "table head without scope"},
		{"fieldset", whole(`<fieldset><p>い</p></fieldset>`), "fieldset without a legend"},
		{"form", whole(`<form></form>`), "form without a method"},
		{"two focuses", whole(`<label>い<input name="a" autofocus></label><label>ろ<input name="b" autofocus></label>`), "2 fields want the focus"},
		{"language", strings.Replace(whole(""), `lang="ja"`, "", 1), "language of the page"},
		{"title", strings.Replace(whole(""), "題｜", "｜", 1), "page without a title"},
		{"title of a struct", strings.Replace(whole(""), "題｜", "{title 題 []}｜", 1), "written as Go"},
	} {
		t.Run(test.name, func(t *testing.T) {
			faults := strings.Join(Faults(test.page), "\n")
			if (test.want == "") != (faults == "") || !strings.Contains(faults, test.want) {
				t.Errorf("got %q, want %q", faults, test.want)
			}
		})
	}
}

package forming_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// townForm is a form in the making with a choice, a number and a table, and the address it stands at.
func (r *room) townForm() (at string) {
	r.t.Helper()
	at = r.done(console.FormsPath, url.Values{"title": {"町の助成"}, "key": {"town"}})
	for _, f := range [][]string{{"kind", "新規か継続か", "single"}, {"people", "参加する人", "table"}, {"staff", "担い手の人数", "number"}, {"share", "担い手ひとりあたり", "computed"}, {"improve", "改めること", "long_text"}} {
		path := r.done(at+"/parts", url.Values{"do": {"field-add:s1"}, "label": {f[1]}, "type": {f[2]}})
		form := r.with(path, "label", f[1], "type", f[2], "key", f[0])
		if f[0] == "kind" {
			form.Set("options", "新規\r\n継続")
		}
		if f[0] == "people" {
			form["column_label"], form["column_key"], form["column_type"] = []string{"だれ", "人数"}, []string{"who", "n"}, []string{"text", "number"}
		}
		r.done(path, form)
	}
	return at
}

// made is the form in the making as it is kept.
func (r *room) made(at string) template.Version {
	r.t.Helper()
	var id int64
	if err := json.Unmarshal([]byte(at[len(console.FormsPath+"/making/"):]), &id); err != nil {
		r.t.Fatal(err)
	}
	d, err := application.FindFormDraft(r.t.Context(), r.db, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return d.Form
}

func (r *room) field(at, key string) template.Field {
	r.t.Helper()
	f, err := r.made(at).FindField(key)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// rawPost sends a form and returns the page as it came back.
func (r *room) rawPost(path string, form url.Values) (int, string) {
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.mux.ServeHTTP(w, request.WithContext(console.WithSeat(request.Context(), r.seat)))
	return w.Code, w.Body.String()
}

func text(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A compound condition is made of lines and comes back in lines: nobody types JSON, and saving it untouched changes nothing.
func TestACompoundConditionIsMadeOfLines(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.townForm()
	path := at + "/fields/improve"
	lines := r.with(path, "label", "改めること", "type", "long_text", "key", "improve", "show_all", "all")
	for _, line := range [][5]string{{"kind", "is", "継続", "", ""}, {"staff", "filled", "", "", "1"}, {"sum:people.n", ">=", "１０", "", "1"}} {
		for i, column := range []string{"field", "how", "value", "other", "set"} {
			lines.Add("show_"+column, line[i])
		}
	}
	r.done(path, lines)
	const want = `{"and":[{"is":{"field":"kind","value":"継続"}},{"or":[{"filled":"staff"},{"compare":{"left":{"column":{"field":"people","column":"n"}},"op":"\u003e=","right":{"number":10}}}]}]}`
	if got := text(t, r.field(at, "improve").ShowIf); got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	body := r.see("condition", path, "いまの条件：「新規か継続か」が「継続」、（「担い手の人数」に書いてある、または「参加する人の人数の合計」が10以上）のとき", `value="継続"`, "新規か継続か（新規／継続）")
	r.done(path, filled(t, body, path))
	if got := text(t, r.field(at, "improve").ShowIf); got != want {
		t.Errorf("saved untouched: %s", got)
	}
	lines["show_how"] = []string{"is", "filled", "is"}
	lines["show_value"] = []string{"", "", "10"}
	lines.Set("seen", r.with(path).Get("seen"))
	r.refused(path, lines, `id="show_value-0-problem">答えを書いてください。`, `id="show_how-2-problem">合計や行の数は`)
	lines["show_how"], lines["show_value"] = []string{"is", "filled", ">="}, []string{"休止", "", "10"}
	r.done(path, lines)
	r.see("", path, "この条件に合う答えはありません。")
}

func TestAConditionTooDeepForLinesStaysAsItWasWritten(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.townForm()
	path := at + "/sections/s1"
	const deep = `{"or":[{"and":[{"filled":"kind"},{"or":[{"filled":"staff"},{"filled":"improve"}]}]},{"filled":"people"}]}`
	r.done(path, r.with(path, "title", "概要", "show_json", deep))
	_, body, _ := r.raw(path)
	r.done(path, filled(t, body, path))
	if s, err := r.made(at).FindSection("s1"); err != nil || text(t, s.ShowIf) != deep {
		t.Errorf("%s, %v", text(t, s.ShowIf), err)
	}
	r.refused(path, r.with(path, "title", "概要", "show_json", `{"filld":"kind"}`), "書き方（JSON）がちがいます")
}

func TestAComputedFieldIsMadeByChoosing(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.townForm()
	path := at + "/fields/share"
	r.see("", path, "「計算した数」には、計算のしかたがいります。")
	for _, test := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"a sum", []string{"compute_how", "sum", "compute_item", "staff", "compute_number", "", "compute_item", "", "compute_number", "1,000"}, `{"sum":[{"field":"staff"},{"number":1000}]}`},
		{"one column", []string{"compute_how", "sum", "compute_item", "sum:people.n", "compute_number", ""}, `{"column":{"field":"people","column":"n"}}`},
		{"a difference", []string{"compute_how", "less", "compute_item", "sum:people.n", "compute_number", "", "compute_item", "staff", "compute_number", ""}, `{"less":[{"column":{"field":"people","column":"n"}},{"field":"staff"}]}`},
		{"a product in whole thousands", []string{"compute_how", "times", "compute_item", "rows:people", "compute_number", "", "compute_item", "", "compute_number", "1500", "compute_unit", "1000", "compute_round", "up"}, `{"over":{"of":{"times":[{"rows":"people"},{"number":1500}]},"by":{"number":1},"unit":1000,"round":"up"}}`},
		{"a rate", []string{"compute_how", "rate", "compute_item", "staff", "compute_number", "", "compute_share", "4/3"}, ``},
		{"a rate in figures", []string{"compute_how", "rate", "compute_item", "staff", "compute_number", "", "compute_share", "3/4", "compute_unit", "100"}, `{"over":{"of":{"times":[{"field":"staff"},{"number":3}]},"by":{"number":4},"unit":100,"round":"down"}}`},
		{"per cent", []string{"compute_how", "percent", "compute_item", "staff", "compute_number", "", "compute_item", "sum:people.n", "compute_number", "", "compute_round", "half_up"}, `{"over":{"of":{"times":[{"field":"staff"},{"number":100}]},"by":{"column":{"field":"people","column":"n"}},"round":"half_up"}}`},
	} {
		form := r.with(path, append([]string{"label", "担い手ひとりあたり", "type", "computed", "key", "share"}, test.pairs...)...)
		if test.want == "" {
			r.refused(path, form, `id="compute_share-problem">割合は`)
			continue
		}
		r.done(path, form)
		body := r.see("", path)
		r.done(path, filled(t, body, path))
		if got := text(t, r.field(at, "share").Compute); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
	r.see("figure", path, "1行目が、2行目の何％か")
	r.refused(path, r.with(path, "label", "a", "type", "computed", "key", "share", "compute_how", "less", "compute_item", "staff", "compute_number", "5"), "どちらか1つにしてください", "計算に使う数が足りません")
}

func TestAPaperIsAskedForInSomeCasesAlone(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.townForm()
	papers := func() url.Values { return r.with(at+"/rules", "paper_kind", "前年の報告書", "paper_least", "1") }
	r.done(at+"/rules", papers())
	r.see("", at+"/rules", "書類を添えるとき", "いつも")
	path := at + "/papers/1"
	r.done(path, r.with(path, "show_field", "kind", "show_how", "is", "show_value", "休止"))
	r.see("", path, "この条件に合う答えはありません。")
	r.done(path, r.with(path, "show_field", "kind", "show_how", "is", "show_value", "継続"))
	r.done(at+"/rules", papers())
	r.see("", at+"/rules", "「新規か継続か」が「継続」のとき")
	form := r.made(at)
	if n := len(form.Wanted(template.Answers{"kind": {Text: "新規"}}, nil)); n != 0 {
		t.Errorf("%d papers are wanted of a new project", n)
	}
	if n := len(form.Wanted(template.Answers{"kind": {Text: "継続"}}, nil)); n != 1 {
		t.Errorf("%d papers are wanted of one that goes on; want its report", n)
	}
	if status, _, _ := r.send(http.MethodGet, at+"/papers/2", nil); status != http.StatusTeapot {
		t.Errorf("a paper that is not there: %d", status)
	}
}

func TestAnUnusualRuleIsMadeByChoosing(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.townForm()
	add := at + "/checks/new"
	r.refused(add, r.with(add, "severity", "error"), "守られないときに出す文がありません", "守ることを、1行は書いてください")
	r.done(add, r.with(add, "message", "担い手は、参加する人の合計までにしてください", "severity", "error", "at", "staff", "assert_field", "staff", "assert_how", "<=", "assert_value", "", "assert_other", "sum:people.n", "when_field", "kind", "when_how", "is", "when_value", "新規"))
	r.see("rules", at+"/rules", "担い手は、参加する人の合計まで", "「担い手の人数」が「参加する人の人数の合計」以下であること（「新規か継続か」が「新規」のときだけ）")
	const want = `{"when":{"is":{"field":"kind","value":"新規"}},"assert":{"compare":{"left":{"field":"staff"},"op":"\u003c=","right":{"column":{"field":"people","column":"n"}}}},"severity":"error","message":"担い手は、参加する人の合計までにしてください","fields":["staff"]}`
	check := at + "/checks/1"
	body := r.see("check", check, "いまの条件：")
	r.done(check, filled(t, body, check))
	if got := text(t, r.made(at).Rules[0]); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	r.done(at+"/rules", r.with(at+"/rules")) // saving the other parts leaves it
	stale := r.with(check, "message", "ほかの文", "severity", "hint", "assert_field", "staff", "assert_how", "filled")
	r.done(check, r.with(check, "do", "drop"))
	if n := len(r.made(at).Rules); n != 0 {
		t.Errorf("%d checks; want it gone", n)
	}
	if status, _, _ := r.send("POST", check, stale); status != 418 {
		t.Errorf("a check that is gone was saved: %d", status)
	}
	wrong := r.with(at+"/fields/share", "label", "a", "type", "computed", "key", "share", "compute_how", "less", "compute_item", "staff", "compute_number", "5", "show_field", "kind", "show_how", ">=", "show_value", "多い")
	_, r.seen["wrong"] = r.rawPost(at+"/fields/share", wrong)
	r.portray()
	pagetest.Browse(t, r.seen)
}

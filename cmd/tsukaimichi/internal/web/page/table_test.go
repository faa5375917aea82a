package page

import "testing"

func TestTableWritesEveryCellEscapedUnderItsColumn(t *testing.T) {
	t.Parallel()
	table := Table{Columns: []Column{{"使いみち", false}, {"約束", true}, {"備考", false}},
		Rows: []Row{{Name: "<食材>", Note: "注", Href: "/u?a=1&b=2", Cells: []string{"1円", "<b>"}}, {Name: "会場", Href: "javascript:x", Cells: []string{"2円"}}}}
	want := `<tr><th scope="row"><a href="/u?a=1&amp;b=2">&lt;食材&gt;</a><br><span class="note">注</span></th><td class="n">1円</td><td>&lt;b&gt;</td></tr>` + "\n" +
		`<tr><th scope="row">会場</th><td class="n">2円</td><td></td></tr>` + "\n"
	if got := string(table.Body()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := (Table{Rows: []Row{{Name: "列なし"}}}).Body(); got != `<tr><th scope="row">列なし</th></tr>`+"\n" {
		t.Errorf("a table without columns: %s", got)
	}
}

package page_test

import (
	"net/url"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

func TestRowsKeepWhatWasTypedAndGoOn(t *testing.T) {
	t.Parallel()
	columns := []page.RowColumn{{Name: "kind", Head: "科目", Options: []page.Option{{Value: "a", Text: "ア"}, {Value: "b", Text: "イ"}}}, {Name: "what", Head: "内容"}}
	rows := page.NewRows("costs", "支出", columns, url.Values{"kind": {"b"}, "what": {"米", "麦"}}, 3, 100)
	if len(rows.Lines) != 5 || len(rows.Heads) != 2 {
		t.Fatalf("%d lines of %d columns; want two that were typed and three to go on", len(rows.Lines), len(rows.Heads))
	}
	second := rows.Lines[1]
	if second[1].Value != "麦" || second[1].ID != "what-1" || second[1].Label != "内容 2行目" || second[0].Value != "" {
		t.Errorf("the second line is %+v", second)
	}
	if first := rows.Lines[0][0]; !first.Options[1].Chosen || first.Options[0].Chosen || columns[0].Options[1].Chosen {
		t.Errorf("the first choice is %+v", first.Options)
	}
	if rows = page.NewRows("costs", "支出", columns, url.Values{"what": make([]string, 500)}, 3, 100); len(rows.Lines) != 100 {
		t.Errorf("%d lines; want no more than 100", len(rows.Lines))
	}
}

func TestAProblemStandsAtItsCell(t *testing.T) {
	t.Parallel()
	form := page.NewForm(nil, map[string]string{"what-1": "長すぎます。", "costs": "1行は要ります。"})
	rows := form.Rows(page.NewRows("costs", "支出", []page.RowColumn{{Name: "kind", Head: "科目"}, {Name: "what", Head: "内容"}}, url.Values{"what": {"米", "麦"}}, 1, 100))
	if cell := rows.Lines[1][1]; cell.Problem != "長すぎます。" || !cell.Autofocus || rows.Problem != "1行は要ります。" {
		t.Errorf("the cell is %+v, the table says %q", cell, rows.Problem)
	}
	if problems := form.Problems(); len(problems) != 2 || problems[0].Label != "内容 2行目" || problems[1].FieldID != "kind-0" {
		t.Errorf("the list over the form is %+v", problems)
	}
}

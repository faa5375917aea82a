package document_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
)

func TestDocumentSurvivesJSON(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]document.Document{
		"one page": documenttest.OnePage(), "report": documenttest.Report(), "receipt": documenttest.Receipt("𠮷田 葛\U000E0100城"),
		"empty blocks": {Meta: documenttest.Meta(), Blocks: document.Blocks{document.Rule{}, document.PageBreak{}, document.Columns{Left: document.Blocks{}, Right: document.Blocks{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			var got document.Document
			if err := json.Unmarshal(stored, &got); err != nil {
				t.Fatal(err)
			}
			if !got.Meta.CreatedAt.Equal(want.Meta.CreatedAt) {
				t.Errorf("created at %v, want %v", got.Meta.CreatedAt, want.Meta.CreatedAt)
			}
			got.Meta.CreatedAt = want.Meta.CreatedAt // the zone's name is not kept
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			again, err := json.Marshal(got)
			if err != nil || string(again) != string(stored) {
				t.Errorf("stored otherwise the second time: %s, %v", again, err)
			}
		})
	}
}

func TestUnknownBlockIsRefused(t *testing.T) {
	t.Parallel()
	var d document.Document
	err := json.Unmarshal([]byte(`{"blocks":[{"kind":"rule"},{"kind":"chart","bars":[1]}]}`), &d)
	if !errors.Is(err, document.ErrKind) || !strings.Contains(err.Error(), "chart") {
		t.Errorf("got %v, want ErrKind with its name", err)
	}
}

func TestCheckFindsTheProblem(t *testing.T) {
	t.Parallel()
	table := document.Table{Columns: []document.Column{{}, {}}, Rows: []document.Row{{Cells: []document.Text{document.Words("一")}}}}
	for name, c := range map[string]struct {
		block document.Block
		want  error
	}{
		"bar that does not add up":               {document.Bar{Promised: 10, Received: 10, Spent: 4, Left: 5}, document.ErrUneven},
		"shares that do not come to their total": {document.Shares{Total: 5, Items: []document.Share{{Amount: 4}}}, document.ErrUneven},
		"row of too few cells":                   {table, document.ErrForm},
		"table without columns":                  {document.Table{}, document.ErrForm},
		"title in the middle":                    {document.Title{Text: "二"}, document.ErrForm},
		"columns in columns":                     {document.Columns{Left: document.Blocks{document.Columns{}}}, document.ErrForm},
		"page break in columns":                  {document.Columns{Right: document.Blocks{document.PageBreak{}}}, document.ErrForm},
		"nil":                                    {nil, document.ErrForm},
		"endless text":                           {document.Paragraph{Text: document.Words(strings.Repeat("あ", document.MaxText+1))}, document.ErrTooLarge},
		"endless cell":                           {document.Table{Columns: []document.Column{{}}, Rows: []document.Row{{Cells: []document.Text{document.Words(strings.Repeat("あ", document.MaxText+1))}}}}, document.ErrTooLarge},
		"too many rows":                          {document.Table{Columns: []document.Column{{}}, Rows: make([]document.Row, document.MaxRows+1)}, document.ErrTooLarge},
		"code no phone can read":                 {document.QR{Text: strings.Repeat("x", document.MaxQR+1)}, document.ErrTooLarge},
		"photograph of 40 megabytes":             {document.Photo{Bytes: make([]byte, 40<<20)}, document.ErrTooLarge},
		"a use that is settled":                  {document.Bar{Promised: 10, Spent: 4, Settled: true}, nil},
		"spent before it came":                   {document.Bar{Promised: 10, Received: 1, Spent: 4, Left: -3}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := document.Document{Blocks: document.Blocks{document.Title{Text: "一"}, c.block}}
			if got := d.Check(); !errors.Is(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestMediaWriteNumbersAndDaysTheirWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text          document.Text
		paper, screen string
	}{
		{document.Yen(1_234_567), "1,234,567円", "1,234,567円"},
		{document.Difference(15_860), "+15,860", "+15,860"},
		{document.Difference(-3_000), "△3,000", "−3,000"},
		{document.Difference(0), "0", "0"},
		{document.Bare(-12), "△12", "−12"},
		{document.Percent(958), "95.8％", "95.8％"},
		{document.Percent(1000), "100.0％", "100.0％"},
		{document.Change(-83), "△8.3％", "−8.3％"},
		{document.Change(-5), "△0.5％", "−0.5％"},
		{document.Change(102), "+10.2％", "+10.2％"},
		{document.Change(0), "0％", "0％"},
		{document.Day(ledger.NewDate(2026, 10, 15)), "令和8年（2026年）10月15日", "2026年10月15日"},
		{document.Day(ledger.NewDate(2019, 5, 1)), "令和元年（2019年）5月1日", "2019年5月1日"},
		{document.Day(ledger.NewDate(2019, 4, 30)), "平成31年（2019年）4月30日", "2019年4月30日"},
		{document.Day(ledger.NewDate(1989, 1, 7)), "昭和64年（1989年）1月7日", "1989年1月7日"},
		{document.Day(ledger.Date{}), "", ""},
		{document.Join(document.Words("残り"), document.Yen(5).Bold()), "残り5円", "残り5円"},
	} {
		if got := c.text.Say(document.Paper); got != c.paper {
			t.Errorf("%+v on paper is %q, want %q", c.text, got, c.paper)
		}
		if got := c.text.Say(document.Screen); got != c.screen {
			t.Errorf("%+v on screen is %q, want %q", c.text, got, c.screen)
		}
	}
	if got := (document.Stamp{On: ledger.NewDate(2026, 10, 14)}).Day(); got != "8.10.14" {
		t.Errorf("stamp of the day is %q", got)
	}
}

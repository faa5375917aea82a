package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// ApplicationTemplate names the layout rules of an application.
const ApplicationTemplate = "application/v1"

// Application is what the paper of an application is made of.
type Application struct {
	Organisation ledger.Organisation
	Form         template.Version
	Draft        application.Draft
	Worked       budget.Worked // of the draft's sheet; unused when the form has no budget
	Signed       []application.Signature
	Public       bool // the copy for an audience: without persons, addresses, accounts, and what may not be published
	Blank        bool // the questions alone
	At           time.Time
}

// Document makes the paper: each section with its fields in frames, the budget, and why the amount is what it is. A long text stands in a frame of its own; what is
// not answered keeps its frame, empty.
func (a Application) Document() document.Document {
	title := a.Draft.Title
	if a.Blank || title == "" {
		title = a.Form.Title
	}
	d := document.Document{Meta: document.Meta{Title: title, Author: a.Organisation.Name, Subject: a.Form.Title, Language: "ja", Template: ApplicationTemplate, CreatedAt: a.At}}
	kicker := a.Form.Title
	if a.Organisation.Practice {
		kicker = "【練習】" + kicker
	}
	d.Blocks = document.Blocks{document.Title{Kicker: kicker, Text: title}}
	shown := map[string]bool{}
	for _, key := range a.Form.Shown(a.Draft.Answers) {
		shown[key] = true
	}
	for _, s := range a.Form.Sections {
		if blocks := a.section(s, shown); len(blocks) > 0 {
			d.Blocks = append(append(d.Blocks, document.Heading{Text: s.Title, Note: s.Criterion}), blocks...)
		}
	}
	d.Blocks = append(d.Blocks, a.signatures()...)
	return d
}

// section gathers short answers into one frame and gives each long one its own.
func (a Application) section(s template.Section, shown map[string]bool) document.Blocks {
	var blocks document.Blocks
	frame := document.Table{Name: s.Title, Columns: []document.Column{{Head: "項目", Weight: 3}, {Head: "記入", Weight: 7}}}
	flush := func() {
		if len(frame.Rows) > 0 {
			blocks = append(blocks, frame)
			frame.Rows = nil
		}
	}
	for _, f := range s.Fields {
		if (!a.Blank && !shown[f.Key]) || (a.Public && hidden(f)) {
			continue
		}
		switch {
		case f.Type == template.BudgetGrid:
			flush()
			blocks = append(blocks, a.budget()...)
		case len(f.Columns) > 0:
			flush()
			blocks = append(blocks, a.table(f))
		case f.Type == template.LongText:
			flush()
			blocks = append(blocks, a.long(f)...)
		default:
			frame.Rows = append(frame.Rows, document.Row{Cells: []document.Text{document.Strong(f.Label), a.short(f)}})
		}
	}
	flush()
	return blocks
}

// hidden reports whether a field has no place in a public copy.
func hidden(f template.Field) bool { return f.Type.Personal() || f.Public == "no" }

// long is a long answer under its question, with a rule below it; what is not answered keeps room to write in.
func (a Application) long(f template.Field) document.Blocks {
	heading := document.Heading{Text: f.Label, Sub: true}
	if f.Limit != nil {
		heading.Text += limitWords(f)
	}
	text := a.Draft.Answers[f.Key].Text
	if a.Blank || text == "" {
		text = strings.Repeat("\n", 3)
	}
	return document.Blocks{heading, document.Paragraph{Text: document.Words(text), Keep: true}, document.Rule{}}
}

func limitWords(f template.Field) string {
	switch f.Limit.Kind {
	case "frame":
		return fmt.Sprintf("（%d字 × %d行）", f.Limit.Cols, f.Limit.Max)
	case "pages":
		return fmt.Sprintf("（A4 %d枚以内）", f.Limit.Max)
	}
	within := "以内"
	if f.Limit.Soft {
		within = "程度"
	}
	return fmt.Sprintf("（%d字%s）", f.Limit.Max, within)
}

func (a Application) short(f template.Field) document.Text {
	answer := a.Draft.Answers[f.Key]
	switch f.Type {
	case template.Computed:
		if n, known := a.Form.Value(f.Key, a.Draft.Answers, a.Worked.Figures(a.Draft.Budget)); known && !a.Blank {
			return document.Words(ledger.Yen(n).String())
		}
		return nil
	case template.Yen:
		if amount, err := ledger.ParseYen(answer.Text); err == nil {
			return document.Words(document.Paper.Yen(amount) + "円")
		}
	case template.Date, template.WarekiDate:
		if on, err := ledger.ParseDate(answer.Text); err == nil {
			return document.Day(on)
		}
	case template.DateRange:
		return span(answer.List)
	case template.Multi:
		return document.Words(strings.Join(answer.List, "、"))
	case template.Single:
		if a.Blank {
			return document.Words("□ " + strings.Join(f.Options, "　□ "))
		}
	}
	return document.Words(answer.Text)
}

func span(days []string) document.Text {
	if len(days) != 2 {
		return document.Words("")
	}
	from, err := ledger.ParseDate(days[0])
	until, also := ledger.ParseDate(days[1])
	if err != nil || also != nil {
		return document.Words(strings.Join(days, " 〜 "))
	}
	return document.Join(document.Day(from), document.Words(" 〜 "), document.Day(until))
}

func (a Application) table(f template.Field) document.Table {
	t := document.Table{Name: f.Label, Caption: f.Label}
	for _, c := range f.Columns {
		t.Columns = append(t.Columns, document.Column{Head: c.Label, Weight: 1, End: c.Type == template.Number || c.Type == template.Yen})
	}
	rows := a.Draft.Answers[f.Key].Rows
	if len(rows) == 0 {
		rows = make([][]string, max(1, f.MinRows))
	}
	for _, row := range rows {
		cells := make([]document.Text, len(f.Columns))
		for i := range cells {
			if i < len(row) {
				cells[i] = document.Words(row[i])
			}
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}

// costs is the cost side. Who pays each line stands there when somebody of the group said so of any.
func (a Application) costs() document.Table {
	said := a.Draft.Budget.Said()
	t := document.Table{Name: "支出", Caption: "支出の部（円）", Columns: []document.Column{{Head: "科目", Weight: 2}, {Head: "内容・積算", Weight: 4}, {Head: "金額", End: true}, {Head: "うち対象", End: true}}}
	if said {
		t.Columns = append(t.Columns, document.Column{Head: "助成", End: true}, document.Column{Head: "ほか", End: true}, document.Column{Head: "団体", End: true})
	}
	var sum budget.Parts
	for _, l := range a.Worked.Lines {
		row := document.Row{Cells: []document.Text{document.Words(a.category(l.Category)), document.Words(reckoned(l.Cost)), document.Bare(l.Amount), document.Bare(l.Eligible)}}
		if said {
			row.Cells = append(row.Cells, document.Bare(l.Parts.Grant), document.Bare(l.Parts.Other), document.Bare(l.Parts.Own))
		}
		t.Rows = append(t.Rows, row)
		sum.Grant, sum.Other, sum.Own = sum.Grant+l.Parts.Grant, sum.Other+l.Parts.Other, sum.Own+l.Parts.Own
	}
	foot := document.Row{Total: true, Bold: true, Cells: []document.Text{document.Words("合計"), nil, document.Bare(a.Worked.Total), document.Bare(a.Worked.Eligible)}}
	if said {
		foot.Cells = append(foot.Cells, document.Bare(sum.Grant), document.Bare(sum.Other), document.Bare(sum.Own))
	}
	t.Rows = append(t.Rows, foot)
	return t
}

// budget is the 収支予算: what it costs, what comes in, and the trace of the claim.
func (a Application) budget() document.Blocks {
	cost := a.costs()
	income := document.Table{Name: "収入", Caption: "収入の部（円）", Columns: []document.Column{{Head: "科目", Weight: 2}, {Head: "内容", Weight: 4}, {Head: "金額", End: true}}}
	income.Rows = append(income.Rows, document.Row{Bold: true, Cells: []document.Text{document.Words("この助成"), nil, document.Bare(a.Worked.Share.Grant)}})
	for _, in := range a.Draft.Budget.Income {
		income.Rows = append(income.Rows, document.Row{Cells: []document.Text{document.Words(incomeNames[in.Source]), document.Words(in.Item), document.Bare(in.Amount)}})
	}
	income.Rows = append(income.Rows,
		document.Row{Cells: []document.Text{document.Words("団体の負担"), nil, document.Bare(a.Worked.Share.Own)}},
		document.Row{Total: true, Bold: true, Cells: []document.Text{document.Words("合計"), nil, document.Bare(a.Worked.Share.Grant + a.Worked.Share.Income + a.Worked.Share.Own)}})
	blocks := document.Blocks{cost, income}
	if lines := a.Worked.Claim.Explain(a.words()); len(lines) > 0 && !a.Blank {
		items := make([]document.Text, len(lines))
		for i, line := range lines {
			items[i] = document.Words(line)
		}
		blocks = append(blocks, document.Heading{Text: "なぜこの額か", Sub: true}, document.List{Items: items})
	}
	return blocks
}

var incomeNames = map[formula.Source]string{
	formula.Donation: "寄付", formula.Fee: "利用料・参加費", formula.Sponsor: "協賛", formula.OtherGrant: "ほかの助成・補助", formula.OtherIn: "その他の収入",
}

// spec is the budget part that holds for the draft.
func (a Application) spec() template.Budget {
	if a.Form.Budget == nil {
		return template.Budget{}
	}
	return a.Draft.Budget.Spec(*a.Form.Budget)
}

func (a Application) category(key string) string {
	for _, c := range a.spec().Categories {
		if c.Key == key {
			return c.Label
		}
	}
	return key
}

func (a Application) words() formula.Words { return budget.Words(a.spec()) }

// reckoned is the 積算 of a line: 講師 10,000円 × 4回.
func reckoned(c budget.Cost) string {
	words := c.Item
	if c.Quantity != 1 || c.Times > 1 {
		words += fmt.Sprintf("　%s円 × %s%s", document.Paper.Yen(c.Price), document.Paper.Number(c.Quantity), c.Unit)
	}
	if c.Times > 1 {
		words += fmt.Sprintf(" × %s%s", document.Paper.Number(c.Times), c.TimesOf)
	}
	if c.Note != "" {
		words += "　" + c.Note
	}
	return words
}

// signatures are the sign-offs of the content as it stands.
func (a Application) signatures() document.Blocks {
	if a.Public || a.Blank {
		return nil
	}
	var blocks document.Blocks
	for _, s := range a.Signed {
		if s.Current && s.Approved {
			blocks = append(blocks, document.Signature{Role: signerNames[s.Role], Name: s.By, On: ledger.DateOf(s.At)})
		}
	}
	if len(blocks) > 0 {
		blocks = append(document.Blocks{document.Heading{Text: "団体内の承認"}}, blocks...)
	}
	return blocks
}

var signerNames = map[ledger.Role]string{ledger.Treasurer: "会計", ledger.Representative: "代表", ledger.Auditor: "監事"}

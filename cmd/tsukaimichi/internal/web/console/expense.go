package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// ExpensePage is one expense: the papers beside what was typed, so that another person can compare.
type ExpensePage struct {
	page.Console
	Heading string
	Tags    []page.Tag
	Amount  ledger.Yen
	Failed  Failure // what was just asked for could not be done
	Notice  page.Notice
	Pairs   []page.Pair
	Lines   page.Table
	Papers  []PaperRow
	NoPaper string
	History []Past
	Check   Act
	Refuse  Act
	Add     Act
	Upload  Papers
	Repay   Act
	Reverse Act
}

// Template names the template of the page.
func (ExpensePage) Template() string { return "console/expense" }

// PaperRow is a piece of evidence: a photo to look at, or a PDF to open.
type PaperRow struct {
	Href   string
	Alt    string
	Photo  bool
	Note   string
	Copies []page.Pair // for everybody, with where they stand
	Copy   page.Link   // makes one
	NoCopy string      // why none can be made
}

// expenseView is an expense with what belongs to it.
type expenseView struct {
	ledger.Expense
	Place    string
	Papers   []ledger.Evidence
	Copies   []redaction.Redaction
	Shares   []page.Row
	History  []ledger.Step
	Places   []place
	Reversed bool
	Unpaid   bool // checked, and still to be paid
	Short    *fundLeft
}

// Expense shows one expense.
func (p *Pages) Expense(w http.ResponseWriter, r *http.Request) error {
	return p.expense(w, r, http.StatusOK, "", nil, nil)
}

// expense shows an expense; the problems belong to the form of that name on the page.
func (p *Pages) expense(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	view, err := p.findExpense(r.Context(), d, id)
	if err != nil {
		return err
	}
	failed := notDone(problems)
	built := buildExpense(d, view, form, values, problems)
	built.Failed = failed.gone(form, values, problems, built.Check, built.Refuse, built.Add, built.Repay, built.Reverse)
	built.Console = d.Frame(r, built.Heading, page.Money, page.Link{Href: d.Path("expenses"), Text: "支出"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func (p *Pages) findExpense(ctx context.Context, d Desk, id int64) (expenseView, error) {
	organisation := d.Organisation.ID
	e, err := ledger.FindExpense(ctx, p.DB, organisation, id)
	if err != nil {
		return expenseView{}, err
	}
	v := expenseView{Expense: e}
	if v.Papers, err = ledger.EvidenceOfExpense(ctx, p.DB, organisation, id); err != nil {
		return v, err
	}
	if v.Copies, err = redaction.OfExpense(ctx, p.DB, organisation, id); err != nil {
		return v, err
	}
	if v.History, err = ledger.History(ctx, p.DB, organisation, "expense", id); err != nil {
		return v, err
	}
	if v.Places, err = places(ctx, p.DB, organisation, d.Today()); err != nil {
		return v, err
	}
	if v.Shares, err = p.shares(ctx, d, e); err != nil {
		return v, err
	}
	v.Place = "まだ払っていない・だれかが立て替えた"
	for _, at := range v.Places {
		if at.Code == e.Account {
			v.Place = at.Plain
		}
	}
	if e.TransactionID > 0 {
		line, err := ledger.FindJournalLine(ctx, p.DB, organisation, e.TransactionID)
		if err != nil {
			return v, err
		}
		v.Reversed = line.Reversed
	}
	unpaid, err := ledger.UnpaidExpenses(ctx, p.DB, organisation)
	if err != nil {
		return v, err
	}
	for _, u := range unpaid {
		v.Unpaid = v.Unpaid || u.ID == id
	}
	v.Short, err = p.shortFund(ctx, d, e)
	return v, err
}

// shares are the parts of the expense as rows: what for, which account, how much.
func (p *Pages) shares(ctx context.Context, d Desk, e ledger.Expense) ([]page.Row, error) {
	offered, err := purposes(ctx, p.DB, d)
	if err != nil {
		return nil, err
	}
	accounts, err := ledger.Accounts(ctx, p.DB, d.Organisation.ID)
	if err != nil {
		return nil, err
	}
	plain := map[int]string{}
	for _, a := range accounts {
		plain[a.Code] = a.Plain
	}
	var rows []page.Row
	for _, l := range e.Lines {
		name := purposeNamed(offered, purpose{FundID: l.FundID, UseID: l.UseID, InitiativeID: l.InitiativeID}.value()).Text
		if name == "" {
			fund, err := ledger.FindFund(ctx, p.DB, d.Organisation.ID, l.FundID)
			if err != nil {
				return nil, err
			}
			name = fundName(fund)
		}
		rows = append(rows, page.Row{Name: name, Note: plain[l.Account], Cells: []string{page.YenText(l.Amount) + "円"}})
	}
	return rows, nil
}

// shortFund is the fund that could not bear an unchecked expense, if there is one: checking it would be refused.
func (p *Pages) shortFund(ctx context.Context, d Desk, e ledger.Expense) (*fundLeft, error) {
	if e.Status != ledger.Unchecked {
		return nil, nil
	}
	funds, err := fundsLeft(ctx, p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return nil, err
	}
	for _, l := range e.Lines {
		for _, f := range funds {
			if f.ID != l.FundID || f.Kind == ledger.AwardFund {
				continue
			}
			if e.TransactionID == 0 {
				f.Left -= l.Amount
			}
			if f.Left < 0 {
				return &f, nil
			}
		}
	}
	return nil, nil
}

func buildExpense(d Desk, v expenseView, form string, values url.Values, problems map[string]string) ExpensePage {
	of := func(name string) (url.Values, map[string]string) {
		if form == name {
			return values, problems
		}
		return nil, nil
	}
	e := ExpensePage{Heading: v.What, Amount: v.Amount, Tags: []page.Tag{expenseTag(v.Status, v.Reversed)}, Pairs: expensePairs(d, v),
		Lines: page.Table{Caption: "どの使いみちか", Narrow: true, Columns: []page.Column{{Text: "使いみち"}, {Text: "金額", Number: true}}, Rows: v.Shares}}
	if v.Unpaid {
		e.Tags = append(e.Tags, page.Tag{Kind: page.TagWait, Text: "まだ払っていません"})
	}
	for i, paper := range v.Papers {
		row := PaperRow{Href: d.Path("evidence", paper.ID), Photo: paper.Type == files.JPEG,
			Alt:  fmt.Sprintf("%s の書類 %d枚目", v.What, i+1),
			Note: fmt.Sprintf("%d枚目・%sに入れました", i+1, page.Minute(paper.AddedAt))}
		row.copies(d, v, paper)
		e.Papers = append(e.Papers, row)
	}
	if v.NoPaper != "" {
		e.NoPaper = "レシートがない理由：" + noPaperName(v.NoPaper)
	}
	e.History = pasts(v.History, expenseStep)
	e.acts(d, v, of)
	return e
}

// copies adds the copies of a paper for everybody, and the way to make one.
func (row *PaperRow) copies(d Desk, v expenseView, paper ledger.Evidence) {
	for _, x := range v.Copies {
		if x.EvidenceID == paper.ID {
			row.Copies = append(row.Copies, page.Pair{Term: "公開する写し", Text: copyTag(x).Text, Link: page.Link{Href: d.Path("redactions", x.ID), Text: "写しを見る"}})
		}
	}
	switch {
	case v.Status == ledger.Refused || !d.May(enterers...):
	case row.Photo:
		row.Copy = page.Link{Href: d.Path("evidence", paper.ID, "redact"), Text: "公開する写しを作る"}
	default:
		row.NoCopy = "PDFからは、公開する写しを作れません。印刷して写真にとり、「書類を足す」で入れると、作れます。"
	}
}

// acts adds what this person may do with the expense.
func (e *ExpensePage) acts(d Desk, v expenseView, of formOf) {
	own := v.EnteredPerson == d.Person.ID
	switch {
	case v.Status != ledger.Unchecked:
	case d.May(checkers...) && !own:
		e.Check = checkAct(d, v, of)
		e.Refuse = refuseAct(d, v, of, "確認できない", "確認できない理由")
	case own && d.May(enterers...):
		e.Notice = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "確認待ち"}, Head: "ほかの人の確認を待っています", Text: "自分で入れた支出は、自分では確認できません。"}
		e.Refuse = refuseAct(d, v, of, "まちがえたので取り下げる", "取り下げる理由")
	}
	if v.Short != nil {
		e.Notice = page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "足りません"}, Attend: true,
			Head: "「" + v.Short.Name + "」が" + page.YenText(-v.Short.Left) + "円足りません", Text: "このままでは確認できません。先に一般のお金から補ってください。"}
		if d.May(treasurer...) {
			e.Notice.Link = page.Link{Href: d.Path("money", "cover") + fmt.Sprintf("?to=%d&amount=%d", v.Short.ID, int64(-v.Short.Left)), Text: "一般から補う"}
		}
	}
	if v.Status != ledger.Refused && d.May(enterers...) {
		e.Add = Act{ID: "papers", Summary: "書類を足す", Action: d.Path("expenses", v.ID, "papers"), Button: "足す", Plain: true, Files: true, Bare: true}
		_, problems := of("papers")
		form := page.NewForm(nil, problems)
		field := form.Field(page.Field{Name: "papers", Label: "足す写真かPDF"})
		e.Upload = Papers{ID: "papers-file", Label: field.Label, Problem: field.Problem, Focus: field.Autofocus}
	}
	if d.May(treasurer...) && v.Unpaid {
		e.Repay = repayAct(d, v, of)
	}
	if d.May(treasurer...) && v.Status == ledger.Checked && !v.Reversed {
		values, problems := of("reverse")
		b := builder{form: page.NewForm(values, problems), prefix: "reverse"}
		e.Reverse = Act{ID: "reverse", Summary: "取り消す", Lead: "確認したあとの支出は消えません。反対の記録を足して、両方を残します。", Action: d.Path("expenses", v.ID, "reverse"),
			Button: "取り消しの記録を足す", Plain: true, Open: problems != nil, Items: []Item{b.reason("取り消す理由", "")}}
		e.Reverse.Problems = b.form.Problems()
	}
}

func checkAct(d Desk, v expenseView, of formOf) Act {
	values, problems := of("check")
	b := builder{form: page.NewForm(values, problems), prefix: "check"}
	lead := "書類と、金額・日・払った先・使いみちを見くらべてください。"
	if len(v.Papers) == 0 && v.NoPaper == "" {
		lead = "書類がまだありません。入れた人に聞いてから確認してください。"
	}
	act := Act{ID: "check", Lead: lead, Action: d.Path("expenses", v.ID, "check"), Button: "確認しました", Bare: true}
	act.Problems = b.form.Problems()
	return act
}

func refuseAct(d Desk, v expenseView, of formOf, summary, label string) Act {
	values, problems := of("refuse")
	b := builder{form: page.NewForm(values, problems), prefix: "refuse"}
	act := Act{ID: "refuse", Summary: summary, Lead: "帳簿に入っている分は取り消され、両方の記録が残ります。", Action: d.Path("expenses", v.ID, "refuse"),
		Button: summary, Plain: true, Open: problems != nil, Items: []Item{b.reason(label, "入れた人が、次にどうすればよいか分かるように書きます。")}}
	act.Problems = b.form.Problems()
	return act
}

func repayAct(d Desk, v expenseView, of formOf) Act {
	values, problems := of("repay")
	b := builder{form: page.NewForm(values, problems), prefix: "repay"}
	act := Act{ID: "repay", Summary: "払った・立替えを返した", Bare: true, Action: d.Path("expenses", v.ID, "repay"), Button: "払ったことを帳簿に入れる",
		Lead: page.YenText(v.Amount) + "円を払ったときに入れます。", Items: []Item{
			b.field(dayField("on", "払った日", d.Today().String())),
			b.field(page.Field{Name: "place", Label: "どこから払ったか", Options: selectOptions("選んでください", placeOptions(v.Places))})}}
	act.Problems = b.form.Problems()
	return act
}

func expensePairs(d Desk, v expenseView) []page.Pair {
	when := "払った日"
	if !v.Paid() {
		when = "書類の日"
	}
	pairs := []page.Pair{{Term: when, Text: page.Day(v.PaidOn)}, {Term: "払った先", Text: v.Payee}, {Term: "どのお金で", Text: v.Place},
		{Term: "入れた人", Text: v.EnteredBy + "\n" + page.Minute(v.EnteredAt)}}
	if v.DecidedBy != "" && v.DecidedAt.Valid {
		pairs = append(pairs, page.Pair{Term: "確認した人", Text: v.DecidedBy + "\n" + page.Minute(v.DecidedAt.Time)})
	}
	if v.Reason != "" {
		pairs = append(pairs, page.Pair{Term: "理由", Text: v.Reason})
	}
	if v.TransactionID > 0 {
		pairs = append(pairs, page.Pair{Term: "帳簿の記録", Link: page.Link{Href: d.Path("book", v.TransactionID), Text: "見る"}})
	}
	return pairs
}

func expenseStep(step string) string {
	switch step {
	case "entered":
		return "入れました"
	case string(ledger.Checked):
		return "確認しました"
	case string(ledger.Refused):
		return "確認できませんでした"
	case "reversed":
		return "取り消しました"
	case "repaid":
		return "払いました"
	case "copy_prepared":
		return "公開する写しを作りました"
	case "copy_approved":
		return "写しを確かめて、公開しました"
	case "copy_refused":
		return "写しを公開しないと決めました"
	case "copy_withdrawn":
		return "公開する写しを取り下げました"
	}
	return step
}

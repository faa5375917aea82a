package applying

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ApplicationPage is one application: how far it is, where to write, who signs, what was handed in and what came of it.
type ApplicationPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	State    string
	Percent  int
	Filled   string
	Sections []page.ListRow
	Errors   []page.Link
	Warnings []page.Link
	Disagree []string
	Unsure   Marks // 要確認 of the form
	Lessons  []page.Pair
	Holder   string
	HoldAt   string
	Hold     page.Field
	Give     string // where to give it to the signers; empty when it cannot be
	Sign     SignForm
	Signed   []page.Pair
	Papers   []page.Document
	Newer    page.Link // a newer version of the form, with what is said of it
	Left     page.Link // what found no place in it
	Versions []page.ListRow
	KeepAt   string
	Reason   page.Field
	Notes    []NoteRow
	NoteAt   string
	Note     []page.Field
	Submit   Act
	Sent     []page.Pair
	Outcome  Act
	Decided  []page.Pair
	Problems page.Problems
	Written  page.Written // in a form that is not on the page any more
}

// Template names the template of the page.
func (ApplicationPage) Template() string { return "applying/application" }

// SignForm signs or returns exactly the content that was read.
type SignForm struct {
	Action  string
	Hash    string
	Role    string
	Comment page.Field
}

// Act is a form with its fields.
type Act struct {
	Open   bool // something is wrong with it
	Action string
	Hash   string
	Fields []page.Field
}

// Application shows an application.
func (p *Pages) Application(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.application(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) application(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	shown := ApplicationPage{Heading: m.Draft.Title, Tag: statusTags[m.Draft.Status], Percent: m.Check.Percent(), Filled: fmt.Sprintf("書くところ %dのうち%d", m.Check.Required, m.Check.Filled)}
	shown.State = m.Form.Title
	if !m.Draft.DueOn.IsZero() {
		call, err := NewLines(p.DB, m.Today()).call(r.Context(), m.Draft.OpportunityID)
		if err != nil {
			return err
		}
		shown.State += "　締切 " + page.DayOnly(m.Draft.DueOn) + ruleOf(call, m.Draft.DueOn)
	}
	form := page.NewForm(values, problems)
	shown.sections(m)
	shown.problems(m)
	shown.Unsure = m.marks()
	for _, part := range []func(*http.Request, matter, *page.Form) error{func(r *http.Request, m matter, f *page.Form) error { return p.signing(r, m, f, &shown) },
		func(r *http.Request, m matter, f *page.Form) error { return p.kept(r, m, f, &shown) }, func(r *http.Request, m matter, f *page.Form) error { return p.sent(r, m, f, &shown) },
		func(r *http.Request, m matter, f *page.Form) error { return p.held(r, m, f, &shown) },
		func(r *http.Request, m matter, f *page.Form) error { return p.disagreements(r, m, &shown) }} {
		if err := part(r, m, form); err != nil {
			return err
		}
	}
	shown.Papers = m.papers()
	shown.Problems = form.Problems()
	shown.Outcome.Open = shown.Outcome.Open || len(problems) > 0 && r.URL.Path == shown.Outcome.Action
	if len(problems) > 0 && !shown.asks(r.URL.Path) { // somebody else was faster
		shown.Written = page.NewWritten(values)
	}
	shown.Console = frame(m.Desk, r, m.Draft.Title)
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// asks reports whether the page has the form that is sent to the path.
func (a *ApplicationPage) asks(path string) bool {
	return slices.Contains([]string{a.Give, a.Sign.Action, a.KeepAt, a.NoteAt, a.HoldAt, a.Submit.Action, a.Outcome.Action}, path)
}

// sections lists where to write, with what is missing in each.
func (a *ApplicationPage) sections(m matter) {
	missing := map[string]int{}
	for _, problem := range m.Check.Problems {
		if problem.Severity == template.Error {
			missing[problem.Field]++
		}
	}
	writing := m.May(writers...) && m.Draft.Status.Open()
	for _, s := range m.Form.Sections {
		lacks := 0
		for _, f := range s.Fields {
			lacks += missing[f.Key]
		}
		row := page.ListRow{Name: s.Title, Note: s.Criterion, Tag: page.Tag{Kind: page.TagDone, Text: "書けています"}}
		if lacks > 0 {
			row.Tag = page.Tag{Kind: page.TagDraft, Text: fmt.Sprintf("あと%d", lacks)}
		}
		if writing {
			row.Href = m.at("write", s.Key)
		}
		a.Sections = append(a.Sections, row)
	}
	if m.Form.Budget != nil {
		row := page.ListRow{Name: "予算の表", Href: m.at("budget"), Text: fmt.Sprintf("求められる額 %s円　団体の負担 %s円", page.YenText(m.Worked.Claim.Amount), page.YenText(m.Worked.Share.Own))}
		a.Sections = append(a.Sections, row)
	}
}

// problems lists what to mend, errors apart from warnings, each with its place.
func (a *ApplicationPage) problems(m matter) {
	writing := m.May(writers...) && m.Draft.Status.Open()
	section := map[string]string{}
	label := map[string]string{}
	for _, s := range m.Form.Sections {
		for _, f := range s.Fields {
			section[f.Key], label[f.Key] = s.Key, f.Label
		}
	}
	for _, problem := range m.Check.Problems {
		link := page.Link{Text: problemWords(problem)}
		if key := section[problem.Field]; key != "" {
			link = page.Link{Text: label[problem.Field] + "：" + problemWords(problem)}
			if writing {
				link.Href = m.at("write", key) + "#a-" + problem.Field
			}
		}
		if problem.Severity == template.Error {
			a.Errors = append(a.Errors, link)
		} else {
			a.Warnings = append(a.Warnings, link)
		}
	}
	for _, problem := range m.Worked.Problems {
		link := page.Link{Href: m.at("budget"), Text: "収支予算：" + locale.Japanese.T(problem.Code)}
		if problem.Severity == template.Error {
			a.Errors = append(a.Errors, link)
		} else {
			a.Warnings = append(a.Warnings, link)
		}
	}
	if m.Form.Budget != nil && m.Draft.RuleChanged() {
		a.Warnings = append(a.Warnings, page.Link{Href: m.at("budget"), Text: "収支予算：募集の額の決まりが変わりました。"})
	}
	if m.Worked.Missing != "" {
		a.Errors = append(a.Errors, page.Link{Href: m.at("budget"), Text: "収支予算：「" + m.spec().Names[m.Worked.Missing] + "」を入れてください。"})
	}
}

// signing shows whose turn it is and who has signed.
func (p *Pages) signing(r *http.Request, m matter, form *page.Form, shown *ApplicationPage) error {
	done, err := application.Signatures(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	roles, err := p.signersOf(r, m)
	if err != nil {
		return err
	}
	for _, s := range done {
		text := s.By + "　承認"
		if !s.Approved {
			text = s.By + "　もどし：" + s.Comment
		}
		if !s.Current {
			text += "（いまの内容の前の版）"
		}
		shown.Signed = append(shown.Signed, page.Pair{Term: roleName(s.Role) + "　" + page.DayOnly(ledger.DateOf(s.At)), Text: text})
	}
	if m.May(writers...) && m.Draft.Status == application.Drafting && m.ready() {
		shown.Give = m.at("give")
	}
	turn := application.Turn(m.Draft, done, roles)
	if turn == "" {
		return nil
	}
	shown.Signed = append(shown.Signed, page.Pair{Term: "つぎ", Text: roleName(turn) + "の番です"})
	if m.May(turn) {
		shown.Sign = SignForm{Action: m.at("sign"), Hash: fmt.Sprintf("%x", m.Draft.Hash), Role: roleName(turn), Comment: form.Field(page.Field{Name: "comment", Label: "もどすときのわけ", Aside: "承認するときは書かなくてよい", Rows: 3})}
	}
	return nil
}

// signersOf are the roles of the group that have somebody, in the order of signing.
func (p *Pages) signersOf(r *http.Request, m matter) ([]ledger.Role, error) {
	members, err := ledger.Members(r.Context(), p.DB, m.Organisation.ID, m.Today())
	if err != nil {
		return nil, err
	}
	return signersAmong(members), nil
}

func roleName(role ledger.Role) string { return locale.Japanese.T("auth.role_" + string(role)) }

// kept shows versions and notes.
func (p *Pages) kept(r *http.Request, m matter, form *page.Form, shown *ApplicationPage) error {
	versions, err := application.Versions(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		shown.Versions = append(shown.Versions, page.ListRow{Name: fmt.Sprintf("第%d版　%s", v.Version, v.Reason), Href: m.at("versions", v.Version), Note: page.DayOnly(ledger.DateOf(v.At)) + "　" + v.By})
	}
	if err = p.newer(r, m, versions, shown); err != nil {
		return err
	}
	notes, err := application.Notes(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, n := range notes {
		shown.Notes = append(shown.Notes, noteRow(m, n))
	}
	writing := m.May(writers...)
	if writing {
		shown.KeepAt, shown.Reason = m.at("keep"), form.Field(page.Field{Name: "reason", Label: "何のための版ですか", Hint: "例：相談の前に"})
		shown.NoteAt = m.at("notes")
		people, err := p.people(r, m)
		if err != nil {
			return err
		}
		fields := []page.Option{{Text: "申請の全体"}}
		for _, f := range m.Form.Fields() {
			fields = append(fields, page.Option{Value: f.Key, Text: f.Label})
		}
		shown.Note = []page.Field{form.Field(page.Field{Name: "text", Label: "ひとこと・すること", Rows: 2}), form.Field(page.Field{Name: "field", Label: "どこについて", Options: fields}),
			form.Field(page.Field{Name: "for", Label: "だれがするか", Aside: "することなら", Options: people}), form.Field(page.Field{Name: "task_due_on", Label: "いつまでに", Aside: "することなら"})}
	}
	return nil
}

// sent shows what was handed in and what came of it, and asks for it.
func (p *Pages) sent(r *http.Request, m matter, form *page.Form, shown *ApplicationPage) error {
	submissions, err := application.Submissions(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, s := range submissions {
		text := s.Manner
		if s.Number != "" {
			text += "　番号 " + s.Number
		}
		shown.Sent = append(shown.Sent, page.Pair{Term: page.DayOnly(s.SubmittedOn), Text: fmt.Sprintf("%s　第%d版　ファイル%d", text, s.Version, len(s.Files))})
	}
	outcomes, err := application.Outcomes(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		text := statusTags[o.Status].Text
		if o.Amount > 0 {
			text += "　" + page.YenText(o.Amount) + "円"
		}
		for _, more := range []string{o.Reason, o.Lesson} {
			if more != "" {
				text += "　" + more
			}
		}
		shown.Decided = append(shown.Decided, page.Pair{Term: page.DayOnly(o.DecidedOn), Text: text})
	}
	if !m.May(senders...) {
		return nil
	}
	if m.Draft.Status == application.Approved {
		shown.Submit = Act{Action: m.at("submit"), Hash: fmt.Sprintf("%x", m.Draft.Hash), Fields: []page.Field{
			form.Field(page.Field{Name: "manner", Label: "出し方", Options: []page.Option{{Value: "郵送", Text: "郵送"}, {Value: "持参", Text: "持参"}, {Value: "電子申請", Text: "電子申請"}, {Value: "メール", Text: "メール"}}}),
			form.Field(page.Field{Name: "number", Label: "受付番号・追跡番号", Aside: "あれば"}), form.Field(page.Field{Name: "submitted_on", Label: "出した日", Value: page.DayOnly(m.Today())}),
		}}
	}
	if m.Draft.Status == application.Submitted || m.Draft.Status == application.Accepted || m.Draft.Status.Open() {
		shown.Outcome = outcomeAct(m, form)
	}
	return nil
}

func outcomeAct(m matter, form *page.Form) Act {
	choose := page.Option{Value: "", Text: "選んでください"}
	options := []page.Option{choose, {Value: string(application.Withdrawn), Text: "取り下げ"}}
	if !m.Draft.Status.Open() {
		options = []page.Option{choose, {Value: string(application.Accepted), Text: "受け付けられた"}, {Value: string(application.Granted), Text: "採択"}, {Value: string(application.PartGranted), Text: "一部採択"},
			{Value: string(application.Declined), Text: "不採択"}, {Value: string(application.Withdrawn), Text: "取り下げ"}}
	}
	a := Act{Action: m.at("outcome"), Fields: []page.Field{
		form.Field(page.Field{Name: "status", Label: "結果", Options: options}), form.Field(page.Field{Name: "amount", Label: "決まった額", Aside: "採択のとき", Unit: "円"}),
		form.Field(page.Field{Name: "decided_on", Label: "決まった日", Value: page.DayOnly(m.Today())}), form.Field(page.Field{Name: "why", Label: "聞いたわけ", Rows: 3}), form.Field(page.Field{Name: "lesson", Label: "来年へのおぼえ", Rows: 3}),
	}}
	for _, field := range a.Fields {
		a.Open = a.Open || field.Problem != ""
	}
	return a
}

// papers are what can be printed or taken away.
func (m matter) papers() []page.Document {
	return []page.Document{
		{Link: page.Link{Href: m.at("application.pdf"), Text: "申請書（PDF）"}}, {Link: page.Link{Href: m.at("application.docx"), Text: "申請書（Word）", Note: "助成団体のページに写すときや、ほかで書き足すとき"}}, {Link: page.Link{Href: m.at("public.pdf"), Text: "公開用の申請書（PDF）", Note: "名前・連絡先・口座をのぞく"}},
		{Link: page.Link{Href: m.at("cover.pdf"), Text: "送付状（PDF）"}}, {Link: page.Link{Href: m.at("form"), Text: "助成団体の様式（Word・Excel）に入れる"}}, {Link: page.Link{Href: m.at("bundle.zip"), Text: "まとめて取り出す（ZIP）"}},
	}
}

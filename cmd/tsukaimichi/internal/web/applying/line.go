package applying

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Line is a draft as somebody sees it who has many: how it stands, what comes next, and whose turn it is.
type Line struct {
	Slug         string
	Title        string
	Href         string
	Call         string // the programme
	Light        application.Light
	Tag          page.Tag
	Why          string // the light's reason
	Deadline     string // 2027年1月9日 必着
	Left         string // あと12日
	Percent      int
	Written      string
	Task         string
	Turn         string // whose turn it is
	Coordinators bool   // it is a coordinator's
}

// Lights are the lights with their words, the most urgent first.
var Lights = []struct {
	Light application.Light
	Tag   page.Tag
}{
	{application.Late, page.Tag{Kind: page.TagLate, Text: "締切をすぎました"}}, {application.Hurry, page.Tag{Kind: page.TagLate, Text: "急ぐ"}}, {application.Careful, page.Tag{Kind: page.TagWait, Text: "気をつける"}},
	{application.NoDay, page.Tag{Kind: page.TagDraft, Text: "締切なし"}}, {application.Steady, page.Tag{Kind: page.TagOpen, Text: "順調"}}, {application.Waiting, page.Tag{Kind: page.TagDone, Text: "結果を待つ"}},
}

// Urgency orders lines: by light.
func (l Line) Urgency() int {
	for i, known := range Lights {
		if known.Light == l.Light {
			return i
		}
	}
	return len(Lights)
}

// Lines makes the lines of groups. Forms and calls, which groups share, are read once.
type Lines struct {
	db    *sqlx.DB
	today ledger.Date
	forms map[string]template.Version
	calls map[int64]catalogue.Opportunity
}

// NewLines makes lines as of a day.
func NewLines(db *sqlx.DB, today ledger.Date) *Lines {
	return &Lines{db, today, map[string]template.Version{}, map[int64]catalogue.Opportunity{}}
}

// Of returns the lines of a group: what can still be handed in, and what waits for its outcome.
func (ls *Lines) Of(ctx context.Context, o ledger.Organisation) ([]Line, error) {
	drafts, err := application.List(ctx, ls.db, o.ID)
	if err != nil {
		return nil, err
	}
	tasks, err := application.NextTasks(ctx, ls.db, o.ID)
	if err != nil {
		return nil, err
	}
	members, err := ledger.Members(ctx, ls.db, o.ID, ls.today)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, d := range drafts {
		if !d.Status.Open() && d.Status != application.Submitted && d.Status != application.Accepted {
			continue
		}
		line, err := ls.line(ctx, o, d, members)
		if err != nil {
			return nil, err
		}
		if task, some := tasks[d.ID]; some {
			line.Task = taskWords(task)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func taskWords(n application.Note) string {
	text := n.Text
	if n.For != "" {
		text += "　" + n.For
	}
	if !n.DueOn.IsZero() {
		text += "　" + page.DayOnly(n.DueOn) + "まで"
	}
	return text
}

func (ls *Lines) line(ctx context.Context, o ledger.Organisation, d application.Draft, members []ledger.Membership) (Line, error) {
	form, err := ls.form(ctx, d)
	if err != nil {
		return Line{}, err
	}
	call, err := ls.call(ctx, d.OpportunityID)
	if err != nil {
		return Line{}, err
	}
	m := matter{Draft: d, Form: form}
	if err = m.work(); err != nil {
		return Line{}, err
	}
	stand := d.Stand(m.ready(), ls.today)
	line := Line{Slug: o.Slug, Title: d.Title, Href: fmt.Sprintf("/desk/%s/applications/%d", url.PathEscape(o.Slug), d.ID), Call: call.Programme, Light: stand.Light, Why: why(stand),
		Percent: m.Check.Percent(), Written: fmt.Sprintf("%dのうち%d", m.Check.Required, m.Check.Filled)}
	line.Tag = Lights[line.Urgency()].Tag
	if !d.DueOn.IsZero() {
		line.Deadline = page.DayOnly(d.DueOn) + ruleOf(call, d.DueOn)
		line.Left = fmt.Sprintf("あと%d日", stand.Left)
		if stand.Left < 0 {
			line.Left = fmt.Sprintf("%d日すぎました", -stand.Left)
		}
	}
	if !d.Status.Open() {
		line.Left = ""
	}
	line.Turn, line.Coordinators, err = ls.turn(ctx, d, m.ready(), members)
	return line, err
}

// why is the reason of a light.
func why(s application.Standing) string {
	if s.Light == application.Waiting || s.Light == application.NoDay || s.Light == application.Late {
		return ""
	}
	text := ""
	if s.Write > 0 {
		text += fmt.Sprintf("書くのに%d日、", s.Write)
	}
	if s.Sign > 0 {
		text += fmt.Sprintf("承認に%d日、", s.Sign)
	}
	return text + fmt.Sprintf("送るのに%d日をみています", s.Send)
}

// ruleOf is how a call's deadline is met when the draft keeps to its day.
func ruleOf(call catalogue.Opportunity, due ledger.Date) string {
	at := slices.IndexFunc(call.Call.Deadlines, func(d catalogue.Deadline) bool { return d.On == due && d.How() != "" })
	if at < 0 {
		return ""
	}
	return "　" + call.Call.Deadlines[at].How()
}

// turn says who is to act: whoever writes, signs, or hands in.
func (ls *Lines) turn(ctx context.Context, d application.Draft, ready bool, members []ledger.Membership) (who string, coordinators bool, err error) {
	is := func(person int64, role ledger.Role) bool {
		return slices.ContainsFunc(members, func(m ledger.Membership) bool { return m.PersonID == person && m.Role == role })
	}
	switch d.Status {
	case application.Drafting:
		name, act := d.Holder, "書く"
		if name == "" {
			name = d.SavedBy
		}
		if ready {
			act = "確認へまわす"
		}
		return name + "（" + act + "）", is(d.HeldBy, ledger.Coordinator), nil
	case application.Review:
		done, err := application.Signatures(ctx, ls.db, d.OrganisationID, d.ID)
		if err != nil {
			return "", false, err
		}
		return roleName(application.Turn(d, done, signersAmong(members))) + "（承認）", false, nil
	case application.Approved:
		return "代表か会計（出す）", false, nil
	}
	return "助成団体", false, nil
}

// signersAmong are the roles that have somebody, in the order of signing.
func signersAmong(members []ledger.Membership) []ledger.Role {
	var roles []ledger.Role
	for _, role := range application.Order {
		if slices.ContainsFunc(members, func(m ledger.Membership) bool { return m.Role == role }) {
			roles = append(roles, role)
		}
	}
	return roles
}

func (ls *Lines) form(ctx context.Context, d application.Draft) (template.Version, error) {
	key := d.FormKey + " " + d.FormVersion
	if form, known := ls.forms[key]; known {
		return form, nil
	}
	form, err := application.FindForm(ctx, ls.db, d.FormKey, d.FormVersion)
	if err == nil {
		ls.forms[key] = form
	}
	return form, err
}

func (ls *Lines) call(ctx context.Context, id int64) (catalogue.Opportunity, error) {
	if call, known := ls.calls[id]; known || id == 0 {
		return call, nil
	}
	call, err := catalogue.Find(ctx, ls.db, id)
	if errors.Is(err, catalogue.ErrNoOpportunity) {
		err = nil
	}
	if err == nil {
		ls.calls[id] = call
	}
	return call, err
}

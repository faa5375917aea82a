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
	Group        string // its name
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

// Lines makes the lines of groups with a fixed number of queries, however many the groups are.
type Lines struct {
	db    sqlx.QueryerContext
	today ledger.Date
	forms map[application.FormName]template.Version
	calls map[int64]catalogue.Opportunity
	tasks map[application.Place]application.Note
	signs map[application.Place][]application.Signature
	crews map[int64][]ledger.Membership
}

// NewLines makes lines as of a day.
func NewLines(db sqlx.QueryerContext, today ledger.Date) *Lines {
	return &Lines{db: db, today: today, calls: map[int64]catalogue.Opportunity{}}
}

// Of returns the lines of groups, in their order: what can still be handed in, and what waits for its outcome. A group without one has none.
func (ls *Lines) Of(ctx context.Context, groups ...ledger.Organisation) ([]Line, error) {
	ids := make([]int64, len(groups))
	for i, o := range groups {
		ids[i] = o.ID
	}
	running, err := application.Running(ctx, ls.db, ids)
	if err != nil {
		return nil, err
	}
	if err = ls.gather(ctx, ids, running); err != nil {
		return nil, err
	}
	var lines []Line
	for _, o := range groups {
		for _, d := range running[o.ID] {
			line, err := ls.line(o, d)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// gather reads what the lines of the drafts say beside them, for all groups at once.
func (ls *Lines) gather(ctx context.Context, groups []int64, running map[int64][]application.Draft) error {
	var forms []application.FormName
	var calls []int64
	for _, drafts := range running {
		for _, d := range drafts {
			forms = append(forms, d.FormName())
			if d.OpportunityID > 0 {
				calls = append(calls, d.OpportunityID)
			}
		}
	}
	var err error
	if ls.forms, err = application.FindForms(ctx, ls.db, forms); err != nil {
		return err
	}
	if ls.calls, err = catalogue.FindAll(ctx, ls.db, calls); err != nil {
		return err
	}
	if ls.tasks, err = application.NextTasks(ctx, ls.db, groups...); err != nil {
		return err
	}
	if ls.signs, err = application.SignaturesUnderReview(ctx, ls.db, groups); err != nil {
		return err
	}
	ls.crews, err = application.Crews(ctx, ls.db, groups, ls.today)
	return err
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

func (ls *Lines) line(o ledger.Organisation, d application.Draft) (Line, error) {
	form, known := ls.forms[d.FormName()]
	if !known {
		return Line{}, fmt.Errorf("form %s %s: %w", d.FormKey, d.FormVersion, application.ErrNoForm)
	}
	call := ls.calls[d.OpportunityID]
	m := matter{Draft: d, Form: form}
	if err := m.work(); err != nil {
		return Line{}, err
	}
	stand := d.Stand(m.ready(), ls.today)
	line := Line{Slug: o.Slug, Group: o.Name, Title: d.Title, Href: fmt.Sprintf("/desk/%s/applications/%d", url.PathEscape(o.Slug), d.ID), Call: call.Programme, Light: stand.Light, Why: why(stand),
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
	if task, some := ls.tasks[d.Place()]; some {
		line.Task = taskWords(task)
	}
	line.Turn, line.Coordinators = ls.turn(d, m.ready())
	return line, nil
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
func (ls *Lines) turn(d application.Draft, ready bool) (who string, coordinators bool) {
	crew := ls.crews[d.OrganisationID]
	switch d.Status {
	case application.Drafting:
		name, act := d.Holder, "書く"
		if name == "" {
			name = d.SavedBy
		}
		if ready {
			act = "確認へまわす"
		}
		return name + "（" + act + "）", slices.ContainsFunc(crew, func(m ledger.Membership) bool { return m.PersonID == d.HeldBy && m.Role == ledger.Coordinator })
	case application.Review:
		return roleName(application.Turn(d, ls.signs[d.Place()], signersAmong(crew))) + "（承認）", false
	case application.Approved:
		return "代表か会計（出す）", false
	}
	return "助成団体", false
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

package applying

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// HandoverPage is what passes from a coordinator to somebody of the group, and what that person can do alone.
type HandoverPage struct {
	page.Console
	Drafts   []page.ListRow
	Days     []page.Pair
	Paper    string
	Action   string // of a coordinator
	Fields   []page.Field
	End      page.Tick
	Given    []GivenRow
	Steps    []string
	Problems page.Problems
}

// Template names the template of the page.
func (HandoverPage) Template() string { return "applying/handover" }

// GivenRow is one hand-over; whoever it was given to ticks what he can do.
type GivenRow struct {
	Head, Note, Words string
	Tag               page.Tag
	Action            string
	Steps             []StepTick
	Learnt            string
}

// StepTick is one step of the checklist.
type StepTick struct {
	ID, Key, Text string
	Checked       bool
}

// Handover shows what is in whose hand and asks a coordinator to whom it passes.
func (p *Pages) Handover(w http.ResponseWriter, r *http.Request) error {
	return p.handover(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) handover(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	paper, err := p.handoverPaper(r, d)
	if err != nil {
		return err
	}
	shown := HandoverPage{Paper: d.Path("handover", "paper.pdf")}
	for _, line := range paper.Drafts {
		shown.Drafts = append(shown.Drafts, page.ListRow{Name: line.Title, Href: line.Href, Note: line.Holder, Text: line.Due})
	}
	for _, day := range paper.Days {
		shown.Days = append(shown.Days, page.Pair{Term: page.DayOnly(day.On), Text: day.What})
	}
	given, err := application.Handovers(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	for _, h := range given {
		shown.Given = append(shown.Given, givenRow(d, h))
	}
	for _, step := range application.Steps {
		shown.Steps = append(shown.Steps, stepText(step))
	}
	if d.May(ledger.Coordinator) {
		if err = p.askHandover(r, d, values, problems, &shown); err != nil {
			return err
		}
	}
	shown.Console = frame(d, r, "引きつぎ")
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func stepText(step string) string { return locale.Japanese.T("handover.step_" + step) }

// askHandover makes the form of a coordinator: to whom, with which words, and whether his part ends.
func (p *Pages) askHandover(r *http.Request, d console.Desk, values url.Values, problems map[string]string, shown *HandoverPage) error {
	members, err := ledger.Members(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	options := []page.Option{{Text: "選んでください"}}
	until := ledger.Date{}
	for _, m := range members {
		if m.Role == ledger.Coordinator && m.PersonID == d.Person.ID {
			until = m.UntilOn
		}
		if slices.Contains([]ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member}, m.Role) {
			options = append(options, page.Option{Value: strconv.FormatInt(m.PersonID, 10), Text: m.Name + "（" + roleName(m.Role) + "）"})
		}
	}
	if values == nil {
		values = url.Values{"ends_on": {page.DayOnly(d.Today().AddDays(14))}}
	}
	form := page.NewForm(values, problems)
	shown.Action = d.Path("handover")
	shown.Fields = []page.Field{
		form.Field(page.Field{Name: "to", Label: "だれに引きつぐか", Hint: "団体の人から選びます。", Options: options}),
		form.Field(page.Field{Name: "words", Label: "ひとこと", Aside: "書かなくてもよい", Hint: "相談先や、とちゅうのことなど。紙にも出ます。", Rows: 4, MostRunes: 2_000}),
	}
	shown.End = form.Tick(page.Tick{Name: "end", Label: "わたしの役目を終わりにする", Note: "いまは" + page.DayOnly(until) + "までです。下の日のあくる日から、この団体のページに入れません。"})
	shown.Fields = append(shown.Fields, form.Field(page.Field{Name: "ends_on", Label: "終わりの日", Aside: "終わりにするとき"}))
	shown.Problems = form.Problems()
	return nil
}

func givenRow(d console.Desk, h application.Handover) GivenRow {
	row := GivenRow{Head: h.From + " から " + h.To + " へ", Words: h.Words, Tag: page.Tag{Kind: page.TagWait, Text: "受け取りを待っています"},
		Note: fmt.Sprintf("%s　申請 %d　すること %d", page.DayOnly(ledger.DateOf(h.GivenAt)), h.Drafts, h.Tasks), Learnt: fmt.Sprintf("ひとりでできること %dのうち%d", len(application.Steps), len(h.Learnt))}
	if h.TakenYet {
		row.Tag = page.Tag{Kind: page.TagDone, Text: "受け取りました"}
	}
	if !h.EndsOn.IsZero() {
		row.Note += "　コーディネーターは" + page.DayOnly(h.EndsOn) + "まで"
	}
	if h.ToID == d.Person.ID && !d.Guest {
		row.Action = d.Path("handover", h.ID)
		for _, step := range application.Steps {
			row.Steps = append(row.Steps, StepTick{ID: fmt.Sprintf("learnt-%d-%s", h.ID, step), Key: step, Text: stepText(step), Checked: slices.Contains(h.Learnt, step)})
		}
	}
	return row
}

// GiveHandover passes what the coordinator has in hand, and ends his role when he wishes.
func (p *Pages) GiveHandover(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	if err = p.giveHandover(r, d); err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.handover(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("handover"), "handed_over")
}

func (p *Pages) giveHandover(r *http.Request, d console.Desk) error {
	bad := ledger.Invalid{}
	h := application.Handover{FromID: d.Person.ID, Words: strings.TrimSpace(r.PostForm.Get("words"))}
	h.ToID, _ = strconv.ParseInt(r.PostForm.Get("to"), 10, 64) // what is none is nobody
	members, err := ledger.Members(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	own := slices.ContainsFunc(members, func(m ledger.Membership) bool {
		return m.PersonID == h.ToID && m.Role != ledger.Coordinator && m.Role != ledger.Auditor
	})
	bad.Need(own, "to", "handover.to")
	if r.PostForm.Get("end") != "" {
		on, err := ledger.ParseDate(r.PostForm.Get("ends_on"))
		bad.Need(err == nil && !on.Before(d.Today()), "ends_on", "handover.ends_on")
		h.EndsOn = on
	}
	if err = bad.Err(); err != nil {
		return err
	}
	return ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if _, err := application.HandOver(r.Context(), tx, d.Organisation.ID, h, d.By(), d.Now); err != nil || h.EndsOn.IsZero() {
			return err
		}
		return ledger.EndMember(r.Context(), tx, d.Organisation.ID, d.Person.ID, ledger.Coordinator, h.EndsOn)
	})
}

// TakeHandover keeps what the person who takes over can do alone.
func (p *Pages) TakeHandover(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("handover"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return application.Learn(r.Context(), tx, d.Organisation.ID, id, d.Person.ID, r.PostForm["learnt"], d.Now)
	})
	if errors.Is(err, application.ErrNoHandover) {
		return errors.Join(ledger.ErrNotFound, err)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, d.Path("handover"), "taken")
}

// HandoverPaper answers with what passes, on paper: drafts, tasks, days, and the checklist.
func (p *Pages) HandoverPaper(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	paper, err := p.handoverPaper(r, d)
	if err != nil {
		return err
	}
	content, err := p.Print(r.Context(), paper.Document())
	if err != nil {
		return err
	}
	return send(w, "application/pdf", `inline; filename="handover.pdf"`, content)
}

// handoverPaper gathers what is in hand: the drafts with their notes, and every day that is coming.
func (p *Pages) handoverPaper(r *http.Request, d console.Desk) (reports.Handover, error) {
	paper := reports.Handover{Organisation: d.Organisation, At: d.Now}
	lines, err := NewLines(p.DB, d.Today()).Of(r.Context(), d.Organisation)
	if err != nil {
		return paper, err
	}
	drafts, err := application.List(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return paper, err
	}
	for _, line := range lines {
		at := slices.IndexFunc(drafts, func(a application.Draft) bool { return strings.HasSuffix(line.Href, fmt.Sprintf("/%d", a.ID)) })
		if at < 0 {
			continue
		}
		draft := drafts[at]
		one := reports.HandoverDraft{Title: draft.Title, Href: line.Href, Holder: draft.Holder, State: statusTags[draft.Status].Text, Due: strings.TrimSpace(line.Deadline + "　" + line.Left), Written: line.Written, Turn: line.Turn}
		notes, err := application.Notes(r.Context(), p.DB, d.Organisation.ID, draft.ID)
		if err != nil {
			return paper, err
		}
		for _, n := range notes {
			if n.Done {
				continue
			}
			one.Notes = append(one.Notes, taskWords(n))
			if !n.DueOn.IsZero() {
				paper.Days = append(paper.Days, reports.HandoverDay{On: n.DueOn, What: draft.Title + "：" + n.Text})
			}
		}
		if !draft.DueOn.IsZero() && draft.Status.Open() {
			paper.Days = append(paper.Days, reports.HandoverDay{On: draft.DueOn, What: draft.Title + "の締切" + strings.TrimPrefix(line.Deadline, page.DayOnly(draft.DueOn))})
		}
		paper.Drafts = append(paper.Drafts, one)
	}
	slices.SortStableFunc(paper.Days, func(a, b reports.HandoverDay) int { return a.On.Sub(b.On) })
	given, err := application.Handovers(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return paper, err
	}
	for _, step := range application.Steps {
		paper.Steps = append(paper.Steps, reports.HandoverStep{Text: stepText(step), Done: len(given) > 0 && slices.Contains(given[0].Learnt, step)})
	}
	if len(given) > 0 {
		paper.From, paper.To, paper.Words, paper.EndsOn = given[0].From, given[0].To, given[0].Words, given[0].EndsOn
	}
	return paper, nil
}

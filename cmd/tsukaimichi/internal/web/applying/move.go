package applying

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MovePage says what would become of a draft under a newer version of its form, question by question, and asks whether to go on to it.
type MovePage struct {
	page.Console
	Heading  string
	Lead     string
	Action   string // empty: to read
	Hash     string
	Version  string
	Counts   []page.Pair
	Over     []MoveRow // what the new version finds wrong with what stands
	New      []MoveRow
	Changed  []MoveRow
	Left     []LeftRow
	Gone     []string // questions that are gone and were not answered
	Money    []string
	Signed   bool
	Problems page.Problems
	Back     page.Link
}

// Template names the template of the page.
func (MovePage) Template() string { return "applying/move" }

// MoveRow is a question of the new version with what is said of it.
type MoveRow struct {
	Label string
	Notes []string
}

// LeftRow is a text that has no place, to copy from.
type LeftRow struct {
	Label, Why, Text string
}

// Move shows what would become of the draft.
func (p *Pages) Move(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.move(w, r, http.StatusOK, m, nil)
}

func (p *Pages) move(w http.ResponseWriter, r *http.Request, status int, m matter, problems map[string]string) error {
	to, newer, err := application.NewerForm(r.Context(), p.DB, m.Draft.FormKey, m.Draft.FormVersion)
	if err != nil {
		return err
	}
	if !newer || !m.Draft.Status.Open() { // somebody moved it or handed it in meanwhile: the application says so
		http.Redirect(w, r, m.at(), http.StatusSeeOther)
		return nil
	}
	plan := application.PlanMove(m.Draft, m.Form, to)
	shown := MovePage{Heading: "様式の新しい版", Lead: fmt.Sprintf("%s　いまは第%s版、新しいのは第%s版です。移すかどうかは、選べます。", to.Title, m.Form.Version, to.Version), Hash: fmt.Sprintf("%x", m.Draft.Hash), Version: to.Version,
		Signed: m.Draft.Status != application.Drafting, Back: page.Link{Href: m.at(), Text: "移さずに、申請にもどる"}}
	if m.May(writers...) {
		shown.Action = m.at("move")
	}
	shown.fill(plan)
	shown.Problems = page.NewForm(nil, problems).Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// fill lists what is new, changed, gone and left over.
func (s *MovePage) fill(plan application.Move) {
	same := 0
	for _, f := range plan.Moves {
		row := MoveRow{Label: f.Label, Notes: moveNotes(f)}
		switch {
		case f.Over > 0 || f.Bad != "":
			s.Over = append(s.Over, row)
		case f.New():
			s.New = append(s.New, row)
		case f.Changed():
			s.Changed = append(s.Changed, row)
		default:
			same++
		}
	}
	for _, l := range plan.Left {
		s.Left = append(s.Left, leftRow(l))
	}
	for _, f := range plan.Gone {
		if plan.Answers[f.Key].Empty() && !containsLeft(plan.Left, f.Key) {
			s.Gone = append(s.Gone, f.Label)
		}
	}
	for _, c := range plan.Categories {
		s.Money = append(s.Money, "科目「"+c.Label+"」がなくなりました。この科目の行は残ります。予算の表で、ほかの科目を選んでください。")
	}
	if plan.OtherRule {
		s.Money = append(s.Money, "選んでいた額の決まりがなくなりました。様式のとおりの決まりで計算します。")
	}
	if plan.From.Budget != nil && plan.To.Budget == nil {
		s.Money = append(s.Money, "新しい版には、予算の表がありません。いまの予算は、前の版に残ります。")
	}
	s.Counts = []page.Pair{{Term: "そのまま移る質問", Text: fmt.Sprint(same)}, {Term: "変わる質問", Text: fmt.Sprint(len(s.Changed) + len(s.Over))}, {Term: "新しい質問", Text: fmt.Sprint(len(s.New))}, {Term: "なくなる質問", Text: fmt.Sprint(len(plan.Gone))}}
}

func containsLeft(left []template.LeftAnswer, key string) bool {
	for _, l := range left {
		if l.Key == key {
			return true
		}
	}
	return false
}

// moveNotes say how a question differs from the one its answer comes from.
func moveNotes(f template.CarriedField) []string {
	var notes []string
	if f.Over > 0 {
		notes = append(notes, fmt.Sprintf("いまの文は、新しい長さより%d字多くなります。文はそのまま移ります。", f.Over))
	}
	if f.Bad != "" {
		notes = append(notes, "いまの答えは移りますが、直すところが出ます。"+locale.Japanese.T(f.Bad))
	}
	old := f.From
	if old == nil {
		if f.Required == template.OnSubmit {
			notes = append(notes, "出すまでに書く質問です。")
		}
		return notes
	}
	if old.Label != f.Label {
		notes = append(notes, "前の質問：「"+old.Label+"」")
	}
	if was, now := orNone(template.LimitWords(old.Limit)), orNone(template.LimitWords(f.Limit)); was != now {
		notes = append(notes, "長さ："+was+" → "+now)
	}
	if old.Type != f.Type {
		notes = append(notes, "答え方："+old.Type.TypeName()+" → "+f.Type.TypeName())
	}
	if old.Required != f.Required {
		notes = append(notes, map[bool]string{true: "出すまでに書く質問になりました。", false: "書かなくてもよくなりました。"}[f.Required == template.OnSubmit])
	}
	if was, now := strings.Join(old.Options, "／"), strings.Join(f.Options, "／"); was != now {
		notes = append(notes, "選ぶ答え："+orNone(was)+" → "+orNone(now))
	}
	if f.Type == template.Oath && old.Label != f.Label {
		notes = append(notes, "誓う文が変わったので、もう一度しるしをつけてください。")
	}
	return notes
}

func orNone(text string) string {
	if text == "" {
		return "なし"
	}
	return text
}

func leftRow(l template.LeftAnswer) LeftRow {
	return LeftRow{Label: l.Label, Why: locale.Japanese.T(l.Why), Text: answerWords(l.Answer)}
}

// MoveOn takes the draft over to the newer version, if nobody changed it since it was read.
func (p *Pages) MoveOn(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	hash, err := hex.DecodeString(r.PostForm.Get("hash"))
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			return application.MoveForm(r.Context(), tx, m.Organisation.ID, m.Draft.ID, r.PostForm.Get("version"), hash, m.By(), m.Now)
		})
	} else {
		err = application.ErrChanged
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil { // what stands now
			return err
		}
		return p.move(w, r, http.StatusUnprocessableEntity, m, problems)
	}
	return redirect(w, r, m.at("left"), "moved")
}

// LeftPage lists what found no place when the draft moved, to copy from.
type LeftPage struct {
	page.Console
	Heading string
	Moves   []LeftMove
	Back    page.Link
}

// LeftMove is one move with what was left over.
type LeftMove struct {
	Title, Note string
	Texts       []LeftRow
}

// Template names the template of the page.
func (LeftPage) Template() string { return "applying/left" }

// Left shows what found no place.
func (p *Pages) Left(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	left, err := p.leftovers(r, m)
	if err != nil {
		return err
	}
	shown := LeftPage{Heading: "行き先のなくなった文", Back: page.Link{Href: m.at(), Text: "申請にもどる"}}
	for _, move := range left {
		one := LeftMove{Title: "第" + move.From + "版から第" + move.To + "版に移したとき", Note: page.DayOnly(ledger.DateOf(move.At)) + "　" + move.By}
		for _, l := range move.Left {
			one.Texts = append(one.Texts, leftRow(l))
		}
		shown.Moves = append(shown.Moves, one)
	}
	shown.Console = m.frame(r, shown.Heading)
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func (p *Pages) leftovers(r *http.Request, m matter) ([]application.Leftover, error) {
	versions, err := application.Versions(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return nil, err
	}
	return application.Leftovers(r.Context(), p.DB, m.Draft.FormKey, versions)
}

// newer offers the newer version of the form, and leads to what was left over.
func (p *Pages) newer(r *http.Request, m matter, versions []application.Version, shown *ApplicationPage) error {
	left, err := application.Leftovers(r.Context(), p.DB, m.Draft.FormKey, versions)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		shown.Left = page.Link{Href: m.at("left"), Text: "前の様式から、行き先のなくなった文を見る"}
	}
	if !m.Draft.Status.Open() || !m.May(writers...) {
		return nil
	}
	to, newer, err := application.NewerForm(r.Context(), p.DB, m.Draft.FormKey, m.Draft.FormVersion)
	if newer {
		shown.Newer = page.Link{Href: m.at("move"), Text: "ちがいを見て、移すかどうかを決める", Note: "様式に、新しい版（第" + to.Version + "版）があります。この申請は、第" + m.Form.Version + "版のままです。"}
	}
	return err
}

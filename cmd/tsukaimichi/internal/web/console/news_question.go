package console

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// QuestionsPage is the questions under reports: those that wait, and those decided.
type QuestionsPage struct {
	page.Console
	Failed  Failure // what was just asked for could not be done
	Waiting []QuestionRow
	Decided []QuestionRow
	Empty   page.Empty
}

// Template names the template of the page.
func (QuestionsPage) Template() string { return "console/questions" }

// QuestionRow is a question with what can be done about it.
type QuestionRow struct {
	Tag     page.Tag
	Heading string
	Note    string
	Text    string
	Answer  string
	Why     string
	Report  page.Link
	Acts    []Act
}

// Questions shows what was asked under reports.
func (p *Pages) Questions(w http.ResponseWriter, r *http.Request) error {
	return p.questions(w, r, http.StatusOK, "", typed{}, nil)
}

// questions shows the page; form names the act whose problems are said.
func (p *Pages) questions(w http.ResponseWriter, r *http.Request, status int, form string, t typed, problems map[string]string) error {
	d := desk(r)
	all, err := news.AllQuestions(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	built := buildQuestions(d, all, form, t, problems)
	var acts []Act
	for _, row := range slices.Concat(built.Waiting, built.Decided) {
		acts = append(acts, row.Acts...)
	}
	built.Failed = built.Failed.gone(form, t.Values, problems, acts...)
	built.Console = d.Frame(r, "報告への質問", page.Reports)
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildQuestions(d Desk, all []news.Question, form string, t typed, problems map[string]string) QuestionsPage {
	built := QuestionsPage{Failed: notDone(problems), Empty: page.Empty{Text: "いま、答えを待っている質問はありません。"}}
	for _, q := range all {
		row := questionRow(q)
		if d.May(publishers...) {
			row.Acts = questionActs(d, q, form, t, problems)
		}
		if q.Status == "waiting" {
			built.Waiting = append(built.Waiting, row)
		} else {
			built.Decided = append(built.Decided, row)
		}
	}
	return built
}

func questionRow(q news.Question) QuestionRow {
	name := "名前なし"
	if q.Name != "" {
		name = q.Name + " さん"
	}
	row := QuestionRow{Tag: page.Tag{Kind: page.TagWait, Text: "答え待ち"}, Heading: fmt.Sprintf("質問%d", q.ID), Note: joined(page.Day(ledger.DateOf(q.AskedAt)), name),
		Text: q.Text, Answer: q.Answer, Why: q.Reason, Report: page.Link{Href: "/r/" + q.Number, Text: "報告を開く"}}
	switch q.Status {
	case "answered":
		row.Tag = page.Tag{Kind: page.TagDone, Text: "答えました"}
	case "declined":
		row.Tag = page.Tag{Kind: page.TagDraft, Text: "出しません"}
	}
	return row
}

// questionActs are what can be done about a question. Fields of the forms have names of their own question, so that each has its own id on the page.
func questionActs(d Desk, q news.Question, form string, t typed, problems map[string]string) []Act {
	of := func(what string) builder {
		b := builder{form: page.NewForm(nil, nil), prefix: fmt.Sprintf("%s%d", what, q.ID)}
		if actID(what, q.ID) == form {
			b.form = page.NewForm(t.Values, problems)
		}
		return b
	}
	act := func(what, summary, button string) Act {
		return Act{ID: actID(what, q.ID), Summary: summary, Action: d.Path("questions", q.ID, what), Button: button, Plain: true, Open: form == actID(what, q.ID)}
	}
	var acts []Act
	if q.Status == "waiting" {
		b, answer := of("answer"), act("answer", "答える", "質問と答えを出す")
		answer.Bare, answer.Plain = true, false
		answer.Items = []Item{b.field(page.Field{Name: "answer", Label: fmt.Sprintf("質問%dへの答え", q.ID), Rows: 4, MostRunes: news.MaxAnswer, Required: true, Hint: "質問といっしょに、報告のページに出ます。あとから書きかえられません。"})}
		answer.Problems = b.form.Problems()
		acts = append(acts, answer)
	}
	if q.Status != "declined" {
		b, decline := of("decline"), act("decline", "出さない", "この質問を出さない")
		if q.Status == "answered" {
			decline.Summary, decline.Button = "出すのをやめる", "出すのをやめる"
		}
		decline.Lead = "質問した人には知らせません。質問は30日で消します。"
		decline.Items = []Item{b.field(page.Field{Name: "reason", Label: "出さない理由", Rows: 2, MostRunes: news.MaxReason, Required: true, Hint: "団体の中だけで見られます。例：人の名前が書いてあるため。"})}
		decline.Problems = b.form.Problems()
		acts = append(acts, decline)
	}
	if q.Name != "" && q.Status != "declined" {
		nameless := act("nameless", "名前だけ消す", "この質問の名前を消す")
		nameless.Lead = "質問と答えは残ります。"
		acts = append(acts, nameless)
	}
	return acts
}

// actID names an act about a question, of which a page has many.
func actID(what string, id int64) string { return fmt.Sprintf("%s-%d", what, id) }

// AnswerQuestion answers a question and shows both to everybody.
func (p *Pages) AnswerQuestion(w http.ResponseWriter, r *http.Request) error {
	return p.decideQuestion(w, r, "answer", "question_answered", func(tx *sqlx.Tx, d Desk, id int64, t typed) error {
		return news.Answer(r.Context(), tx, d.Organisation.ID, id, t.text("answer"), d.By(), d.Now)
	})
}

// DeclineQuestion keeps why a question is not shown.
func (p *Pages) DeclineQuestion(w http.ResponseWriter, r *http.Request) error {
	return p.decideQuestion(w, r, "decline", "question_declined", func(tx *sqlx.Tx, d Desk, id int64, t typed) error {
		return news.Decline(r.Context(), tx, d.Organisation.ID, id, t.text("reason"), d.By(), d.Now)
	})
}

// TakeNameOff empties the name under a question.
func (p *Pages) TakeNameOff(w http.ResponseWriter, r *http.Request) error {
	return p.decideQuestion(w, r, "nameless", "question_nameless", func(tx *sqlx.Tx, d Desk, id int64, _ typed) error {
		return news.EraseName(r.Context(), tx, d.Organisation.ID, id)
	})
}

func (p *Pages) decideQuestion(w http.ResponseWriter, r *http.Request, what, done string, decide func(*sqlx.Tx, Desk, int64, typed) error) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	if err = news.HasQuestion(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error { return decide(tx, d, id, t) })
	var bad ledger.Invalid
	switch {
	case errors.Is(err, news.ErrDecided):
		bad = ledger.Invalid{"": "news.decided"}
	case err != nil && !errors.As(err, &bad):
		return err
	}
	if bad != nil {
		return p.questions(w, r, http.StatusUnprocessableEntity, actID(what, id), t, sayings(bad))
	}
	return redirect(w, r, d.Path("questions"), done)
}

// questionTasks lead to questions that wait.
func questionTasks(d Desk, w waiting) []page.Task {
	if w.Questions == 0 || !d.May(publishers...) {
		return nil
	}
	return []page.Task{{What: fmt.Sprintf("報告への質問に答える（%d件）", w.Questions), Note: "答えるまで、だれにも見えません。", Act: page.Link{Href: d.Path("questions"), Text: "質問を読む"}}}
}

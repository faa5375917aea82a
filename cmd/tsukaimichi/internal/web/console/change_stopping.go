package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// StoppingPage is a stopped campaign being settled: what was promised for that case, and each step with its figures.
type StoppingPage struct {
	page.Console
	Heading string
	Failed  Failure
	Promise string // what the plan said for that case
	Facts   []page.Pair
	Steps   []page.Step
	Links   []page.Document
	Settle  Act
}

// Template names the template of the page.
func (StoppingPage) Template() string { return "console/stopping" }

// Stopping shows how far the stopping of a campaign has come. Reading it again shows where to go on.
func (p *Pages) Stopping(w http.ResponseWriter, r *http.Request) error {
	return p.stopping(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) stopping(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	s, err := campaigns.FindStopping(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	funds, err := ledger.Funds(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	built := buildStopping(d, c, s, funds, values, problems)
	built.Failed = built.Failed.gone("settle", values, problems, built.Settle)
	built.Console = d.Frame(r, "中止の手順："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildStopping(d Desk, c standing, s campaigns.Stopping, funds []ledger.Fund, values url.Values, problems map[string]string) StoppingPage {
	built := StoppingPage{Heading: titleOf(c), Failed: notDone(problems), Promise: s.Plan.IfStopped, Steps: stoppingSteps(s, funds, d.Today())}
	left := s.Progress.Left
	built.Facts = []page.Pair{
		{Term: "届いたお金", Text: page.YenText(s.Progress.Received+s.Returned) + "円"}, {Term: "使ったお金", Text: page.YenText(s.Progress.Spent) + "円"},
		{Term: "返したお金", Text: page.YenText(s.Returned) + "円"}, {Term: "ほかへまわしたお金", Text: page.YenText(s.Moved) + "円"},
		{Term: "いま残っているお金", Text: page.YenText(left) + "円", Strong: true},
	}
	if s.Change.ID > 0 && !s.Change.DecidesOn.IsZero() {
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "asking"), Text: "寄付した方への問いかけ"}})
		if s.Change.Status == campaigns.InForce {
			built.Links = append(built.Links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "returns"), Text: "返すお金の一覧"}})
		}
	}
	if d.May(reporters...) {
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "report"), Text: "使いみちの報告を書く"}, Note: page.DayOnly(c.Plan.ReportDueOn) + "まで"})
	}
	if s.Change.ID == 0 && d.May(head...) && s.Open == 0 {
		built.Settle = settleAct(d, c, funds, values, problems)
	}
	return built
}

func settleAct(d Desk, c standing, funds []ledger.Fund, values url.Values, problems map[string]string) Act {
	b := builder{form: page.NewForm(values, problems), prefix: "settle"}
	act := Act{ID: "settle", Summary: "残りのお金をどうするか", Action: d.Path("campaigns", c.ID, "stopping"), Button: "約束のとおりに始める", Bare: true,
		Lead: "上の約束に書いたとおりのものを選びます。約束とちがうことはできません。払ったレシートを、先にみな入れてください。始めると、この募金のお金は使えなくなります。"}
	var to []page.Option
	for _, f := range funds {
		if f.ID != c.FundID && (f.Kind == ledger.GeneralFund || f.Kind == ledger.CampaignFund) {
			to = append(to, page.Option{Value: strconv.FormatInt(f.ID, 10), Text: restName(f)})
		}
	}
	act.Items = []Item{
		b.choices(page.Choices{Name: "rest", Label: "約束したこと", Legend: true, Options: []page.Option{
			{Value: string(campaigns.RestReturn), Text: "寄付した方に返す", Note: "14日のあいだ知らせてから返します。お名前のわからない分は、下のところへまわします"},
			{Value: string(campaigns.RestAsk), Text: "返すか、ほかに使うかを選んでもらう", Note: "14日のあいだたずねます。答えのない分は、下のところへまわします"},
			{Value: string(campaigns.RestMove), Text: "ほかに使う", Note: "たずねないで、すぐに下のところへまわします"}}}),
		b.choices(page.Choices{Name: "to", Label: "返さない分を、どこへまわすか", Legend: true, Options: to}),
		b.tick(page.Tick{Name: "agree", Label: "「中止したとき」の約束のとおりです"}),
	}
	act.Problems = b.form.Problems()
	return act
}

// stoppingSteps are the steps of a stop, each with its figures: which are done, and the one that is now.
func stoppingSteps(s campaigns.Stopping, funds []ledger.Fund, today ledger.Date) []page.Step {
	c := s.Change
	to := ""
	for _, f := range funds {
		if f.ID == c.RestFundID {
			to = restName(f)
		}
	}
	decided := c.Status == campaigns.InForce
	steps := []page.Step{
		{Text: "募金を止める", Note: "新しい寄付は受け付けていません。", Done: true},
		{Text: "払いかけの支払いが終わるのを待つ", Note: openNote(s), Done: s.Open == 0},
		{Text: "残りをどうするかを、約束のとおりに決める", Done: c.ID > 0, Note: restNote(c.Rest)},
	}
	if c.ID == 0 || !c.DecidesOn.IsZero() {
		ask := page.Step{Text: "寄付した方にたずねる", Done: decided}
		if c.ID > 0 {
			ask.Note = fmt.Sprintf("%sまで。たずねた方 %d人、答えた方 %d人。", page.Day(c.DecidesOn), s.Tally.Asked, s.Tally.Answered)
		}
		steps = append(steps, ask,
			page.Step{Text: "返す", Done: decided && s.ToReturn == 0, Note: fmt.Sprintf("これから返す %s円、返した %s円。", page.YenText(s.ToReturn), page.YenText(s.Returned))})
	}
	move := page.Step{Text: "残りをまわす", Done: decided, Note: page.YenText(s.Moved) + "円。"}
	if to != "" {
		move.Text += "：" + to
	}
	steps = append(steps, move, page.Step{Text: "使いみちを報告する", Done: s.Campaign.Status == campaigns.Reported, Note: page.Day(s.Plan.ReportDueOn) + "まで。中止しても、報告の約束は残ります。"})
	for i := range steps {
		if !steps[i].Done {
			steps[i].Now = true
			break
		}
	}
	return steps
}

func openNote(s campaigns.Stopping) string {
	if s.Open == 0 {
		return "待っている支払いは、ありません。"
	}
	note := fmt.Sprintf("%d件・%s円。", s.Open, page.YenText(s.OpenSum))
	if s.OpenTill.IsZero() {
		return note
	}
	return note + "開いていた支払いの画面は、閉じます。コンビニの番号を受け取った方は払えるので、" + page.Minute(s.OpenTill) + "まで待ちます。"
}

func restNote(r campaigns.Rest) string {
	switch r {
	case campaigns.RestReturn:
		return "寄付した方に返します。"
	case campaigns.RestAsk:
		return "返すか、ほかに使うかを選んでもらいます。"
	case campaigns.RestMove:
		return "ほかに使います。"
	}
	return "代表が選びます。"
}

// SettleStop says what becomes of the rest of a stopped campaign and begins to do it.
func (p *Pages) SettleStop(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	t.bad.Need(t.Get("agree") != "", "agree", "change.rest_agree")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		change, err := campaigns.SettleStop(r.Context(), tx, d.Organisation.ID, c.ID, campaigns.Rest(t.Get("rest")), t.id("to"), p.Links(d.Organisation.ID), d.By(), d.Now)
		if err != nil {
			return err
		}
		return p.Enqueue(r.Context(), tx, asking.Job, d.Organisation.ID, change.ID)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.stopping(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "stopping"), "stop_settled")
}

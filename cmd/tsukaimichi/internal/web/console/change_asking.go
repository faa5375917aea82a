package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// AskingPage is how far the asking of givers has come: who was asked what, how to reach those without mail, and what was answered.
type AskingPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	When     string
	Failed   Failure
	Facts    []page.Pair
	Answers  page.Table
	Empty    page.Empty
	Papers   []page.Document
	Links    []page.Document
	Enter    Act
	Withdraw Act
}

// Template names the template of the page.
func (AskingPage) Template() string { return "console/asking" }

// askedChange is a change givers are or were asked about, with all its page shows.
type askedChange struct {
	standing
	change campaigns.Change
	next   campaigns.Plan
	tally  campaigns.Tally
	asks   []campaigns.Asked
	to     string // where the rest of a stopped campaign goes
}

// findAsked returns the latest change of a campaign that givers were asked about, or ErrNotFound.
func findAsked(ctx context.Context, q sqlx.QueryerContext, c standing) (askedChange, error) {
	a := askedChange{standing: c}
	all, err := campaigns.Changes(ctx, q, c.OrganisationID, c.ID)
	if err != nil {
		return a, err
	}
	for _, change := range all {
		if !change.DecidesOn.IsZero() {
			a.change = change
			break
		}
	}
	if a.change.ID == 0 {
		return a, ledger.ErrNotFound
	}
	if a.next, err = campaigns.FindPlan(ctx, q, c.OrganisationID, c.ID, a.change.Version); err != nil {
		return a, err
	}
	if a.tally, err = campaigns.CountAnswers(ctx, q, a.change); err != nil {
		return a, err
	}
	if a.asks, err = campaigns.Asks(ctx, q, c.OrganisationID, a.change.ID); err != nil {
		return a, err
	}
	if a.change.RestFundID > 0 {
		fund, err := ledger.FindFund(ctx, q, c.OrganisationID, a.change.RestFundID)
		if err != nil {
			return a, err
		}
		a.to = restName(fund)
	}
	return a, nil
}

// restName says where the rest of a stopped campaign goes.
func restName(f ledger.Fund) string {
	if f.Kind == ledger.GeneralFund {
		return "団体の活動ぜんたい"
	}
	return "募金「" + f.Name + "」"
}

// Asking shows whom the group has asked about a change and what they said.
func (p *Pages) Asking(w http.ResponseWriter, r *http.Request) error {
	return p.asking(w, r, http.StatusOK, "", nil, nil)
}

func (p *Pages) asking(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	a, err := findAsked(r.Context(), p.DB, c)
	if errors.Is(err, ledger.ErrNotFound) {
		return redirect(w, r, d.Path("campaigns", c.ID), "")
	}
	if err != nil {
		return err
	}
	built := buildAsking(d, a, form, values, problems)
	built.Failed = built.Failed.gone(form, values, problems, built.Enter, built.Withdraw)
	built.Console = d.Frame(r, "寄付した方への問いかけ："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildAsking(d Desk, a askedChange, form string, values url.Values, problems map[string]string) AskingPage {
	of := func(name string) (url.Values, map[string]string) {
		if form == name {
			return values, problems
		}
		return nil, nil
	}
	built := AskingPage{Heading: titleOf(a.standing), Failed: notDone(problems), Facts: askingFacts(a)}
	base := []any{"campaigns", a.ID, "asking"}
	built.Tag, built.When = askingTag(a.change)
	options := promise.Options(a.change, a.next, a.to)
	built.Answers = answersTable(a, options)
	built.Empty = page.Empty{Text: "たずねられる方は、いません。お名前のわからない寄付だけです。回覧の紙で知らせてください。"}
	if a.change.Kind == campaigns.ChangeVersion {
		built.Papers = append(built.Papers, page.Document{Link: page.Link{Href: d.Path(append(base, "sheet")...), Text: "回覧・掲示の紙（PDF・A4）"}, Note: "お名前のわからない寄付の方にも知らせます"})
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: fmt.Sprintf("/c/%s/plan/%d", a.Slug, a.change.Version), Text: "みんなが見る、前の約束との違い"}})
	} else {
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: d.Path("campaigns", a.ID, "stopping"), Text: "中止の手順"}})
	}
	if letters := unreachedByMail(a); letters > 0 && d.May(enterers...) {
		built.Papers = append(built.Papers, page.Document{Link: page.Link{Href: d.Path(append(base, "letters")...), Text: fmt.Sprintf("手紙と返事の紙（PDF・%d人分）", letters)}, Note: "メールのない方に、郵便か手わたしで"})
	}
	if a.change.Status == campaigns.InForce {
		built.Links = append(built.Links, page.Document{Link: page.Link{Href: d.Path("campaigns", a.ID, "returns"), Text: "返すお金の一覧"}})
	}
	if !a.change.Takes(d.Now) {
		return built
	}
	if d.May(enterers...) && len(a.asks) > 0 {
		built.Enter = answerAct(d, a, options, of)
	}
	if d.May(head...) && a.change.Kind == campaigns.ChangeVersion {
		built.Withdraw = withdrawAct(d, a, of)
	}
	return built
}

func askingTag(c campaigns.Change) (page.Tag, string) {
	switch c.Status {
	case campaigns.Asking:
		return page.Tag{Kind: page.TagWait, Text: "たずねています"}, page.Day(c.DecidesOn) + "まで"
	case campaigns.Withdrawn:
		return page.Tag{Kind: page.TagDraft, Text: "取り下げました"}, ""
	}
	return page.Tag{Kind: page.TagDone, Text: "決まりました"}, page.Day(c.InForceOn) + "から"
}

func askingFacts(a askedChange) []page.Pair {
	t := a.tally
	unit := func(n int, amount ledger.Yen) string {
		return fmt.Sprintf("%s人・%s円", page.Count(n), page.YenText(amount))
	}
	kept := "新しい約束へ"
	if a.change.Kind == campaigns.ChangeStop {
		kept = a.to + "へ"
	}
	facts := []page.Pair{
		{Term: "まだ使っていないお金", Text: page.YenText(t.Unspent) + "円", Strong: true},
		{Term: "たずねた方", Text: fmt.Sprintf("%s人。答えた方 %s人", page.Count(t.Asked), page.Count(t.Answered))},
		{Term: kept, Text: unit(t.Keep, t.Kept) + "（答えのない方と、たずねられなかった分を入れています）"},
	}
	if a.change.Kind == campaigns.ChangeVersion {
		facts = append(facts, page.Pair{Term: "ほかへまわす", Text: unit(t.Move, t.Moved)})
	} else if a.change.Rest == campaigns.RestReturn {
		facts[2].Text = unit(t.Keep, t.Kept) + "（たずねられなかった分を入れています）"
	}
	return append(facts, page.Pair{Term: "返す", Text: unit(t.Return, t.Returned)})
}

func answersTable(a askedChange, options []page.Option) page.Table {
	t := page.Table{Caption: "たずねた方と答え", Columns: []page.Column{{Text: "お名前"}, {Text: "その方の分", Number: true}, {Text: "知らせ方"}, {Text: "答え"}}}
	for _, ask := range a.asks {
		answer := "まだ（" + promise.Say(ask.Ask, options) + "）"
		if ask.Told != "" {
			answer = promise.Say(ask.Ask, options) + "　" + toldName(ask.Told) + "・" + page.ShortDay(ledger.DateOf(ask.ChosenAt))
		}
		t.Rows = append(t.Rows, page.Row{Name: askedName(ask), Cells: []string{page.YenText(ask.Amount) + "円", reachName(ask), answer}})
	}
	return t
}

func askedName(a campaigns.Asked) string {
	switch {
	case a.Name != "":
		return a.Name
	case a.DonationID > 0:
		return fmt.Sprintf("お名前なし（寄付%d）", a.DonationID)
	}
	return fmt.Sprintf("お名前なし（%d）", a.DonorID)
}

// reachName is how a giver hears of the question.
func reachName(a campaigns.Asked) string {
	switch {
	case a.Mail != "":
		return "メール"
	case a.DonationID > 0:
		return "寄付のページ"
	case a.Address != "":
		return "郵便の手紙"
	}
	return "手わたし・電話"
}

func unreachedByMail(a askedChange) int {
	n := 0
	for _, ask := range a.asks {
		if ask.Mail == "" && ask.DonorID > 0 {
			n++
		}
	}
	return n
}

func toldName(t campaigns.Told) string { return locale.Japanese.T("change.told_" + string(t)) }

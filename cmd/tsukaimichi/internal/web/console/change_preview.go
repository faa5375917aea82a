package console

import (
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
)

// ChangePreviewPage is the last look before a new version is published: what differs, how much it moves, and what happens then.
type ChangePreviewPage struct {
	page.Console
	Heading  string
	Failed   Failure
	Problems page.Problems
	Lacks    []Lack
	Reason   string
	Diff     page.PlanDiff
	Facts    []page.Pair
	Then     []string      // what publishing means, one sentence each
	Lowered  []page.Notice // grants that pay less when the new goal is reached
	Edit     page.Link
	Action   string // empty for who may not publish
	Seen     string // which state of the draft is shown
	Agree    page.Tick
	Button   string
}

// Template names the template of the page.
func (ChangePreviewPage) Template() string { return "console/change_preview" }

// PreviewChange shows what publishing the proposal would mean.
func (p *Pages) PreviewChange(w http.ResponseWriter, r *http.Request) error {
	return p.previewChange(w, r, http.StatusOK, nil)
}

func (p *Pages) previewChange(w http.ResponseWriter, r *http.Request, status int, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	k, err := campaigns.Consider(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	built := buildChangePreview(d, c, k, problems)
	if built.Seen, err = changeMark(r.Context(), p.DB, c); err != nil {
		return err
	}
	if built.Lowered, err = p.lowered(r.Context(), d, c.InitiativeID, k.Next.Total(), k.InForce.Total()); err != nil {
		return err
	}
	built.Console = d.Frame(r, "約束の変更の確認："+titleOf(c), page.Campaigns, append(changeCrumbs(d, c), page.Link{Href: d.Path("campaigns", c.ID, "change"), Text: "約束を変える"})...)
	built.NeedsFix = built.Problems.Some() || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildChangePreview(d Desk, c standing, k campaigns.Considered, problems map[string]string) ChangePreviewPage {
	edit := d.Path("campaigns", c.ID, "change")
	built := ChangePreviewPage{Heading: titleOf(c), Failed: notDone(problems), Reason: k.Next.Reason, Diff: promise.Diff(k.Diff), Edit: page.Link{Href: edit, Text: "もどって直す"}, Button: "この約束を公表する"}
	if key, is := k.Missing["reason"]; is {
		built.Lacks = append(built.Lacks, Lack{Text: locale.Japanese.T(key), Href: edit + "#reason"})
	}
	for _, lack := range lacks(d, k.Missing, changeValues(c, k.Next)) {
		if lack.Href[0] == '#' {
			lack.Href = edit + lack.Href
		}
		built.Lacks = append(built.Lacks, lack)
	}
	built.Facts = []page.Pair{
		{Term: "使いみちの間で動くお金", Text: page.YenText(k.Weight.Moved) + "円", Strong: true},
		{Term: "たずねないで動かせる幅（流用の幅）", Text: page.YenText(k.Weight.Width) + "円"},
		{Term: "変わる使いみちの、まだ使っていないお金", Text: page.YenText(k.Unspent) + "円"},
	}
	built.Then = whatThen(k, d)
	if k.Asks {
		built.Button = "公表して、寄付した方にたずねる"
	}
	b := builder{form: page.NewForm(nil, problems)}
	built.Agree = *b.tick(page.Tick{Name: "agree", Label: "この約束を公表します", Note: "公表したあとは、消すことも書きかえることもできません。前の約束も、残ります。"}).Tick
	if d.May(head...) && len(built.Lacks) == 0 {
		built.Action = d.Path("campaigns", c.ID, "change", "publish")
	}
	built.Problems = b.form.Problems()
	return built
}

// whatThen says what publishing means.
func whatThen(k campaigns.Considered, d Desk) []string {
	if !k.Asks {
		first := "動くお金は、流用の幅の中です。公表すると、すぐにこの約束になります。"
		if k.Weight.Beyond() {
			first = "まだ寄付がないので、公表すると、すぐにこの約束になります。"
		}
		return []string{first, "募金のページに、理由と、前の約束との違いが出ます。"}
	}
	first := "動くお金が、流用の幅をこえます。"
	if k.Weight.Removed {
		first = "やめる使いみちがあります。"
	}
	until := d.Today().AddDays(campaigns.AskingDays)
	held := ""
	for _, u := range k.InForce.Uses {
		if k.Weight.Touched[u.UseID] {
			held += "「" + u.Name + "」"
		}
	}
	then := []string{
		first + page.Day(until) + "まで、寄付した方に、新しい約束に使ってよいか・ほかへまわすか・返すかをたずねます。",
		"答えがない方と、お名前のわからない寄付は、新しい約束に使います。回覧の紙も出せます。",
		"新しい約束が始まるのは、" + page.Day(until.AddDays(1)) + "です。",
	}
	if held != "" {
		then = append(then, held+"には、その日まで使えません。きょうまでに払ったレシートを、みな入れてから公表してください。ほかの使いみちは、いままでどおり使えます。")
	}
	return then
}

// PublishChange publishes the proposal. Pressing twice is one version: the second try finds nothing to publish.
func (p *Pages) PublishChange(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	t.bad.Need(t.Get("agree") != "", "agree", "console.agree_missing")
	var change campaigns.Change
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		if err = t.publishes(r.Context(), tx, c, func() (string, error) { return changeMark(r.Context(), tx, c) }); err != nil {
			return err
		}
		change, err = campaigns.PublishChange(r.Context(), tx, d.Organisation.ID, c.ID, p.Links(d.Organisation.ID), d.By(), d.Now)
		if err != nil || change.Status != campaigns.Asking {
			return err
		}
		return p.Enqueue(r.Context(), tx, asking.Job, d.Organisation.ID, change.ID)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.previewChange(w, r, http.StatusUnprocessableEntity, problems)
	}
	if change.Status == campaigns.Asking {
		return redirect(w, r, d.Path("campaigns", c.ID, "asking"), "asking")
	}
	return redirect(w, r, d.Path("campaigns", c.ID), "changed")
}

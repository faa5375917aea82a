package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ReachedPage is what a campaign reached besides yen: the lines of its goals, what was counted day by day, and the form to count.
type ReachedPage struct {
	page.Console
	Heading string
	Goals   []page.Bar
	Days    []ReachedRow
	Add     Act
}

// Template names the template of the page.
func (ReachedPage) Template() string { return "console/reached" }

// ReachedRow is what was counted on a day, with the act that takes it back.
type ReachedRow struct {
	Name string
	Note string
	Back Act
}

// Reached shows what was reached besides yen.
func (p *Pages) Reached(w http.ResponseWriter, r *http.Request) error {
	return p.reached(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

func (p *Pages) reached(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if !c.Public() {
		return campaigns.ErrNotFound
	}
	progress, err := campaigns.FindProgress(r.Context(), p.DB, c.Campaign, c.Plan)
	if err != nil {
		return err
	}
	days, err := campaigns.Reaches(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	built := ReachedPage{Heading: titleOf(c), Goals: promise.Goals(progress.Goals)}
	for _, day := range days {
		row := ReachedRow{Name: fmt.Sprintf("%s　%s%s", day.Name, page.YenText(ledger.Yen(day.Count)), day.Unit), Note: joined(page.DayOnly(day.On), giversText(day.Givers), day.Note)}
		if d.May(reporters...) {
			row.Back = Act{Action: d.Path("campaigns", c.ID, "reached", "back"), Button: "取り消す", Plain: true, Hidden: []Hidden{{"reach", strconv.FormatInt(day.ID, 10)}}}
		}
		built.Days = append(built.Days, row)
	}
	if d.May(reporters...) {
		built.Add = reachAct(d, c, t, problems)
	}
	built.Console = d.Frame(r, "人・食数・手伝い・品物："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	built.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, built)
}

func giversText(n int) string {
	if n == 0 {
		return ""
	}
	return page.Count(n) + "人から"
}

func reachAct(d Desk, c standing, t typed, problems map[string]string) Act {
	b := builder{form: page.NewForm(t.Values, problems), prefix: "add"}
	var goals []page.Option
	for i, g := range c.Plan.Goals {
		goals = append(goals, page.Option{Value: strconv.Itoa(i + 1), Text: fmt.Sprintf("%s（目標 %s%s）", g.Name, page.YenText(ledger.Yen(g.Target)), g.Unit)})
	}
	goals = append(goals, page.Option{Value: string(campaigns.GoalHours), Text: "目標にない手伝い"}, page.Option{Value: string(campaigns.GoalThings), Text: "目標にない品物"})
	act := Act{ID: "add", Action: d.Path("campaigns", c.ID, "reached"), Key: t.keyOf(), Button: "数えたことを入れる", Bare: true, Items: []Item{
		b.field(page.Field{Name: "goal", Label: "何を数えたか", Options: goals}),
		b.field(page.Field{Name: "count", Label: "数", InputMode: "numeric", Required: true, Hint: "手伝いは、みんなの時間を足して、時間で書きます（4人が3時間なら12）。"}),
		b.field(page.Field{Name: "givers", Label: "何人からか", InputMode: "numeric", Aside: "手伝いと品物のとき"}),
		b.field(page.Field{Name: "reached_on", Label: "日", Type: "date", Value: d.Today().String(), Required: true}),
		b.field(page.Field{Name: "name", Label: "目標にない手伝い・品物の名前", Aside: optional, Hint: "例：配膳の手伝い、お米", MostRunes: 30}),
		b.field(page.Field{Name: "unit", Label: "その単位", Aside: optional, Hint: "例：時間、kg"}),
		b.field(page.Field{Name: "note", Label: "メモ", Aside: optional, Hint: "団体の人だけが読みます。人の名前は、書かないでください。", MostRunes: 200})}}
	act.Problems = b.form.Problems()
	return act
}

// readReach reads what was counted: of a goal by its number, or of a kind with a name of its own.
func readReach(c standing, t typed) campaigns.Reach {
	r := campaigns.Reach{CampaignID: c.ID, On: t.day("reached_on"), Count: t.count("count"), Givers: int(min(t.count("givers"), 1_000_000)), Note: t.text("note"), Key: t.Get("key")}
	if n, err := strconv.Atoi(t.Get("goal")); err == nil && n >= 1 && n <= len(c.Plan.Goals) {
		g := c.Plan.Goals[n-1]
		r.Kind, r.Name, r.Unit = g.Kind, g.Name, g.Unit
		return r
	}
	r.Kind, r.Name, r.Unit = campaigns.GoalKind(t.Get("goal")), t.text("name"), t.text("unit")
	if r.Kind == campaigns.GoalHours && r.Unit == "" {
		r.Unit = "時間"
	}
	return r
}

// NoteReach writes down what was counted.
func (p *Pages) NoteReach(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	reach := readReach(c, t)
	return p.reachDone(w, r, t, c, "reach_noted", func(tx *sqlx.Tx) error {
		return campaigns.NoteReach(r.Context(), tx, d.Organisation.ID, reach, d.By(), d.Now)
	})
}

// TakeBackReach takes back what was counted by mistake.
func (p *Pages) TakeBackReach(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	return p.reachDone(w, r, t, c, "reach_taken_back", func(tx *sqlx.Tx) error {
		return campaigns.TakeBackReach(r.Context(), tx, d.Organisation.ID, t.id("reach"), d.Now)
	})
}

func (p *Pages) reachDone(w http.ResponseWriter, r *http.Request, t typed, c standing, done string, change func(tx *sqlx.Tx) error) error {
	if err := t.carryOut(r.Context(), p.DB, change); err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.reached(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, desk(r).Path("campaigns", c.ID, "reached"), done)
}

package console

import (
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// WaysPage is how one can give without a payment service: what is declared, and what givers see of it.
type WaysPage struct {
	page.Console
	Heading string
	Lead    string
	Shown   []page.Pair // as givers read them
	Own     []WayRow    // declared here
	Add     Act
}

// Template names the template of the page.
func (WaysPage) Template() string { return "console/ways" }

// WayRow is a declared way with the act that ends it; no act for who may not.
type WayRow struct {
	Name string
	Text string
	End  Act
}

// routesOfWays say where money goes, so that they ask for a second factor as the organisation's bank account does.
func (p *Pages) routesOfWays(t *routeTable) {
	t.get("/settings/ways", readers, p.Ways)
	t.post("/settings/ways", head, p.DeclareWay)
	t.post("/settings/ways/end", head, p.EndWay)
	t.get("/campaigns/{id}/ways", readers, p.Ways)
	t.post("/campaigns/{id}/ways", head, p.DeclareWay)
	t.post("/campaigns/{id}/ways/end", head, p.EndWay)
}

// Ways shows the ways to give of the organisation, or of a campaign.
func (p *Pages) Ways(w http.ResponseWriter, r *http.Request) error {
	return p.ways(w, r, http.StatusOK, nil, nil)
}

// wayOf is the campaign of the path; the zero standing where the page is the organisation's.
func (p *Pages) wayOf(r *http.Request) (standing, error) {
	if r.PathValue("id") == "" {
		return standing{}, nil
	}
	return p.findStanding(r)
}

func (p *Pages) ways(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.wayOf(r)
	if err != nil {
		return err
	}
	shown, err := campaigns.Ways(r.Context(), p.DB, d.Organisation, c.ID)
	if err != nil {
		return err
	}
	own, err := campaigns.DeclaredWays(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	built := buildWays(d, c, own, values, problems)
	built.Shown = promise.Ways(shown)
	built.Console = d.Frame(r, "カードを使わない寄付のしかた", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	if c.ID > 0 {
		built.Console = d.Frame(r, "寄付のしかた："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	}
	built.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, built)
}

func buildWays(d Desk, c standing, own []campaigns.Way, values url.Values, problems map[string]string) WaysPage {
	at := d.Path("settings", "ways")
	built := WaysPage{Heading: "カードを使わない寄付のしかた", Lead: "どの募金にも出ます。募金ごとに変えるときは、その募金のページから入れてください。"}
	if c.ID > 0 {
		at = d.Path("campaigns", c.ID, "ways")
		built.Heading, built.Lead = "「"+titleOf(c)+"」の寄付のしかた", "この募金だけに出ます。ここに入れた種類は、団体の分の代わりになります。"
	}
	may := d.May(head...)
	for _, w := range own {
		row := WayRow{Name: w.Kind.Name(), Text: w.Text()}
		if may {
			row.End = Act{ID: "end", Action: at + "/end", Button: "「" + w.Kind.Name() + "」をやめる", Plain: true, Bare: true, Hidden: []Hidden{{"way", ledger.Yen(w.ID).String()}}}
		}
		built.Own = append(built.Own, row)
	}
	if !may {
		return built
	}
	b := builder{form: page.NewForm(values, problems), prefix: "add"}
	var kinds []page.Option
	for _, kind := range campaigns.WayKinds {
		kinds = append(kinds, page.Option{Value: string(kind), Text: kind.Name()})
	}
	built.Add = Act{ID: "add", Action: at, Button: "寄付のしかたを足す", Bare: true, Items: []Item{
		b.field(page.Field{Name: "kind", Label: "種類", Options: kinds}),
		b.field(page.Field{Name: "place", Label: "口座か、場所", Hint: "例：練習銀行 本店 普通 0000000 レンシユウノカイ／記号番号 00000-0-000000／練習集会所の受付", Rows: 2, MostRunes: 300, Required: true}),
		b.field(page.Field{Name: "hours", Label: "受け取れる日と時間", Aside: "持参のときは、いります", Hint: "例：毎週火曜 10時から15時まで", MostRunes: 300}),
		b.field(page.Field{Name: "note", Label: "知らせること", Aside: optional, Hint: "例：お米と調味料を受け取ります。生ものは受け取れません。", Rows: 2, MostRunes: 300})}}
	built.Add.Problems = b.form.Problems()
	return built
}

// DeclareWay adds a way to give.
func (p *Pages) DeclareWay(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.wayOf(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	way := campaigns.Way{CampaignID: c.ID, Kind: campaigns.WayKind(t.Get("kind")), Place: t.text("place"), Hours: t.text("hours"), Note: t.text("note")}
	return p.changeWays(w, r, t, c, "way_added", func(tx *sqlx.Tx) error {
		_, err := campaigns.DeclareWay(r.Context(), tx, d.Organisation.ID, way, d.By(), d.Now)
		return err
	})
}

// EndWay shows a way no longer.
func (p *Pages) EndWay(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.wayOf(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	return p.changeWays(w, r, t, c, "way_ended", func(tx *sqlx.Tx) error {
		return campaigns.EndWay(r.Context(), tx, d.Organisation.ID, t.id("way"), d.By(), d.Now)
	})
}

func (p *Pages) changeWays(w http.ResponseWriter, r *http.Request, t typed, c standing, done string, change func(tx *sqlx.Tx) error) error {
	d := desk(r)
	if err := t.carryOut(r.Context(), p.DB, change); err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.ways(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	if c.ID > 0 {
		return redirect(w, r, d.Path("campaigns", c.ID, "ways"), done)
	}
	return redirect(w, r, d.Path("settings", "ways"), done)
}

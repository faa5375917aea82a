package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// AnnouncePage is the last look before a draft becomes a promise: everything that is frozen by it.
type AnnouncePage struct {
	page.Console
	Heading  string
	Problems page.Problems
	Lacks    []Lack
	Edit     page.Link
	Preview  page.Link
	Frozen   []page.Pair
	Uses     page.Table
	Lead     string
	Action   string
	Seen     string // which state of the draft is shown
	Button   string
	Blocked  *page.Notice  // why this cannot be announced: another report is late, or money lies on a use that a year's plan drops
	Despite  *page.Field   // the reason to announce although one of another initiative is
	Lowered  []page.Notice // grants that pay less when the goal is reached
	Agree    page.Tick
}

// Template names the template of the page.
func (AnnouncePage) Template() string { return "console/announce" }

// ShowPreview answers with the campaign as everybody will see it.
func (p *Pages) ShowPreview(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	return p.Preview(w, r, c.ID)
}

// ShowLeaflet answers with the campaign's leaflet.
func (p *Pages) ShowLeaflet(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	return p.Leaflet(w, r, c.ID)
}

// ConfirmAnnounce lists what announcing freezes.
func (p *Pages) ConfirmAnnounce(w http.ResponseWriter, r *http.Request) error {
	return p.confirmAnnounce(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) confirmAnnounce(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if c.Status != campaigns.Draft {
		return redirect(w, r, d.Path("campaigns", c.ID), "")
	}
	late, err := campaigns.Overdue(r.Context(), p.DB, d.Organisation.ID, 0, d.Today())
	if err != nil {
		return err
	}
	vetted, err := vetting.Vetted(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	a := buildAnnounce(d, c, late, values, problems)
	if a.Lowered, err = p.lowered(r.Context(), d, c.InitiativeID, c.Plan.Total(), 0); err != nil {
		return err
	}
	if !vetted {
		a.Lacks = append(a.Lacks, Lack{Text: locale.Japanese.T("campaign.not_vetted"), Href: d.Path("settings", "vetting")})
	}
	a.Console = d.Frame(r, "公表の確認："+titleOf(c), page.Campaigns,
		page.Link{Href: d.Path("campaigns"), Text: "募金"}, page.Link{Href: d.Path("campaigns", c.ID, "edit"), Text: "下書き"})
	a.NeedsFix = a.Problems.Some()
	return p.Renderer.Render(w, status, a)
}

func buildAnnounce(d Desk, c standing, late []campaigns.Campaign, values url.Values, problems map[string]string) AnnouncePage {
	b := builder{form: page.NewForm(values, problems)}
	edit := d.Path("campaigns", c.ID, "edit")
	a := AnnouncePage{Heading: titleOf(c), Action: d.Path("campaigns", c.ID, "announce"), Seen: draftMark(c, draftValues(c, nil)), Uses: usesTable(c.Plan),
		Lead: "公表すると、この約束が第1版として残ります。", Button: "公表して、募金を始める",
		Edit: page.Link{Href: edit, Text: "下書きにもどって直す"}, Preview: page.Link{Href: d.Path("campaigns", c.ID, "preview"), Text: "公表した姿を見る"}}
	for _, lack := range lacks(d, c.Plan.Missing(d.Organisation, d.Today()), draftValues(c, nil)) {
		if lack.Href[0] == '#' {
			lack.Href = edit + lack.Href
		}
		a.Lacks = append(a.Lacks, lack)
	}
	a.Frozen = frozenPairs(d, c)
	if !c.Plan.PaperOn.IsZero() {
		a.Lead, a.Button = "公表すると、紙の約束が第0版として残ります。", "紙の約束を、第0版として公表する"
	}
	a.owing(d, c, b, late)
	a.Agree = *b.tick(page.Tick{Name: "agree", Label: "この約束で公表します", Note: "公表したあとは、消すことも書きかえることもできません。直すときは、理由を書いて新しい版を出します。"}).Tick
	a.Problems = b.form.Problems()
	return a
}

// owing says what reports that are late mean for announcing: not before they are out, or with the representative's public reason.
func (a *AnnouncePage) owing(d Desk, c standing, b builder, late []campaigns.Campaign) {
	if len(late) == 0 {
		return
	}
	first := late[0]
	for _, l := range late {
		if l.InitiativeID == c.InitiativeID {
			first = l
		}
	}
	link := page.Link{Href: d.Path("campaigns", first.ID, "report"), Text: "おくれている報告を書く"}
	if first.InitiativeID == c.InitiativeID {
		a.Blocked = &page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "報告待ち"}, Head: "先に、前の募金を報告してください", Attend: true, Link: link,
			Text: "同じ取り組みの前の募金が、約束した日をすぎても報告されていません。報告すると、公表できます。"}
		return
	}
	field := b.field(page.Field{Name: "despite", Label: "報告がおくれているのに、いま集める理由", Rows: 4, MostRunes: campaigns.MaxDespite, Required: true,
		Hint: "代表が書きます。募金のページの、はじめのほうに出ます。例：台風で集会所の屋根がこわれ、すぐに直す必要があります。配食の報告は、12月20日までに出します。"}).Field
	a.Despite = field
	a.Blocked = &page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "報告待ち"}, Head: "ほかの取り組みの報告が、おくれています", Attend: true, Link: link,
		Text: "それでも集めるときは、理由を公表します。"}
}

func frozenPairs(d Desk, c standing) []page.Pair {
	p := c.Plan
	bears := "団体の一般のお金から出す"
	for _, u := range p.Uses {
		if u.BearsCosts {
			bears = "「" + u.Name + "」から出す"
		}
	}
	paper := ""
	if !p.PaperOn.IsZero() {
		paper = page.Day(p.PaperOn) + "に配りました。下書きは、紙のとおりですか。"
	}
	pairs := []page.Pair{
		{Term: "紙で公表した日", Text: paper},
		{Term: "募金の名前", Text: p.Title}, {Term: "ページのアドレス", Text: "/c/" + c.Slug},
		{Term: "はじめの2文", Text: p.Lead}, {Term: "団体のことば", Text: p.Saying},
		{Term: "なぜ、いるか", Text: p.Need}, {Term: "ほかのお金", Text: p.OtherSources}, {Term: "まだ決まっていないお金", Text: p.Uncovered},
		{Term: "お金のほかの目標", Text: goalsText(p)}, {Term: "集める期間", Text: collectingText(p)},
		{Term: "報告する日", Text: page.Day(p.ReportDueOn) + "まで"},
		{Term: "カードなどの手数料", Text: bears}, {Term: "ずれの幅", Text: page.YenText(p.Width()) + "円まで"},
		{Term: "足りないとき", Text: p.IfTooLittle}, {Term: "多く集まったとき", Text: p.IfTooMuch}, {Term: "中止したとき", Text: p.IfStopped},
		{Term: "責任を持つ人", Text: p.Responsible}, {Term: "集める団体", Text: d.Organisation.Name + "\n代表　" + d.Organisation.Representative},
	}
	return slices.DeleteFunc(pairs, func(p page.Pair) bool { return p.Text == "" }) // what is wished for and not written; what is needed and lacking is said above
}

// usesTable is the promise as figures.
func usesTable(p campaigns.Plan) page.Table {
	t := page.Table{Caption: "使いみちの約束", Columns: []page.Column{{Text: "使いみち"}, {Text: "いつまでに"}, {Text: "何で示すか"}, {Text: "約束", Number: true}}}
	for _, u := range p.Uses {
		t.Rows = append(t.Rows, page.Row{Name: u.Name, Note: productText(u), Cells: []string{page.DayOnly(u.DueOn), u.Evidence, page.YenText(u.Amount) + "円"}})
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{"", "", page.YenText(p.Total()) + "円"}}}
	return t
}

// Announce makes the draft a promise that everybody can read.
func (p *Pages) Announce(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if c.Public() { // pressed twice
		return redirect(w, r, d.Path("campaigns", c.ID), "announced")
	}
	t.bad.Need(t.Get("agree") != "", "agree", "console.agree_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		mark := func() (string, error) {
			now, err := findStanding(r.Context(), tx, d.Organisation.ID, c.ID)
			return draftMark(now, draftValues(now, nil)), err
		}
		if err := t.publishes(r.Context(), tx, c, mark); err != nil {
			return err
		}
		return campaigns.AnnounceDespite(r.Context(), tx, d.Organisation.ID, c.ID, t.text("despite"), d.By(), d.Now)
	})
	if err != nil {
		problems, err := wrong(despiteMissing(err))
		if err != nil {
			return err
		}
		return p.confirmAnnounce(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID), "announced")
}

// despiteMissing puts a reason that is needed to its field.
func despiteMissing(err error) error {
	if errors.Is(err, campaigns.ErrReasonNeeded) {
		return ledger.Invalid{"despite": "console.despite_needed"}
	}
	return err
}

// CloseCampaign ends collecting before its day, with a reason.
func (p *Pages) CloseCampaign(w http.ResponseWriter, r *http.Request) error {
	return p.endCampaign(w, r, "close", "closed", campaigns.Close)
}

// StopCampaign gives a campaign up, with a reason: what was promised for that case is done.
func (p *Pages) StopCampaign(w http.ResponseWriter, r *http.Request) error {
	return p.endCampaign(w, r, "stop", "stopped", campaigns.Stop)
}

// ending ends a campaign for a reason.
type ending func(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time, reason string) error

func (p *Pages) endCampaign(w http.ResponseWriter, r *http.Request, form, done string, end ending) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := end(r.Context(), tx, d.Organisation.ID, c.ID, d.By(), d.Now, t.text("reason")); err != nil {
			return err
		}
		return p.Enqueue(r.Context(), tx, payments.EndPagesJob, d.Organisation.ID, c.ID)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.campaign(w, r, http.StatusUnprocessableEntity, c, form, t.Values, problems)
	}
	if form == "stop" { // what becomes of the money comes next
		return redirect(w, r, d.Path("campaigns", c.ID, "stopping"), done)
	}
	return redirect(w, r, d.Path("campaigns", c.ID), done)
}
